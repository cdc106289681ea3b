//! The OpenAPI document: of one's own operations and the shared ones, and nobody else's.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::TestApp;

use super::PLACE;

const URL: &str = "/operations/openapi.json";

#[tokio::test]
async fn it_holds_ones_own_operations_and_the_shared_ones() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    app.operation(bank.party(), "Place", PLACE).await;
    app.operation(bank.party(), "Hidden", "{ __typename }").with(|row| row.callable = false).await;

    let (own, others) = (bank.fetch(URL).await, rival.fetch(URL).await);
    let public = app.public().fetch(URL).await;

    let paths = |document: &Value| -> BTreeSet<String> {
        document["paths"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(own.body["openapi"], "3.1.0");
    let only_own = &paths(&own.body) - &paths(&others.body);
    assert_eq!(only_own.into_iter().collect::<Vec<_>>(), ["/operations/Place"]);
    assert_eq!(paths(&others.body), paths(&public.body));
    assert!(paths(&public.body).contains("/operations/OpenNeeds"));
}

#[tokio::test]
async fn it_says_what_is_sent_and_what_is_answered() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let text = "query ($ids: [ID!]!, $by: PlaceBy!) { nodes(ids: $ids) { __typename id
        ... on Commune { code @skip(if: true) } ... on Bank { sector: kind } }
        place(by: $by) { name } }";
    app.operation(bank.party(), "Things", text).await;
    app.operation(bank.party(), "Place", PLACE).await;

    let document = bank.fetch(URL).await.body;

    let things = &document["paths"]["/operations/Things"];
    let body = &things["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["required"], json!(["ids", "by"]));
    assert_eq!(body["additionalProperties"], false);
    let by = &document["components"]["schemas"]["PlaceBy"]["oneOf"];
    assert!(
        by.as_array().unwrap().iter().all(|one| one["required"].as_array().unwrap().len() == 1)
    );
    let parameters = things["get"]["parameters"].as_array().unwrap();
    let ids = parameters.iter().find(|parameter| parameter["name"] == "ids").unwrap();
    assert_eq!(ids["content"]["application/json"]["schema"]["type"], "array");
    let answer = |path: &str| {
        let path = format!(
            "/paths/~1operations~1{path}/post/responses/200/content/application~1json/schema"
        );
        document.pointer(&path).unwrap().clone()
    };
    let node = &answer("Things")["properties"]["nodes"]["items"]["anyOf"];
    let of = |ty: &str| {
        let choices = node.as_array().unwrap().iter();
        choices
            .clone()
            .find(|choice| choice["properties"]["__typename"]["enum"] == json!([ty]))
            .unwrap()
    };
    assert_eq!(of("Commune")["required"], json!(["__typename", "id"]));
    assert!(of("Commune")["properties"]["code"].is_object());
    assert!(of("Bank")["properties"]["sector"].is_object());
    let place = &answer("Place")["properties"]["place"];
    assert_eq!(place["type"], "object", "the one root field is never null: {place}");
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    let app = TestApp::start().await;

    let document = app.bank().await.fetch(URL).await.body;

    let mut references = BTreeSet::new();
    references_in(&document, &mut references);
    for reference in &references {
        let target = document.pointer(reference.strip_prefix('#').unwrap());
        assert!(target.is_some_and(Value::is_object), "{reference}");
    }
    assert!(references.len() > 20);
    let operations = document["paths"].as_object().unwrap().values();
    let operations: Vec<&Value> =
        operations.flat_map(|path| path.as_object().unwrap().values()).collect();
    let names: BTreeSet<_> = operations.iter().map(|one| one["operationId"].as_str()).collect();
    assert_eq!(names.len(), operations.len());
    for operation in operations {
        assert!(operation["responses"]["200"].is_object(), "{operation}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{operation}");
    }
}

fn references_in(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| references_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references_in(value, found)),
        _ => {}
    }
}
