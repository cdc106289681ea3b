//! Moving a promise to another place: the receiver agrees, the board follows, and with the place
//! those who see it change.

use entity::board_cell;
use serde_json::json;
use tests::{Actor, TestApp};

use super::{amend, decide, follows, the_one, to};

async fn sees(actor: &Actor, id: &impl ToString) -> bool {
    let query = "query ($id: ID!) { commitment(by: { id: $id }) { id } node(id: $id) { id }
        commitments(first: 9) { totalCount nodes { id } } deliveries(first: 9) { totalCount } }";
    let reply = actor.gql(query, json!({ "id": id.to_string() })).await;
    let data = reply.expect_ok();
    let seen = data["commitment"].is_object();
    assert_eq!(data["node"].is_object(), seen);
    assert_eq!(data["commitments"]["totalCount"], i32::from(seen));
    assert_eq!(data["deliveries"]["totalCount"], i32::from(seen));
    seen
}

#[tokio::test]
async fn a_promise_moves_when_the_old_place_agrees_and_takes_its_cells_along() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let (old, new) = (app.commune_officer("02071").await, app.commune_officer("02014").await);
    let (from, there) = (app.commune("02071").await, app.commune("02014").await);
    let row = app.commitment(telecom.party()).await;
    app.delivery(&row).confirmed().await;
    let mut input = to(&app, &row, "100").await;
    input["placeId"] = json!(there.id.to_string());
    assert!(sees(&old, &row.id).await && !sees(&new, &row.id).await);

    amend(&telecom, input).await.expect_ok();
    assert_eq!(the_one(&app).await.place_id, from.id, "it waits");
    decide(&old, &app, "acceptAmendment", 2).await.expect_ok();

    assert_eq!(the_one(&app).await.place_id, there.id);
    assert!(sees(&new, &row.id).await, "the new place sees it with its deliveries");
    assert!(!sees(&old, &row.id).await, "the old place sees it no more");
    let cells = app.all(board_cell::Entity).await.into_iter();
    let cells: Vec<_> = cells.filter(|cell| cell.promised != 0 || cell.reported != 0).collect();
    assert!(cells.iter().all(|cell| cell.commitment_place_id == there.id), "{cells:#?}");
    let promised: i64 = cells.iter().filter(|c| c.place_id == there.id).map(|c| c.promised).sum();
    let arrived: i64 = cells.iter().filter(|c| c.place_id == from.id).map(|c| c.confirmed).sum();
    assert_eq!((promised, arrived), (100, 10));
    follows(&app).await;
}

#[tokio::test]
async fn moving_waits_even_if_more_is_promised() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let row = app.commitment(telecom.party()).await;
    let mut input = to(&app, &row, "200").await;
    input["placeId"] = json!(app.commune("02014").await.id.to_string());

    amend(&telecom, input).await.expect_ok();

    assert_eq!(the_one(&app).await.quantity, Some(100));
    assert!(the_one(&app).await.waiting_since.is_some());
}

#[tokio::test]
async fn a_proposal_that_moves_is_the_new_places_to_decide() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let (old, new) = (app.commune_officer("02071").await, app.commune_officer("02014").await);
    let row = app.commitment(telecom.party()).proposed().await;
    let mut input = to(&app, &row, "100").await;
    input["placeId"] = json!(app.commune("02014").await.id.to_string());

    amend(&telecom, input).await.expect_ok();

    super::act(&old, "acceptCommitment", &row, 2).await.expect_refusal("NOT_FOUND");
    super::act(&new, "acceptCommitment", &row, 2).await.expect_ok();
    follows(&app).await;
}
