//! The append-only event log with its head, idempotency records, and facts about this database.

use sea_orm_migration::prelude::*;

use crate::{append_only, ddl, refuse};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE event (
    position bigint NOT NULL PRIMARY KEY CONSTRAINT event_position_check CHECK (position > 0),
    id {uuid} NOT NULL CONSTRAINT event_id_key UNIQUE,
    type text NOT NULL,
    subject text NOT NULL,
    giver_id {uuid},
    commune_id {uuid},
    actor_id {uuid},
    member_id {uuid},
    token_id {uuid},
    recorded_at {instant} NOT NULL,
    data text NOT NULL,
    hash text NOT NULL CONSTRAINT event_hash_key UNIQUE
);

CREATE TABLE event_head (
    id integer NOT NULL PRIMARY KEY CONSTRAINT event_head_id_check CHECK (id = 1),
    position bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO event_head (id, position, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE idempotency (
    party_id {uuid} NOT NULL CONSTRAINT idempotency_party_id_fkey REFERENCES party (id),
    mutation text NOT NULL,
    key {uuid} NOT NULL,
    input_hash text NOT NULL,
    outcome {json} NOT NULL,
    created_at {instant} NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (party_id, mutation, key)
);
CREATE INDEX idempotency_created_at_idx ON idempotency (created_at);

CREATE TABLE installation (
    id integer NOT NULL PRIMARY KEY CONSTRAINT installation_id_check CHECK (id = 1),
    demonstration boolean NOT NULL,
    registry_revision bigint NOT NULL
);
INSERT INTO installation (id, demonstration, registry_revision) VALUES (1, false, 0);
"#,
        )
        .await?;
        append_only(manager, "event").await?;
        refuse(manager, "event_head", "event_head_stays", "DELETE", "true").await?;
        let back = "NEW.position < OLD.position";
        refuse(manager, "event_head", "event_head_goes_forward", "UPDATE", back).await
    }
}
