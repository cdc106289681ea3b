//! Batches of proposals: up to 500 rows, each judged by itself; all or some, or none in a dry run.

use entity::{commitment, event, idempotency};
use serde_json::{Value, json};
use tests::TestApp;

use super::{follows, row, send};

/// Three rows, of which the second is refused.
async fn mixed(app: &TestApp, policy: &str) -> Value {
    let mut rows = vec![row(app).await, row(app).await, row(app).await];
    rows[1]["quantity"] = json!("0");
    json!({ "commitments": rows, "errorPolicy": policy, "idempotencyKey": app.key() })
}

#[tokio::test]
async fn five_hundred_rows_are_proposed_and_one_more_is_too_many() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let one = row(&app).await;
    let batch =
        |count: usize| json!({ "commitments": vec![&one; count], "idempotencyKey": app.key() });

    let refused = send(&telecom, batch(501)).await;
    let done = send(&telecom, batch(500)).await;

    let refusal = refused.expect_refusal_at("WRONG_COUNT", "commitments");
    assert_eq!(refusal["params"][0], json!({ "name": "max", "value": "500" }));
    done.expect_ok();
    assert_eq!(app.all(commitment::Entity).await.len(), 500);
    follows(&app).await;
}

#[tokio::test]
async fn one_refused_row_takes_the_others_with_it_unless_told_otherwise() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;

    let all = send(&telecom, mixed(&app, "REJECT_ALL").await).await;
    let path = json!(["input", "commitments", "1", "quantity"]);
    assert_eq!(all.expect_refusal("OUT_OF_RANGE")["path"], path);
    assert_eq!(all.at("/proposeCommitments/commitments"), &json!([null, null, null]));
    assert!(app.all(commitment::Entity).await.is_empty());
    assert!(app.all(idempotency::Entity).await.is_empty(), "a refusal uses up no key");

    let some = send(&telecom, mixed(&app, "REJECT_FAILED_ROWS").await).await;
    assert_eq!(some.expect_refusal("OUT_OF_RANGE")["path"], path);
    let shown = some.at("/proposeCommitments/commitments");
    assert!(shown[0].is_object() && shown[1].is_null() && shown[2].is_object());
    assert_eq!(app.all(commitment::Entity).await.len(), 2);
    follows(&app).await;
}

#[tokio::test]
async fn a_partly_done_batch_replays_its_refusals_too() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let input = mixed(&app, "REJECT_FAILED_ROWS").await;

    let first = send(&telecom, input.clone()).await;
    let again = send(&telecom, input).await;

    assert_eq!(again.at("/proposeCommitments/replayed"), true);
    for part in ["/proposeCommitments/commitments", "/proposeCommitments/userErrors"] {
        assert_eq!(first.at(part), again.at(part));
    }
    assert_eq!(app.all(commitment::Entity).await.len(), 2);
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_refused_and_leaves_no_trace() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let mut input = mixed(&app, "REJECT_FAILED_ROWS").await;
    input["dryRun"] = json!(true);
    let before = app.all(event::Entity).await.len();

    let dry = send(&telecom, input.clone()).await;

    dry.expect_refusal("OUT_OF_RANGE");
    assert_eq!(dry.at("/proposeCommitments/commitments"), &json!([null, null, null]));
    assert!(app.all(commitment::Entity).await.is_empty());
    assert!(app.all(idempotency::Entity).await.is_empty());
    assert_eq!(app.all(event::Entity).await.len(), before);
    input["dryRun"] = json!(false);
    send(&telecom, input).await.expect_refusal("OUT_OF_RANGE");
    assert_eq!(app.all(commitment::Entity).await.len(), 2, "the key was still free");
}

#[tokio::test]
async fn statements_do_not_grow_with_the_rows() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let mut one = row(&app).await;
    let letter = app.document(telecom.party()).await;
    one["documentIds"] = json!([letter.id.to_string()]);
    let batch = |from: usize, to: usize| {
        let rows = (from..to).map(|at| {
            let mut row = one.clone();
            row["externalReference"] = json!(format!("CK-{at}"));
            row
        });
        json!({ "commitments": rows.collect::<Vec<_>>(), "idempotencyKey": app.key() })
    };

    let few = app.count_statements(send(&telecom, batch(0, 1))).await;
    let many = app.count_statements(send(&telecom, batch(1, 101))).await;

    assert_eq!(few, many);
    assert_eq!(app.all(commitment::Entity).await.len(), 101);
}
