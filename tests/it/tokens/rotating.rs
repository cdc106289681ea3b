//! Rotating and revoking.

use chrono::TimeDelta;
use entity::{
    api_token::{self, Scope},
    event,
};
use serde_json::json;
use tests::TestApp;

use super::{REVOKE, ROTATE, issue, revoke, rotate, works};

#[tokio::test]
async fn the_old_token_works_until_the_overlap_is_over() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).with_scopes([Scope::Read, Scope::Record]).await;
    app.clock.advance(TimeDelta::hours(1));

    let reply = manager.act(ROTATE, rotate(&app, old.token(), 24)).await;

    let new = &reply.expect_ok()["rotateToken"]["apiToken"];
    assert_eq!((&new["role"], &new["scopes"]), (&json!("MANAGER"), &json!(["READ", "RECORD"])));
    assert_eq!(new["label"], old.token().label.as_str());
    assert_eq!(app.reload(old.token()).await.version, 2);
    let new = app.bearer(reply.text_at("/rotateToken/secret"));
    assert!(works(&old).await && works(&new).await);
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
    assert!(works(&old).await && works(&new).await);
    app.clock.advance(TimeDelta::microseconds(1));
    assert!(!works(&old).await && works(&new).await);
}

#[tokio::test]
async fn without_an_overlap_the_old_token_ends_at_once() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).by_token().await;
    app.clock.advance(TimeDelta::microseconds(1));

    let reply = manager.act(ROTATE, rotate(&app, old.token(), 0)).await;

    assert!(!works(&old).await);
    assert!(works(&app.bearer(reply.text_at("/rotateToken/secret"))).await);
}

#[tokio::test]
async fn a_token_rotates_itself() {
    let app = TestApp::start().await;
    let old = app.bank().with_scopes([Scope::Read, Scope::Admin]).await;
    app.clock.advance(TimeDelta::hours(1));

    let reply = old.act(ROTATE, rotate(&app, old.token(), 1)).await;

    assert!(works(&app.bearer(reply.text_at("/rotateToken/secret"))).await);
    app.clock.advance(TimeDelta::hours(1));
    assert!(!works(&old).await);
}

#[tokio::test]
async fn an_overlap_prolongs_nothing() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).by_token().await;
    app.clock.set(old.token().expires_at - TimeDelta::hours(1));

    let reply = manager.act(ROTATE, rotate(&app, old.token(), 168)).await;

    reply.expect_ok();
    assert_eq!(app.reload(old.token()).await.expires_at, old.token().expires_at);
}

#[tokio::test]
async fn a_replayed_rotation_shows_the_new_token_without_its_secret() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).by_token().await;
    app.clock.advance(TimeDelta::hours(1));
    let input = rotate(&app, old.token(), 24);
    let first = manager.act(ROTATE, input.clone()).await;

    let again = manager.act(ROTATE, input).await;

    assert!(first.at("/rotateToken/secret").is_string());
    assert_eq!(again.expect_ok()["rotateToken"]["replayed"], true);
    assert!(again.at("/rotateToken/secret").is_null());
    assert_eq!(again.at("/rotateToken/apiToken"), first.at("/rotateToken/apiToken"));
    assert_eq!(app.all(api_token::Entity).await.len(), 2);
}

#[tokio::test]
async fn a_rotation_out_of_bounds_or_of_an_old_version_is_refused() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let old = app.member_of(manager.party()).by_token().await;

    for (field, value, code) in [
        ("overlapHours", 169, "OUT_OF_RANGE"),
        ("overlapHours", -1, "OUT_OF_RANGE"),
        ("expiresInDays", 366, "OUT_OF_RANGE"),
        ("expectedVersion", 2, "STALE_VERSION"),
    ] {
        let mut input = rotate(&app, old.token(), 24);
        input[field] = json!(value);
        manager.act(ROTATE, input).await.expect_refusal_at(code, field);
    }
    assert_eq!(app.all(api_token::Entity).await, [old.token().clone()]);
}

#[tokio::test]
async fn a_revoked_token_ends_at_once_and_for_good() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let system = app.member_of(manager.party()).by_token().await;
    let before = works(&system).await;

    let reply = manager.act(REVOKE, revoke(system.token())).await;

    assert_eq!(reply.expect_ok()["revokeToken"]["apiToken"]["version"], 2);
    assert!(before && !works(&system).await);
    let event = app.all(event::Entity).await.into_iter().max_by_key(|event| event.position);
    assert_eq!(event.map(|event| event.r#type).as_deref(), Some("TOKEN_REVOKED"));
    let dead = app.reload(system.token()).await;
    manager.act(REVOKE, revoke(&dead)).await.expect_refusal_at("ALREADY_ENDED", "id");
    manager.act(ROTATE, rotate(&app, &dead, 0)).await.expect_refusal_at("ALREADY_ENDED", "id");
}

#[tokio::test]
async fn a_stale_revocation_is_refused() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let system = app.member_of(manager.party()).by_token().await;
    let mut input = revoke(system.token());
    input["expectedVersion"] = json!(9);

    let reply = manager.act(REVOKE, input).await;

    reply.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert!(works(&system).await);
}

#[tokio::test]
async fn a_token_outlives_the_membership_of_who_issued_it() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let reply = manager.act(super::ISSUE, issue(&app, manager.party())).await;
    let system = app.bearer(reply.text_at("/issueToken/secret"));

    app.sql("UPDATE member SET removed_at = joined_at").await.unwrap();

    assert!(works(&system).await && !works_as_person(&manager).await);
}

async fn works_as_person(actor: &tests::Actor) -> bool {
    actor.ask("{ viewer { party { id } } }").await.at("/viewer/party").is_object()
}
