//! What is published is what is answered, up to a limit.

use std::collections::BTreeSet;

use async_graphql::{
    EmptyMutation, EmptySubscription, Positioned,
    parser::{
        parse_schema,
        types::{InputValueDefinition, TypeKind, TypeSystemDefinition},
    },
};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::kit::{Province, ask, send, statement};
use crate::{MAX_BODY, Schema, graph::Query};

const PUBLISHED: &str = include_str!("../../schema.graphql");

#[tokio::test]
async fn what_is_published_is_what_is_answered() {
    let answer = ask(&Province::start().await.app(), "{ _service { sdl } }", json!({})).await;

    assert_eq!(answer["data"]["_service"]["sdl"], PUBLISHED);
}

#[test]
fn the_code_answers_what_is_published() {
    let code = Schema::build(Query, EmptyMutation, EmptySubscription).finish().sdl();

    assert_eq!(said(&code), said(PUBLISHED));
}

/// Names and types alone: descriptions and what belongs to federation stand in the file only.
fn said(sdl: &str) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for definition in parse_schema(sdl).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = &definition.node.name.node;
        said.insert(name.to_string());
        match definition.node.kind {
            TypeKind::Object(object) => {
                for field in object.fields.into_iter().map(|field| field.node) {
                    let arguments: Vec<_> = field.arguments.iter().map(argument).collect();
                    said.insert(format!("{name}.{}{arguments:?}: {}", field.name, field.ty));
                }
            }
            TypeKind::Enum(of) => {
                said.extend(of.values.iter().map(|one| format!("{name}.{}", one.node.value)));
            }
            _ => {}
        }
    }
    said.retain(|name| !name.starts_with('_') && !name.starts_with("Query._"));
    said
}

fn argument(argument: &Positioned<InputValueDefinition>) -> String {
    let default = argument.node.default_value.as_ref().map(ToString::to_string);
    format!("{}: {} = {default:?}", argument.node.name, argument.node.ty)
}

#[tokio::test]
async fn what_is_too_much_is_refused() {
    let app = Province::start().await.app();
    let levels = "{ fields { type ".repeat(9);
    let deep = format!("{{ __type(name: \"Query\") {levels} {{ name }} {} }}", "} }".repeat(9));
    let fields: String = (0..501).map(|n| format!("a{n}: _service {{ sdl }} ")).collect();
    let next = |n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1);
    let fragments: String = (0..30).map(next).collect();
    let questions = [
        ("deep", deep),
        ("complex", format!("{{ {fields} }}")),
        ("fragments", fragments + "fragment f30 on Query { __typename } { ...f0 }"),
    ];

    for (what, question) in questions {
        let answer = ask(&app, &question, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(what), "{what}: {message}");
        assert_eq!(answer["data"], Value::Null, "{what}");
    }
    let heavy = json!({ "query": " ".repeat(MAX_BODY) }).to_string();
    let bearer = format!("Bearer {}", statement());
    assert_eq!(send(&app, Some(&bearer), heavy).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}
