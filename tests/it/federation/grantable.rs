//! What partners may be sent is public, and the same whoever asks and however.

use std::collections::BTreeMap;

use api::graphql::federation::grantable::{extendable, fields};
use serde_json::{Value, json};
use tests::{
    Actor, TestApp,
    introspection::{self, Schema, name},
};

use super::references::world;

#[tokio::test]
async fn what_can_be_granted_is_the_same_for_everybody() {
    let (app, referred) = world().await;
    let schema = Schema::new(app.public().ask(introspection::QUERY).await.expect_ok());
    let mut ids: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for object in &referred {
        ids.entry(&object.type_name).or_default().push(&object.representations[0]);
    }
    let coordinator = app.demonstrator("coordinator");
    let everybody = [
        coordinator.clone(),
        coordinator.in_english(),
        app.public().in_english(),
        app.stranger(),
        app.demonstrator("telecom-1"),
        app.demonstrator("officer"),
    ];

    for type_name in extendable() {
        let query = query(&schema, type_name);
        for representations in ids[type_name].chunks(100) {
            let of_nobody = ask(&app.public(), &query, representations).await;
            assert!(of_nobody.iter().all(Value::is_object), "{type_name} is not public");
            for somebody in &everybody {
                assert_eq!(ask(somebody, &query, representations).await, of_nobody, "{type_name}");
            }
        }
    }
}

/// Asks for all of a type that can be granted; of another object, which it is.
fn query(schema: &Schema, type_name: &str) -> String {
    let selected = fields(type_name).map(|wanted| {
        let field = schema.fields(type_name).iter().find(|field| name(field) == wanted);
        let leads_on = field.unwrap()["type"]["kind"] == "OBJECT"
            || field.unwrap()["type"]["kind"] == "INTERFACE";
        if leads_on { format!("{wanted} {{ __typename id }}") } else { wanted.to_owned() }
    });
    let selected = selected.collect::<Vec<_>>().join(" ");
    format!(
        "query ($representations: [_Any!]!) {{ _entities(representations: $representations) {{
            ... on {type_name} {{ {selected} }} }} }}"
    )
}

async fn ask(actor: &Actor, query: &str, representations: &[&Value]) -> Vec<Value> {
    let reply = actor.gql(query, json!({ "representations": representations })).await;
    reply.expect_ok()["_entities"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_field_that_is_not_the_same_for_everybody_would_be_noticed() {
    let app = TestApp::start().await;
    let party = app.party_by_code("UBND-19-2025").await;
    let query = "query ($representations: [_Any!]!) { _entities(representations: $representations)
        { ... on ProvincialAuthority { name } } }";
    let named = json!({ "__typename": "ProvincialAuthority", "code": party.code });

    let vietnamese = ask(&app.public(), query, &[&named]).await;
    let english = ask(&app.public().in_english(), query, &[&named]).await;

    assert_ne!(vietnamese, english, "a name in two languages is why arguments are not granted");
}
