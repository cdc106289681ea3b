//! References that make no sense: each is null with an error in its place, which says nothing of
//! what was sent and nothing of what there is.

use entity::{
    party::{self, Kind},
    place,
};
use serde_json::{Value, json};
use tests::TestApp;

use super::{ENTITIES, by_id};

/// What somebody would not want to read again in an error.
const SECRET: &str = "người gửi bí mật";

#[tokio::test]
async fn what_is_no_reference_is_null_with_an_error_in_its_place() {
    let app = TestApp::start().await;
    let (commune, bank) = (app.commune("02014").await, app.party(Kind::Bank).await);
    let id = commune.id.to_string();
    let representations: Vec<Value> = [
        of_no_type(&id),
        of_types_without_keys(&id),
        without_a_key(&commune),
        with_a_key_that_is_none(&id),
        of_another_type(&commune, &bank),
    ]
    .concat();
    let mut sent = representations.clone();
    sent.push(by_id("Commune", &id));

    let reply = app.public().gql(ENTITIES, json!({ "representations": sent })).await;

    let found = reply.at("/_entities").as_array().unwrap();
    let (last, rest) = found.split_last().unwrap();
    assert_eq!(last["id"], json!(id), "one that makes sense is answered");
    for (at, answer) in rest.iter().enumerate() {
        let sent = &representations[at];
        assert!(answer.is_null(), "{sent}");
        let path = json!(["_entities", at]);
        let told: Vec<&Value> =
            reply.errors().iter().filter(|error| error["path"] == path).collect();
        let [told] = told[..] else { panic!("{sent}: {told:?}") };
        assert_eq!(told["extensions"]["code"], "BAD_USER_INPUT", "{sent}");
        let message = told["message"].as_str().unwrap();
        assert!(!message.contains(SECRET) && !message.contains(&id), "{message}");
    }
    assert_eq!(reply.errors().len(), representations.len());
    assert!(!reply.text.contains(SECRET));
}

fn of_no_type(id: &str) -> Vec<Value> {
    vec![
        json!(7),
        json!(SECRET),
        json!([]),
        json!([by_id("Commune", id)]),
        json!({}),
        json!({ "id": id }),
        json!({ "__typename": null, "id": id }),
        json!({ "__typename": 1, "id": id }),
        json!({ "__typename": { "a": SECRET }, "id": id }),
    ]
}

fn of_types_without_keys(id: &str) -> Vec<Value> {
    vec![
        by_id("Node", id),
        by_id("Place", id),
        by_id("Party", "party_01h455vb4pex5vsknk084sn02q"),
        by_id("_Entity", id),
        by_id("PageInfo", id),
        by_id("Query", id),
        by_id("PlaceLevel", id),
        by_id("commune", id),
        by_id("Commune ", id),
        by_id("__proto__", id),
        by_id("constructor", id),
        by_id("__Schema", id),
        by_id(SECRET, id),
        by_id("", id),
    ]
}

fn without_a_key(commune: &place::Model) -> Vec<Value> {
    let id = commune.id.to_string();
    vec![
        json!({ "__typename": "Commune" }),
        json!({ "__typename": "Commune", "id": null }),
        json!({ "__typename": "Commune", "id": 17 }),
        json!({ "__typename": "Commune", "id": -1.5e300 }),
        json!({ "__typename": "Commune", "id": true }),
        json!({ "__typename": "Commune", "id": [id] }),
        json!({ "__typename": "Commune", "id": { "id": id } }),
        json!({ "__typename": "Commune", "code": "02014" }),
        json!({ "__typename": "Commune", "validFrom": commune.valid_from }),
        json!({ "__typename": "Commune", "code": 2014, "validFrom": commune.valid_from }),
        json!({ "__typename": "Commune", "name": commune.name, SECRET: SECRET }),
        json!({ "__typename": "Commitment", "code": "X" }),
        json!({ "__typename": "District", "code": "060", "validFrom": "2023-01-01" }),
        json!({ "__typename": "Document", "issuerCode": "X", "number": "1", "symbol": "2" }),
        json!({ "__typename": "Commune", "__proto__": { "id": id } }),
    ]
}

