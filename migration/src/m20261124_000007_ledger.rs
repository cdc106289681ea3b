//! The ledger: needs, commitments with their participants, amendments, deliveries, verifications
//! and notes, and the cells that boards are summed from.

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
CREATE TABLE funding_source (
    id {uuid} NOT NULL PRIMARY KEY,
    code {sorted} NOT NULL CONSTRAINT funding_source_code_key UNIQUE,
    name text NOT NULL CONSTRAINT funding_source_name_check CHECK (name <> ''),
    name_en text NOT NULL CONSTRAINT funding_source_name_en_check CHECK (name_en <> ''),
    version integer NOT NULL
);

CREATE TABLE need (
    id {uuid} NOT NULL PRIMARY KEY,
    commune_id {uuid} NOT NULL CONSTRAINT need_commune_id_fkey REFERENCES place (id),
    activity_id {uuid} NOT NULL CONSTRAINT need_activity_id_fkey REFERENCES activity_kind (id),
    quantity bigint NOT NULL CONSTRAINT need_quantity_check CHECK (quantity > 0),
    precision integer NOT NULL,
    due_on {date} NOT NULL,
    text text NOT NULL,
    status text NOT NULL CONSTRAINT need_status_check CHECK (status IN ('OPEN', 'WITHDRAWN')),
    reason text,
    raised_by_id {uuid} NOT NULL CONSTRAINT need_raised_by_id_fkey REFERENCES party (id),
    entered_by_id {uuid} NOT NULL CONSTRAINT need_entered_by_id_fkey REFERENCES party (id),
    external_reference {sorted},
    raised_at {instant} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT need_reason_check CHECK ((status = 'WITHDRAWN') = (reason IS NOT NULL)),
    CONSTRAINT need_raised_by_id_external_reference_key UNIQUE (raised_by_id, external_reference)
);
CREATE INDEX need_commune_id_idx ON need (commune_id, activity_id);
CREATE INDEX need_activity_id_idx ON need (activity_id);
CREATE INDEX need_due_on_idx ON need (due_on, id);

CREATE TABLE participant_set (
    id {uuid} NOT NULL PRIMARY KEY,
    key {sorted} NOT NULL CONSTRAINT participant_set_key_key UNIQUE
);

CREATE TABLE participant_set_member (
    set_id {uuid} NOT NULL CONSTRAINT participant_set_member_set_id_fkey REFERENCES participant_set (id),
    party_id {uuid} NOT NULL CONSTRAINT participant_set_member_party_id_fkey REFERENCES party (id),
    CONSTRAINT participant_set_member_pkey PRIMARY KEY (set_id, party_id)
);
CREATE INDEX participant_set_member_party_id_idx ON participant_set_member (party_id);

CREATE TABLE commitment (
    id {uuid} NOT NULL PRIMARY KEY,
    giver_id {uuid} NOT NULL CONSTRAINT commitment_giver_id_fkey REFERENCES party (id),
    joint_ids {json} NOT NULL,
    carrier_id {uuid} CONSTRAINT commitment_carrier_id_fkey REFERENCES party (id),
    participants_id {uuid} NOT NULL
        CONSTRAINT commitment_participants_id_fkey REFERENCES participant_set (id),
    place_id {uuid} NOT NULL CONSTRAINT commitment_place_id_fkey REFERENCES place (id),
    activity_id {uuid} NOT NULL CONSTRAINT commitment_activity_id_fkey REFERENCES activity_kind (id),
    precision integer NOT NULL,
    quantity bigint CONSTRAINT commitment_quantity_check CHECK (quantity > 0),
    schedule {json} NOT NULL,
    last_due_on {date},
    disclosure text NOT NULL CONSTRAINT commitment_disclosure_check
        CHECK (disclosure IN ('PUBLIC', 'PARTIES')),
    status text NOT NULL CONSTRAINT commitment_status_check
        CHECK (status IN ('PROPOSED', 'ACTIVE', 'CLOSED', 'DECLINED', 'WITHDRAWN')),
    reason text,
    funding_source_id {uuid}
        CONSTRAINT commitment_funding_source_id_fkey REFERENCES funding_source (id),
    need_id {uuid} CONSTRAINT commitment_need_id_fkey REFERENCES need (id),
    replaces_id {uuid} CONSTRAINT commitment_replaces_id_fkey REFERENCES commitment (id),
    bundle {sorted},
    text text NOT NULL,
    open_year integer,
    entered_by_id {uuid} NOT NULL CONSTRAINT commitment_entered_by_id_fkey REFERENCES party (id),
    external_reference {sorted},
    proposed_at {instant} NOT NULL,
    accepted_at {instant},
    closed_at {instant},
    waiting_since {date},
    version integer NOT NULL,
    reported bigint NOT NULL,
    confirmed bigint NOT NULL,
    unverified bigint NOT NULL,
    disputed bigint NOT NULL,
    difference bigint NOT NULL,
    open_entries integer NOT NULL CONSTRAINT commitment_open_entries_check CHECK (open_entries >= 0),
    unmet_on {date},
    CONSTRAINT commitment_open_check CHECK ((quantity IS NULL) = (last_due_on IS NULL)),
    CONSTRAINT commitment_open_year_check CHECK (open_year IS NULL OR quantity IS NULL),
    CONSTRAINT commitment_carrier_check CHECK (carrier_id <> giver_id),
    CONSTRAINT commitment_reason_check
        CHECK (status NOT IN ('DECLINED', 'WITHDRAWN') OR reason IS NOT NULL),
    CONSTRAINT commitment_accepted_at_check CHECK (status <> 'ACTIVE' OR accepted_at IS NOT NULL),
    CONSTRAINT commitment_giver_id_external_reference_key UNIQUE (giver_id, external_reference)
);
CREATE UNIQUE INDEX commitment_open_year_key
    ON commitment (giver_id, place_id, activity_id, open_year) WHERE open_year IS NOT NULL;
