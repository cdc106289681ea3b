//! `documentId` in the place of a text, and tokens that run persisted operations and nothing else,
//! on every transport.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::{api_token, party};
use serde_json::{Value, json};
use tests::{Actor, HOST, Reply, TestApp};
use tower::ServiceExt;

use super::PLACE;

const NOT_REGISTERED: &str = "OPERATION_NOT_REGISTERED";
const NEEDS: &str = "subscription ($after: String) { needRaised(after: $after) { cursor } }";

#[tokio::test]
async fn a_document_id_stands_for_its_text() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let id = format!("sha256:{}", app.operation(bank.party(), "Place", PLACE).await.hash);
    let shared = shared_id(&app, "OpenNeeds").await;
    let place = json!({ "documentId": id, "variables": { "code": "02014" } });

    let own = post(&bank, &place).await;
    let url = format!("/graphql?documentId={id}&variables=%7B%22code%22:%2202014%22%7D");
    let fetched = bank.fetch(&url).await;

    for reply in [own, fetched] {
        assert_eq!(reply.expect_ok()["place"]["name"], "Xã Bạch Thông");
    }
    post(&app.public(), &json!({ "documentId": shared, "variables": { "first": 1 } }))
        .await
        .expect_ok();
    for (who, id) in [(&rival, &*id), (&bank, &format!("sha256:{}", "0".repeat(64))), (&bank, "x")]
    {
        let reply = post(who, &json!({ "documentId": id })).await;
        assert_eq!(reply.errors()[0]["extensions"]["code"], NOT_REGISTERED, "{}", reply.text);
    }
}

