//! Codes, messages and faults: what is documented is what there is, and nothing internal leaks.

use std::collections::BTreeSet;

use api::{
    error::Error,
    refusal::{Language, UserErrorCode},
};
use async_graphql::InputType;
use axum::http::StatusCode;
use entity::party::Kind;
use serde_json::json;
use tests::{Reply, TestApp};

const DOCS: &str = include_str!("../../docs/errors.md");

/// What no answer may hold: words of SQL, of the database and of the source.
const INTERNAL: [&str; 10] = [
    "select ",
    "insert ",
    "no such table",
    "does not exist",
    "relation",
    "sqlite",
    "sqlx",
    "postgres",
    "error returned",
    ".rs",
];

#[test]
fn the_documented_refusals_are_the_ones_there_are() {
    let known: BTreeSet<String> =
        UserErrorCode::ALL.iter().map(|code| code.to_value().to_string()).collect();

    assert_eq!(documented("## Refusals"), known);
    assert_eq!(known.len(), UserErrorCode::ALL.len());
}

#[test]
fn the_documented_faults_are_the_ones_there_are() {
    let known: BTreeSet<String> = Error::CODES.iter().map(|code| (*code).to_owned()).collect();

    assert_eq!(documented("## Faults"), known);
}

#[tokio::test]
async fn the_schema_knows_the_codes_that_the_documentation_knows() {
    let app = TestApp::start().await;
    let query = "{ __type(name: \"UserErrorCode\") { enumValues { name description } } }";

    let reply = app.stranger().ask(query).await;

    let values = reply.at("/__type/enumValues").as_array().unwrap();
    let names: BTreeSet<String> =
        values.iter().map(|value| value["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(documented("## Refusals"), names);
}

#[test]
fn both_languages_of_a_message_have_the_same_parameters_and_are_sentences() {
    for code in UserErrorCode::ALL {
        let (vi, en) = (code.template(Language::Vi), code.template(Language::En));

        assert_eq!(parameters(vi), parameters(en), "{code:?}");
        assert!(vi.ends_with('.') && en.ends_with('.'), "{code:?}");
        assert_ne!(vi, en, "{code:?}");
    }
}

#[test]
fn a_message_is_made_with_its_parameters() {
    let refusal = UserErrorCode::OutOfRange.refuse().with("min", 1).with("max", 365);

    assert_eq!(refusal.message(Language::En), "The value must be 1 to 365.");
    assert_eq!(refusal.message(Language::Vi), "Giá trị phải từ 1 đến 365.");
}

#[tokio::test]
async fn every_kind_of_fault_has_its_code_and_status() {
    let app = TestApp::start().await;
    let public = app.public();
    let define = "mutation ($input: DefinePartyInput!) {
        defineParty(input: $input) { userErrors { code } } }";
    let input = json!({ "kind": "BANK", "code": "X", "name": "X", "validFrom": "2026-01-01",
        "idempotencyKey": app.key() });
    let wrong = json!({ "kind": "BANK", "code": "X", "name": "X", "validFrom": "yesterday",
        "idempotencyKey": app.key() });
    let bank = app.party(Kind::Bank).await;

    for (reply, status, code) in [
        (public.ask("{ parties(").await, 200, "GRAPHQL_PARSE_FAILED"),
        (public.ask("{ parties(first: 1) { nodes }").await, 200, "GRAPHQL_PARSE_FAILED"),
        (public.ask("{ nothing }").await, 200, "GRAPHQL_VALIDATION_FAILED"),
        (public.act(define, json!({ "kind": "BANK" })).await, 200, "GRAPHQL_VALIDATION_FAILED"),
        (public.ask("{ parties(first: 101) { totalCount } }").await, 200, "BAD_USER_INPUT"),
        (public.ask("{ parties { totalCount } }").await, 200, "BAD_USER_INPUT"),
        (public.act(define, input).await, 200, "UNAUTHENTICATED"),
        (app.stranger().act(define, wrong).await, 200, "BAD_USER_INPUT"),
        (public.ask("").await, 400, "BAD_USER_INPUT"),
        (app.bearer("nonsense").ask("{ __typename }").await, 401, "UNAUTHENTICATED"),
        (app.stranger().acting_for(&bank).ask("{ __typename }").await, 400, "BAD_USER_INPUT"),
    ] {
        assert_eq!(reply.status, status, "{}", reply.text);
        reply.expect_fault(code);
        quiet(&reply);
    }
}

#[tokio::test]
async fn two_faults_of_two_requests_have_two_trace_ids() {
    let app = TestApp::start().await;

    let one = app.public().ask("{ nothing }").await;
    let two = app.public().ask("{ nothing }").await;

    let trace = |reply: &Reply| reply.errors()[0]["extensions"]["traceId"].clone();
    assert_ne!(trace(&one), trace(&two));
}

#[tokio::test]
async fn a_traceparent_of_the_caller_is_taken_over_and_nonsense_is_not() {
    let app = TestApp::start().await;
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traced = |parent: &str| app.bearer("nonsense").with_header("traceparent", parent);

    let good = traced(&format!("00-{id}-00f067aa0ba902b7-01")).ask("{ __typename }").await;

    let fault = good.expect_fault("UNAUTHENTICATED");
    assert_eq!(fault["extensions"]["traceId"], id);
    for nonsense in
        ["", "00", "00-short-00f067aa0ba902b7-01", "00-zzzz2f3577b34da6a3ce929d0e0e4736-0-1"]
    {
        let reply = traced(nonsense).ask("{ __typename }").await;
        let fault = reply.expect_fault("UNAUTHENTICATED");
        let own = fault["extensions"]["traceId"].as_str().unwrap();
        assert!(own.len() == 32 && !own.contains('z'), "{nonsense}: {own}");
    }
}

#[tokio::test]
async fn nothing_internal_leaks_when_a_query_breaks() {
    let app = TestApp::start().await;
    app.sql("DROP TABLE enrolment").await.unwrap();

    let reply = app.public().ask("{ enrolments(first: 1) { nodes { id } } }").await;

    assert_eq!(reply.status, StatusCode::OK);
    let fault = reply.expect_fault("INTERNAL_SERVER_ERROR");
    assert_eq!(fault["message"], "internal error");
    quiet(&reply);
}

#[tokio::test]
async fn nothing_internal_leaks_when_a_mutation_breaks_and_nothing_is_left_behind() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let issue = "mutation ($input: IssueTokenInput!) {
        issueToken(input: $input) { secret userErrors { code } } }";
    let input = json!({ "partyId": manager.party().id.to_string(), "role": "VIEWER",
        "scopes": [], "idempotencyKey": app.key() });
    app.settle().await;
    app.sql("ALTER TABLE event RENAME TO event_away").await.unwrap();

    let reply = manager.act(issue, input).await;

    let fault = reply.expect_fault("INTERNAL_SERVER_ERROR");
    assert_eq!(fault["message"], "internal error");
    assert!(reply.at("/issueToken").is_null());
    quiet(&reply);
    assert!(app.all(entity::api_token::Entity).await.is_empty());
    assert!(app.all(entity::idempotency::Entity).await.is_empty());
}

