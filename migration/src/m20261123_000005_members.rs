//! Members, invitations and API tokens.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE member (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT member_party_id_fkey REFERENCES party (id),
    issuer text NOT NULL,
    subject text NOT NULL,
    role text NOT NULL CONSTRAINT member_role_check CHECK (role IN ('VIEWER', 'REPORTER', 'MANAGER')),
    label text NOT NULL,
    joined_at {instant} NOT NULL,
    removed_at {instant},
    version integer NOT NULL
);
CREATE UNIQUE INDEX member_active_key ON member (party_id, issuer, subject) WHERE removed_at IS NULL;
CREATE INDEX member_issuer_subject_idx ON member (issuer, subject);

CREATE TABLE invitation (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT invitation_party_id_fkey REFERENCES party (id),
    invited_by_id {uuid} NOT NULL CONSTRAINT invitation_invited_by_id_fkey REFERENCES party (id),
    role text NOT NULL CONSTRAINT invitation_role_check CHECK (role IN ('VIEWER', 'REPORTER', 'MANAGER')),
    label text NOT NULL,
    code_hash text NOT NULL CONSTRAINT invitation_code_hash_key UNIQUE,
    awaits_approval boolean NOT NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    revoked_at {instant},
    accepted_at {instant},
    member_id {uuid} CONSTRAINT invitation_member_id_fkey REFERENCES member (id) ON DELETE SET NULL,
    version integer NOT NULL,
    CONSTRAINT invitation_state_check CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX invitation_party_id_idx ON invitation (party_id);

CREATE TABLE api_token (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT api_token_party_id_fkey REFERENCES party (id),
    label text NOT NULL,
    role text NOT NULL CONSTRAINT api_token_role_check CHECK (role IN ('VIEWER', 'REPORTER', 'MANAGER')),
    scopes {json} NOT NULL,
    hint text NOT NULL,
    hash text NOT NULL CONSTRAINT api_token_hash_key UNIQUE,
    issued_by_id {uuid} CONSTRAINT api_token_issued_by_id_fkey REFERENCES member (id) ON DELETE SET NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    last_used_at {instant},
    revoked_at {instant},
    version integer NOT NULL,
    CONSTRAINT api_token_expires_at_check CHECK (expires_at > created_at)
);
CREATE INDEX api_token_party_id_idx ON api_token (party_id);
CREATE INDEX api_token_hint_idx ON api_token (hint);
"#,
        )
        .await
    }
}
