//! Accepting an invitation: one code, one person, one membership.

use chrono::TimeDelta;
use entity::{event, member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{INVITE, REMOVE, REVOKE, accept, at_version, invite, members};

const WHO: &str = "{ viewer { party { id } role memberships { party { id } role } } }";

#[tokio::test]
async fn a_person_who_was_a_member_of_nothing_joins_and_acts_at_once() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let invited = manager.act(INVITE, invite(&app, manager.party(), "REPORTER")).await;
    let person = app.stranger();

    let reply = accept(&person, invited.text_at("/inviteMember/code")).await;

    let member = &reply.expect_ok()["acceptInvitation"]["member"];
    assert_eq!((&member["role"], &member["label"]), (&json!("REPORTER"), &json!("Phòng Kế hoạch")));
    assert_eq!(reply.at("/acceptInvitation/replayed"), false);
    let who = person.ask(WHO).await;
    assert_eq!(who.at("/viewer/party/id"), &manager.party().id.to_string());
    assert_eq!(who.at("/viewer/role"), "REPORTER");
    let row = members(&app, manager.party()).await;
    assert_eq!(row.len(), 2);
    let event = app.all(event::Entity).await.into_iter().max_by_key(|event| event.position);
    let event = event.unwrap();
    assert_eq!((&*event.r#type, event.actor_id), ("INVITATION_ACCEPTED", Some(manager.party().id)));
    assert!(row.iter().any(|row| Some(row.id) == event.member_id));
}

#[tokio::test]
async fn the_same_person_accepts_twice_and_is_one_member() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    let person = app.stranger();
    let first = accept(&person, &code).await;
    let events = app.all(event::Entity).await.len();

    let again = accept(&person, &format!("  {code}\n")).await;

    assert_eq!(first.expect_ok()["acceptInvitation"]["replayed"], false);
    assert_eq!(again.expect_ok()["acceptInvitation"]["replayed"], true);
    assert_eq!(again.at("/acceptInvitation/member"), first.at("/acceptInvitation/member"));
    assert_eq!(members(&app, &party).await.len(), 1);
    assert_eq!(app.all(event::Entity).await.len(), events);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_people_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    app.settle().await;

    let people: Vec<_> = (0..20)
        .map(|_| {
            let (person, code) = (app.stranger(), code.clone());
            tokio::spawn(async move { accept(&person, &code).await })
        })
        .collect();
    let mut joined = 0;
    for person in people {
        let reply = person.await.unwrap();
        match reply.refusals().is_empty() {
            true => joined += usize::from(reply.expect_ok().is_object()),
            false => _ = reply.expect_refusal_at("INVITATION_SPENT", "code"),
        }
    }

    assert_eq!(joined, 1);
    assert_eq!(members(&app, &party).await.len(), 1);
}

#[tokio::test]
async fn a_code_that_somebody_has_used_is_spent() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    accept(&app.stranger(), &code).await.expect_ok();

    let reply = accept(&app.stranger(), &code).await;

    reply.expect_refusal_at("INVITATION_SPENT", "code");
    assert!(reply.at("/acceptInvitation/member").is_null());
    assert_eq!(members(&app, &party).await.len(), 1);
}

#[tokio::test]
async fn a_code_is_good_for_fourteen_days_less_a_moment() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let ((one, first), (two, second)) = (app.invitation(&party), app.invitation(&party));
    first.await;
    second.await;
    let fortnight = TimeDelta::days(14);
    app.clock.advance(fortnight - TimeDelta::microseconds(1));
    let in_time = accept(&app.stranger(), &one).await;
    app.clock.advance(TimeDelta::microseconds(1));

    let late = accept(&app.stranger(), &two).await;

    in_time.expect_ok();
    late.expect_refusal_at("INVITATION_SPENT", "code");
    assert_eq!(members(&app, &party).await.len(), 1);
}

#[tokio::test]
async fn a_revoked_code_is_spent() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let (code, invitation) = app.invitation(manager.party());
    let invitation = invitation.await;
    manager.act(REVOKE, at_version(invitation.id, 1)).await.expect_ok();

    let reply = accept(&app.stranger(), &code).await;

    reply.expect_refusal_at("INVITATION_SPENT", "code");
    assert_eq!(members(&app, manager.party()).await.len(), 1);
}

