//! The ledger is appended to, and never rewritten: of deliveries, verifications, amendments and
//! events no entered column changes and no row goes; commitments and needs stay.

use entity::{
    amendment, commitment, delivery, event, member::Role, need, party::Kind,
    subgraph_approval::Kind as Approval, subgraph_version::State, verification,
};
use serde_json::json;
use tests::{TestApp, is_postgres};

use super::refuses;
use crate::authz::mutation;

/// The tables with the word of the trigger that refuses to delete from them.
const TABLES: [(&str, &str); 6] = [
    ("amendment", "amendment is append only delete"),
    ("commitment", "commitment stays"),
    ("delivery", "delivery is append only delete"),
    ("event", "event is append only delete"),
    ("need", "need stays"),
    ("verification", "verification is append only delete"),
];

/// All rows of these tables.
async fn rows(app: &TestApp) -> [Vec<String>; 6] {
    macro_rules! rows {
        ($noun:ident) => {
            app.all($noun::Entity).await.iter().map(|row| format!("{row:?}")).collect()
        };
    }
    [
        rows!(amendment),
        rows!(commitment),
        rows!(delivery),
        rows!(event),
        rows!(need),
        rows!(verification),
    ]
}

/// One row at least in each of the tables: a promise through a fund, amended, with a delivery that
/// was disputed, taken back, and handed over.
async fn ledger(app: &TestApp) {
    let officer = app.commune_officer("02014").with_role(Role::Reporter).await;
    let (giver, carrier) = (app.telecom().await, app.union().await);
    let commune = app.commune("02014").await;
    let phones = app.activity("smartphones_handed_over").await;
    let promise = app.commitment(giver.party()).to(&commune).carrier(carrier.party()).await;
    app.amendment(&promise, &app.document(giver.party()).await).await;
    app.need(officer.party(), &phones).await;
    app.reverse(&app.delivery(&promise).await).await;
    let held = app.delivery(&promise).to_carrier(carrier.party()).confirmed().await;
    let entry = app.delivery(&promise).drawn_from(&held).with(|row| {
        (row.evidence_number, row.external_reference) = (Some("BB-1".into()), Some("A-1".into()));
    });
    let entry = entry.await;
    let input = json!({ "id": entry.id.to_string(), "expectedVersion": 1, "figure": "7",
        "reason": "Đếm lại", "idempotencyKey": app.key() });
    officer.act(&mutation("disputeDelivery", ""), input).await.expect_ok();
}

