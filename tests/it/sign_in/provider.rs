//! A real provider, npm `oidc-provider`, from its first token to its next key. The first test on a
//! machine installs it with `npm ci`.

use api::clock::{Clock, SystemClock};
use chrono::TimeDelta;
use entity::{member, party::Kind};
use serde_json::json;
use tests::{Provider, TestApp};

use super::{ask, expect_away, expect_refused};

const ACCEPT: &str = "mutation ($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) { member { id } userErrors { code path } } }";

/// A server on the provider's own time.
async fn house() -> (TestApp, Provider) {
    let provider = Provider::start(env!("CARGO_TARGET_TMPDIR"));
    let app = TestApp::trusting([provider.trust()]).await;
    app.clock.set(SystemClock.now());
    (app, provider)
}

#[tokio::test]
async fn a_person_signs_in_and_joins_a_party() {
    let (app, mut provider) = house().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    let person = app.bearer(&provider.token_of("nguyen-van-a"));

    person.act(ACCEPT, json!({ "code": code })).await.expect_ok();

    let who = ask(&app, &provider.token_of("nguyen-van-a")).await;
    let other = ask(&app, &provider.token_of("tran-thi-b")).await;
    assert_eq!(who.at("/viewer/party/code"), &party.code);
    assert!(other.expect_ok()["viewer"]["party"].is_null());
}

#[tokio::test]
async fn a_system_with_client_credentials_joins_like_a_person() {
    let (app, mut provider) = house().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;

    let system = app.bearer(&provider.client_token());
    system.act(ACCEPT, json!({ "code": code })).await.expect_ok();

    let who = ask(&app, &provider.client_token()).await;
    assert_eq!(who.at("/viewer/party/code"), &party.code);
    let rows = app.all(member::Entity).await;
    let bound: Vec<_> = rows.iter().map(|row| (&row.issuer, &row.subject)).collect();
    assert_eq!(bound, [(&provider.issuer, &provider.system)]);
}

#[tokio::test]
async fn a_rotation_of_its_keys_is_followed_without_a_restart() {
    let (app, mut provider) = house().await;
    let old = provider.token_of("nguyen-van-a");
    ask(&app, &old).await.expect_ok();
    provider.rotate();
    let new = provider.token_of("nguyen-van-a");
    app.clock.advance(TimeDelta::seconds(30));

    ask(&app, &new).await.expect_ok();
    ask(&app, &old).await.expect_ok();
    assert_eq!(provider.asked(), 2);

    provider.withdraw();
    provider.rotate();
    app.clock.advance(TimeDelta::seconds(30));
    ask(&app, &provider.token_of("nguyen-van-a")).await.expect_ok();
    expect_refused(&ask(&app, &old).await);
    assert_eq!(provider.asked(), 3);
}

#[tokio::test]
async fn a_token_that_has_expired_is_refused() {
    let (app, mut provider) = house().await;
    let token = provider.token_of("nguyen-van-a");
    ask(&app, &token).await.expect_ok();
    app.clock.advance(TimeDelta::seconds(330));

    expect_refused(&ask(&app, &token).await);
}

#[tokio::test]
async fn a_provider_whose_process_is_gone_costs_nobody_with_a_known_key() {
    let (app, mut provider) = house().await;
    let (token, trust) = (provider.token_of("nguyen-van-a"), provider.trust());
    ask(&app, &token).await.expect_ok();
    drop(provider);
    let stranger = TestApp::trusting([trust]).await;
    stranger.clock.set(SystemClock.now());

    ask(&app, &token).await.expect_ok();
    expect_away(&ask(&stranger, &token).await);
}
