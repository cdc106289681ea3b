//! Tokens that are not good: counted, and slowed down at their address alone.

use api::{
    domain::token::secret,
    http::auth::attempts::{Counts, PER_MINUTE},
};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use tests::{Reply, TestApp};

use super::{WHO, claims, house};

const HERE: &str = "192.0.2.7";
const THERE: &str = "198.51.100.7";

#[tokio::test]
async fn guessing_is_told_to_wait() {
    let app = TestApp::start().await;
    guess(&app, PER_MINUTE).await;

    let reply = app.bearer("another-guess").at_address(HERE).ask(WHO).await;

    expect_slowed(&reply, "3");
    assert_eq!(counts(&app), Counts { failed: 20, slowed: 1 });
    app.clock.advance(TimeDelta::seconds(3));
    let later = app.bearer("another-guess").at_address(HERE).ask(WHO).await;
    assert_eq!(later.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_is_slowed_down_at_another_address() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    guess(&app, 100).await;

    system.clone().at_address(THERE).ask(WHO).await.expect_ok();
    let wrong = app.bearer("guess").at_address(THERE).ask(WHO).await;

    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_neighbour_whose_token_was_good_lately_goes_on_and_a_new_one_waits() {
    let app = TestApp::start().await;
    let (known, new) = (app.bank().by_token().await, app.bank().by_token().await);
    let (known, new) = (known.at_address(HERE), new.at_address(HERE));
    known.ask(WHO).await.expect_ok();
    guess(&app, 100).await;

    known.ask(WHO).await.expect_ok();
    expect_slowed(&new.ask(WHO).await, "3");
    app.clock.advance(TimeDelta::seconds(3));
    new.ask(WHO).await.expect_ok();
}

#[tokio::test]
async fn the_public_is_not_slowed_down() {
    let app = TestApp::start().await;
    guess(&app, 100).await;

    app.public().at_address(HERE).ask(WHO).await.expect_ok();
}

#[tokio::test]
async fn tokens_of_every_kind_count() {
    let (app, issuer, signer) = house().await;
    let mut expired = claims(&app, &issuer, "somebody");
    expired["exp"] = 0.into();
    let revoked = app.bank().by_token().await;
    app.sql("UPDATE api_token SET revoked_at = created_at").await.unwrap();

    let made = secret::token(&*app.clock);
    for token in [signer.sign(&expired).as_str(), &made, "anything"] {
        app.bearer(token).at_address(HERE).ask(WHO).await.expect_fault("UNAUTHENTICATED");
    }
    revoked.at_address(HERE).ask(WHO).await.expect_fault("UNAUTHENTICATED");

    assert_eq!(counts(&app), Counts { failed: 4, slowed: 0 });
}

#[tokio::test]
async fn what_is_not_the_fault_of_a_token_is_not_counted() {
    let (app, issuer, signer) = house().await;
    let system = app.bank().by_token().await;
    let other = app.bank().await;
    issuer.is(tests::issuer::Mood::Away);

    system.acting_for(other.party()).ask(WHO).await.expect_fault("BAD_USER_INPUT");
    let token = signer.sign(&claims(&app, &issuer, "somebody"));
    app.bearer(&token).ask(WHO).await.expect_fault("UNAVAILABLE");

    assert_eq!(counts(&app), Counts { failed: 0, slowed: 0 });
}

async fn guess(app: &TestApp, times: u32) {
    for number in 0..times {
        let guess = app.bearer(&format!("guess-{number}")).at_address(HERE);
        let reply = guess.ask("{ __typename }").await;
        assert_ne!(reply.status, StatusCode::OK);
    }
}

fn counts(app: &TestApp) -> Counts {
    app.api.sign_in.attempts.counts()
}

#[track_caller]
fn expect_slowed(reply: &Reply, seconds: &str) {
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{}", reply.text);
    reply.expect_fault("RATE_LIMITED");
    assert_eq!(reply.headers[header::RETRY_AFTER], seconds);
}
