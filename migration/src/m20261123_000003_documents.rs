//! Documents, the parties they name, the successions that cite them, tasks and their answers.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl(
            manager,
            r#"
CREATE TABLE document (
    id {uuid} NOT NULL PRIMARY KEY,
    issuer_id {uuid} NOT NULL CONSTRAINT document_issuer_id_fkey REFERENCES party (id),
    number {sorted} NOT NULL CONSTRAINT document_number_check CHECK (number <> ''),
    symbol {sorted} NOT NULL CONSTRAINT document_symbol_check CHECK (symbol <> ''),
    issued_on {date} NOT NULL,
    kind text NOT NULL CONSTRAINT document_kind_check
        CHECK (kind IN ('DIRECTIVE', 'AGREEMENT', 'MINUTES', 'LETTER')),
    force text NOT NULL CONSTRAINT document_force_check
        CHECK (force IN ('ASSIGNS', 'REQUESTS', 'AGREES')),
    title text NOT NULL CONSTRAINT document_title_check CHECK (title <> ''),
    search_key {sorted} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT document_key UNIQUE (issuer_id, number, symbol, issued_on)
);
CREATE INDEX document_issued_on_idx ON document (issued_on, id);

CREATE TABLE document_party (
    document_id {uuid} NOT NULL CONSTRAINT document_party_document_id_fkey REFERENCES document (id),
    party_id {uuid} NOT NULL CONSTRAINT document_party_party_id_fkey REFERENCES party (id),
    CONSTRAINT document_party_pkey PRIMARY KEY (document_id, party_id)
);
CREATE INDEX document_party_party_id_idx ON document_party (party_id);

CREATE TABLE party_succession (
    predecessor_id {uuid} NOT NULL
        CONSTRAINT party_succession_predecessor_id_fkey REFERENCES party (id),
    successor_id {uuid} NOT NULL
        CONSTRAINT party_succession_successor_id_fkey REFERENCES party (id),
    effective_on {date} NOT NULL,
    document_id {uuid} CONSTRAINT party_succession_document_id_fkey REFERENCES document (id),
    CONSTRAINT party_succession_check CHECK (predecessor_id <> successor_id),
    CONSTRAINT party_succession_pkey PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX party_succession_successor_id_idx ON party_succession (successor_id);

CREATE TABLE task (
    id {uuid} NOT NULL PRIMARY KEY,
    document_id {uuid} NOT NULL CONSTRAINT task_document_id_fkey REFERENCES document (id),
    ordinal integer NOT NULL CONSTRAINT task_ordinal_check CHECK (ordinal > 0),
    text text NOT NULL CONSTRAINT task_text_check CHECK (text <> ''),
    text_en text,
    due_on {date},
    party_id {uuid} CONSTRAINT task_party_id_fkey REFERENCES party (id),
    party_kind text CONSTRAINT task_party_kind_check CHECK (party_kind IN (
        'PROVINCIAL_AUTHORITY', 'DEPARTMENT', 'DISTRICT_AUTHORITY', 'COMMUNE_AUTHORITY',
        'MASS_ORGANIZATION', 'TELECOM_COMPANY', 'BANK')),
    version integer NOT NULL,
    CONSTRAINT task_asked_check CHECK ((party_id IS NULL) <> (party_kind IS NULL)),
    CONSTRAINT task_document_id_ordinal_key UNIQUE (document_id, ordinal)
);
CREATE INDEX task_party_id_idx ON task (party_id);

CREATE TABLE task_answer (
    id {uuid} NOT NULL PRIMARY KEY,
    task_id {uuid} NOT NULL CONSTRAINT task_answer_task_id_fkey REFERENCES task (id),
    party_id {uuid} NOT NULL CONSTRAINT task_answer_party_id_fkey REFERENCES party (id),
    answered_by_id {uuid} NOT NULL CONSTRAINT task_answer_answered_by_id_fkey REFERENCES party (id),
    state text NOT NULL CONSTRAINT task_answer_state_check
        CHECK (state IN ('IN_PROGRESS', 'DONE', 'DECLINED')),
    text text NOT NULL,
    answered_at {instant} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT task_answer_task_id_party_id_key UNIQUE (task_id, party_id)
);
"#,
        )
        .await
    }
}
