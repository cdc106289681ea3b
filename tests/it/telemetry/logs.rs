//! The log: one line for each request, and nothing that belongs to anybody.

use entity::party::Kind;
use serde_json::json;
use tests::TestApp;

use super::{CALLER, Captured, NAMED, TRACE, posted};

const ACCEPT: &str = "mutation Accept($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) { member { id } userErrors { code } } }";

#[tokio::test]
async fn each_request_is_one_line_that_says_what_it_was() {
    let app = TestApp::start().await;
    let traced = app.public().with_header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
    let log = Captured::from_now_on("info");

    traced.ask(NAMED).await.expect_ok();
    traced.ask("mutation Mine { nonsense }").await.expect_fault("GRAPHQL_VALIDATION_FAILED");
    traced.ask("query Mine0912345678 { __typename }").await.expect_ok();

    let requests = log.requests();
    let [known, wrong, unknown] = &requests[..] else { panic!("{requests:#?}") };
    for line in &requests {
        assert_eq!((&line["trace_id"], &line["level"]), (&json!(TRACE), &json!("INFO")));
        let span = line["span_id"].as_str().unwrap();
        assert!(span.len() == 16 && span != CALLER, "{span}");
        assert!(line["duration_ms"].as_f64().is_some_and(|took| took > 0.0), "{line}");
    }
    for (name, value) in
        [("operation", "WhoAmI"), ("kind", "query"), ("outcome", "ok")].map(|(n, v)| (n, json!(v)))
    {
        assert_eq!(known[name], value);
    }
    assert_eq!((&known["status"], known.get("codes")), (&json!(200), None));
    assert_eq!((&wrong["outcome"], &wrong["status"]), (&json!("error"), &json!(200)));
    assert_eq!(wrong["codes"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(wrong.get("operation"), None, "it was not admitted");
    assert_eq!(unknown["operation"], "other");
}

#[tokio::test]
async fn what_is_logged_on_the_way_has_the_ids_of_the_trace() {
    let app = TestApp::start().await;
    let public = app.public().with_header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
    let log = Captured::from_now_on("info");
    app.db().clone().close().await.unwrap();
    app.sql("SELECT 1").await.unwrap_err();

    let reply = public.ask("{ parties(first: 1) { nodes { id } } }").await;

    reply.expect_fault("UNAVAILABLE");
    let text = log.text();
    let line = text.lines().find(|line| line.contains("no connection")).unwrap_or_default();
    assert!(line.contains(&format!("\"trace_id\":\"{TRACE}\"")), "{line}");
}

/// Even where an operator logs all there is.
#[tokio::test]
async fn no_token_no_code_and_nothing_of_a_person_is_logged() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (token, row) = app.token(&party);
    row.await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    let person = app.stranger().at_address("203.0.113.77");
    let secrets = [
        token.as_str(),
        person.bearer().unwrap(),
        &code,
        "camket_forged",
        "0912345678",
        "Nguyễn Văn A",
        "203.0.113.77",
    ];
    let log = Captured::from_now_on("trace");

    let system = app.bearer(&token);
    system.ask(NAMED).await.expect_ok();
    app.bearer("camket_forged").ask(NAMED).await.expect_fault("UNAUTHENTICATED");
    person.act(ACCEPT, json!({ "code": code })).await.expect_ok();
    person.act(ACCEPT, json!({ "code": "0912345678" })).await;
    person.act(ACCEPT, json!({ "code": 7, "Nguyễn Văn A": "0912345678" })).await;
    let by_code =
        "query Of0912345678($code: String!) { a0912345678: party(by: { code: $code }) { id } }";
    system.gql(by_code, json!({ "code": "Nguyễn Văn A" })).await.expect_ok();
    system.ask("{ party(by: { code: \"Nguyễn Văn A\" }) { id } }").await.expect_ok();
    app.send(posted("{ Nguyễn Văn A 0912345678 ")).await;

    let text = log.text();
    assert_eq!(log.requests().len(), 8);
    for secret in secrets {
        let found = text.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret} is in the log");
    }
}
