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
async fn a_short_text_does_not_make_a_long_document() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let deep = (0..17).fold("__typename".to_owned(), |inner, _| {
        format!("__typename ... on Commune {{ id }} parent {{ {inner} }}")
    });
    let deep = format!("{{ place(by: {{ code: {{ code: \"02014\" }} }}) {{ {deep} }} }}");
    app.operation(bank.party(), "Deep", &deep).await;

    let document = bank.fetch(URL).await;

    assert_eq!(document.status, 200, "{}", document.text);
    assert!(document.body["paths"]["/operations/Deep"].is_object());
    assert!(document.body["paths"]["/operations/OpenNeeds"].is_object());
    assert!(document.text.len() < 20 << 20, "{} bytes", document.text.len());
    assert_eq!(bank.call("Deep", json!({})).await.status, 200);
}

#[tokio::test]
async fn the_shared_operations_are_described_in_full() {
    let app = TestApp::start().await;

    let document = app.public().fetch(URL).await;

    let paths = document.body["paths"].as_object().unwrap();
    for (path, item) in paths {
        let answer = &item["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(is_described(answer), "{path}");
    }
}

/// Whether each object in a schema says what is in it.
fn is_described(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) if fields.is_empty() => false,
        Value::Object(fields) => fields.iter().all(|(name, field)| {
            (name == "properties" && field == &json!({})) || is_described(field)
        }),
        Value::Array(items) => items.iter().all(is_described),
        _ => true,
    }
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

/// The words that a schema has for types.
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

#[tokio::test]
async fn every_schema_is_one() {
    let app = TestApp::start().await;

    let document = app.bank().await.fetch(URL).await.body;

    let mut count = 0;
    let named = document["components"]["schemas"].as_object().unwrap();
    named.values().for_each(|schema| count += checked(schema));
    for operation in document["paths"].as_object().unwrap().values() {
        for method in operation.as_object().unwrap().values() {
            let bodies = std::iter::once(&method["requestBody"]);
            let answers = method["responses"].as_object().unwrap().values();
            let parameters = method["parameters"].as_array().into_iter().flatten();
            for part in bodies.chain(answers).chain(parameters).filter(|part| part.is_object()) {
                let contents = part["content"].as_object().into_iter().flatten();
                let schemas = contents.map(|(_, content)| &content["schema"]);
                let plain = std::iter::once(&part["schema"]).filter(|schema| schema.is_object());
                count += schemas.chain(plain).map(checked).sum::<usize>();
            }
        }
    }
    assert!(count > 500, "{count}");
}

/// Holds a schema against the few words that we use, and counts those inside it.
fn checked(schema: &Value) -> usize {
    let schema = schema.as_object().unwrap_or_else(|| panic!("no schema: {schema}"));
    let mut inside = Vec::new();
    for (word, value) in schema {
        match &**word {
            "type" => {
                let types = value.as_array().map_or(vec![value], |types| types.iter().collect());
                assert!(types.iter().all(|ty| TYPES.contains(&ty.as_str().unwrap())), "{value}");
            }
            "properties" => inside.extend(value.as_object().unwrap().values()),
            "anyOf" | "oneOf" => inside.extend(value.as_array().unwrap()),
            "items" => inside.push(value),
            "required" => {
                let properties = schema["properties"].as_object().unwrap();
                for name in value.as_array().unwrap() {
                    assert!(properties.contains_key(name.as_str().unwrap()), "{name}");
                }
            }
            "enum" => assert!(!value.as_array().unwrap().is_empty()),
            "minimum" | "maximum" => assert!(value.is_i64()),
            "additionalProperties" => assert_eq!(value, false),
            "pattern" | "format" | "description" | "$ref" => assert!(value.is_string()),
            other => panic!("a word that no schema has: {other}"),
        }
    }
    1 + inside.into_iter().map(checked).sum::<usize>()
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
