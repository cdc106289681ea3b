//! Every CHECK of the schema, each with a statement that violates it.

use std::collections::BTreeSet;

use api::domain::statement;
use entity::{
    mandate::Act,
    party::{Kind, Sector},
    party_mark::Mark,
    subgraph_approval::Kind as Approval,
};
use tests::{TestApp, is_postgres};

use super::refuses;

/// A copy of an activity kind with other values in the columns that never change.
macro_rules! new_kind {
    ($unit:literal, $precision:literal, $measure:literal) => {
        concat!(
            "INSERT INTO activity_kind (id, code, name, name_en, unit, unit_en, precision, \
             measure, pillar, promisers, forces_parties, search_key, version) \
             SELECT '00000000-0000-4000-8000-000000000000', 'khac', name, name_en, ",
            $unit,
            ", unit_en, ",
            $precision,
            ", ",
            $measure,
            ", pillar, promisers, forces_parties, search_key, version \
             FROM activity_kind WHERE code = 'thu_nghiem'"
        )
    };
}

/// A copy of a delivery with other values in columns that never change.
macro_rules! new_entry {
    ($columns:literal, $values:literal) => {
        concat!(
            "INSERT INTO delivery (id, commitment_id, giver_id, precision, delivered_on, \
             reported_by_id, entered_by_id, recorded_at, state, drawn, version, ",
            $columns,
            ") SELECT '00000000-0000-4000-8000-000000000000', commitment_id, giver_id, precision, \
             delivered_on, reported_by_id, entered_by_id, recorded_at, state, drawn, version, ",
            $values,
            " FROM delivery"
        )
    };
}

/// A copy of what was said about a delivery with another act and capacity.
macro_rules! new_word {
    ($act:literal, $capacity:literal) => {
        concat!(
            "INSERT INTO verification (id, delivery_id, act, figure, reason, capacity, \
             verified_by_id, entered_by_id, verified_at) \
             SELECT '00000000-0000-4000-8000-000000000000', delivery_id, ",
            $act,
            ", figure, reason, ",
            $capacity,
            ", verified_by_id, entered_by_id, verified_at FROM verification"
        )
    };
}

/// A copy of a persisted operation with another kind, to be called by its name or not.
macro_rules! new_operation {
    ($kind:literal, $callable:literal) => {
        concat!(
            "INSERT INTO operation (id, party_id, name, hash, document, kind, callable, \
             created_at, version) \
             SELECT '00000000-0000-4000-8000-000000000000', party_id, 'Other', 'other', document, ",
            $kind,
            ", ",
            $callable,
            ", created_at, version FROM operation"
        )
    };
}

/// A copy of a graph with other values in columns that never change.
macro_rules! new_graph {
    ($reason:literal, $goes_back_to:literal) => {
        concat!(
            "INSERT INTO supergraph (id, number, supergraph, api_schema, hash, own_hash, reason, \
             goes_back_to, changes, created_at) \
             SELECT '00000000-0000-4000-8000-000000000000', 2, supergraph, api_schema, hash, own_hash, ",
            $reason,
            ", ",
            $goes_back_to,
            ", changes, created_at FROM supergraph"
        )
    };
}