#[tokio::test]
async fn no_row_of_the_ledger_is_deleted() {
    let app = TestApp::start().await;
    ledger(&app).await;
    let before = rows(&app).await;
    assert!(before.iter().all(|rows| !rows.is_empty()));

    for (table, words) in TABLES {
        refuses(&app, &format!("DELETE FROM {table}"), words).await;
        if is_postgres() {
            refuses(&app, &format!("TRUNCATE {table} CASCADE"), "").await;
        } else {
            let sql = format!("REPLACE INTO {table} SELECT * FROM {table}");
            refuses(&app, &sql, &format!("{table} is append only replace")).await;
        }
    }

    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn a_truncation_is_refused_by_each_table_itself() {
    let app = TestApp::start().await;
    if !is_postgres() {
        // SQLite has no such statement.
        app.sql("TRUNCATE delivery").await.unwrap_err();
        return;
    }

    let sql = "SELECT tgrelid::regclass::text AS name FROM pg_trigger \
               WHERE (tgtype & 32) <> 0 AND NOT tgisinternal ORDER BY 1";
    let guarded = app.rows(sql).await.into_iter();
    let guarded: Vec<String> = guarded.map(|row| row.try_get("", "name").unwrap()).collect();

    let mut kept = TABLES.map(|(table, _)| table).to_vec();
    // Whom an event is for; a row is nothing but its key, so that to replace it changes nothing.
    kept.push("event_audience");
    // What was published and served; tried below.
    kept.extend(["field_grant", "subgraph", "subgraph_approval", "subgraph_read"]);
    kept.extend(["subgraph_version", "supergraph", "supergraph_part"]);
    kept.sort_unstable();
    assert_eq!(guarded, kept);
}

#[tokio::test]
async fn what_was_entered_never_changes() {
    let app = TestApp::start().await;
    ledger(&app).await;
    let before = rows(&app).await;
    let other = "'00000000-0000-4000-8000-000000000000'";
    let id = if is_postgres() { other } else { "zeroblob(16)" };

    for (table, column, value) in [
        ("delivery", "id", id),
        ("delivery", "commitment_id", id),
        ("delivery", "giver_id", id),
        ("delivery", "side", "'RECEIVER'"),
        ("delivery", "stage", "'TO_CARRIER'"),
        ("delivery", "commune_id", "NULL"),
        ("delivery", "quantity", "quantity + 1"),
        ("delivery", "precision", "2"),
        ("delivery", "delivered_on", "'2020-01-01'"),
        ("delivery", "via_id", id),
        ("delivery", "drawn_from_id", id),
        ("delivery", "reverses_id", id),
        ("delivery", "reason", "'khác'"),
        ("delivery", "evidence_number", "NULL"),
        ("delivery", "evidence_hash", "'ab'"),
        ("delivery", "evidence_url", "'https://khac.example'"),
        ("delivery", "reported_by_id", id),
        ("delivery", "entered_by_id", id),
        ("delivery", "external_reference", "'B-2'"),
        ("delivery", "recorded_at", "'2020-01-01 00:00:00+00:00'"),
        ("verification", "figure", "figure + 1"),
        ("verification", "reason", "reason"),
        ("verification", "verified_by_id", id),
        ("amendment", "id", id),
        ("amendment", "commitment_id", id),
        ("amendment", "document_id", id),
        ("amendment", "reason", "'khác'"),
        ("amendment", "promise_before", "'{}'"),
        ("amendment", "promise_after", "'{}'"),
        ("amendment", "amended_by_id", id),
        ("amendment", "amended_at", "'2020-01-01 00:00:00+00:00'"),
        ("event", "data", "'{}'"),
        ("event", "recorded_at", "recorded_at"),
    ] {
        let words = format!("{table} is append only update");
        let sql = format!("UPDATE {table} SET {column} = {value}");
        refuses(&app, &sql, &words).await;
    }
    for (column, value) in [
        ("id", id),
        ("activity_id", id),
        ("precision", "2"),
        ("entered_by_id", id),
        ("proposed_at", "'2020-01-01 00:00:00+00:00'"),
    ] {
        let sql = format!("UPDATE commitment SET {column} = {value}");
        refuses(&app, &sql, "commitment activity is for ever").await;
    }

    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn every_column_of_an_entry_is_kept_or_is_its_state() {
    use sea_orm::{IdenStatic, Iterable};
    let state = [
        "state",
        "received",
        "agreed",
        "drawn",
        "reversal_requested_by_id",
        "waiting_since",
        "version",
    ];
    let app = TestApp::start().await;
    let sql = match is_postgres() {
        true => {
            "SELECT pg_get_triggerdef(oid) AS sql FROM pg_trigger \
                 WHERE tgname = 'delivery_is_append_only_update'"
        }
        false => "SELECT sql FROM sqlite_master WHERE name = 'delivery_is_append_only_update'",
    };
    let trigger: String = app.rows(sql).await[0].try_get("", "sql").unwrap();
    let trigger = trigger.to_lowercase().replace('"', "");

    for column in delivery::Column::iter() {
        let column = column.as_str();
        let kept = trigger.contains(&format!("new.{column} "))
            || trigger.contains(&format!("old.{column})"));
        assert_ne!(kept, state.contains(&column), "{column} in {trigger}");
    }
}

#[tokio::test]
async fn what_was_published_and_what_was_served_never_changes() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).prefix("vidubank").await;
    let subgraph = app.subgraph(&party).await;
    let version = app.subgraph_version(&subgraph, "type Query { a: Int }").await;
    let old = app.subgraph_version(&subgraph, "type Query { b: Int }");
    old.with(|row| (row.number, row.state) = (2, State::Withdrawn)).await;
    app.subgraph_approval(&version, Approval::Url, &version.url).await;
    app.subgraph_read(&version, "Commune.code").await;
    app.field_grant(&party, "Commune.code").await;
    let graph = app.supergraph(1).await;
    app.supergraph_part(&graph, &version).await;

    for (sql, words) in [
        ("UPDATE party SET prefix = NULL WHERE prefix = 'vidubank'", "a prefix never changes"),
        ("UPDATE party SET prefix = 'khac' WHERE prefix = 'vidubank'", "a prefix never changes"),
        ("UPDATE subgraph SET name = 'khac'", "subgraph never changes"),
        ("DELETE FROM subgraph", "subgraph stays"),
        ("UPDATE subgraph_version SET sdl = ''", "subgraph version never changes"),
        ("UPDATE subgraph_version SET url = ''", "subgraph version never changes"),
        (
            "UPDATE subgraph_version SET state = 'LIVE' WHERE number = 2",
            "subgraph version has ended",
        ),
        ("DELETE FROM subgraph_version", "subgraph version stays"),
        ("UPDATE field_grant SET coordinate = 'Bank.code'", "field grant never changes"),
        ("DELETE FROM field_grant", "field grant stays"),
        ("UPDATE subgraph_approval SET value = ''", "subgraph approval is append only update"),
        ("DELETE FROM subgraph_approval", "subgraph approval is append only delete"),
        ("DELETE FROM subgraph_read", "subgraph read is append only delete"),
        ("UPDATE supergraph SET supergraph = ''", "supergraph is append only update"),
        ("DELETE FROM supergraph", "supergraph is append only delete"),
        ("DELETE FROM supergraph_part", "supergraph part is append only delete"),
    ] {
        refuses(&app, sql, words).await;
    }
    if is_postgres() {
        for table in ["subgraph", "subgraph_version", "field_grant", "supergraph"] {
            refuses(&app, &format!("TRUNCATE {table} CASCADE"), "").await;
        }
    }
    let second = app.subgraph(&party).refused().await;
    let live = app.subgraph_version(&subgraph, "type Query { c: Int }");
    let live = live.with(|row| row.number = 3).refused().await;
    assert!(!second.is_empty() && !live.is_empty());
}
