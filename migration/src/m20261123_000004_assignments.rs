//! Assignments, enrolments, mandates, activity kinds, and the reach that follows from them.

use sea_orm_migration::prelude::*;

use crate::{ddl, refuse, refuse_overlap};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE assignment (
    id {uuid} NOT NULL PRIMARY KEY,
    department_id {uuid} NOT NULL CONSTRAINT assignment_department_id_fkey REFERENCES party (id),
    commune_id {uuid} NOT NULL CONSTRAINT assignment_commune_id_fkey REFERENCES place (id),
    document_id {uuid} NOT NULL CONSTRAINT assignment_document_id_fkey REFERENCES document (id),
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT assignment_validity_check CHECK (valid_to >= valid_from)
);
CREATE INDEX assignment_department_id_idx ON assignment (department_id);
CREATE INDEX assignment_commune_id_idx ON assignment (commune_id);

CREATE TABLE enrolment (
    id {uuid} NOT NULL PRIMARY KEY,
    commune_id {uuid} NOT NULL CONSTRAINT enrolment_commune_id_fkey REFERENCES place (id),
    stage text NOT NULL CONSTRAINT enrolment_stage_check CHECK (stage IN ('PILOT', 'REPLICATED')),
    document_id {uuid} NOT NULL CONSTRAINT enrolment_document_id_fkey REFERENCES document (id),
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT enrolment_validity_check CHECK (valid_to >= valid_from)
);
CREATE INDEX enrolment_commune_id_idx ON enrolment (commune_id);

CREATE TABLE mandate (
    id {uuid} NOT NULL PRIMARY KEY,
    principal_id {uuid} NOT NULL CONSTRAINT mandate_principal_id_fkey REFERENCES party (id),
    agent_id {uuid} NOT NULL CONSTRAINT mandate_agent_id_fkey REFERENCES party (id),
    acts {json} NOT NULL,
    place_id {uuid} CONSTRAINT mandate_place_id_fkey REFERENCES place (id),
    document_id {uuid} CONSTRAINT mandate_document_id_fkey REFERENCES document (id),
    valid_from {date} NOT NULL,
    valid_to {date},
    made_by_id {uuid} NOT NULL CONSTRAINT mandate_made_by_id_fkey REFERENCES party (id),
    version integer NOT NULL,
    CONSTRAINT mandate_agent_check CHECK (agent_id <> principal_id),
    CONSTRAINT mandate_validity_check CHECK (valid_to >= valid_from)
);
CREATE INDEX mandate_principal_id_idx ON mandate (principal_id);
CREATE INDEX mandate_agent_id_idx ON mandate (agent_id);

CREATE TABLE activity_kind (
    id {uuid} NOT NULL PRIMARY KEY,
    code {sorted} NOT NULL CONSTRAINT activity_kind_code_key UNIQUE,
    name text NOT NULL CONSTRAINT activity_kind_name_check CHECK (name <> ''),
    name_en text NOT NULL CONSTRAINT activity_kind_name_en_check CHECK (name_en <> ''),
    unit text NOT NULL CONSTRAINT activity_kind_unit_check CHECK (unit <> ''),
    unit_en text NOT NULL CONSTRAINT activity_kind_unit_en_check CHECK (unit_en <> ''),
    precision integer NOT NULL CONSTRAINT activity_kind_precision_check
        CHECK (precision BETWEEN 0 AND 6),
    measure text NOT NULL CONSTRAINT activity_kind_measure_check CHECK (measure IN ('FLOW', 'STOCK')),
    pillar text NOT NULL CONSTRAINT activity_kind_pillar_check
        CHECK (pillar IN ('DIGITAL_GOVERNMENT', 'DIGITAL_ECONOMY', 'DIGITAL_SOCIETY')),
    promisers {json} NOT NULL,
    forces_parties boolean NOT NULL,
    search_key {sorted} NOT NULL,
    version integer NOT NULL
);

CREATE TABLE reach (
    id {identity},
    party_id {uuid} NOT NULL CONSTRAINT reach_party_id_fkey REFERENCES party (id),
    role text NOT NULL CONSTRAINT reach_role_check CHECK (role IN (
        'OWN', 'AUTHORITY', 'DISTRICT', 'ASSIGNED', 'LEADERSHIP', 'COORDINATOR')),
    principal_id {uuid} NOT NULL CONSTRAINT reach_principal_id_fkey REFERENCES party (id),
    place_id {uuid} CONSTRAINT reach_place_id_fkey REFERENCES place (id),
    act text CONSTRAINT reach_act_check
        CHECK (act IN ('RECORD', 'VERIFY', 'ACCEPT', 'RAISE_NEED', 'REPORT')),
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT reach_place_check CHECK (role = 'OWN' OR place_id IS NOT NULL)
);
CREATE INDEX reach_party_id_place_id_idx ON reach (party_id, place_id, role);
CREATE INDEX reach_party_id_principal_id_idx ON reach (party_id, principal_id, role);
CREATE INDEX reach_place_id_idx ON reach (place_id, role);
"#,
        )
        .await?;
        refuse_overlap(
            manager,
            "assignment",
            "other.department_id = NEW.department_id AND other.commune_id = NEW.commune_id",
        )
        .await?;
        refuse_overlap(manager, "enrolment", "other.commune_id = NEW.commune_id").await?;
        refuse(
            manager,
            "activity_kind",
            "activity_kind_unit_is_for_ever",
            "UPDATE",
            "NEW.code <> OLD.code OR NEW.unit <> OLD.unit OR NEW.precision <> OLD.precision \
             OR NEW.measure <> OLD.measure",
        )
        .await
    }
}
