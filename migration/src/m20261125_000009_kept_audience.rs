//! Whom an event is for is part of what was recorded: the database keeps it as it keeps the log, and
//! `verify-log` reads it event by event.

use sea_orm_migration::prelude::*;

use crate::{append_only, ddl};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(manager, "CREATE INDEX event_audience_position_idx ON event_audience (position)")
            .await?;
        append_only(manager, "event_audience").await
    }
}
