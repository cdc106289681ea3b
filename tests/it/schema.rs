//! The contract: the kept SDL, its descriptions, and who may ask for it.

use std::{fs, path::Path, process::Command};

use api::{
    app::App,
    config::Http,
    http::{Hosts, auth::Personas, router},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tests::{
    HOST, TestApp,
    introspection::{self, Schema, list, name},
};
use tower::ServiceExt;

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/schema.graphql");

#[test]
fn the_kept_schema_is_the_one_that_is_served() {
    let kept = fs::read_to_string(Path::new(KEPT)).unwrap_or_default();
    let served = api::graphql::sdl();

    let difference =
        kept.trim_end().lines().zip(served.trim_end().lines()).position(|(a, b)| a != b);
    let line = difference.unwrap_or_else(|| kept.lines().count().min(served.lines().count()));
    assert!(
        kept.trim_end() == served.trim_end(),
        "api/schema.graphql is not up to date from line {} on.\nIf you meant to change the \
         contract: `cargo run -- schema > api/schema.graphql`, and read the diff.",
        line + 1
    );
}

#[test]
fn the_command_line_prints_the_schema_and_nothing_else() {
    let camket = env!("CARGO_BIN_EXE_camket-under-test");

    let printed = Command::new(camket).arg("schema").output().unwrap();

    assert!(printed.status.success() && printed.stderr.is_empty());
    assert_eq!(
        String::from_utf8(printed.stdout).unwrap().trim_end(),
        api::graphql::sdl().trim_end()
    );
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let app = TestApp::start().await;

    let reply = app.coordinator().await.ask(introspection::QUERY).await;

    let missing = undescribed(&Schema::new(reply.expect_ok()));
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

#[tokio::test]
async fn the_public_learns_the_schema_only_where_personas_are_served() {
    let app = TestApp::start().await;
    let production = App::new(app.db().clone(), app.clock.clone(), Personas::default());

    let dev = app.public().ask(introspection::QUERY).await;
    let closed = ask_as_public(&production, introspection::QUERY).await;
    let type_of = ask_as_public(&production, "{ __type(name: \"Party\") { name } }").await;
    let typename = ask_as_public(&production, "{ __typename }").await;

    dev.expect_ok();
    for answer in [closed, type_of] {
        assert!(!answer.to_string().contains("Party\""), "{answer}");
    }
    assert_eq!(typename["data"]["__typename"], "Query");
}

#[tokio::test]
async fn suggestions_name_nothing() {
    let app = TestApp::start().await;

    let reply = app.public().ask("{ partie { id } }").await;

    let error = reply.expect_fault("GRAPHQL_VALIDATION_FAILED");
    assert!(!error["message"].as_str().unwrap().contains("parties"), "{error}");
}

async fn ask_as_public(app: &std::sync::Arc<App>, query: &str) -> Value {
    let request = Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    let router = router(app.clone(), Hosts::new([HOST.to_owned()]), &Http::default());
    let answer = router.oneshot(request).await.unwrap().into_body();
    serde_json::from_slice(&to_bytes(answer, usize::MAX).await.unwrap()).unwrap()
}

/// Types, fields, arguments, input fields and enum values without a description.
fn undescribed(schema: &Schema) -> Vec<String> {
    let mut missing = Vec::new();
    let mut check = |value: &Value, path: String| {
        if value["description"].as_str().unwrap_or_default().trim().is_empty() {
            missing.push(path);
        }
    };
    for ty in schema.types() {
        if !is_of_the_framework(name(ty)) {
            check(ty, name(ty).to_owned());
        }
        for field in list(ty, "fields") {
            let path = format!("{}.{}", name(ty), name(field));
            for argument in list(field, "args") {
                check(argument, format!("{path}({}:)", name(argument)));
            }
            check(field, path);
        }
        for part in list(ty, "inputFields").iter().chain(list(ty, "enumValues")) {
            check(part, format!("{}.{}", name(ty), name(part)));
        }
    }
    missing
}

/// Types that async-graphql declares without a description and without a way to give one. Their
/// fields have descriptions.
fn is_of_the_framework(ty: &str) -> bool {
    ty == "ID" || ty.ends_with("Connection")
}
