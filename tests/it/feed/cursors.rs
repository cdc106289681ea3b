//! Cursors are for one party and for nobody else.

use serde_json::{Value, json};
use tests::TestApp;

use super::{EVENTS, end};

#[tokio::test]
async fn a_cursor_of_another_party_is_refused() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let cursor = end(&telecom).await;

    for who in [rival, app.coordinator().await, app.public(), app.stranger()] {
        let reply = who.gql(EVENTS, json!({ "after": cursor, "first": 10 })).await;
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn colleagues_go_on_where_the_other_stopped() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let system = app.member_of(telecom.party()).by_token().await;
    let cursor = end(&telecom).await;

    let reply = system.gql(EVENTS, json!({ "after": cursor, "first": 10 })).await;

    assert_eq!(reply.expect_ok()["events"]["nodes"], json!([]));
}

#[tokio::test]
async fn what_is_no_cursor_and_no_size_is_refused() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let cursor = end(&telecom).await;

    for after in ["", "42", &cursor[1..], &format!("{cursor}A")] {
        let reply = telecom.gql(EVENTS, json!({ "after": after, "first": 10 })).await;
        reply.expect_fault("BAD_USER_INPUT");
    }
    for first in [-1, 0, 1_001] {
        let reply = telecom.gql(EVENTS, json!({ "after": cursor, "first": first })).await;
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn who_acts_for_no_party_reads_nothing_and_a_party_that_has_ended_neither() {
    let app = TestApp::start().await;

    for who in [app.public(), app.stranger()] {
        let reply = who.gql(EVENTS, json!({ "first": 10 })).await;
        let feed = &reply.expect_ok()["events"];
        let nothing = json!({ "nodes": [], "endCursor": Value::Null, "hasMore": false });
        assert_eq!(*feed, nothing);
    }
    let reply = app.ended_party().await.gql(EVENTS, json!({ "first": 10 })).await;
    let feed = &reply.expect_ok()["events"];
    assert_eq!((&feed["nodes"], &feed["hasMore"]), (&json!([]), &json!(false)));
}