fn with_a_key_that_is_none(id: &str) -> Vec<Value> {
    vec![
        by_id("Commune", SECRET),
        by_id("Commune", ""),
        by_id("Commune", "place_"),
        by_id("Commune", id.to_uppercase()),
        by_id("Commune", format!(" {id}")),
        by_id("Commune", "place_zzzzzzzzzzzzzzzzzzzzzzzzzz"),
        by_id("Commune", "nothing_01h455vb4pex5vsknk084sn02q"),
        by_id("Commune", "event_01h455vb4pex5vsknk084sn02q"),
        json!({ "__typename": "Commune", "code": "02014", "validFrom": "2025-7-1" }),
        json!({ "__typename": "Commune", "code": "02014", "validFrom": SECRET }),
    ]
}

fn of_another_type(commune: &place::Model, bank: &party::Model) -> Vec<Value> {
    let id = commune.id.to_string();
    vec![
        by_id("Commune", bank.id),
        by_id("Bank", &id),
        by_id("Commitment", &id),
        by_id("Commune", "commitment_01h455vb4pex5vsknk084sn02q"),
        by_id("District", &id),
        by_id("TelecomCompany", bank.id),
        json!({ "__typename": "TelecomCompany", "code": bank.code }),
    ]
}

#[tokio::test]
async fn null_is_no_reference_at_all() {
    let app = TestApp::start().await;

    let reply = app.public().gql(ENTITIES, json!({ "representations": [null] })).await;
    let nothing = app.public().gql(ENTITIES, json!({ "representations": null })).await;
    let none = app.public().gql(ENTITIES, json!({ "representations": [] })).await;

    reply.expect_fault("GRAPHQL_VALIDATION_FAILED");
    nothing.expect_fault("GRAPHQL_VALIDATION_FAILED");
    assert_eq!(none.expect_ok()["_entities"], json!([]));
}

#[tokio::test]
async fn a_thousand_references_are_answered_and_more_are_refused() {
    let app = TestApp::start().await;
    let commune = by_id("Commune", app.commune("02014").await.id);

    for (many, answered) in [(1_000, true), (1_001, false)] {
        let variables = json!({ "representations": vec![&commune; many] });
        let reply = app.public().gql(ENTITIES, variables).await;
        if answered {
            assert_eq!(reply.expect_ok()["_entities"].as_array().unwrap().len(), many);
        } else {
            let error = reply.expect_fault("BAD_USER_INPUT");
            assert_eq!(error["message"], "send at most 1000 representations at once");
            assert!(reply.data().is_null());
        }
    }
    // So many values are not even read.
    let variables = json!({ "representations": vec![&commune; 10_000] });
    app.public().gql(ENTITIES, variables).await.expect_fault("COST_LIMIT");
}

#[tokio::test]
async fn a_reference_may_be_as_deep_as_json_is_read() {
    let app = TestApp::start().await;
    let id = app.commune("02014").await.id.to_string();
    let deep = |levels| (0..levels).fold(json!("x"), |inner, _| json!({ "deeper": [inner] }));
    let ask = async |levels| {
        let required = json!({ "__typename": "Commune", "id": id, "required": deep(levels) });
        let inside = json!({ "__typename": "Commune", "id": deep(levels) });
        app.public().gql(ENTITIES, json!({ "representations": [required, inside] })).await
    };

    let (read, too_deep) = (ask(50).await, ask(500).await);

    assert_eq!(read.at("/_entities/0/id"), &json!(id));
    assert_eq!(read.expect_fault("BAD_USER_INPUT")["path"], json!(["_entities", 1]));
    assert_eq!(too_deep.status, 400);
    too_deep.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn references_may_be_written_in_the_document() {
    let app = TestApp::start().await;
    let id = app.commune("02014").await.id.to_string();
    let query = format!(
        "{{ _entities(representations: [{{ __typename: \"Commune\", id: \"{id}\" }},
            {{ __typename: Commune, id: \"{id}\" }}, 7]) {{
            ... on _Entity {{ __typename }} ... on Place {{ id ... on Commune {{ code }} }}
            ... on Bank {{ code }} }} }}"
    );

    let reply = app.public().ask(&query).await;

    let found = json!({ "__typename": "Commune", "id": id, "code": "02014" });
    assert_eq!(reply.at("/_entities"), &json!([found, null, null]), "{}", reply.text);
    assert_eq!(reply.errors().len(), 2);
}
