//! Signing in with the tokens of OpenID providers: which are good, whom they mean, what is done
//! about those that are not.

use api::clock::Clock;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tests::{Issuer, Reply, Signer, TestApp, issuer::AUDIENCE};

mod attempts;
mod forged;
mod keys;
mod people;
mod provider;

const WHO: &str =
    "{ viewer { party { id code } role memberships { role } member { id } apiToken { id } } }";

/// A server that trusts one provider, which signs with one key.
async fn house() -> (TestApp, Issuer, Signer) {
    let signer = Signer::es256();
    let issuer = Issuer::start(&[&signer]).await;
    let app = TestApp::trusting([issuer.trust()]).await;
    (app, issuer, signer)
}

/// Claims that are good for five minutes.
fn claims(app: &TestApp, issuer: &Issuer, subject: &str) -> Value {
    let now = app.clock.now().timestamp();
    json!({
        "iss": issuer.url, "sub": subject, "aud": AUDIENCE,
        "iat": now, "nbf": now, "exp": now + 300,
    })
}

/// Claims of which one is another.
fn claims_but(app: &TestApp, issuer: &Issuer, name: &str, value: Value) -> Value {
    let mut claims = claims(app, issuer, "somebody");
    claims[name] = value;
    claims
}

async fn ask(app: &TestApp, token: &str) -> Reply {
    app.bearer(token).ask(WHO).await
}

#[track_caller]
fn expect_refused(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.text);
    reply.expect_fault("UNAUTHENTICATED");
    assert!(reply.data().is_null(), "{}", reply.text);
}

#[track_caller]
fn expect_away(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
    reply.expect_fault("UNAVAILABLE");
}
