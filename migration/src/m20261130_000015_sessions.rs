//! Who is signed in at the console: sessions, kept by the hash of what a browser shows.

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
CREATE TABLE session (
    id {uuid} NOT NULL PRIMARY KEY,
    hash text NOT NULL CONSTRAINT session_hash_key UNIQUE,
    issuer text NOT NULL,
    subject text NOT NULL,
    party_id {uuid} CONSTRAINT session_party_id_fkey REFERENCES party (id),
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    ended_at {instant},
    viewed_party_id {uuid} CONSTRAINT session_viewed_party_id_fkey REFERENCES party (id),
    view_reason text,
    view_until {instant},
    CONSTRAINT session_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT session_view_check CHECK (
        (viewed_party_id IS NULL) = (view_reason IS NULL)
        AND (viewed_party_id IS NULL) = (view_until IS NULL))
);
CREATE INDEX session_expires_at_idx ON session (expires_at);
"#,
        )
        .await
    }
}
