//! Inviting, approving and revoking.

use api::tx::sha256;
use entity::{event, idempotency, invitation, member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{APPROVE, INVITE, REVOKE, accept, at_version, invite, members, only_invitation};

#[tokio::test]
async fn a_manager_invites_and_sees_the_code_once() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = invite(&app, manager.party(), "REPORTER");

    let first = manager.act(INVITE, input.clone()).await;
    let again = manager.act(INVITE, input).await;

    first.expect_ok();
    let code = first.text_at("/inviteMember/code");
    assert!(code.starts_with("cki_") && code.len() == 53, "{code}");
    assert_eq!(first.at("/inviteMember/replayed"), false);
    assert_eq!(first.at("/inviteMember/invitation/state"), "OPEN");
    assert_eq!(again.expect_ok()["inviteMember"]["replayed"], true);
    assert!(again.at("/inviteMember/code").is_null());
    assert_eq!(again.at("/inviteMember/invitation"), first.at("/inviteMember/invitation"));
    assert_eq!(only_invitation(&app).await.code_hash, sha256(code));
}

#[tokio::test]
async fn a_code_is_kept_nowhere_but_as_its_hash() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    let reply = manager.act(INVITE, invite(&app, manager.party(), "REPORTER")).await;

    let code = reply.text_at("/inviteMember/code");
    let kept = format!(
        "{:?}{:?}{:?}",
        app.all(invitation::Entity).await,
        app.all(event::Entity).await,
        app.all(idempotency::Entity).await
    );
    assert!(!kept.contains(code));
    assert_eq!(kept.matches(&sha256(code)).count(), 1, "the hash is in the row and nowhere else");
}

#[tokio::test]
async fn an_invitation_ends_after_fourteen_days() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    let reply = manager.act(INVITE, invite(&app, manager.party(), "VIEWER")).await;

    assert_eq!(reply.at("/inviteMember/invitation/expiresAt"), "2026-12-07T08:00:00+07:00");
}

#[tokio::test]
async fn only_managers_of_the_party_and_of_the_coordinator_invite() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let others = [
        app.member_of(&party).with_role(Role::Reporter).await,
        app.member_of(&party).with_role(Role::Viewer).await,
        app.member_of(&party).with_scopes([entity::api_token::Scope::Admin]).await,
        app.coordinator().with_role(Role::Reporter).await,
        app.leadership().await,
        app.bank().await,
        app.ended_party().await,
        app.stranger(),
    ];

    for actor in others {
        actor.act(INVITE, invite(&app, &party, "VIEWER")).await.expect_refusal("FORBIDDEN");
    }
    let public = app.public().act(INVITE, invite(&app, &party, "VIEWER")).await;
    public.expect_fault("UNAUTHENTICATED");
    let nobody = json!({ "partyId": "party_00000000000000000000000000", "role": "VIEWER",
        "idempotencyKey": app.key() });
    let reply = app.coordinator().await.act(INVITE, nobody).await;
    reply.expect_refusal_at("NOT_FOUND", "partyId");
    assert!(app.all(invitation::Entity).await.is_empty());
}

#[tokio::test]
async fn a_system_with_every_scope_invites() {
    let app = TestApp::start().await;
    let system = app.telecom().by_token().await;

    let reply = system.act(INVITE, invite(&app, system.party(), "MANAGER")).await;

    reply.expect_ok();
    assert_eq!(only_invitation(&app).await.role, Role::Manager);
}

#[tokio::test]
async fn a_label_with_a_phone_number_or_too_long_is_refused() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    for (label, code) in [
        ("Lan, 0912 345 678".to_owned(), "PERSONAL_DATA"),
        ("CCCD 012345678901".to_owned(), "PERSONAL_DATA"),
        ("x".repeat(81), "TOO_LONG"),
    ] {
        let mut input = invite(&app, manager.party(), "VIEWER");
        input["label"] = json!(label);
        manager.act(INVITE, input).await.expect_refusal_at(code, "label");
    }
    assert!(app.all(invitation::Entity).await.is_empty());
}

