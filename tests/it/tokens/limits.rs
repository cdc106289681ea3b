//! What a token may do, and what it may give.

use entity::{
    api_token::{self, Scope},
    member::Role,
    party::Kind,
};
use serde_json::json;
use tests::TestApp;

use super::{ISSUE, REVOKE, ROTATE, WHO, issue, revoke, rotate};

const INVITE: &str = "mutation ($input: InviteMemberInput!) {
    inviteMember(input: $input) { code userErrors { code } } }";

#[tokio::test]
async fn a_token_is_limited_by_its_scopes() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;

    for scope in [Scope::Read, Scope::Record, Scope::Verify, Scope::Commit, Scope::Registry] {
        let system = app.member_of(&party).with_scopes([scope]).await;
        system.act(ISSUE, issue(&app, &party)).await.expect_refusal("FORBIDDEN");
    }
    let mut reading = issue(&app, &party);
    reading["scopes"] = json!([]);
    let admin = app.member_of(&party).with_scopes([Scope::Read, Scope::Admin]).await;
    admin.act(ISSUE, reading).await.expect_ok();
}

#[tokio::test]
async fn a_token_is_limited_by_its_role() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;

    for role in [Role::Viewer, Role::Reporter] {
        let system = app.member_of(&party).with_role(role).by_token().await;
        system.act(ISSUE, issue(&app, &party)).await.expect_refusal("FORBIDDEN");
    }
}

#[tokio::test]
async fn nobody_gives_a_scope_that_they_do_not_have() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let system =
        app.member_of(&party).with_scopes([Scope::Read, Scope::Record, Scope::Admin]).await;
    let mut wider = issue(&app, &party);
    wider["scopes"] = json!(["RECORD", "VERIFY"]);
    let mut equal = issue(&app, &party);
    equal["scopes"] = json!(["RECORD", "ADMIN"]);
    equal["role"] = json!("MANAGER");

    let refused = system.act(ISSUE, wider).await;
    let given = system.act(ISSUE, equal).await;

    refused.expect_refusal_at("EXCEEDS_ISSUER", "scopes");
    assert!(refused.at("/issueToken/secret").is_null());
    given.expect_ok();
    assert_eq!(app.all(api_token::Entity).await.len(), 2);
}

#[tokio::test]
async fn a_narrow_token_makes_nobody_wider_than_itself() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let narrow = app.member_of(&party).with_scopes([Scope::Admin]).await;
    let wide = app.member_of(&party).by_token().await;
    let invitation = json!({
        "partyId": party.id.to_string(), "role": "MANAGER", "idempotencyKey": app.key(),
    });

    let invited = narrow.act(INVITE, invitation).await;
    let rotated = narrow.act(ROTATE, rotate(&app, wide.token(), 0)).await;

    invited.expect_refusal("FORBIDDEN");
    rotated.expect_refusal_at("EXCEEDS_ISSUER", "scopes");
    assert!(rotated.at("/rotateToken/secret").is_null());
    assert_eq!(app.reload(wide.token()).await.expires_at, wide.token().expires_at);
}

#[tokio::test]
async fn a_token_tells_what_it_is() {
    let app = TestApp::start().await;
    let system = app.bank().with_scopes([Scope::Read, Scope::Record]).await;
    let admin = app.bank().with_scopes([Scope::Admin]).await;

    let narrow = system.ask(WHO).await;
    let wide = admin.ask(WHO).await;

    assert_eq!(narrow.at("/viewer/scopes"), &json!(["READ", "RECORD"]));
    assert!(narrow.at("/viewer/member").is_null());
    assert_eq!(narrow.at("/viewer/apiToken/id"), &system.token().id.to_string());
    assert_eq!(wide.at("/viewer/apiToken/id"), &admin.token().id.to_string());
}

#[tokio::test]
async fn tokens_are_seen_by_managers_and_the_coordinator() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let (_, token) = app.token(manager.party());
    let id = token.await.id.to_string();
    let node = "query ($id: ID!) { node(id: $id) { id } apiTokens(first: 9) { totalCount } }";

    for (actor, sees) in [
        (manager.clone(), true),
        (app.coordinator().await, true),
        (app.member_of(manager.party()).with_role(Role::Reporter).await, false),
        (app.bank().await, false),
        (app.leadership().await, false),
        (app.stranger(), false),
        (app.public(), false),
    ] {
        let reply = actor.gql(node, json!({ "id": id })).await;
        assert_eq!(reply.expect_ok()["node"].is_object(), sees);
        assert_eq!(reply.at("/apiTokens/totalCount"), u8::from(sees));
    }
}

#[tokio::test]
async fn the_coordinator_sees_tokens_of_others_and_touches_none() {
    let app = TestApp::start().await;
    let (coordinator, rival) = (app.coordinator().await, app.bank().await);
    let party = app.party(Kind::Bank).await;
    let (_, token) = app.token(&party);
    let token = token.await;

    coordinator.act(ROTATE, rotate(&app, &token, 0)).await.expect_refusal("FORBIDDEN");
    coordinator.act(REVOKE, revoke(&token)).await.expect_refusal("FORBIDDEN");
    rival.act(ROTATE, rotate(&app, &token, 0)).await.expect_refusal_at("NOT_FOUND", "id");
    rival.act(REVOKE, revoke(&token)).await.expect_refusal_at("NOT_FOUND", "id");

    assert_eq!(app.reload(&token).await, token);
}