/// One statement that violates each CHECK of the schema.
const VIOLATIONS: &[(&str, &str)] = &[
    ("activity_kind_measure_check", new_kind!("unit", "precision", "'RATE'")),
    ("activity_kind_name_check", "UPDATE activity_kind SET name = ''"),
    ("activity_kind_name_en_check", "UPDATE activity_kind SET name_en = ''"),
    ("activity_kind_pillar_check", "UPDATE activity_kind SET pillar = 'DIGITAL_ART'"),
    ("activity_kind_precision_check", new_kind!("unit", "7", "measure")),
    ("activity_kind_unit_check", new_kind!("''", "precision", "measure")),
    ("activity_kind_unit_en_check", "UPDATE activity_kind SET unit_en = ''"),
    ("amendment_state_check", "UPDATE amendment SET state = 'LOST'"),
    ("api_token_expires_at_check", "UPDATE api_token SET expires_at = created_at"),
    ("api_token_role_check", "UPDATE api_token SET role = 'OWNER'"),
    ("assignment_validity_check", "UPDATE assignment SET valid_to = '2020-01-01'"),
    ("board_cell_disclosure_check", "UPDATE board_cell SET disclosure = 'SECRET'"),
    ("commitment_accepted_at_check", "UPDATE commitment SET accepted_at = NULL"),
    ("commitment_carrier_check", "UPDATE commitment SET carrier_id = giver_id"),
    ("commitment_disclosure_check", "UPDATE commitment SET disclosure = 'SECRET'"),
    ("commitment_open_check", "UPDATE commitment SET last_due_on = NULL"),
    ("commitment_open_entries_check", "UPDATE commitment SET open_entries = -1"),
    ("commitment_open_year_check", "UPDATE commitment SET open_year = 2026"),
    ("commitment_quantity_check", "UPDATE commitment SET quantity = 0"),
    ("commitment_reason_check", "UPDATE commitment SET status = 'DECLINED'"),
    ("commitment_status_check", "UPDATE commitment SET status = 'LOST'"),
    ("delivery_agreed_check", "UPDATE delivery SET state = 'SETTLED', agreed = NULL"),
    (
        "delivery_commune_check",
        new_entry!("side, stage, quantity, commune_id", "side, stage, quantity, NULL"),
    ),
    ("delivery_drawn_check", "UPDATE delivery SET drawn = -1"),
    (
        "delivery_drawn_from_check",
        new_entry!(
            "side, stage, quantity, commune_id, drawn_from_id",
            "side, stage, quantity, commune_id, id"
        ),
    ),
    (
        "delivery_quantity_check",
        new_entry!("side, stage, quantity, commune_id", "side, stage, 0, commune_id"),
    ),
    ("delivery_received_check", "UPDATE delivery SET state = 'DISPUTED', received = NULL"),
    (
        "delivery_reversal_check",
        new_entry!(
            "side, stage, quantity, commune_id, reverses_id",
            "side, stage, quantity, commune_id, id"
        ),
    ),
    (
        "delivery_side_check",
        new_entry!("side, stage, quantity, commune_id", "'BOTH', stage, quantity, commune_id"),
    ),
    (
        "delivery_stage_check",
        new_entry!(
            "side, stage, quantity, commune_id, via_id",
            "side, 'BY_AIR', quantity, commune_id, giver_id"
        ),
    ),
    ("delivery_state_check", "UPDATE delivery SET state = 'LOST'"),
    (
        "delivery_via_check",
        new_entry!(
            "side, stage, quantity, commune_id, via_id",
            "side, stage, quantity, commune_id, giver_id"
        ),
    ),
    ("document_force_check", "UPDATE document SET force = 'BEGS'"),
    ("document_kind_check", "UPDATE document SET kind = 'LAW'"),
    ("document_number_check", "UPDATE document SET number = ''"),
    ("document_symbol_check", "UPDATE document SET symbol = ''"),
    ("document_title_check", "UPDATE document SET title = ''"),
    ("enrolment_stage_check", "UPDATE enrolment SET stage = 'DONE'"),
    ("enrolment_validity_check", "UPDATE enrolment SET valid_to = '2020-01-01'"),
    ("event_head_id_check", "UPDATE event_head SET id = 2"),
    (
        "event_position_check",
        "INSERT INTO event (position, id, type, subject, recorded_at, data, hash) \
         VALUES (0, '00000000-0000-4000-8000-000000000000', 'X', 'x', '2026-01-01 00:00:00+00:00', '{}', 'x')",
    ),
    ("funding_source_name_check", "UPDATE funding_source SET name = ''"),
    ("funding_source_name_en_check", "UPDATE funding_source SET name_en = ''"),
    ("installation_id_check", "UPDATE installation SET id = 2"),
    ("invitation_role_check", "UPDATE invitation SET role = 'OWNER'"),
    (
        "invitation_state_check",
        "UPDATE invitation SET accepted_at = created_at, revoked_at = created_at",
    ),
    ("mandate_agent_check", "UPDATE mandate SET agent_id = principal_id"),
    ("mandate_validity_check", "UPDATE mandate SET valid_to = '2020-01-01'"),
    ("member_role_check", "UPDATE member SET role = 'OWNER'"),
    ("need_quantity_check", "UPDATE need SET quantity = 0"),
    ("need_reason_check", "UPDATE need SET status = 'WITHDRAWN'"),
    ("need_status_check", "UPDATE need SET status = 'MET'"),
    ("note_delivery_check", "UPDATE note SET delivery_id = (SELECT id FROM delivery)"),
    ("note_done_check", "UPDATE note SET status = 'DONE'"),
    ("note_status_check", "UPDATE note SET status = 'LOST'"),
    ("note_subject_check", "UPDATE note SET need_id = NULL"),
    ("note_text_check", "UPDATE note SET text = ''"),
    ("operation_callable_check", new_operation!("'SUBSCRIPTION'", "TRUE")),
    ("operation_kind_check", new_operation!("'WISH'", "FALSE")),
    ("party_is_front_check", "UPDATE party SET is_front = true WHERE code = 'NH-THU'"),
    ("party_kind_check", "UPDATE party SET kind = 'PERSON', sector = NULL WHERE code = 'HOI-THU'"),
    ("party_mark_mark_check", "UPDATE party_mark SET mark = 'OWNER'"),
    ("party_mark_validity_check", "UPDATE party_mark SET valid_to = valid_from"),
    ("party_name_check", "UPDATE party SET name = ''"),
    ("party_parent_check", "UPDATE party SET parent_id = id WHERE code = 'NH-THU'"),
    ("party_place_check", "UPDATE party SET place_id = NULL WHERE code = 'HOI-THU'"),
    ("party_prefix_check", "UPDATE party SET prefix = 'AB' WHERE code = 'NH-THU'"),
    ("party_sector_check", "UPDATE party SET sector = 'RADIO' WHERE code = 'VT-THU'"),
    ("party_sector_kind_check", "UPDATE party SET sector = NULL WHERE code = 'VT-THU'"),
    ("party_succession_check", "UPDATE party_succession SET successor_id = predecessor_id"),
    ("party_validity_check", "UPDATE party SET valid_to = valid_from"),
    ("place_alias_name_check", "UPDATE place_alias SET name = ''"),
    (
        "place_code_check",
        "UPDATE place SET code = '2014' WHERE code = '02014' AND valid_to IS NULL",
    ),
    ("place_kind_check", "UPDATE place SET kind = 'LANG'"),
    ("place_level_check", "UPDATE place SET level = 'VILLAGE' WHERE level = 'COMMUNE'"),
    ("place_name_check", "UPDATE place SET name = ''"),
    ("place_parent_check", "UPDATE place SET parent_id = NULL WHERE level = 'COMMUNE'"),
    ("place_province_check", "UPDATE place SET province_id = NULL WHERE level = 'COMMUNE'"),
    ("place_succession_check", "UPDATE place_succession SET successor_id = predecessor_id"),
    ("place_succession_kind_check", "UPDATE place_succession SET kind = 'SOLD'"),
    ("place_succession_weight_ppm_check", "UPDATE place_succession SET weight_ppm = 1000001"),
    ("place_validity_check", "UPDATE place SET valid_to = valid_from"),
    ("reach_act_check", "UPDATE reach SET act = 'JUDGE'"),
    ("reach_place_check", "UPDATE reach SET place_id = NULL WHERE role <> 'OWN'"),
    ("reach_role_check", "UPDATE reach SET role = 'GUEST' WHERE role <> 'OWN'"),
    ("saved_operation_description_en_check", "UPDATE saved_operation SET description_en = ''"),
    ("saved_operation_description_vi_check", "UPDATE saved_operation SET description_vi = ''"),
    ("saved_operation_kind_check", "UPDATE saved_operation SET kind = 'WISH'"),
    (
        "saved_operation_shared_check",
        "UPDATE saved_operation SET shared = TRUE, deleted_at = created_at",
    ),
    ("saved_operation_title_en_check", "UPDATE saved_operation SET title_en = ''"),
    ("saved_operation_title_vi_check", "UPDATE saved_operation SET title_vi = ''"),
    ("session_expires_at_check", "UPDATE session SET expires_at = created_at"),
    ("session_view_check", "UPDATE session SET view_reason = 'to help'"),
    ("statement_key_secret_check", "UPDATE statement_key SET secret = NULL"),
    (
        "subgraph_approval_kind_check",
        "INSERT INTO subgraph_approval (subgraph_id, kind, value, version_id, approved_at) \
         SELECT subgraph_id, 'WISH', value, version_id, approved_at FROM subgraph_approval",
    ),
    ("subgraph_version_reason_check", "UPDATE subgraph_version SET state = 'DECLINED'"),
    ("subgraph_version_state_check", "UPDATE subgraph_version SET state = 'LOST'"),
    ("supergraph_goes_back_to_check", new_graph!("'STARTED'", "1")),
    ("supergraph_head_id_check", "UPDATE supergraph_head SET id = 2"),
    ("supergraph_reason_check", new_graph!("'WISH'", "NULL")),
    ("task_answer_state_check", "UPDATE task_answer SET state = 'LOST'"),
    ("task_asked_check", "UPDATE task SET party_kind = NULL WHERE party_id IS NULL"),
    ("task_ordinal_check", "UPDATE task SET ordinal = 0"),
    ("task_party_kind_check", "UPDATE task SET party_kind = 'PERSON' WHERE party_id IS NULL"),
    ("task_text_check", "UPDATE task SET text = ''"),
    ("verification_act_check", new_word!("'NODDED'", "capacity")),
    ("verification_capacity_check", new_word!("act", "'GUEST'")),
];

