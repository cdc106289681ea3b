//! Where a token works from: networks, or everywhere where none are named.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(manager, "ALTER TABLE api_token ADD COLUMN networks {json} NOT NULL DEFAULT '[]'").await
    }
}
