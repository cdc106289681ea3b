//! Nobody comes in without a statement of the province for this subgraph.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::kit::{Province, claims, head, public, secret, send, sign, statement};

const QUESTIONS: [&str; 5] = [
    "{ __typename }",
    "{ _service { sdl } }",
    "{ __schema { types { name } } }",
    "{ _entities(representations: []) { __typename } }",
    "no question at all",
];

/// The claims with one of them changed, or taken out by null.
fn changed(claim: &str, value: Value) -> String {
    let mut claims = claims();
    claims[claim] = value;
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    sign(&head("first"), &claims, &secret("first"))
}

async fn status(app: &Router, token: &str) -> StatusCode {
    let question = json!({ "query": "{ __typename }" }).to_string();
    send(app, Some(&format!("Bearer {token}")), question).await.0
}

#[tokio::test]
async fn nothing_is_answered_without_a_statement() {
    let province = Province::start().await;
    let app = province.app();

    for question in QUESTIONS {
        let body = json!({ "query": question }).to_string();
        let (status, answer) = send(&app, None, body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{question}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(answer["data"], Value::Null);
    }
    for path in ["/graphql?query={__typename}", "/"] {
        let answer = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(province.asked(), 0);
}

#[tokio::test]
async fn whether_it_lives_is_no_secret() {
    let app = Province::start().await.app();

    let answer = app.oneshot(Request::get("/livez").body(Body::empty()).unwrap()).await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_statement_of_the_province_is_taken_from_the_registrys_probe_too() {
    let app = Province::start().await.app();

    assert_eq!(status(&app, &statement()).await, StatusCode::OK);
    assert_eq!(status(&app, &changed("kind", json!("PROBE"))).await, StatusCode::OK);
}

#[tokio::test]
async fn other_statements_are_refused() {
    let app = Province::start().await.app();
    let now = claims()["iat"].as_u64().unwrap();
    let mut api_token = head("first");
    api_token.typ = Some("JWT".to_owned());
    let mut critical = head("first");
    critical.crit = Some(vec!["unheard-of".to_owned()]);
    let mut nameless = head("first");
    nameless.kid = None;

    let bad = [
        ("for another partner", changed("aud", json!("vidukhac"))),
        ("for a prefix of our prefix", changed("aud", json!("vidu"))),
        ("for nobody", changed("aud", Value::Null)),
        ("past its time", changed("exp", json!(now - 30))),
        ("without an end", changed("exp", Value::Null)),
        ("of another issuer", changed("iss", json!("http://elsewhere.test"))),
        ("of nobody", changed("iss", Value::Null)),
        ("of another type", sign(&api_token, &claims(), &secret("first"))),
        ("with a critical header", sign(&critical, &claims(), &secret("first"))),
        ("without the name of a key", sign(&nameless, &claims(), &secret("first"))),
        ("with an unknown key", sign(&head("second"), &claims(), &secret("second"))),
        ("with another key under our name", sign(&head("first"), &claims(), &secret("second"))),
        ("not signed", unsigned()),
        ("signed with the public key as a secret", symmetric()),
        ("with a changed claim", tampered()),
        ("cut short", statement()[..40].to_owned()),
        ("empty", String::new()),
    ];

    for (what, token) in bad {
        assert_eq!(status(&app, &token).await, StatusCode::UNAUTHORIZED, "{what}");
    }
    let question = json!({ "query": "{ __typename }" }).to_string();
    let basic = format!("Basic {}", statement());
    assert_eq!(send(&app, Some(&basic), question).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&app, &statement()).await, StatusCode::OK);
}

fn unsigned() -> String {
    let head = json!({ "alg": "none", "typ": "camket-statement+jwt", "kid": "first" });
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(head), part(claims()))
}

fn symmetric() -> String {
    let key = serde_json::to_value(public("first")).unwrap();
    let mut head = head("first");
    head.alg = Algorithm::HS256;
    let point = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    sign(&head, &claims(), &EncodingKey::from_secret(&point))
}

fn tampered() -> String {
    let good = statement();
    let mut parts: Vec<&str> = good.split('.').collect();
    let mut claims = claims();
    claims["own"] = json!(true);
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    parts[1] = &claims;
    parts.join(".")
}

#[tokio::test]
async fn the_registry_is_asked_once_in_ten_seconds_whatever_comes() {
    let province = Province::start().await;
    let app = province.app();
    let new = sign(&head("second"), &claims(), &secret("second"));

    assert_eq!(status(&app, &statement()).await, StatusCode::OK);
    province.publish("second").await;
    for _ in 0..20 {
        assert_eq!(status(&app, &new).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(province.asked(), 1);

    later(Duration::from_secs(10)).await;
    assert_eq!(status(&app, &new).await, StatusCode::OK);
    assert_eq!(status(&app, &statement()).await, StatusCode::OK);
    assert_eq!(province.asked(), 2);
}

#[tokio::test]
async fn what_is_known_is_known_without_the_registry() {
    let mut province = Province::start().await;
    let app = province.app();
    assert_eq!(status(&app, &statement()).await, StatusCode::OK);

    province.go_away().await;
    later(Duration::from_secs(10)).await;

    let unknown = sign(&head("second"), &claims(), &secret("second"));
    assert_eq!(status(&app, &unknown).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&app, &statement()).await, StatusCode::OK);
}

async fn later(by: Duration) {
    tokio::time::pause();
    tokio::time::advance(by).await;
    tokio::time::resume();
}
