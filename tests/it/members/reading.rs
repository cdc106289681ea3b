//! Who sees members and invitations.

use entity::member::Role;
use serde_json::json;
use tests::TestApp;

const MEMBERS: &str = "query ($filter: MemberFilter, $removed: Boolean! = false) {
    members(filter: $filter, includeRemoved: $removed, first: 100) { totalCount nodes { id } } }";

const INVITATIONS: &str = "{ invitations(first: 100) { totalCount nodes { id } } }";

const NODE: &str = "query ($id: ID!) { node(id: $id) { id } }";

#[tokio::test]
async fn managers_see_their_members_and_others_only_themselves() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let viewer = app.member_of(manager.party()).with_role(Role::Viewer).await;
    let rival = app.bank().await;
    let ids = |members: &[&tests::Actor]| -> Vec<String> {
        members.iter().map(|actor| actor.member().id.to_string()).collect()
    };

    for (actor, seen) in [
        (manager.clone(), ids(&[&manager, &viewer])),
        (viewer.clone(), ids(&[&viewer])),
        (rival.clone(), ids(&[&rival])),
        (app.coordinator().with_role(Role::Manager).await, ids(&[&manager, &viewer, &rival])),
        (app.member_of(manager.party()).by_token().await, ids(&[&manager, &viewer])),
        (app.stranger(), Vec::new()),
        (app.public(), Vec::new()),
    ] {
        let reply = actor.gql(MEMBERS, json!({})).await;
        let column = reply.column("/members", "id");
        let others = [manager.member(), viewer.member(), rival.member()].map(|m| m.id.to_string());
        let column: Vec<&str> =
            column.into_iter().filter(|id| others.iter().any(|other| other == id)).collect();
        assert_eq!(column, seen);
        for id in &others {
            let node = actor.gql(NODE, json!({ "id": id })).await;
            assert_eq!(node.expect_ok()["node"].is_object(), seen.contains(id));
        }
    }
}

#[tokio::test]
async fn leadership_sees_no_members_of_others() {
    let app = TestApp::start().await;
    let (leadership, bank) = (app.leadership().await, app.bank().await);

    let reply = leadership.gql(MEMBERS, json!({})).await;

    let own = leadership.member().id.to_string();
    assert_eq!(reply.column("/members", "id"), [own.as_str()]);
    let node = leadership.gql(NODE, json!({ "id": bank.member().id.to_string() })).await;
    assert!(node.expect_ok()["node"].is_null());
}

#[tokio::test]
async fn removed_members_are_shown_when_they_are_asked_for() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    app.member(manager.party()).with(|row| row.removed_at = Some(row.joined_at)).await;
    let party = json!({ "party": { "eq": manager.party().id.to_string() } });

    let active = manager.gql(MEMBERS, json!({ "filter": party })).await;
    let all = manager.gql(MEMBERS, json!({ "filter": party, "removed": true })).await;

    assert_eq!(active.at("/members/totalCount"), 1);
    assert_eq!(all.at("/members/totalCount"), 2);
}

#[tokio::test]
async fn a_successor_manages_the_members_of_whom_it_carries_on_for() {
    let app = TestApp::start().await;
    let (old, new) = (app.bank().await, app.bank().await);
    app.party_succession(old.party(), new.party(), "2026-11-01").await;
    app.sql("UPDATE party SET valid_to = '2026-11-01' WHERE code = 'TEST-1'").await.unwrap();
    assert_eq!(old.party().code, "TEST-1");

    let successor = new.gql(MEMBERS, json!({})).await;
    let ended = old.gql(MEMBERS, json!({})).await;

    assert_eq!(successor.at("/members/totalCount"), 2);
    assert_eq!(ended.at("/members/totalCount"), 1);
}

#[tokio::test]
async fn invitations_are_for_managers_and_the_coordinator() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let (_, invitation) = app.invitation(manager.party());
    let id = invitation.await.id.to_string();

    for (actor, sees) in [
        (manager.clone(), true),
        (app.coordinator().await, true),
        (app.member_of(manager.party()).with_role(Role::Reporter).await, false),
        (app.bank().await, false),
        (app.leadership().await, false),
        (app.stranger(), false),
        (app.public(), false),
    ] {
        let list = actor.ask(INVITATIONS).await;
        let node = actor.gql(NODE, json!({ "id": id })).await;
        assert_eq!(list.at("/invitations/totalCount"), u8::from(sees));
        assert_eq!(node.expect_ok()["node"].is_object(), sees);
    }
}
