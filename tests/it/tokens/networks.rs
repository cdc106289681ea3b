//! Tokens that work from some networks only.

use api::domain::token::write::issue_by_operator;
use axum::http::StatusCode;
use entity::{
    api_token::{self, Scope},
    event,
    member::Role,
};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{ISSUE, ROTATE, WHO, issue, only_token, rotate, works};

const NETWORKS: &str = "query ($id: ID!) { node(id: $id) { ... on ApiToken { networks } } }";

const INSIDE: &str = "203.0.113.9";
const OUTSIDE: &str = "203.0.114.9";

#[tokio::test]
async fn a_token_works_from_its_networks_alone() {
    let app = TestApp::start().await;
    let system = limited(&app, &["203.0.113.0/24", "2001:db8::/48"]).await;

    let outside = system.clone().at_address(OUTSIDE).ask(WHO).await;

    assert_eq!(outside.status, StatusCode::UNAUTHORIZED);
    let told = &outside.expect_fault("UNAUTHENTICATED")["message"];
    assert_eq!(told, "this token does not work from this address");
    assert_eq!(only_token(&app).await.last_used_at, None);
    for inside in [INSIDE, "::ffff:203.0.113.9", "2001:db8:0:1::7"] {
        assert!(works(&system.clone().at_address(inside)).await, "{inside}");
    }
}

#[tokio::test]
async fn a_limited_token_does_not_work_from_where_nobody_knows() {
    let app = TestApp::start().await;

    assert!(!works(&limited(&app, &["0.0.0.0/0"]).await).await);
    assert!(works(&app.bank().by_token().await).await);
}

#[tokio::test]
async fn networks_are_given_and_shown_in_one_form() {
    let app = TestApp::start().await;
    let manager = app.bank().await;

    let reply = manager.act(ISSUE, among(issue(&app, manager.party()), &[" 10.1.2.3/8 "])).await;

    let id = &reply.expect_ok()["issueToken"]["apiToken"]["id"];
    let shown = manager.gql(NETWORKS, json!({ "id": id })).await;
    assert_eq!(shown.at("/node/networks"), &json!(["10.0.0.0/8"]));
    let issued = app.all(event::Entity).await.into_iter().max_by_key(|event| event.position);
    let data: Value = serde_json::from_str(&issued.unwrap().data).unwrap();
    assert_eq!(data["after"]["networks"], json!(["10.0.0.0/8"]));
}

#[tokio::test]
async fn what_is_no_network_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let manager = app.bank().await;

    let wrong = among(issue(&app, manager.party()), &["10.0.0.0/8", "camket.test"]);
    let many = among(issue(&app, manager.party()), &["10.0.0.1"; 21]);

    let refusal = manager.act(ISSUE, wrong).await.expect_refusal("INVALID_FORMAT").clone();
    assert_eq!(refusal["path"], json!(["input", "networks", "1"]));
    manager.act(ISSUE, many).await.expect_refusal_at("WRONG_COUNT", "networks");
    assert!(app.all(api_token::Entity).await.is_empty());
}

#[tokio::test]
async fn a_rotation_keeps_the_networks_unless_it_names_others() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).by_token().await;
    app.sql("UPDATE api_token SET networks = '[\"203.0.113.0/24\"]'").await.unwrap();

    let kept = manager.act(ROTATE, rotate(&app, old.token(), 24)).await;
    let mut opened = rotate(&app, old.token(), 24);
    opened["expectedVersion"] = json!(2);
    let opened = manager.act(ROTATE, among(opened, &[])).await;

    let kept = app.bearer(kept.text_at("/rotateToken/secret"));
    let opened = app.bearer(opened.text_at("/rotateToken/secret"));
    assert!(works(&kept.clone().at_address(INSIDE)).await);
    assert!(!works(&kept.at_address(OUTSIDE)).await);
    assert!(works(&opened.at_address(OUTSIDE)).await);
}

#[tokio::test]
async fn a_limited_token_gives_none_that_works_from_elsewhere() {
    let app = TestApp::start().await;
    let system = app.bank().with_scopes([Scope::Read, Scope::Record, Scope::Admin]).await;
    app.sql("UPDATE api_token SET networks = '[\"203.0.113.0/24\"]'").await.unwrap();
    let system = system.at_address(INSIDE);
    let asked = |networks: &[&str]| among(issue(&app, system.party()), networks);

    system.act(ISSUE, asked(&[])).await.expect_refusal_at("EXCEEDS_ISSUER", "networks");
    let wider = system.act(ISSUE, asked(&["203.0.0.0/16"])).await;
    wider.expect_refusal_at("EXCEEDS_ISSUER", "networks");
    let opened = among(rotate(&app, system.token(), 1), &[]);
    system.act(ROTATE, opened).await.expect_refusal_at("EXCEEDS_ISSUER", "networks");
    system.act(ISSUE, asked(&["203.0.113.128/25"])).await.expect_ok();

    assert_eq!(app.all(api_token::Entity).await.len(), 2);
}

#[tokio::test]
async fn the_operator_limits_a_token_too() {
    let app = TestApp::start().await;
    let networks = ["203.0.113.0/24".to_owned()];

    let shown = issue_by_operator(&app.api, "SKHCN-19-2025", Role::Manager, 90, &networks).await;

    let system = app.bearer(&shown.unwrap());
    assert!(works(&system.clone().at_address(INSIDE)).await);
    assert!(!works(&system.at_address(OUTSIDE)).await);
}

fn among(mut input: Value, networks: &[&str]) -> Value {
    input["networks"] = json!(networks);
    input
}

/// A system whose token works from these networks.
async fn limited(app: &TestApp, networks: &[&str]) -> Actor {
    let party = app.party(entity::party::Kind::Bank).await;
    let (bearer, token) = app.token(&party);
    let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
    token.with(|row| row.networks = networks).await;
    app.bearer(&bearer)
}
