//! Parties that end, and who carries on for them.

use entity::{member::Role, party::Kind, reach, task_answer};
use serde_json::json;
use tests::{TestApp, day};

use super::{changing, enter_letter, invite, mutation, reaches, sees};
use crate::authz::world::as_letter;

const EVERYTHING: &str = "{
    documents(first: 100) { totalCount nodes { id title namedParties { code } } }
    tasks(first: 100) { totalCount nodes { id answers { text } } }
    invitations(first: 100) { totalCount nodes { id } }
    apiTokens(first: 100) { totalCount nodes { id } }
    mandates(first: 100) { totalCount nodes { id } }
    assignments(first: 100) { totalCount nodes { id document { id } } } }";

#[tokio::test]
async fn a_member_of_an_ended_party_sees_what_the_public_sees_and_itself() {
    let app = TestApp::start().await;
    let manager = app.ended_party().await;
    let (party, directive) = (manager.party().clone(), app.directive().await);
    app.document(&party).with(as_letter).await;
    app.answer(&app.task(&directive).asks(&party).await, &party).await;
    app.mandate(&party, &app.party(Kind::Bank).await).await;
    app.member(&party).await;
    app.token(&party).1.await;
    app.invitation(&party).1.await;

    let seen = manager.ask(EVERYTHING).await;
    let query = "{ viewer { hasRights role party { code } } members(first: 9) { nodes { id } } }";
    let itself = manager.ask(query).await;

    assert_eq!(seen.expect_ok(), app.public().ask(EVERYTHING).await.expect_ok());
    let viewer = json!({ "hasRights": false, "role": "MANAGER", "party": { "code": party.code } });
    assert_eq!(itself.at("/viewer"), &viewer);
    assert_eq!(itself.column("/members", "id"), [manager.member().id.to_string()]);
}

#[tokio::test]
async fn a_member_of_an_ended_party_changes_nothing() {
    let app = TestApp::start().await;
    let manager = app.ended_party().await;
    let party = manager.party().clone();
    let (token, colleague) = (app.token(&party).1.await, app.member(&party).await);
    let mandate = app.mandate(&party, &app.party(Kind::Bank).await).await;
    let events = app.all(entity::event::Entity).await.len();

    enter_letter(&app, &manager, &party, "2024-01-01").await.expect_refusal("FORBIDDEN");
    invite(&app, &manager, &party).await.expect_refusal("FORBIDDEN");
    let revoke = mutation("revokeToken", "apiToken { id }");
    manager.act(&revoke, changing(&token.id, 1)).await.expect_refusal("NOT_FOUND");
    let remove = mutation("removeMember", "member { id }");
    manager.act(&remove, changing(&colleague.id, 1)).await.expect_refusal("NOT_FOUND");
    manager.act(&remove, changing(&manager.member().id, 1)).await.expect_refusal("FORBIDDEN");
    let mut end = changing(&mandate.id, 1);
    end["validTo"] = json!("2026-12-01");
    manager.act(&mutation("endMandate", ""), end).await.expect_refusal("NOT_FOUND");

    assert_eq!(app.all(entity::event::Entity).await.len(), events);
}

#[tokio::test]
async fn a_successors_officer_sees_and_manages_what_the_ended_party_left() {
    let app = TestApp::start().await;
    let old = app.party_by_code("UBND-02017-2023").await;
    let officer = app.commune_officer("02014").await;
    let letter = app.document(&old).with(as_letter).await;
    let naming = app.document(&app.party(Kind::Bank).await).with(as_letter).await;
    app.names(&naming, &old).await;
    let reporter = app.member(&old).with(|row| row.role = Role::Reporter).await;
    let (token, invitation) = (app.token(&old).1.await, app.invitation(&old).1.await);

    let entered = enter_letter(&app, &officer, &old, "2024-06-01").await;
    let mut role = changing(&reporter.id, 1);
    role["role"] = json!("VIEWER");
    let lowered = officer.act(&mutation("changeMemberRole", "member { role }"), role).await;
    let removed = officer.act(&mutation("removeMember", ""), changing(&reporter.id, 2)).await;
    let revoked = officer.act(&mutation("revokeToken", ""), changing(&token.id, 1)).await;
    let taken_back =
        officer.act(&mutation("revokeInvitation", ""), changing(&invitation.id, 1)).await;

    for id in [letter.id.to_string(), naming.id.to_string(), reporter.id.to_string()] {
        assert!(sees(&officer, &id).await, "{id}");
        assert!(!sees(&app.commune_officer("02071").await, &id).await, "{id}");
    }
    for reply in [entered, lowered, removed, revoked, taken_back] {
        reply.expect_ok();
    }
    assert!(app.reload(&reporter).await.removed_at.is_some());
    assert!(app.reload(&token).await.revoked_at.is_some());
}

