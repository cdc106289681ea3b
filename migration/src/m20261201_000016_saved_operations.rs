//! Operations that parties keep to run by hand, and which of them members want at hand.

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
CREATE TABLE saved_operation (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT saved_operation_party_id_fkey REFERENCES party (id),
    title_vi text NOT NULL CONSTRAINT saved_operation_title_vi_check CHECK (title_vi <> ''),
    title_en text CONSTRAINT saved_operation_title_en_check CHECK (title_en <> ''),
    description_vi text CONSTRAINT saved_operation_description_vi_check CHECK (description_vi <> ''),
    description_en text CONSTRAINT saved_operation_description_en_check CHECK (description_en <> ''),
    search_key {sorted} NOT NULL,
    document text NOT NULL,
    kind text NOT NULL CONSTRAINT saved_operation_kind_check CHECK (kind IN ('QUERY', 'MUTATION', 'SUBSCRIPTION')),
    variables text NOT NULL,
    shared boolean NOT NULL,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    deleted_at {instant},
    version integer NOT NULL,
    CONSTRAINT saved_operation_shared_check CHECK (NOT shared OR deleted_at IS NULL)
);
CREATE INDEX saved_operation_party_id_idx ON saved_operation (party_id, search_key);
CREATE INDEX saved_operation_shared_idx ON saved_operation (search_key) WHERE shared;

CREATE TABLE favourite (
    member_id {uuid} NOT NULL CONSTRAINT favourite_member_id_fkey REFERENCES member (id) ON DELETE CASCADE,
    saved_operation_id {uuid} NOT NULL CONSTRAINT favourite_saved_operation_id_fkey REFERENCES saved_operation (id),
    PRIMARY KEY (member_id, saved_operation_id)
);
"#,
        )
        .await?;
        let moved = "NEW.party_id <> OLD.party_id OR NEW.created_at <> OLD.created_at";
        let stays = "a_saved_operation_stays_its_partys";
        refuse(manager, "saved_operation", stays, "UPDATE", moved).await?;
        let stays = "a_saved_operation_is_never_removed";
        refuse(manager, "saved_operation", stays, "DELETE", "true").await
    }
}
