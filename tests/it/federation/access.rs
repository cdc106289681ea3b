//! Who may ask what routers ask: a router for whomever, and those to whom the schema is open. What
//! a router is answered follows from the rights of whoever it asks for.

use api::{
    authz::{Identity, Viewer},
    config::Http,
    http::{Hosts, router},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use entity::{commitment, document, party::Kind};
use serde_json::{Value, json};
use tests::{HOST, TestApp, introspection};
use tower::ServiceExt;

use super::{ENTITIES, SERVICE, ask, by_id, production, public, references::world};

#[tokio::test]
async fn a_stranger_finds_it_closed() {
    let app = TestApp::start().await;
    app.settle().await;
    let production = production(&app);
    let commune = app.commune("02014").await;
    let representations = json!({ "representations": [by_id("Commune", commune.id), 7] });
    let person =
        Identity::Person { issuer: "https://id.example".to_owned(), subject: "7".to_owned() };
    let stranger = Viewer { identity: person, ..public(&app) };

    for viewer in [public(&app), stranger] {
        for query in [SERVICE, ENTITIES] {
            let variables = if query == SERVICE { json!({}) } else { representations.clone() };
            let answer = ask(&production, viewer.clone(), false, query, variables).await;

            assert_eq!(answer["data"], Value::Null, "{answer}");
            let [error] = &answer["errors"].as_array().unwrap()[..] else { panic!("{answer}") };
            assert_eq!(error["extensions"]["code"], "UNAUTHENTICATED");
            assert_eq!(error["path"].as_array().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn over_http_a_member_is_answered_and_the_public_is_not() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let (token, row) = app.token(&bank);
    row.await;
    app.settle().await;

    let of_public = over_http(&app, None).await;
    let of_member = over_http(&app, Some(&token)).await;

    assert_eq!(of_public["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(of_public["data"], Value::Null);
    let sdl = of_member["data"]["_service"]["sdl"].as_str().unwrap();
    assert_eq!(sdl, api::graphql::federation::sdl());
}

async fn over_http(app: &TestApp, token: Option<&str>) -> Value {
    let mut request = Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(json!({ "query": SERVICE }).to_string())).unwrap();
    let router = router(production(app), Hosts::new([HOST.to_owned()]), &Http::default());
    let answer = router.oneshot(request).await.unwrap().into_body();
    serde_json::from_slice(&to_bytes(answer, usize::MAX).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_router_that_asks_for_nobody_gets_what_is_public_and_null_for_the_rest() {
    let (app, referred) = world().await;
    let production = production(&app);
    let everything: Vec<&Value> = referred.iter().flat_map(|it| &it.representations).collect();
    let ids: Vec<&str> =
        referred.iter().flat_map(|it| it.representations.iter().map(|_| it.id.as_str())).collect();
    let nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

    let mut hidden = 0;
    for (representations, ids) in everything.chunks(500).zip(ids.chunks(500)) {
        let variables = json!({ "representations": representations });
        let found = ask(&production, public(&app), true, ENTITIES, variables).await;
        let expected = ask(&production, public(&app), false, nodes, json!({ "ids": ids })).await;

        assert_eq!(found["data"]["_entities"], expected["data"]["nodes"]);
        assert_eq!((&found["errors"], &expected["errors"]), (&Value::Null, &Value::Null));
        let found = found["data"]["_entities"].as_array().unwrap();
        hidden += found.iter().filter(|it| it.is_null()).count();
    }

    assert!(hidden > 50 && hidden < ids.len() / 2, "{hidden} of {}", ids.len());
    // The schema does not describe itself to whom it did not before.
    let described = ask(&production, public(&app), true, introspection::QUERY, json!({})).await;
    assert!(!described.to_string().contains("Commune"), "{described}");
}

#[tokio::test]
async fn what_may_not_be_seen_and_what_there_is_not_are_answered_alike() {
    let app = TestApp::start().await;
    let giver = app.party(Kind::Bank).await;
    let place = app.commune("02014").await;
    let hidden = app.commitment(&giver).to(&place).between_parties().await;
    let letter = app.document(&giver).with(|row| {
        (row.kind, row.force) = (document::Kind::Letter, document::Force::Requests);
    });
    let letter = letter.await;
    let head = |number: &str| {
        json!({ "__typename": "Document", "issuerCode": giver.code, "number": number,
            "symbol": letter.symbol, "issuedOn": letter.issued_on })
    };
    let pairs = [
        (by_id("Commitment", hidden.id), by_id("Commitment", with_other_end(hidden.id))),
        (by_id("Document", letter.id), by_id("Document", with_other_end(letter.id))),
        (head(&letter.number), head("98765")),
        // Said to be of another type, which the id alone tells.
        (by_id("Commune", hidden.id), by_id("Commune", with_other_end(hidden.id))),
    ];
    let query = "query ($representations: [_Any!]!) { _entities(representations: $representations)
        { __typename ... on Commitment { id quantity } ... on Document { title } } }";

    for (seen, unseen) in pairs {
        let mut texts = Vec::new();
        for representation in [&seen, &unseen] {
            let variables = json!({ "representations": [representation] });
            let reply = app.public().with_header("traceparent", TRACE).gql(query, variables).await;
            assert_eq!(reply.at("/_entities"), &json!([null]));
            texts.push(without_available(&reply.text));
        }
        assert_eq!(texts[0], texts[1], "{seen} {unseen}");
    }
    assert!(app.find::<commitment::Model>(&hidden).await.is_some());
}

#[tokio::test]
async fn nobody_learns_of_it_by_introspection_or_from_the_contract() {
    let app = TestApp::start().await;

    let described = app.coordinator().await.ask(introspection::QUERY).await;
    let named = app.public().ask("{ __type(name: \"_Entity\") { name } }").await;

    for name in ["_service", "_entities", "_Service", "_Entity", "_Any", "representations"] {
        assert!(!described.text.contains(&format!("\"{name}\"")), "{name}");
        assert!(!api::graphql::sdl().contains(name), "{name}");
        assert!(!api::graphql::federation::sdl().contains(name), "{name}");
    }
    assert!(named.expect_ok()["__type"].is_null());
}

/// One trace for all requests, so that answers can be compared to the letter.
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// An id of the same type that nothing has.
fn with_other_end(id: impl ToString) -> String {
    let id = id.to_string();
    let (rest, end) = id.split_at(id.len() - 4);
    assert_ne!(end, "0000");
    format!("{rest}0000")
}

/// An answer without what the caller has left, which every answer costs.
fn without_available(text: &str) -> String {
    let mut answer: Value = serde_json::from_str(text).unwrap();
    let cost = answer["extensions"]["cost"].as_object_mut().unwrap();
    assert!(cost.remove("available").is_some());
    // Names come in an order, so that the text is the same where the answer is.
    answer.to_string()
}
