//! Persisted operations, how much they are used, and tokens that run nothing else.

use sea_orm_migration::prelude::*;

use crate::{ddl, refuse};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE operation (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT operation_party_id_fkey REFERENCES party (id),
    name {sorted} NOT NULL,
    hash text NOT NULL,
    document text NOT NULL,
    kind text NOT NULL CONSTRAINT operation_kind_check CHECK (kind IN ('QUERY', 'MUTATION', 'SUBSCRIPTION')),
    callable boolean NOT NULL,
    created_at {instant} NOT NULL,
    retired_at {instant},
    version integer NOT NULL,
    CONSTRAINT operation_callable_check CHECK (NOT callable OR kind <> 'SUBSCRIPTION')
);
CREATE UNIQUE INDEX operation_name_key ON operation (party_id, name) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX operation_hash_key ON operation (party_id, hash) WHERE retired_at IS NULL;

CREATE TABLE operation_use (
    hash text NOT NULL,
    party_id {uuid} NOT NULL CONSTRAINT operation_use_party_id_fkey REFERENCES party (id),
    day {date} NOT NULL,
    uses bigint NOT NULL,
    last_used_at {instant} NOT NULL,
    PRIMARY KEY (hash, party_id, day)
);
CREATE INDEX operation_use_day_idx ON operation_use (day);

ALTER TABLE api_token ADD COLUMN persisted_only boolean NOT NULL DEFAULT FALSE;
"#,
        )
        .await?;
        let kept = "UPDATE OF party_id, name, hash, document, kind, callable";
        refuse(manager, "operation", "an_operation_never_changes", kept, "true").await?;
        refuse(manager, "operation", "an_operation_is_never_deleted", "DELETE", "true").await
    }
}
