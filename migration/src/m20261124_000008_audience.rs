//! Who an event is for: the audience of each event, the scope that each party was last told of,
//! the key that cursors are sealed with, and two more roles in `reach`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `reach` is derived and its rows come back with the rebuild that follows a migration.
        ddl(
            manager,
            r#"
CREATE TABLE event_audience (
    audience_id {uuid} NOT NULL,
    position bigint NOT NULL CONSTRAINT event_audience_position_fkey REFERENCES event (position),
    CONSTRAINT event_audience_pkey PRIMARY KEY (audience_id, position)
);
CREATE INDEX event_subject_idx ON event (subject, position);

CREATE TABLE scope (
    party_id {uuid} NOT NULL CONSTRAINT scope_party_id_fkey REFERENCES party (id),
    subject text NOT NULL,
    CONSTRAINT scope_pkey PRIMARY KEY (party_id, subject)
);

ALTER TABLE installation ADD COLUMN cursor_key text NOT NULL DEFAULT '';

DROP TABLE reach;
CREATE TABLE reach (
    id {identity},
    party_id {uuid} NOT NULL CONSTRAINT reach_party_id_fkey REFERENCES party (id),
    role text NOT NULL CONSTRAINT reach_role_check CHECK (role IN (
        'OWN', 'KIN', 'AUTHORITY', 'DISTRICT', 'ASSIGNED', 'INSIDE', 'LEADERSHIP', 'COORDINATOR')),
    principal_id {uuid} NOT NULL CONSTRAINT reach_principal_id_fkey REFERENCES party (id),
    place_id {uuid} CONSTRAINT reach_place_id_fkey REFERENCES place (id),
    act text CONSTRAINT reach_act_check
        CHECK (act IN ('RECORD', 'VERIFY', 'ACCEPT', 'RAISE_NEED', 'REPORT')),
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT reach_place_check CHECK (role IN ('OWN', 'KIN') OR place_id IS NOT NULL)
);
CREATE INDEX reach_party_id_place_id_idx ON reach (party_id, place_id, role);
CREATE INDEX reach_party_id_principal_id_idx ON reach (party_id, principal_id, role);
CREATE INDEX reach_place_id_idx ON reach (place_id, role);
"#,
        )
        .await?;
        let (public, key, follows) = match manager.get_database_backend() {
            DbBackend::Postgres => (
                "uuid '00000000-0000-0000-0000-000000000000'",
                "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')",
                "CREATE FUNCTION event_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 UPDATE event_head SET (position, hash) = \
                 (SELECT position, hash FROM inserted ORDER BY position DESC LIMIT 1); \
                 RETURN NULL; END $$;
                 CREATE TRIGGER event_head_follows AFTER INSERT ON event \
                 REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT \
                 EXECUTE FUNCTION event_head_follows();",
            ),
            _ => (
                "zeroblob(16)",
                "lower(hex(randomblob(32)))",
                "CREATE TRIGGER event_head_follows AFTER INSERT ON event \
                 BEGIN UPDATE event_head SET position = NEW.position, hash = NEW.hash; END;",
            ),
        };
        let db = manager.get_connection();
        db.execute_unprepared(follows).await?;
        db.execute_unprepared(&format!("UPDATE installation SET cursor_key = {key}")).await?;
        // What was logged before had no audience; whoever may see its subject may read of it.
        let before = format!(
            "INSERT INTO event_audience (audience_id, position) SELECT {public}, position FROM event"
        );
        db.execute_unprepared(&before).await?;
        Ok(())
    }
}