CREATE INDEX commitment_place_id_idx ON commitment (place_id, activity_id);
CREATE INDEX commitment_participants_id_idx ON commitment (participants_id);
CREATE INDEX commitment_activity_id_idx ON commitment (activity_id);
CREATE INDEX commitment_need_id_idx ON commitment (need_id);
CREATE INDEX commitment_bundle_idx ON commitment (bundle);
CREATE INDEX commitment_last_due_on_idx ON commitment (last_due_on, id);
CREATE INDEX commitment_waiting_since_idx ON commitment (waiting_since) WHERE waiting_since IS NOT NULL;

CREATE TABLE commitment_document (
    commitment_id {uuid} NOT NULL
        CONSTRAINT commitment_document_commitment_id_fkey REFERENCES commitment (id),
    document_id {uuid} NOT NULL
        CONSTRAINT commitment_document_document_id_fkey REFERENCES document (id),
    CONSTRAINT commitment_document_pkey PRIMARY KEY (commitment_id, document_id)
);

CREATE TABLE amendment (
    id {uuid} NOT NULL PRIMARY KEY,
    commitment_id {uuid} NOT NULL
        CONSTRAINT amendment_commitment_id_fkey REFERENCES commitment (id),
    document_id {uuid} NOT NULL CONSTRAINT amendment_document_id_fkey REFERENCES document (id),
    reason text NOT NULL,
    promise_before {json} NOT NULL,
    promise_after {json} NOT NULL,
    amended_by_id {uuid} NOT NULL CONSTRAINT amendment_amended_by_id_fkey REFERENCES party (id),
    amended_at {instant} NOT NULL,
    state text NOT NULL CONSTRAINT amendment_state_check
        CHECK (state IN ('PENDING', 'IN_FORCE', 'DECLINED', 'SUPERSEDED')),
    decided_by_id {uuid} CONSTRAINT amendment_decided_by_id_fkey REFERENCES party (id),
    decided_at {instant},
    decision_reason text
);
CREATE INDEX amendment_commitment_id_idx ON amendment (commitment_id);
CREATE UNIQUE INDEX amendment_pending_key ON amendment (commitment_id) WHERE state = 'PENDING';