#[tokio::test]
async fn a_successor_answers_for_the_party_that_was_asked() {
    let app = TestApp::start().await;
    let old = app.party_by_code("UBND-02017-2023").await;
    let officer = app.commune_officer("02014").await;
    let task = app.task(&app.directive().await).asks(&old).await;
    app.answer(&task, &old).await;
    let answer = |version| {
        json!({ "taskId": task.id.to_string(), "partyId": old.id.to_string(), "state": "DONE",
            "text": "Xã mới làm tiếp", "expectedVersion": version, "idempotencyKey": app.key() })
    };
    let query = mutation("answerTask", "task { answers { state version answeredBy { code } } }");

    let stale = officer.act(&query, answer(0)).await;
    let reply = officer.act(&query, answer(1)).await;

    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    let answers = json!([{ "state": "DONE", "version": 2,
        "answeredBy": { "code": "UBND-02014-2025" } }]);
    reply.expect_ok();
    assert_eq!(reply.at("/answerTask/task/answers"), &answers);
    let rows = app.all(task_answer::Entity).await;
    let [row] = &rows[..] else { panic!("not one answer: {rows:?}") };
    assert_eq!((row.party_id, row.answered_by_id), (old.id, officer.party().id));
}

#[tokio::test]
async fn what_a_party_leaves_passes_on_the_day_of_the_succession() {
    let app = TestApp::start().await;
    let (old, new) =
        (app.party_by_code("UBND-02017-2023").await, app.party_by_code("UBND-02014-2025").await);
    let (before, after) = (app.member_of(&old).await, app.member_of(&new).await);
    let letter = app.document(&old).with(as_letter).await;
    let commune = app.place_on("02017", "2024-01-01").await;

    for (today, of_old) in [("2025-06-30", true), ("2025-07-01", false)] {
        app.clock.set_date(today);
        assert_eq!(sees(&before, &letter.id).await, of_old, "the old on {today}");
        assert_eq!(sees(&after, &letter.id).await, !of_old, "the new on {today}");
        let own = reach::Role::Own;
        assert_eq!(reaches(&app, &old, own, &old, None, None).await, of_old);
        assert_eq!(reaches(&app, &new, own, &old, None, None).await, !of_old);
        let authority = reach::Role::Authority;
        assert_eq!(reaches(&app, &old, authority, &old, Some(&commune), None).await, of_old);
        assert_eq!(reaches(&app, &new, authority, &new, Some(&commune), None).await, !of_old);
        let (may, may_not) = if of_old { (&before, &after) } else { (&after, &before) };
        enter_letter(&app, may, &old, "2025-06-30").await.expect_ok();
        enter_letter(&app, may_not, &old, "2025-06-30").await.expect_refusal("FORBIDDEN");
    }
}

#[tokio::test]
async fn a_party_keeps_its_rights_until_the_last_midnight_in_vietnam() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).valid("2025-07-01", Some("2026-11-24")).await;
    let manager = app.member_of(&bank).await;

    app.clock.set("2026-11-23T16:59:59Z".parse().unwrap());
    enter_letter(&app, &manager, &bank, "2026-11-23").await.expect_ok();
    app.clock.set("2026-11-23T17:00:00Z".parse().unwrap());
    let late = enter_letter(&app, &manager, &bank, "2026-11-23").await;

    late.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn a_department_reaches_its_commune_until_the_morning_on_which_the_assignment_ends() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let (today, tomorrow) = (Some("2026-11-23"), Some("2026-11-24"));
    let departments = [today, tomorrow, None].map(|end| (app.party(Kind::Department), end));
    let mut reached = Vec::new();
    let mut listed = Vec::new();

    for (department, end) in departments {
        let department = app.member_of(&department.await).await;
        let party = department.party().clone();
        app.assignment(&party, &commune).valid("2026-01-01", end).await;
        let role = reach::Role::Assigned;
        reached.push(reaches(&app, &party, role, &party, Some(&commune), None).await);
        let query = "query ($id: ID!, $day: Date!) {
            assignments(first: 9, filter: { department: { eq: $id }, validOn: $day }) {
                totalCount } }";
        let variables = json!({ "id": party.id.to_string(), "day": "2026-11-23" });
        listed.push(department.gql(query, variables).await.at("/assignments/totalCount").clone());
    }

    assert_eq!(reached, [false, true, true]);
    assert_eq!(listed, [json!(0), json!(1), json!(1)]);
    app.clock.set_date("2026-11-24");
    let still = app.all(reach::Entity).await.into_iter();
    let still = still.filter(|row| row.role == reach::Role::Assigned);
    assert_eq!(still.filter(|row| row.valid_to.is_none_or(|e| e > day("2026-11-24"))).count(), 1);
}
