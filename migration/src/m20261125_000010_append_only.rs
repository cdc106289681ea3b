//! What the ledger's triggers did not see: TRUNCATE on PostgreSQL, REPLACE on SQLite, which both
//! pass by a trigger on DELETE; and a need, which stays like all that is promised for it.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::refuse;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables whose rows stay, with their keys and the function that refuses a DELETE.
const STAY: [(&str, &str, &str); 6] = [
    ("amendment", "id", "amendment_is_append_only_delete"),
    ("commitment", "id", "commitment_stays"),
    ("delivery", "id", "delivery_is_append_only_delete"),
    ("event", "position", "event_is_append_only_delete"),
    ("need", "id", "need_stays"),
    ("verification", "id", "verification_is_append_only_delete"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse(manager, "need", "need_stays", "DELETE", "true").await?;
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        for (table, key, function) in STAY {
            match (is_postgres, table) {
                // These two have it already.
                (true, "event" | "verification") => {}
                (true, _) => {
                    let sql = format!(
                        "CREATE TRIGGER {table}_is_append_only_truncate BEFORE TRUNCATE ON {table} \
                         FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
                    );
                    manager.get_connection().execute_unprepared(&sql).await?;
                }
                (false, _) => {
                    let name = format!("{table}_is_append_only_replace");
                    let there = format!("EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})");
                    refuse(manager, table, &name, "INSERT", &there).await?;
                }
            }
        }
        Ok(())
    }
}