CREATE TABLE delivery (
    id {uuid} NOT NULL PRIMARY KEY,
    commitment_id {uuid} NOT NULL
        CONSTRAINT delivery_commitment_id_fkey REFERENCES commitment (id),
    giver_id {uuid} NOT NULL CONSTRAINT delivery_giver_id_fkey REFERENCES party (id),
    side text NOT NULL CONSTRAINT delivery_side_check CHECK (side IN ('GIVER', 'RECEIVER')),
    stage text NOT NULL CONSTRAINT delivery_stage_check
        CHECK (stage IN ('DIRECT', 'TO_CARRIER', 'HANDED_OVER')),
    commune_id {uuid} CONSTRAINT delivery_commune_id_fkey REFERENCES place (id),
    quantity bigint NOT NULL CONSTRAINT delivery_quantity_check CHECK (quantity <> 0),
    precision integer NOT NULL,
    delivered_on {date} NOT NULL,
    via_id {uuid} CONSTRAINT delivery_via_id_fkey REFERENCES party (id),
    drawn_from_id {uuid} CONSTRAINT delivery_drawn_from_id_fkey REFERENCES delivery (id),
    reverses_id {uuid} CONSTRAINT delivery_reverses_id_key UNIQUE
        CONSTRAINT delivery_reverses_id_fkey REFERENCES delivery (id),
    reason text,
    evidence_number text,
    evidence_hash text,
    evidence_url text,
    reported_by_id {uuid} NOT NULL CONSTRAINT delivery_reported_by_id_fkey REFERENCES party (id),
    entered_by_id {uuid} NOT NULL CONSTRAINT delivery_entered_by_id_fkey REFERENCES party (id),
    external_reference {sorted},
    recorded_at {instant} NOT NULL,
    state text NOT NULL CONSTRAINT delivery_state_check
        CHECK (state IN ('REPORTED', 'CONFIRMED', 'DISPUTED', 'SETTLED', 'REVERSED')),
    received bigint,
    agreed bigint,
    drawn bigint NOT NULL,
    reversal_requested_by_id {uuid}
        CONSTRAINT delivery_reversal_requested_by_id_fkey REFERENCES party (id),
    waiting_since {date},
    version integer NOT NULL,
    CONSTRAINT delivery_commune_check CHECK ((stage = 'TO_CARRIER') = (commune_id IS NULL)),
    CONSTRAINT delivery_via_check CHECK ((stage = 'DIRECT') = (via_id IS NULL)),
    CONSTRAINT delivery_drawn_from_check CHECK ((stage = 'HANDED_OVER') = (drawn_from_id IS NOT NULL)),
    CONSTRAINT delivery_drawn_check CHECK (drawn = 0 OR drawn BETWEEN 0 AND COALESCE(agreed, quantity)),
    CONSTRAINT delivery_received_check CHECK (state <> 'DISPUTED' OR received IS NOT NULL),
    CONSTRAINT delivery_agreed_check CHECK (state <> 'SETTLED' OR agreed IS NOT NULL),
    CONSTRAINT delivery_reversal_check CHECK (reverses_id IS NULL OR (state = 'REVERSED' AND reason IS NOT NULL)),
    CONSTRAINT delivery_reported_by_id_external_reference_key UNIQUE (reported_by_id, external_reference)
);
CREATE INDEX delivery_commitment_id_idx ON delivery (commitment_id, delivered_on, id);
CREATE INDEX delivery_commune_id_idx ON delivery (commune_id, delivered_on, id);
CREATE INDEX delivery_drawn_from_id_idx ON delivery (drawn_from_id);
CREATE INDEX delivery_delivered_on_idx ON delivery (delivered_on, id);
CREATE INDEX delivery_waiting_since_idx ON delivery (commune_id, waiting_since)
    WHERE waiting_since IS NOT NULL;

CREATE TABLE verification (
    id {uuid} NOT NULL PRIMARY KEY,
    delivery_id {uuid} NOT NULL CONSTRAINT verification_delivery_id_fkey REFERENCES delivery (id),
    act text NOT NULL CONSTRAINT verification_act_check CHECK (act IN (
        'CONFIRMED', 'DISPUTED', 'AGREED', 'SETTLED',
        'REVERSAL_REQUESTED', 'REVERSAL_CONSENTED', 'REVERSAL_REFUSED')),
    figure bigint,
    reason text,
    capacity text NOT NULL CONSTRAINT verification_capacity_check CHECK (capacity IN (
        'GIVER', 'CARRIER', 'AUTHORITY', 'ASSIGNED', 'DISTRICT', 'COORDINATOR', 'LEADERSHIP')),
    verified_by_id {uuid} NOT NULL
        CONSTRAINT verification_verified_by_id_fkey REFERENCES party (id),
    entered_by_id {uuid} NOT NULL CONSTRAINT verification_entered_by_id_fkey REFERENCES party (id),
    verified_at {instant} NOT NULL
);
CREATE INDEX verification_delivery_id_idx ON verification (delivery_id);

