//! Whoever asks sees by a reference exactly what they see by an id, by whichever key, to the field.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{
    Actor, DEMONSTRATORS,
    introspection::{self, Schema},
};

use super::references::{Referred, world};

/// So many at once, for each is asked for with all of its fields.
const AT_ONCE: usize = 100;

#[tokio::test]
async fn everybody_sees_by_a_reference_what_they_see_by_an_id() {
    let (app, referred) = world().await;
    let schema = Schema::new(app.public().ask(introspection::QUERY).await.expect_ok());
    let mut types: BTreeMap<&str, Vec<&Referred>> = BTreeMap::new();
    for object in &referred {
        types.entry(&object.type_name).or_default().push(object);
    }
    let mut people: Vec<(&str, Actor)> =
        vec![("public", app.public()), ("stranger", app.stranger())];
    people.extend(DEMONSTRATORS.map(|subject| (subject, app.demonstrator(subject))));

    let mut seen = BTreeMap::new();
    for (name, actor) in &people {
        for (type_name, objects) in &types {
            let selection = schema.selection(type_name, 1);
            for objects in objects.chunks(AT_ONCE) {
                *seen.entry(*name).or_insert(0) +=
                    alike(name, actor, type_name, &selection, objects).await;
            }
        }
    }

    assert!(seen["public"] < seen["bank"] && seen["bank"] < seen["coordinator"], "{seen:?}");
    assert_eq!(seen["public"], seen["stranger"]);
}

/// Compares both ways to ask for some objects of a type, and answers how many are seen.
async fn alike(
    name: &str,
    actor: &Actor,
    type_name: &str,
    selection: &str,
    objects: &[&Referred],
) -> usize {
    let ids: Vec<&str> = objects.iter().map(|object| object.id.as_str()).collect();
    let query = format!(
        "query ($ids: [ID!]!) {{ found: nodes(ids: $ids) {{ ... on {type_name} {{ {selection} }} }} }}"
    );
    let by_id = actor.gql(&query, json!({ "ids": ids })).await;
    let expected = by_id.expect_ok()["found"].as_array().unwrap();
    let query = format!(
        "query ($representations: [_Any!]!) {{ found: _entities(representations: $representations)
        {{ ... on {type_name} {{ {selection} }} }} }}"
    );
    let most = objects.iter().map(|object| object.representations.len()).max().unwrap();
    for key in 0..most {
        let representations: Vec<&Value> =
            objects.iter().map(|object| &object.representations[key]).collect();
        let reply = actor.gql(&query, json!({ "representations": representations })).await;
        let found = reply.expect_ok()["found"].as_array().unwrap();
        assert_eq!(found, expected, "{name} {type_name} by its key {key}");
    }
    expected.iter().filter(|object| !object.is_null()).count()
}