#[tokio::test]
async fn every_check_of_the_schema_refuses() {
    let app = TestApp::start().await;
    one_row_of_each(&app).await;

    for (check, sql) in VIOLATIONS {
        refuses(&app, sql, check).await;
    }
}

#[tokio::test]
async fn every_check_of_the_schema_is_tried() {
    let app = TestApp::start().await;

    let sql = if is_postgres() {
        "SELECT conname AS name FROM pg_constraint c \
         JOIN pg_namespace n ON n.oid = c.connamespace \
         WHERE contype = 'c' AND n.nspname = current_schema()"
    } else {
        "SELECT sql AS name FROM sqlite_master WHERE type = 'table'"
    };
    let rows = app.rows(sql).await.into_iter();
    let texts = rows.map(|row| row.try_get::<String>("", "name").unwrap());
    let known: BTreeSet<String> = texts.flat_map(|text| checks_in(&text)).collect();

    let tried: BTreeSet<String> = VIOLATIONS.iter().map(|(check, _)| (*check).to_owned()).collect();
    assert_eq!(known, tried);
}

/// The names of CHECK constraints: a name alone, or those in a `CREATE TABLE`.
fn checks_in(text: &str) -> Vec<String> {
    if !text.contains(' ') {
        return vec![text.to_owned()];
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(3)
        .filter(|words| words[0] == "CONSTRAINT" && words[2].starts_with("CHECK"))
        .map(|words| words[1].to_owned())
        .collect()
}

async fn one_row_of_each(app: &TestApp) {
    let bank = app.party(Kind::Bank).code("NH-THU").await;
    let telecom = app.party(Kind::TelecomCompany).code("VT-THU");
    let telecom = telecom.with(|row| row.sector = Some(Sector::Post)).await;
    let union = app.party(Kind::MassOrganization).code("HOI-THU").await;
    let commune = app.commune("02014").await;
    let department = app.party(Kind::Department).await;
    let document = app.document(&department).await;
    let task = app.task(&document).await;
    app.answer(&task, &department).await;
    app.mark(&department, Mark::Leadership, &app.province().await).await;
    app.assignment(&department, &commune).await;
    app.enrolment(&commune).await;
    app.mandate(&bank, &telecom).acts([Act::Record]).await;
    app.party_succession(&union, &department, "2026-01-01").await;
    app.member(&bank).await;
    app.session(&bank).await;
    app.token(&bank).1.await;
    app.invitation(&bank).1.await;
    app.operation(&bank, "Thu", "{ __typename }").await;
    app.saved_operation(&bank, "Thử").await;
    app.activity_kind("thu_nghiem").await;
    let subgraph = app.subgraph(&bank).await;
    let version = app.subgraph_version(&subgraph, "type Query { a: Int }").await;
    app.subgraph_approval(&version, Approval::Url, &version.url).await;
    app.supergraph(1).await;
    one_row_of_the_ledger(app).await;
    statement::write::ensure(&app.api).await.unwrap();
    app.settle().await;
}

async fn one_row_of_the_ledger(app: &TestApp) {
    let bank = app.party(Kind::Bank).await;
    let officer = app.commune_officer("02071").await;
    let phones = app.activity("smartphones_handed_over").await;
    let document = app.document(&bank).await;
    let commitment = app.commitment(&bank).await;
    let delivery = app.delivery(&commitment).await;
    app.verification(&delivery, officer.party()).await;
    app.amendment(&commitment, &document).await;
    app.funding_source("thu_nghiem").await;
    let need = app.need(officer.party(), &phones).await;
    app.note(officer.party()).on_need(&need).await;
}
