//! What one operation may ask for. Each text here is small or cheap to send and would cost the
//! server dearly; each is refused before it runs, with the limit and its figure.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use tests::{HOST, Reply, TestApp};

mod cost;
mod points;
mod socket;
mod texts;

use texts::{aliases, circular, deep_variables, directives, doubling, many_values, nested};

#[tokio::test]
async fn fragments_that_double_are_refused_at_any_depth() {
    let app = TestApp::start().await;

    for (levels, figure) in [(12, 1 << 13), (20, 1 << 21), (30, 1 << 31)] {
        let reply = app.public().ask(&doubling(levels)).await;

        assert_over(&reply, "fields", figure);
    }
    // Sixty levels are selections sixty deep.
    let reply = app.public().ask(&doubling(60)).await;
    assert_over(&reply, "nesting", 41);
}

#[tokio::test]
async fn a_field_asked_for_ten_thousand_times_is_refused() {
    let app = TestApp::start().await;
    let (many, fewer) = ("__typename ".repeat(10_000), "__typename ".repeat(3_000));

    let many = app.public().ask(&format!("{{ {many} }}")).await;
    let fewer = app.public().ask(&format!("{{ {fewer} }}")).await;

    assert_over(&many, "tokens", 10_002);
    assert_over(&fewer, "root_fields", 3_000);
}

#[tokio::test]
async fn a_thousand_aliases_are_refused() {
    let app = TestApp::start().await;

    let reply = app.public().ask(&aliases(1_000)).await;

    assert_over(&reply, "aliases", 1_000);
}

#[tokio::test]
async fn nesting_is_refused_before_it_reaches_the_parser() {
    let app = TestApp::start().await;

    for levels in [200, 5_000, 50_000] {
        for document in nested(levels) {
            let reply = app.public().ask(&document).await;

            assert_eq!(refused(&reply)["name"], "nesting", "{}", reply.text);
        }
    }
}

#[tokio::test]
async fn what_hides_in_a_string_that_does_not_end_is_refused() {
    let app = TestApp::start().await;

    for open in ["\"\"\" \" ", "\"", "\"\n"] {
        let hidden = format!("{{ party(by: [{open}{} }}", "[".repeat(50_000));
        let reply = app.public().ask(&hidden).await;

        reply.expect_fault("GRAPHQL_PARSE_FAILED");
    }
}

#[tokio::test]
async fn variables_fifty_thousand_deep_are_refused() {
    let app = TestApp::start().await;

    let reply = app.send(json_request(deep_variables(10_000))).await;

    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    reply.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn deep_fields_are_refused_though_fragments_hide_them() {
    let app = TestApp::start().await;
    let types = "ofType { ".repeat(12);
    let close = "}".repeat(12);
    let query = format!(
        "{{ __schema {{ types {{ ...A }} }} }}
         fragment A on __Type {{ {types} ...B {close} }}
         fragment B on __Type {{ {types} name {close} }}"
    );

    let reply = app.public().ask(&query).await;

    assert_over(&reply, "depth", 27);
}

#[tokio::test]
async fn fragments_that_spread_themselves_are_refused() {
    let app = TestApp::start().await;

    for query in circular() {
        let reply = app.public().ask(query).await;

        assert_eq!(reply.status, StatusCode::OK);
        for error in reply.errors() {
            assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{query}");
        }
        assert!(!reply.errors().is_empty(), "{query}");
    }
}

#[tokio::test]
async fn a_thousand_directives_are_refused() {
    let app = TestApp::start().await;

    let reply = app.public().ask(&directives(1_000)).await;

    assert_over(&reply, "directives", 1_000);
}

#[tokio::test]
async fn a_hundred_thousand_variables_are_refused() {
    let app = TestApp::start().await;
    let defined: Vec<String> = (0..10_000).map(|n| format!("$v{n}: Int")).collect();
    let defined = format!("query ({}) {{ __typename }}", defined.join(" "));

    let defined = app.public().ask(&defined).await;

    for body in many_values(100_000) {
        let reply = app.send(json_request(body)).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused(&reply)["name"], "values", "{}", reply.text);
    }
    assert_over(&defined, "tokens", 40_006);
}