CREATE TABLE note (
    id {uuid} NOT NULL PRIMARY KEY,
    need_id {uuid} CONSTRAINT note_need_id_fkey REFERENCES need (id),
    commitment_id {uuid} CONSTRAINT note_commitment_id_fkey REFERENCES commitment (id),
    delivery_id {uuid} CONSTRAINT note_delivery_id_fkey REFERENCES delivery (id),
    text text NOT NULL CONSTRAINT note_text_check CHECK (text <> ''),
    written_by_id {uuid} NOT NULL CONSTRAINT note_written_by_id_fkey REFERENCES party (id),
    addressee_id {uuid} CONSTRAINT note_addressee_id_fkey REFERENCES party (id),
    due_on {date},
    written_at {instant} NOT NULL,
    status text NOT NULL CONSTRAINT note_status_check CHECK (status IN ('OPEN', 'DONE')),
    answer text,
    done_by_id {uuid} CONSTRAINT note_done_by_id_fkey REFERENCES party (id),
    done_at {instant},
    version integer NOT NULL,
    CONSTRAINT note_subject_check CHECK ((need_id IS NULL) <> (commitment_id IS NULL)),
    CONSTRAINT note_delivery_check CHECK (delivery_id IS NULL OR commitment_id IS NOT NULL),
    CONSTRAINT note_done_check CHECK ((status = 'DONE') = (done_at IS NOT NULL))
);
CREATE INDEX note_need_id_idx ON note (need_id);
CREATE INDEX note_commitment_id_idx ON note (commitment_id);
CREATE INDEX note_delivery_id_idx ON note (delivery_id);
CREATE INDEX note_addressee_id_idx ON note (addressee_id, status);

CREATE TABLE board_cell (
    place_id {uuid} NOT NULL CONSTRAINT board_cell_place_id_fkey REFERENCES place (id),
    activity_id {uuid} NOT NULL CONSTRAINT board_cell_activity_id_fkey REFERENCES activity_kind (id),
    half_month {date} NOT NULL,
    giver_id {uuid} NOT NULL CONSTRAINT board_cell_giver_id_fkey REFERENCES party (id),
    participants_id {uuid} NOT NULL
        CONSTRAINT board_cell_participants_id_fkey REFERENCES participant_set (id),
    commitment_place_id {uuid} NOT NULL
        CONSTRAINT board_cell_commitment_place_id_fkey REFERENCES place (id),
    disclosure text NOT NULL CONSTRAINT board_cell_disclosure_check
        CHECK (disclosure IN ('PUBLIC', 'PARTIES')),
    promised bigint NOT NULL,
    reported bigint NOT NULL,
    confirmed bigint NOT NULL,
    unverified bigint NOT NULL,
    disputed bigint NOT NULL,
    difference bigint NOT NULL,
    CONSTRAINT board_cell_pkey PRIMARY KEY (place_id, activity_id, half_month, giver_id,
        participants_id, commitment_place_id, disclosure)
);
CREATE INDEX board_cell_participants_id_idx ON board_cell (participants_id);
CREATE INDEX board_cell_giver_id_idx ON board_cell (giver_id);
"#,
        )
        .await?;
        append_only(manager, "verification").await?;
        refuse(manager, "delivery", "delivery_is_append_only_delete", "DELETE", "true").await?;
        refuse(manager, "amendment", "amendment_is_append_only_delete", "DELETE", "true").await?;
        let delivery = changes(&[
            "id",
            "giver_id",
            "commitment_id",
            "side",
            "stage",
            "commune_id",
            "quantity",
            "precision",
            "delivered_on",
            "via_id",
            "drawn_from_id",
            "reverses_id",
            "reason",
            "evidence_number",
            "evidence_hash",
            "evidence_url",
            "reported_by_id",
            "entered_by_id",
            "external_reference",
            "recorded_at",
        ]);
        refuse(manager, "delivery", "delivery_is_append_only_update", "UPDATE", &delivery).await?;
        let amendment = changes(&[
            "id",
            "commitment_id",
            "document_id",
            "reason",
            "amended_by_id",
            "amended_at",
        ]);
        let texts = ["promise_before", "promise_after"]
            .map(|column| format!("CAST(NEW.{column} AS text) <> CAST(OLD.{column} AS text)"));
        let amendment = format!("{amendment} OR {}", texts.join(" OR "));
        refuse(manager, "amendment", "amendment_is_append_only_update", "UPDATE", &amendment)
            .await?;
        refuse(
            manager,
            "commitment",
            "commitment_activity_is_for_ever",
            "UPDATE",
            &changes(&["id", "activity_id", "precision", "entered_by_id", "proposed_at"]),
        )
        .await?;
        refuse(manager, "commitment", "commitment_stays", "DELETE", "true").await
    }
}

/// That any of some columns would change; null is a value like any other.
fn changes(columns: &[&str]) -> String {
    let columns =
        columns.iter().map(|column| format!("NEW.{column} IS DISTINCT FROM OLD.{column}"));
    columns.collect::<Vec<_>>().join(" OR ")
}
