//! Parties of seven kinds and their marks. Successions follow with the documents they cite.

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
CREATE TABLE party (
    id {uuid} NOT NULL PRIMARY KEY,
    kind text NOT NULL CONSTRAINT party_kind_check CHECK (kind IN (
        'PROVINCIAL_AUTHORITY', 'DEPARTMENT', 'DISTRICT_AUTHORITY', 'COMMUNE_AUTHORITY',
        'MASS_ORGANIZATION', 'TELECOM_COMPANY', 'BANK')),
    code {sorted} NOT NULL CONSTRAINT party_code_key UNIQUE,
    name text NOT NULL CONSTRAINT party_name_check CHECK (name <> ''),
    name_en text,
    search_key {sorted} NOT NULL,
    place_id {uuid} CONSTRAINT party_place_id_fkey REFERENCES place (id),
    parent_id {uuid} CONSTRAINT party_parent_id_fkey REFERENCES party (id),
    sector text CONSTRAINT party_sector_check CHECK (sector IN ('POST', 'TELECOM', 'IT')),
    is_front boolean NOT NULL,
    valid_from {date} NOT NULL,
    valid_from_is_floor boolean NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT party_validity_check CHECK (valid_to > valid_from),
    CONSTRAINT party_place_check CHECK (
        (kind IN ('TELECOM_COMPANY', 'BANK')) = (place_id IS NULL)),
    CONSTRAINT party_parent_check CHECK (
        parent_id IS NULL OR (parent_id <> id AND kind IN ('MASS_ORGANIZATION', 'TELECOM_COMPANY', 'BANK'))),
    CONSTRAINT party_sector_kind_check CHECK ((kind = 'TELECOM_COMPANY') = (sector IS NOT NULL)),
    CONSTRAINT party_is_front_check CHECK (kind = 'MASS_ORGANIZATION' OR NOT is_front)
);
CREATE INDEX party_parent_id_idx ON party (parent_id);
CREATE INDEX party_search_key_idx ON party (search_key, id);
CREATE UNIQUE INDEX party_authority_of_place_key ON party (place_id)
    WHERE kind IN ('PROVINCIAL_AUTHORITY', 'DISTRICT_AUTHORITY', 'COMMUNE_AUTHORITY');
CREATE INDEX party_place_id_idx ON party (place_id);

CREATE TABLE party_mark (
    id {uuid} NOT NULL PRIMARY KEY,
    party_id {uuid} NOT NULL CONSTRAINT party_mark_party_id_fkey REFERENCES party (id),
    mark text NOT NULL CONSTRAINT party_mark_mark_check CHECK (mark IN ('COORDINATOR', 'LEADERSHIP')),
    province_id {uuid} NOT NULL CONSTRAINT party_mark_province_id_fkey REFERENCES place (id),
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT party_mark_validity_check CHECK (valid_to > valid_from),
    CONSTRAINT party_mark_key UNIQUE (party_id, mark, province_id, valid_from)
);
"#,
        )
        .await?;
        refuse(manager, "party", "party_code_is_for_ever", "UPDATE", "NEW.code <> OLD.code").await
    }
}
