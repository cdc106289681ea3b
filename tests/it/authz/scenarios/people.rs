//! People and systems: in two parties, removed, lowered, revoked, past their time, narrow.

use entity::{api_token::Scope, member::Role, party::Kind};
use serde_json::json;
use tests::{TestApp, day};

use super::{changing, enter_letter, invite, mutation, sees};
use crate::authz::world::as_letter;

const WHO: &str = "{ viewer { party { code } role scopes hasRights member { role }
    memberships { role party { code } } } }";

#[tokio::test]
async fn a_person_in_two_parties_acts_for_none_until_one_is_named() {
    let app = TestApp::start().await;
    let person = app.member_of(&app.party(Kind::Bank).code("A-MOT").await).await;
    let other = app.party(Kind::Bank).code("B-HAI").await;
    person.joins(&other, Role::Viewer).await;
    let letter = app.document(person.party()).with(as_letter).await;

    let who = person.ask(WHO).await;
    let refused = enter_letter(&app, &person, person.party(), "2026-01-01").await;

    let memberships = json!([{ "role": "MANAGER", "party": { "code": "A-MOT" } },
        { "role": "VIEWER", "party": { "code": "B-HAI" } }]);
    let expected = json!({ "party": null, "role": null, "scopes": [], "hasRights": false,
        "member": null, "memberships": memberships });
    assert_eq!(who.at("/viewer"), &expected);
    refused.expect_refusal("FORBIDDEN");
    assert!(!sees(&person, &letter.id).await);
    assert!(sees(&person, &person.member().id).await, "one sees one's own memberships");
}

#[tokio::test]
async fn the_header_picks_the_party_with_its_role() {
    let app = TestApp::start().await;
    let person = app.bank().await;
    let (bank, union) = (person.party().clone(), app.party(Kind::MassOrganization).await);
    person.joins(&union, Role::Viewer).await;
    let letters =
        [app.document(&bank).with(as_letter).await, app.document(&union).with(as_letter).await];

    for (party, role, sees_letters) in
        [(&bank, "MANAGER", [true, false]), (&union, "VIEWER", [false, true])]
    {
        let acting = person.clone().acting_for(party);
        let who = acting.ask(WHO).await;
        assert_eq!(who.at("/viewer/party/code"), &json!(party.code));
        assert_eq!(
            (who.at("/viewer/role"), who.at("/viewer/member/role")),
            (&json!(role), &json!(role))
        );
        for (letter, seen) in letters.iter().zip(sees_letters) {
            assert_eq!(sees(&acting, &letter.id).await, seen, "{role}");
        }
    }
    let (manager, viewer) = (person.clone().acting_for(&bank), person.acting_for(&union));
    enter_letter(&app, &manager, &bank, "2026-01-01").await.expect_ok();
    enter_letter(&app, &manager, &union, "2026-01-01").await.expect_refusal("FORBIDDEN");
    enter_letter(&app, &viewer, &union, "2026-01-01").await.expect_refusal("FORBIDDEN");
    enter_letter(&app, &viewer, &bank, "2026-01-01").await.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn a_header_that_names_a_third_party_is_a_fault() {
    let app = TestApp::start().await;
    let person = app.bank().await;
    let system = app.bank().by_token().await;
    let third = app.party(Kind::Bank).await;
    person.joins(&app.party(Kind::Bank).await, Role::Viewer).await;
    let events = app.all(entity::event::Entity).await.len();

    for actor in [person, system] {
        let acting = actor.acting_for(&third);
        acting.ask(WHO).await.expect_fault("BAD_USER_INPUT");
        let reply = enter_letter(&app, &acting, &third, "2026-01-01").await;
        reply.expect_fault("BAD_USER_INPUT");
    }

    assert_eq!(app.all(entity::event::Entity).await.len(), events);
}

#[tokio::test]
async fn a_removed_member_has_no_rights_at_the_next_request() {
    let app = TestApp::start().await;
    let (manager, token) = (app.bank().await, mutation("removeMember", "member { removedAt }"));
    let party = manager.party().clone();
    let colleague = app.member_of(&party).await;
    let letter = app.document(&party).with(as_letter).await;
    enter_letter(&app, &colleague, &party, "2026-01-01").await.expect_ok();

    let reply = manager.act(&token, changing(&colleague.member().id, 1)).await;

    reply.expect_ok();
    enter_letter(&app, &colleague, &party, "2026-01-02").await.expect_refusal("FORBIDDEN");
    assert!(!sees(&colleague, &letter.id).await);
    assert!(colleague.ask(WHO).await.at("/viewer/party").is_null());
    let named = colleague.acting_for(&party).ask(WHO).await;
    named.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn a_lowered_role_holds_at_the_next_request() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let party = manager.party().clone();
    let colleague = app.member_of(&party).await;
    let token = app.token(&party).1.await;
    assert!(sees(&colleague, &token.id).await);

    let mut input = changing(&colleague.member().id, 1);
    input["role"] = json!("REPORTER");
    manager.act(&mutation("changeMemberRole", ""), input).await.expect_ok();

    invite(&app, &colleague, &party).await.expect_refusal("FORBIDDEN");
    enter_letter(&app, &colleague, &party, "2026-01-01").await.expect_refusal("FORBIDDEN");
    assert!(!sees(&colleague, &token.id).await);
    assert_eq!(colleague.ask(WHO).await.at("/viewer/role"), "REPORTER");
}

#[tokio::test]
async fn a_revoked_token_is_a_fault_at_the_next_request() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    let manager = app.member_of(system.party()).await;
    system.ask(WHO).await.expect_ok();

    let input = changing(&system.token().id, 1);
    manager.act(&mutation("revokeToken", ""), input).await.expect_ok();

    system.ask(WHO).await.expect_fault("UNAUTHENTICATED");
    let reply = enter_letter(&app, &system, system.party(), "2026-01-01").await;
    reply.expect_fault("UNAUTHENTICATED");
    assert!(app.all(entity::document::Entity).await.iter().all(|row| row.symbol != "CV-MOI"));
}