#[tokio::test]
async fn a_code_that_there_is_not_is_not_found_and_the_public_must_sign_in() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;

    let mistyped = accept(&app.stranger(), &code.to_lowercase()).await;
    let empty = accept(&app.stranger(), "").await;
    let public = accept(&app.public(), &code).await;

    mistyped.expect_refusal_at("NOT_FOUND", "code");
    empty.expect_refusal_at("NOT_FOUND", "code");
    public.expect_fault("UNAUTHENTICATED");
    assert!(members(&app, &party).await.is_empty());
}

#[tokio::test]
async fn a_system_is_no_person_and_joins_nothing() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;

    let reply = accept(&app.telecom().by_token().await, &code).await;

    reply.expect_refusal("FORBIDDEN");
    assert!(members(&app, &party).await.is_empty());
}

#[tokio::test]
async fn who_is_a_member_already_keeps_the_membership_and_the_code_stays_open() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let (code, invitation) = app.invitation(manager.party());
    invitation.await;

    let reply = accept(&manager, &code).await;

    reply.expect_refusal_at("ALREADY_RECORDED", "code");
    assert_eq!(reply.at("/acceptInvitation/member/id"), &manager.member().id.to_string());
    assert_eq!(reply.at("/acceptInvitation/member/role"), "MANAGER");
    accept(&app.stranger(), &code).await.expect_ok();
}

#[tokio::test]
async fn a_member_of_one_party_joins_another_and_names_one_from_then_on() {
    let app = TestApp::start().await;
    let (person, bank) = (app.telecom().await, app.bank().await);
    let (code, invitation) = app.invitation(bank.party());
    invitation.await;

    accept(&person, &code).await.expect_ok();

    let unnamed = person.ask(WHO).await;
    let named = person.clone().acting_for(bank.party()).ask(WHO).await;
    assert!(unnamed.at("/viewer/party").is_null());
    assert_eq!(unnamed.at("/viewer/memberships").as_array().map(Vec::len), Some(2));
    assert_eq!(named.at("/viewer/role"), "REPORTER");
}

#[tokio::test]
async fn who_was_removed_may_be_invited_anew_but_not_by_the_old_code() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let ((old, first), (new, second)) =
        (app.invitation(manager.party()), app.invitation(manager.party()));
    first.await;
    second.with(|row| row.role = Role::Viewer).await;
    let person = app.stranger();
    let joined = accept(&person, &old).await;
    let id = joined.text_at("/acceptInvitation/member/id").to_owned();
    manager.act(REMOVE, at_version(&id, 1)).await.expect_ok();

    let spent = accept(&person, &old).await;
    let nobody = person.ask(WHO).await;
    let anew = accept(&person, &new).await;

    spent.expect_refusal_at("INVITATION_SPENT", "code");
    assert!(nobody.at("/viewer/party").is_null());
    assert_eq!(anew.expect_ok()["acceptInvitation"]["replayed"], false);
    assert_ne!(anew.at("/acceptInvitation/member/id"), id.as_str());
    assert_eq!(person.ask(WHO).await.at("/viewer/role"), "VIEWER");
    assert_eq!(members(&app, manager.party()).await.len(), 2);
}

#[tokio::test]
async fn an_invitation_of_the_coordinator_waits_once_the_party_has_a_manager() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let party = app.party(Kind::Bank).await;
    let first = coordinator.act(INVITE, invite(&app, &party, "MANAGER")).await;
    let second = coordinator.act(INVITE, invite(&app, &party, "MANAGER")).await;
    let (manager, latecomer) = (app.stranger(), app.stranger());
    accept(&manager, first.text_at("/inviteMember/code")).await.expect_ok();

    let reply = accept(&latecomer, second.text_at("/inviteMember/code")).await;

    reply.expect_refusal_at("INVITATION_AWAITS_APPROVAL", "code");
    assert_eq!(members(&app, &party).await.len(), 1);
    let events = app.all(event::Entity).await;
    assert_eq!(events.iter().filter(|event| event.r#type == "INVITATION_HELD").count(), 1);
}

#[tokio::test]
async fn nobody_joins_a_party_that_has_ended_meanwhile() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).valid("2020-01-01", Some("2026-11-24")).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    app.clock.advance_days(1);

    let reply = accept(&app.stranger(), &code).await;

    reply.expect_refusal_at("OUTSIDE_VALIDITY", "code");
    assert!(members(&app, &party).await.is_empty());
}
