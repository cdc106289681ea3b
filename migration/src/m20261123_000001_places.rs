//! Administrative units with validity, their other spellings and their successions.

use sea_orm_migration::prelude::*;

use crate::{ddl, refuse_overlap};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE place (
    id {uuid} NOT NULL PRIMARY KEY,
    level text NOT NULL CONSTRAINT place_level_check
        CHECK (level IN ('PROVINCE', 'DISTRICT', 'COMMUNE')),
    kind text NOT NULL CONSTRAINT place_kind_check
        CHECK (kind IN ('TINH', 'THANH_PHO', 'HUYEN', 'QUAN', 'THI_XA', 'XA', 'PHUONG', 'THI_TRAN', 'DAC_KHU')),
    code {sorted} NOT NULL CONSTRAINT place_code_check
        CHECK (length(code) = CASE level WHEN 'PROVINCE' THEN 2 WHEN 'DISTRICT' THEN 3 ELSE 5 END),
    name text NOT NULL CONSTRAINT place_name_check CHECK (name <> ''),
    search_key {sorted} NOT NULL,
    parent_id {uuid} CONSTRAINT place_parent_id_fkey REFERENCES place (id),
    province_id {uuid} CONSTRAINT place_province_id_fkey REFERENCES place (id),
    valid_from {date} NOT NULL,
    valid_from_is_floor boolean NOT NULL,
    valid_to {date},
    CONSTRAINT place_validity_check CHECK (valid_to > valid_from),
    CONSTRAINT place_parent_check CHECK ((level = 'PROVINCE') = (parent_id IS NULL)),
    CONSTRAINT place_province_check CHECK ((level = 'PROVINCE') = (province_id IS NULL)),
    CONSTRAINT place_code_valid_from_key UNIQUE (code, valid_from)
);
CREATE INDEX place_parent_id_idx ON place (parent_id);
CREATE INDEX place_province_id_idx ON place (province_id, code);
CREATE INDEX place_search_key_idx ON place (search_key, id);

CREATE TABLE place_alias (
    id {uuid} NOT NULL PRIMARY KEY,
    place_id {uuid} NOT NULL CONSTRAINT place_alias_place_id_fkey REFERENCES place (id),
    name text NOT NULL CONSTRAINT place_alias_name_check CHECK (name <> ''),
    CONSTRAINT place_alias_place_id_name_key UNIQUE (place_id, name)
);

CREATE TABLE place_succession (
    predecessor_id {uuid} NOT NULL
        CONSTRAINT place_succession_predecessor_id_fkey REFERENCES place (id),
    successor_id {uuid} NOT NULL
        CONSTRAINT place_succession_successor_id_fkey REFERENCES place (id),
    kind text NOT NULL CONSTRAINT place_succession_kind_check
        CHECK (kind IN ('MERGED_WHOLE', 'PART', 'PART_WITH_ALL_PEOPLE', 'UNCHANGED', 'RENAMED')),
    weight_ppm integer CONSTRAINT place_succession_weight_ppm_check
        CHECK (weight_ppm BETWEEN 0 AND 1000000),
    CONSTRAINT place_succession_check CHECK (predecessor_id <> successor_id),
    CONSTRAINT place_succession_pkey PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX place_succession_successor_id_idx ON place_succession (successor_id);
"#,
        )
        .await?;
        refuse_overlap(manager, "place", "other.code = NEW.code").await
    }
}