#[tokio::test]
async fn a_token_ends_at_its_instant() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    let end = system.token().expires_at;

    app.clock.set(end - chrono::TimeDelta::microseconds(1));
    system.ask(WHO).await.expect_ok();
    app.clock.set(end);

    system.ask(WHO).await.expect_fault("UNAUTHENTICATED");
}

#[tokio::test]
async fn a_token_with_narrow_scopes_does_no_more_than_they_say() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let party = bank.party().clone();
    let letter = app.document(&party).with(as_letter).await;
    let token = app.token(&party).1.await;

    for (scope, enters, sees_tokens) in [
        (Scope::Read, false, false),
        (Scope::Record, false, false),
        (Scope::Verify, false, false),
        (Scope::Commit, true, false),
        (Scope::Registry, false, false),
        (Scope::Admin, false, true),
    ] {
        let system = app.member_of(&party).with_scopes([Scope::Read, scope]).await;
        let reply = enter_letter(&app, &system, &party, "2026-01-01").await;
        assert_eq!(reply.refusals().is_empty(), enters, "{scope:?}");
        assert_eq!(sees(&system, &token.id).await, sees_tokens, "{scope:?}");
        assert!(sees(&system, &letter.id).await, "{scope:?}");
        invite(&app, &system, &party).await.expect_refusal("FORBIDDEN");
    }
}

#[tokio::test]
async fn a_token_of_a_lesser_role_is_held_to_it_whatever_its_scopes() {
    let app = TestApp::start().await;
    let system = app.bank().with_role(Role::Reporter).by_token().await;

    let reply = enter_letter(&app, &system, system.party(), "2026-01-01").await;

    reply.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn a_party_that_has_not_begun_gives_its_members_no_rights_yet() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).valid("2026-11-24", None).await;
    let manager = app.member_of(&bank).await;

    enter_letter(&app, &manager, &bank, "2026-11-23").await.expect_refusal("FORBIDDEN");
    app.clock.set_date("2026-11-24");
    enter_letter(&app, &manager, &bank, "2026-11-24").await.expect_ok();

    assert_eq!(app.reload(&bank).await.valid_from, day("2026-11-24"));
}
