//! The registry of subgraphs: the parties' prefixes, what they publish, what the coordinator approved
//! and granted, and the graphs composed of all that.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::{append_only, ddl, refuse};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
ALTER TABLE party ADD COLUMN prefix text
    CONSTRAINT party_prefix_check CHECK (prefix = lower(prefix) AND length(prefix) BETWEEN 3 AND 16);
CREATE UNIQUE INDEX party_prefix_key ON party (prefix);

CREATE TABLE subgraph (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT subgraph_party_id_fkey REFERENCES party (id),
    name {sorted} NOT NULL,
    created_at {instant} NOT NULL,
    retired_at {instant},
    version integer NOT NULL
);
CREATE UNIQUE INDEX subgraph_party_id_key ON subgraph (party_id) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX subgraph_name_key ON subgraph (name) WHERE retired_at IS NULL;

CREATE TABLE subgraph_version (
    id {uuid} NOT NULL PRIMARY KEY,
    subgraph_id {uuid} NOT NULL CONSTRAINT subgraph_version_subgraph_id_fkey REFERENCES subgraph (id),
    party_id {uuid} NOT NULL CONSTRAINT subgraph_version_party_id_fkey REFERENCES party (id),
    number integer NOT NULL,
    url text NOT NULL,
    sdl text NOT NULL,
    hash text NOT NULL,
    allow_breaking boolean NOT NULL,
    state text NOT NULL CONSTRAINT subgraph_version_state_check CHECK (state IN
        ('AWAITING_APPROVAL', 'LIVE', 'REPLACED', 'DECLINED', 'WITHDRAWN', 'RETIRED')),
    needs {json} NOT NULL,
    changes {json} NOT NULL,
    created_at {instant} NOT NULL,
    member_id {uuid} CONSTRAINT subgraph_version_member_id_fkey REFERENCES member (id),
    token_id {uuid} CONSTRAINT subgraph_version_token_id_fkey REFERENCES api_token (id),
    decided_at {instant},
    reason text,
    CONSTRAINT subgraph_version_number_key UNIQUE (subgraph_id, number),
    CONSTRAINT subgraph_version_reason_check CHECK (state <> 'DECLINED' OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX subgraph_version_live_key ON subgraph_version (subgraph_id) WHERE state = 'LIVE';
CREATE UNIQUE INDEX subgraph_version_waiting_key ON subgraph_version (subgraph_id) WHERE state = 'AWAITING_APPROVAL';

CREATE TABLE subgraph_approval (
    subgraph_id {uuid} NOT NULL CONSTRAINT subgraph_approval_subgraph_id_fkey REFERENCES subgraph (id),
    kind text NOT NULL CONSTRAINT subgraph_approval_kind_check CHECK (kind IN
        ('SUBGRAPH', 'URL', 'EXTENDED_TYPE', 'ROOT_FIELD')),
    value text NOT NULL,
    version_id {uuid} NOT NULL CONSTRAINT subgraph_approval_version_id_fkey REFERENCES subgraph_version (id),
    approved_at {instant} NOT NULL,
    PRIMARY KEY (subgraph_id, kind, value)
);

CREATE TABLE subgraph_read (
    version_id {uuid} NOT NULL CONSTRAINT subgraph_read_version_id_fkey REFERENCES subgraph_version (id),
    coordinate {sorted} NOT NULL,
    PRIMARY KEY (version_id, coordinate)
);
CREATE INDEX subgraph_read_coordinate_idx ON subgraph_read (coordinate);

CREATE TABLE field_grant (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT field_grant_party_id_fkey REFERENCES party (id),
    coordinate {sorted} NOT NULL,
    granted_at {instant} NOT NULL,
    revoked_at {instant},
    version integer NOT NULL
);
CREATE UNIQUE INDEX field_grant_coordinate_key ON field_grant (party_id, coordinate) WHERE revoked_at IS NULL;

CREATE TABLE supergraph (
    id {uuid} NOT NULL PRIMARY KEY,
    number integer NOT NULL CONSTRAINT supergraph_number_key UNIQUE,
    supergraph text NOT NULL,
    api_schema text NOT NULL,
    hash text NOT NULL,
    own_hash text NOT NULL,
    reason text NOT NULL CONSTRAINT supergraph_reason_check CHECK (reason IN
        ('STARTED', 'PUBLISHED', 'APPROVED', 'RETIRED', 'ROLLED_BACK')),
    subgraph_id {uuid} CONSTRAINT supergraph_subgraph_id_fkey REFERENCES subgraph (id),
    changes {json} NOT NULL,
    goes_back_to integer CONSTRAINT supergraph_goes_back_to_fkey REFERENCES supergraph (number),
    created_at {instant} NOT NULL,
    CONSTRAINT supergraph_goes_back_to_check CHECK ((reason = 'ROLLED_BACK') = (goes_back_to IS NOT NULL))
);

CREATE TABLE supergraph_part (
    supergraph_id {uuid} NOT NULL CONSTRAINT supergraph_part_supergraph_id_fkey REFERENCES supergraph (id),
    subgraph_id {uuid} NOT NULL CONSTRAINT supergraph_part_subgraph_id_fkey REFERENCES subgraph (id),
    version_id {uuid} NOT NULL CONSTRAINT supergraph_part_version_id_fkey REFERENCES subgraph_version (id),
    PRIMARY KEY (supergraph_id, subgraph_id)
);

CREATE TABLE supergraph_head (
    id integer NOT NULL PRIMARY KEY CONSTRAINT supergraph_head_id_check CHECK (id = 1),
    number integer CONSTRAINT supergraph_head_number_fkey REFERENCES supergraph (number),
    revision bigint NOT NULL
);
INSERT INTO supergraph_head (id, number, revision) VALUES (1, NULL, 0);
"#,
        )
        .await?;
        let moved = "OLD.prefix IS NOT NULL AND (NEW.prefix IS NULL OR NEW.prefix <> OLD.prefix)";
        refuse(manager, "party", "a_prefix_never_changes", "UPDATE OF prefix", moved).await?;
        for (table, columns) in [
            ("subgraph", "party_id, name, created_at"),
            (
                "subgraph_version",
                "subgraph_id, party_id, number, url, sdl, hash, allow_breaking, needs, changes, created_at, \
                 member_id, token_id",
            ),
            ("field_grant", "party_id, coordinate, granted_at"),
        ] {
            let (name, event) = (format!("{table}_never_changes"), format!("UPDATE OF {columns}"));
            refuse(manager, table, &name, &event, "true").await?;
            stays(manager, table).await?;
        }
        let ended = "OLD.state NOT IN ('AWAITING_APPROVAL', 'LIVE', 'REPLACED')";
        let name = "subgraph_version_has_ended";
        refuse(manager, "subgraph_version", name, "UPDATE OF state", ended).await?;
        for (table, same) in [
            (
                "subgraph_approval",
                "subgraph_id = NEW.subgraph_id AND kind = NEW.kind AND value = NEW.value",
            ),
            ("subgraph_read", "version_id = NEW.version_id AND coordinate = NEW.coordinate"),
            ("supergraph", "id = NEW.id OR number = NEW.number"),
            (
                "supergraph_part",
                "supergraph_id = NEW.supergraph_id AND subgraph_id = NEW.subgraph_id",
            ),
        ] {
            append_only(manager, table).await?;
            replaces_nothing(manager, table, same).await?;
        }
        Ok(())
    }
}

/// Makes the database refuse to delete rows of a table that has ids, REPLACE on SQLite and TRUNCATE
/// on PostgreSQL included.
async fn stays(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let name = format!("{table}_stays");
    refuse(manager, table, &name, "DELETE", "true").await?;
    if manager.get_database_backend() == DbBackend::Postgres {
        let sql = format!(
            "CREATE TRIGGER {table}_stays_truncate BEFORE TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        );
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    replaces_nothing(manager, table, "id = NEW.id").await
}

/// Makes SQLite refuse REPLACE, which passes by a trigger on DELETE.
async fn replaces_nothing(
    manager: &SchemaManager<'_>,
    table: &str,
    same: &str,
) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    let there = format!("EXISTS (SELECT 1 FROM {table} WHERE {same})");
    refuse(manager, table, &format!("{table}_replaces_nothing"), "INSERT", &there).await
}
