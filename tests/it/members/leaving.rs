//! Changing roles and removing members, and the one manager who stays.

use api::{
    authz::Identity,
    domain::member::{graphql::RemoveMemberInput, read::viewer_of_person, write::remove_member},
    error::Error,
    refusal::UserErrorCode,
};
use entity::member::Role;
use serde_json::json;
use tests::{Actor, TestApp};

use super::{CHANGE, REMOVE, at_version, members, role};

#[tokio::test]
async fn a_manager_changes_a_role_which_holds_at_once() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let other = app.member_of(manager.party()).with_role(Role::Viewer).await;

    let reply = manager.act(CHANGE, role(other.member(), "MANAGER")).await;

    let member = &reply.expect_ok()["changeMemberRole"]["member"];
    assert_eq!((&member["role"], &member["version"]), (&json!("MANAGER"), &json!(2)));
    let back = role(&app.reload(manager.member()).await, "VIEWER");
    other.act(CHANGE, back).await.expect_ok();
    assert_eq!(app.reload(manager.member()).await.role, Role::Viewer);
}

#[tokio::test]
async fn a_removed_member_has_no_rights_from_then_on() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let other = app.member_of(manager.party()).await;

    let reply = manager.act(REMOVE, at_version(other.member().id, 1)).await;

    reply.expect_ok();
    assert_eq!(reply.at("/removeMember/member/removedAt"), "2026-11-23T08:00:00+07:00");
    let gone = other.act(REMOVE, at_version(manager.member().id, 1)).await;
    gone.expect_refusal("NOT_FOUND");
    assert_eq!(members(&app, manager.party()).await, [app.reload(manager.member()).await]);
}

#[tokio::test]
async fn the_last_manager_neither_leaves_nor_steps_down() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    app.member_of(manager.party()).with_role(Role::Reporter).await;
    app.member(manager.party()).with(|row| row.removed_at = Some(row.joined_at)).await;

    let leaves = manager.act(REMOVE, at_version(manager.member().id, 1)).await;
    let steps_down = manager.act(CHANGE, role(manager.member(), "REPORTER")).await;
    let stays = manager.act(CHANGE, role(manager.member(), "MANAGER")).await;

    leaves.expect_refusal_at("LAST_MANAGER", "id");
    steps_down.expect_refusal_at("LAST_MANAGER", "id");
    stays.expect_ok();
    assert_eq!(app.reload(manager.member()).await.role, Role::Manager);
}

#[tokio::test]
async fn a_system_cannot_remove_the_last_manager_either() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let system = app.member_of(manager.party()).by_token().await;

    let reply = system.act(REMOVE, at_version(manager.member().id, 1)).await;

    reply.expect_refusal_at("LAST_MANAGER", "id");
    assert!(app.reload(manager.member()).await.removed_at.is_none());
}

#[tokio::test]
async fn a_manager_leaves_where_another_stays() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let other = app.member_of(manager.party()).await;

    manager.act(REMOVE, at_version(manager.member().id, 1)).await.expect_ok();

    let last = other.act(REMOVE, at_version(other.member().id, 1)).await;
    last.expect_refusal_at("LAST_MANAGER", "id");
}

#[tokio::test]
async fn of_two_managers_who_remove_each_other_at_once_one_stays() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let one = app.bank().await;
        let two = app.member_of(one.party()).await;
        app.settle().await;
        // Both are asked who they are before either of them acts.
        let viewers = (viewer(&app, &one).await, viewer(&app, &two).await);

        let results = tokio::join!(
            remove_member(&app.api, &viewers.0, removal(&two)),
            remove_member(&app.api, &viewers.1, removal(&one)),
        );

        let results = [results.0.err(), results.1.err()];
        let refusal = match &results {
            [None, Some(Error::Refused(refusal))] | [Some(Error::Refused(refusal)), None] => {
                refusal
            }
            other => panic!("not exactly one removal: {other:?}"),
        };
        assert_eq!(refusal.code, UserErrorCode::LastManager);
        assert_eq!(members(&app, one.party()).await.len(), 1);
    }
}

#[tokio::test]
async fn only_managers_of_the_party_change_and_remove() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let target = app.member(manager.party()).await;
    let (change, remove) = (role(&target, "VIEWER"), at_version(target.id, 1));
    let coordinator = app.coordinator().await;
    let outsiders = [
        app.member_of(manager.party()).with_role(Role::Reporter).await,
        app.bank().await,
        app.leadership().await,
        app.stranger(),
    ];

    coordinator.act(CHANGE, change.clone()).await.expect_refusal("FORBIDDEN");
    coordinator.act(REMOVE, remove.clone()).await.expect_refusal("FORBIDDEN");
    for outsider in outsiders {
        outsider.act(CHANGE, change.clone()).await.expect_refusal("NOT_FOUND");
        outsider.act(REMOVE, remove.clone()).await.expect_refusal("NOT_FOUND");
    }

    assert_eq!(app.reload(&target).await, target);
}

#[tokio::test]
async fn nobody_below_a_manager_changes_even_themselves() {
    let app = TestApp::start().await;
    let manager = app.bank().await;

    for own in [Role::Viewer, Role::Reporter] {
        let person = app.member_of(manager.party()).with_role(own).await;
        let raised = person.act(CHANGE, role(person.member(), "MANAGER")).await;
        let leaves = person.act(REMOVE, at_version(person.member().id, 1)).await;

        raised.expect_refusal("FORBIDDEN");
        leaves.expect_refusal("FORBIDDEN");
        assert_eq!(app.reload(person.member()).await, *person.member());
    }
}

#[tokio::test]
async fn a_narrow_token_removes_members_but_changes_no_role() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let target = app.member(manager.party()).await;
    let narrow = app.member_of(manager.party());
    let narrow = narrow.with_scopes([entity::api_token::Scope::Admin]).await;

    let change = narrow.act(CHANGE, role(&target, "VIEWER")).await;
    let removal = narrow.act(REMOVE, at_version(target.id, 1)).await;

    change.expect_refusal("FORBIDDEN");
    removal.expect_ok();
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_member_as_it_is() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let target = app.member(manager.party()).await;
    manager.act(CHANGE, role(&target, "VIEWER")).await.expect_ok();

    let change = manager.act(CHANGE, role(&target, "REPORTER")).await;
    let removal = manager.act(REMOVE, at_version(target.id, 1)).await;

    let refusal = change.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(refusal["params"], json!([{ "name": "current", "value": "2" }]));
    assert_eq!(change.at("/changeMemberRole/member/role"), "VIEWER");
    removal.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(removal.at("/removeMember/member/version"), 2);
}

#[tokio::test]
async fn who_was_removed_cannot_be_changed_or_removed_again() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let target = app.member(manager.party()).await;
    manager.act(REMOVE, at_version(target.id, 1)).await.expect_ok();
    let target = app.reload(&target).await;

    let change = manager.act(CHANGE, role(&target, "VIEWER")).await;
    let removal = manager.act(REMOVE, at_version(target.id, target.version)).await;

    change.expect_refusal_at("ALREADY_ENDED", "id");
    removal.expect_refusal_at("ALREADY_ENDED", "id");
    assert_eq!(app.reload(&target).await, target);
}

async fn viewer(app: &TestApp, actor: &Actor) -> api::authz::Viewer {
    let member = actor.member();
    let identity =
        Identity::Person { issuer: member.issuer.clone(), subject: member.subject.clone() };
    viewer_of_person(&app.api, identity, None).await.unwrap()
}

fn removal(of: &Actor) -> RemoveMemberInput {
    RemoveMemberInput { id: of.member().id.to_string().into(), expected_version: 1 }
}