#[tokio::test]
async fn an_invitation_of_the_coordinator_is_open_where_the_party_has_no_manager() {
    let app = TestApp::start().await;
    let (coordinator, party) = (app.coordinator().await, app.party(Kind::Bank).await);
    app.member(&party).with(|row| row.role = Role::Reporter).await;

    let reply = coordinator.act(INVITE, invite(&app, &party, "MANAGER")).await;

    reply.expect_ok();
    assert_eq!(reply.at("/inviteMember/invitation/state"), "OPEN");
    let by = reply.at("/inviteMember/invitation/invitedBy/id");
    assert_eq!(by, &coordinator.party().id.to_string());
    let person = app.stranger();
    accept(&person, reply.text_at("/inviteMember/code")).await.expect_ok();
}

#[tokio::test]
async fn an_invitation_of_the_coordinator_waits_for_the_partys_manager() {
    let app = TestApp::start().await;
    let (coordinator, manager) = (app.coordinator().await, app.bank().await);
    let person = app.stranger();

    let invited = coordinator.act(INVITE, invite(&app, manager.party(), "REPORTER")).await;
    let code = invited.text_at("/inviteMember/code");
    let early = accept(&person, code).await;
    let invitation = only_invitation(&app).await;
    let approved = manager.act(APPROVE, at_version(invitation.id, 1)).await;
    let accepted = accept(&person, code).await;

    assert_eq!(invited.at("/inviteMember/invitation/state"), "AWAITS_APPROVAL");
    early.expect_refusal_at("INVITATION_AWAITS_APPROVAL", "code");
    assert_eq!(approved.expect_ok()["approveInvitation"]["invitation"]["state"], "OPEN");
    accepted.expect_ok();
    assert_eq!(members(&app, manager.party()).await.len(), 2);
}

#[tokio::test]
async fn nobody_but_the_partys_managers_approves() {
    let app = TestApp::start().await;
    let (coordinator, manager) = (app.coordinator().await, app.bank().await);
    let reporter = app.member_of(manager.party()).with_role(Role::Reporter).await;
    coordinator.act(INVITE, invite(&app, manager.party(), "REPORTER")).await.expect_ok();
    let invitation = only_invitation(&app).await;
    let input = at_version(invitation.id, 1);

    coordinator.act(APPROVE, input.clone()).await.expect_refusal("FORBIDDEN");
    reporter.act(APPROVE, input.clone()).await.expect_refusal("NOT_FOUND");
    app.bank().await.act(APPROVE, input.clone()).await.expect_refusal("NOT_FOUND");
    let stale = manager.act(APPROVE, at_version(invitation.id, 7)).await;

    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(stale.at("/approveInvitation/invitation/version"), 1);
    assert_eq!(app.reload(&invitation).await, invitation);
}

#[tokio::test]
async fn what_is_revoked_or_past_is_neither_approved_nor_revoked_again() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let (_, revoked) = app.invitation(manager.party());
    let revoked = revoked.await;
    let (_, past) = app.invitation(manager.party());
    let past = past.await;
    manager.act(REVOKE, at_version(revoked.id, 1)).await.expect_ok();
    app.clock.advance_days(14);

    for (mutation, id, version) in [
        (APPROVE, revoked.id, 2),
        (REVOKE, revoked.id, 2),
        (APPROVE, past.id, 1),
        (REVOKE, past.id, 1),
    ] {
        let reply = manager.act(mutation, at_version(id, version)).await;
        reply.expect_refusal_at("INVITATION_SPENT", "id");
    }
}

#[tokio::test]
async fn the_coordinator_revokes_its_own_invitations_and_no_others() {
    let app = TestApp::start().await;
    let (coordinator, manager) = (app.coordinator().await, app.bank().await);
    coordinator.act(INVITE, invite(&app, manager.party(), "REPORTER")).await.expect_ok();
    let its = only_invitation(&app).await;
    let (_, theirs) = app.invitation(manager.party());
    let theirs = theirs.await;

    let refused = coordinator.act(REVOKE, at_version(theirs.id, 1)).await;
    let stranger = app.bank().await.act(REVOKE, at_version(theirs.id, 1)).await;
    let revoked = coordinator.act(REVOKE, at_version(its.id, 1)).await;

    refused.expect_refusal("FORBIDDEN");
    stranger.expect_refusal("NOT_FOUND");
    assert_eq!(revoked.expect_ok()["revokeInvitation"]["invitation"]["state"], "REVOKED");
    assert!(app.reload(&its).await.revoked_at.is_some());
    assert!(app.reload(&theirs).await.revoked_at.is_none());
}