#[tokio::test]
async fn nothing_internal_leaks_when_it_breaks_before_the_query() {
    let app = TestApp::start().await;
    let (person, system) = (app.bank().await, app.bank().by_token().await);
    app.settle().await;
    app.sql("ALTER TABLE reach RENAME TO reach_away").await.unwrap();

    for actor in [person, system] {
        let reply = actor.ask("{ __typename }").await;

        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        reply.expect_fault("INTERNAL_SERVER_ERROR");
        quiet(&reply);
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_unavailable() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    app.settle().await;
    app.db().clone().close().await.unwrap();

    let query = app.public().ask("{ parties(first: 1) { nodes { id } } }").await;
    let sign_in = stranger.ask("{ __typename }").await;

    assert_eq!((query.status, sign_in.status), (StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE));
    for reply in [query, sign_in] {
        reply.expect_fault("UNAVAILABLE");
        quiet(&reply);
    }
}

#[tokio::test]
async fn a_fault_in_one_field_leaves_the_others() {
    let app = TestApp::start().await;
    app.sql("DROP TABLE enrolment").await.unwrap();
    let query = "query ($id: ID!) {
        place(by: { code: { code: \"02014\" } }) { name } node(id: $id) { id } }";
    let id = "enrolment_00000000000000000000000000";

    let reply = app.public().gql(query, json!({ "id": id })).await;

    reply.expect_fault("INTERNAL_SERVER_ERROR");
    assert_eq!(reply.at("/place/name"), "Xã Bạch Thông");
    assert!(reply.at("/node").is_null());
}

/// The codes of the table under a heading.
fn documented(heading: &str) -> BTreeSet<String> {
    let (_, section) = DOCS.split_once(heading).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap().to_owned()).collect()
}

fn parameters(template: &str) -> BTreeSet<&str> {
    let parts = template.split('{').skip(1);
    parts.map(|part| part.split_once('}').unwrap().0).collect()
}

#[track_caller]
fn quiet(reply: &Reply) {
    let text = reply.text.to_lowercase();
    for word in INTERNAL {
        assert!(!text.contains(word), "{word:?} leaks in {}", reply.text);
    }
}