#[tokio::test]
async fn a_text_and_a_document_id_at_once_are_one_too_many() {
    let app = TestApp::start().await;
    let id = shared_id(&app, "OpenNeeds").await;

    let both = post(&app.public(), &json!({ "documentId": id, "query": "{ __typename }" })).await;
    let none = post(&app.public(), &json!({ "variables": {} })).await;
    let as_text = post(&app.public(), &json!({ "query": id })).await;

    for reply in [both, none, as_text] {
        assert_eq!(reply.status, 400);
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_bound_token_runs_what_is_registered_or_shared_and_nothing_else() {
    let app = TestApp::start().await;
    let bank = app.party(party::Kind::Bank).await;
    let operation = app.operation(&bank, "Place", PLACE).await;
    let others = app.operation(app.bank().await.party(), "Theirs", "{ __typename }").await;
    let bound = app.member_of(&bank).persisted_only().await;
    let variables = json!({ "code": "02014" });

    let by_id =
        json!({ "documentId": format!("sha256:{}", operation.hash), "variables": variables });
    post(&bound, &by_id).await.expect_ok();
    bound.gql(PLACE, variables.clone()).await.expect_ok();
    assert_eq!(bound.call("Place", variables.clone()).await.status, 200);
    assert_eq!(bound.call("WhoAmI", json!({})).await.status, 200);

    for text in ["{ __typename }", &format!("{PLACE} "), &others.document] {
        bound.gql(text, variables.clone()).await.expect_fault(NOT_REGISTERED);
    }
    app.sql("UPDATE operation SET retired_at = created_at").await.unwrap();
    bound.gql(PLACE, variables).await.expect_fault(NOT_REGISTERED);
}

#[tokio::test]
async fn a_bound_token_is_bound_over_a_socket_and_in_a_stream_of_events() {
    let app = TestApp::start().await;
    let bank = app.party(party::Kind::Bank).await;
    let bound = app.member_of(&bank).persisted_only().await;
    app.operation(&bank, "Place", PLACE).await;
    let mut socket = bound.connected().await;

    for text in ["{ __typename }", NEEDS] {
        socket.subscribe("1", text, json!({})).await;
        let message = socket.hear().await.said();
        assert_eq!(message["type"], "error", "{message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], NOT_REGISTERED);
        let events = stream(&bound, text).await;
        assert!(events.text.contains(NOT_REGISTERED), "{}", events.text);
    }

    socket.subscribe("2", PLACE, json!({ "code": "02014" })).await;
    let message = socket.hear().await.said();
    assert_eq!(message["payload"]["data"]["place"]["code"], "02014", "{message}");
}

#[tokio::test]
async fn a_subscription_is_run_by_its_document_id() {
    let app = TestApp::start().await;
    let bank = app.party(party::Kind::Bank).await;
    let bound = app.member_of(&bank).persisted_only().await;
    let operation = app.operation(&bank, "Needs", NEEDS).with(|row| {
        (row.kind, row.callable) = (entity::operation::Kind::Subscription, false);
    });
    let id = format!("sha256:{}", operation.await.hash);
    let after = crate::live::now(&app.member_of(&bank).await).await;
    let mut socket = bound.connected().await;

    let payload = json!({ "documentId": id, "variables": { "after": after } });
    socket.say(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    let officer = app.commune_officer("02014").await;
    let raised = json!({ "input": { "activityId": app.activity("smartphones_handed_over").await.id.to_string(),
        "communeId": app.commune("02014").await.id.to_string(), "quantity": "5",
        "dueOn": "2026-12-31", "idempotencyKey": app.key() } });
    let reply = officer.call("RaiseNeed", raised).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    let message = socket.hear().await.said();
    assert!(message["payload"]["data"]["needRaised"]["cursor"].is_string(), "{message}");
}

#[tokio::test]
async fn a_document_id_is_answered_as_its_text_would_be() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let needs = app.operation(bank.party(), "Needs", NEEDS).with(|row| {
        (row.kind, row.callable) = (entity::operation::Kind::Subscription, false);
    });
    let (needs, place) = (needs.await, app.operation(bank.party(), "Place", PLACE).await);
    let raise = shared_id(&app, "RaiseNeed").await;
    let get = |id: &str, accept: &str| {
        Request::get(format!("/graphql?documentId={id}&variables=%7B%22code%22:%2202014%22%7D"))
            .header(header::HOST, HOST)
            .header(header::AUTHORIZATION, format!("Bearer {}", bank.bearer().unwrap()))
            .header(header::ACCEPT, accept)
            .body(Body::empty())
            .unwrap()
    };
    let (both, events) = ("application/json, text/event-stream", "text/event-stream");
    let hash = |row: &entity::operation::Model| format!("sha256:{}", row.hash);

    for (id, accept, status, content_type) in [
        (hash(&needs), both, 200, "text/event-stream"),
        (hash(&place), both, 200, "application/json; charset=utf-8"),
        (raise, events, 405, "application/json; charset=utf-8"),
    ] {
        let answer = app.router.clone().oneshot(get(&id, accept)).await.unwrap();

        assert_eq!(answer.status(), status, "{id} {accept}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], content_type, "{id} {accept}");
    }
}

#[tokio::test]
async fn a_token_is_issued_bound_and_stays_so() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let issue = "mutation ($input: IssueTokenInput!) { issueToken(input: $input) {
        apiToken { id persistedOnly } secret userErrors { code } } }";
    let rotate = "mutation ($input: RotateTokenInput!) { rotateToken(input: $input) {
        apiToken { persistedOnly } secret userErrors { code } } }";
    let input = json!({ "partyId": manager.party().id.to_string(), "role": "VIEWER", "scopes": [],
        "persistedOnly": true, "idempotencyKey": app.key() });

    let issued = manager.act(issue, input).await;
    let id = issued.text_at("/issueToken/apiToken/id");
    let input = json!({ "id": id, "expectedVersion": 1, "idempotencyKey": app.key() });
    let rotated = manager.act(rotate, input).await;

    assert_eq!(issued.expect_ok()["issueToken"]["apiToken"]["persistedOnly"], true);
    assert_eq!(rotated.expect_ok()["rotateToken"]["apiToken"]["persistedOnly"], true);
    let tokens = app.all(api_token::Entity).await;
    assert!(tokens.len() == 2 && tokens.iter().all(|token| token.persisted_only));
    let system = app.bearer(rotated.text_at("/rotateToken/secret"));
    system.ask("{ __typename }").await.expect_fault(NOT_REGISTERED);
    assert_eq!(system.call("WhoAmI", json!({})).await.status, 200);
}

async fn shared_id(app: &TestApp, name: &str) -> String {
    let reply = app.public().ask("{ sharedOperations { name documentId } }").await;
    let all = reply.at("/sharedOperations").as_array().unwrap();
    let shared = all.iter().find(|shared| shared["name"] == name).unwrap();
    shared["documentId"].as_str().unwrap().to_owned()
}

async fn post(who: &Actor, body: &Value) -> Reply {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    who.send(request, Body::from(body.to_string())).await
}

async fn stream(who: &Actor, text: &str) -> Reply {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream");
    who.send(request, Body::from(json!({ "query": text }).to_string())).await
}
