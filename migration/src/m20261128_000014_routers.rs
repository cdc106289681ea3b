//! What routers show us and what we sign for partners: router keys, the keys of statements, and the
//! key that the subjects of statements are made with.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE router_key (
    id {uuid} NOT NULL PRIMARY KEY,
    name {sorted} NOT NULL,
    hash text NOT NULL CONSTRAINT router_key_hash_key UNIQUE,
    created_at {instant} NOT NULL,
    revoked_at {instant},
    version integer NOT NULL
);
CREATE UNIQUE INDEX router_key_name_key ON router_key (name) WHERE revoked_at IS NULL;

CREATE TABLE statement_key (
    id {uuid} NOT NULL PRIMARY KEY,
    public_key text NOT NULL,
    secret text,
    created_at {instant} NOT NULL,
    retired_at {instant},
    CONSTRAINT statement_key_secret_check CHECK ((secret IS NULL) = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX statement_key_in_use_key ON statement_key ((retired_at IS NULL)) WHERE retired_at IS NULL;

ALTER TABLE installation ADD COLUMN subject_key text NOT NULL DEFAULT '';
"#,
        )
        .await?;
        let key = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')"
            }
            _ => "lower(hex(randomblob(32)))",
        };
        let sql = format!("UPDATE installation SET subject_key = {key}");
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}
