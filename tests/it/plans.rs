//! What may not cost more as the tables grow: PostgreSQL plans everything that these requests read
//! without reading the ledger, the log or the board from end to end.

use std::collections::BTreeSet;

use api::{clock::Clock, domain::event::cursor::Seal};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use serde_json::{Value, json};
use tests::{TestApp, bulk::Bulk, is_postgres};

/// Tables that grow for ever, of those that hold rows here.
const LARGE: [&str; 5] = ["board_cell", "commitment", "delivery", "event", "event_audience"];

const PAGE: &str = "query ($id: ID!) { party(by: {id: $id}) { owes(first: 20) { nodes {
    id quantity place { code } giver { code } progress { reported } } } } }";

const COMMITMENT: &str = "query ($id: ID!) { commitment(by: {id: $id}) {
    deliveries(first: 20) { nodes { id state verifications { id } } } } }";

const FEED: &str = "query ($after: String) { events(first: 100, after: $after) {
    nodes { id subject { id } } hasMore } }";

const RECORD: &str = "mutation ($input: RecordDeliveriesInput!) { recordDeliveries(input: $input) {
    deliveries { id } userErrors { code path message } } }";

#[tokio::test]
async fn no_statement_reads_a_large_table_from_end_to_end() {
    if !is_postgres() {
        return;
    }
    let app = TestApp::start().await;
    let bulk = Bulk::insert(&app, 400, 8_000).await;
    app.sql("ANALYZE").await.unwrap();
    let telecom = app.member_of(&bulk.givers[0]).await;
    let seal = Seal::of(&app.api, telecom.party().id).await.unwrap();
    let cursor = seal.seal(&*app.clock, bulk.middle).unwrap();
    let own: Vec<_> =
        bulk.commitments.iter().filter(|row| row.giver_id == telecom.party().id).take(10).collect();
    let today = app.clock.today();
    let row = |at: usize| {
        json!({ "commitmentId": own[at % 10].id.to_string(), "quantity": 1,
            "communeId": own[at % 10].place_id.to_string(), "deliveredOn": today })
    };
    let batch = (0..100).map(row).collect::<Vec<Value>>();

    for (query, variables) in [
        (PAGE, json!({ "id": telecom.party().id.to_string() })),
        (COMMITMENT, json!({ "id": own[0].id.to_string() })),
        (FEED, json!({ "after": cursor })),
        (RECORD, json!({ "input": { "deliveries": batch, "idempotencyKey": app.key() } })),
    ] {
        let answer = async { telecom.gql(query, variables).await.expect_ok().clone() };
        // What writes names its rows by their keys.
        let statements = app.statements(answer).await.into_iter();
        let statements: BTreeSet<_> = statements.filter(|sql| sql.starts_with("SELECT")).collect();
        assert!(!statements.is_empty(), "{query}");
        let tx = app.db().write().await.unwrap();
        tx.execute_unprepared("SET LOCAL plan_cache_mode = force_generic_plan").await.unwrap();
        for sql in statements {
            let plan = plan(&tx, &sql).await;
            let read = LARGE.into_iter().filter(|table| is_read_whole(&plan, table));
            assert_eq!(read.collect::<Vec<_>>(), [""; 0], "{sql}\n{plan}");
        }
    }
}

/// How a statement is run, whatever its parameters are.
async fn plan(tx: &DatabaseTransaction, sql: &str) -> String {
    tx.execute_unprepared(&format!("PREPARE planned AS {sql}")).await.unwrap();
    let count = (1..).take_while(|number| sql.contains(&format!("${number}"))).count();
    let nulls = vec!["NULL"; count].join(", ");
    let arguments = if count == 0 { String::new() } else { format!("({nulls})") };
    let explain = format!("EXPLAIN EXECUTE planned{arguments}");
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), explain)).await;
    tx.execute_unprepared("DEALLOCATE planned").await.unwrap();
    let lines = rows.unwrap().into_iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

fn is_read_whole(plan: &str, table: &str) -> bool {
    plan.split_whitespace()
        .collect::<Vec<_>>()
        .windows(4)
        .any(|words| words[..3] == ["Seq", "Scan", "on"] && words[3].trim_matches('"') == table)
}