#[tokio::test]
async fn a_document_that_is_wrong_in_many_places_is_told_some() {
    let app = TestApp::start().await;
    let wrong: Vec<String> = (0..24).map(|n| format!("nothing{n}")).collect();

    let reply = app.public().ask(&format!("{{ {} }}", wrong.join(" "))).await;

    assert_eq!(reply.errors().len(), 20);
}

#[tokio::test]
async fn a_compressed_body_is_refused_unread() {
    let app = TestApp::start().await;

    for coding in ["gzip", "br", "deflate", "gzip, gzip"] {
        let mut request = json_request("not gzip at all".to_owned());
        request.headers_mut().insert(header::CONTENT_ENCODING, coding.parse().unwrap());
        let reply = app.send(request).await;

        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{coding}");
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_document_that_was_kept_is_still_asked_for_its_variables_and_operation() {
    let app = TestApp::start().await;
    let public = app.public();
    let query = "query A($first: Int!) { parties(first: $first) { nodes { id } } }
        query B { __typename }";
    let send = |operation: &'static str, variables: Value| {
        let body = json!({ "query": query, "operationName": operation, "variables": variables });
        app.send(json_request(body.to_string()))
    };

    for _ in 0..2 {
        send("A", json!({ "first": 1 })).await.expect_ok();
        send("B", json!({})).await.expect_ok();
        send("A", json!({})).await.expect_fault("GRAPHQL_VALIDATION_FAILED");
        send("A", json!({ "first": "x" })).await.expect_fault("GRAPHQL_VALIDATION_FAILED");
        send("C", json!({ "first": 1 })).await.expect_fault("GRAPHQL_VALIDATION_FAILED");
        let unnamed = public.gql(query, json!({ "first": 1 })).await;
        unnamed.expect_fault("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn variables_are_held_against_their_types_wherever_they_stand() {
    let app = TestApp::start().await;
    let query = "query ($by: PartyBy!, $filter: PartyFilter, $ids: [ID!] = [], $all: Boolean!) {
        party(by: $by) { id } parties(first: 1, filter: $filter) { nodes { id } }
        nodes(ids: $ids) { id @include(if: $all) } }";
    let good = json!({ "by": { "code": "X" }, "all": true });
    let with = |name: &str, value: Value| {
        let mut variables = good.clone();
        variables[name] = value;
        variables
    };

    app.public().gql(query, good.clone()).await.expect_ok();
    for (variables, told) in [
        (json!({ "all": true }), "variable $by: a value of type PartyBy! is required"),
        (with("by", Value::Null), "variable $by: null is not of type PartyBy!"),
        (with("by", json!("X")), "variable $by: not of type PartyBy"),
        (with("by", json!({})), "variable $by: exactly one field of PartyBy is to be given"),
        (with("by", json!({ "code": "X", "id": "Y" })), "variable $by: exactly one field"),
        (with("by", json!({ "kode": "X" })), "variable $by: PartyBy has no field kode"),
        (with("by", json!({ "code": 7 })), "variable $by.code: not of type String"),
        (with("ids", json!(["a", null])), "variable $ids[1]: null is not of type ID!"),
        (with("all", json!("yes")), "variable $all: not of type Boolean"),
        (
            with("filter", json!({ "kind": { "in": ["BANK", "KIOSK"] } })),
            "variable $filter.kind.in[1]: not one of the values of PartyKind",
        ),
    ] {
        let reply = app.public().gql(query, variables).await;

        let fault = reply.expect_fault("GRAPHQL_VALIDATION_FAILED");
        let message = fault["message"].as_str().unwrap();
        assert!(message.starts_with(told), "{message}");
    }
}

/// What a reply says of the limit that it was refused for.
#[track_caller]
fn refused(reply: &Reply) -> &Value {
    &reply.expect_fault("COST_LIMIT")["extensions"]["limit"]
}

#[track_caller]
fn assert_over(reply: &Reply, name: &str, figure: u64) {
    let limit = refused(reply);
    assert_eq!(limit["name"], name, "{}", reply.text);
    assert_eq!(limit["figure"], figure, "{}", reply.text);
    assert!(limit["maximum"].as_u64().unwrap() < figure, "{}", reply.text);
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.get("data").is_none());
}

fn json_request(body: String) -> Request<Body> {
    Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap()
}
