//! What a mandate lends, to whom, where and when.

use entity::{mandate::Act, party, party::Kind, reach::Role};
use serde_json::{Value, json};
use tests::TestApp;

use super::{changing, mutation, reaches, sees};
use crate::authz::world::as_letter;

const OWN: Role = Role::Own;

fn wanted(app: &TestApp, principal: &party::Model, agent: &party::Model) -> Value {
    json!({ "principalId": principal.id.to_string(), "agentId": agent.id.to_string(),
        "acts": ["RECORD"], "validFrom": "2026-11-01", "idempotencyKey": app.key() })
}

#[tokio::test]
async fn a_mandate_lends_from_its_first_day_until_the_day_on_which_it_ends() {
    let app = TestApp::start().await;
    let principal = app.party(Kind::Bank).await;
    let agent = app.telecom().await;
    let act = Some(Act::Record);
    for (from, to, lends) in [
        ("2026-01-01", Some("2026-11-23"), false),
        ("2026-01-01", Some("2026-11-24"), true),
        ("2026-11-24", None, false),
        ("2026-11-23", None, true),
        ("2026-11-23", Some("2026-11-23"), false),
    ] {
        let mandate = app.mandate(&principal, agent.party()).valid(from, to).await;
        let today = "query ($id: ID!) { mandates(first: 9, filter:
            { validOn: \"2026-11-23\", principal: { eq: $id } }) { nodes { id } } }";
        let listed = agent.gql(today, json!({ "id": principal.id.to_string() })).await;

        let reached = reaches(&app, agent.party(), OWN, &principal, None, act).await;

        assert_eq!(reached, lends, "{from} to {to:?}");
        assert_eq!(listed.column("/mandates", "id").len(), usize::from(lends), "{from} to {to:?}");
        assert!(sees(&agent, &mandate.id).await, "an agent sees mandates of all times");
        app.sql(&format!("DELETE FROM mandate WHERE valid_from = '{from}'")).await.unwrap();
    }
}

#[tokio::test]
async fn a_mandate_does_not_make_the_principals_papers_the_agents() {
    let app = TestApp::start().await;
    let (principal, agent) = (app.bank().await, app.telecom().await);
    let letter = app.document(principal.party()).with(as_letter).await;
    let token = app.token(principal.party()).1.await;
    let acts = [Act::Record, Act::Verify, Act::Accept, Act::RaiseNeed, Act::Report];
    app.mandate(principal.party(), agent.party()).acts(acts).await;

    for id in [letter.id.to_string(), token.id.to_string(), principal.member().id.to_string()] {
        assert!(sees(&principal, &id).await, "{id}");
        assert!(!sees(&agent, &id).await, "{id}");
    }
}

#[tokio::test]
async fn a_mandate_for_a_place_lends_what_lies_in_it() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let agent = app.party(Kind::Department).await;
    let (commune, elsewhere) = (app.commune("02014").await, app.commune("02071").await);
    let before = app.place_on("02017", "2024-01-01").await;
    let act = Some(Act::Verify);
    app.mandate(officer.party(), &agent).acts([Act::Verify]).at(&commune).await;

    for (place, lent) in [(&commune, true), (&before, true), (&elsewhere, false)] {
        let authority = Role::Authority;
        let reached = reaches(&app, &agent, authority, officer.party(), Some(place), act).await;
        assert_eq!(reached, lent, "{}", place.name);
    }
    let other = Some(Act::Record);
    assert!(!reaches(&app, &agent, OWN, officer.party(), None, other).await);
}

#[tokio::test]
async fn a_mandate_passes_to_nobody() {
    let app = TestApp::start().await;
    let bank = |to| app.party(Kind::Bank).valid("2025-07-01", to);
    let (principal, agent) = (bank(None).await, bank(Some("2026-11-23")).await);
    let heir = bank(None).await;
    app.party_succession(&agent, &heir, "2026-11-23").await;
    app.mandate(&principal, &agent).await;
    let third = bank(None).await;
    app.mandate(&agent, &third).await;

    let act = Some(Act::Record);
    for (agent, principal) in [(&agent, &principal), (&heir, &principal), (&third, &agent)] {
        assert!(!reaches(&app, agent, OWN, principal, None, act).await);
    }
    app.clock.set_date("2026-11-22");
    assert!(reaches(&app, &agent, OWN, &principal, None, act).await);
    assert!(reaches(&app, &third, OWN, &agent, None, act).await);
    assert!(!reaches(&app, &third, OWN, &principal, None, act).await, "nothing is lent on");
}

#[tokio::test]
async fn the_coordinator_makes_and_ends_a_mandate_only_while_nobody_is_a_member() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let (empty, agent) = (app.party(Kind::Bank).await, app.party(Kind::TelecomCompany).await);
    let make = mutation("makeMandate", "mandate { id madeBy { code } principal { code } }");
    let end = mutation("endMandate", "mandate { version }");

    let made = coordinator.act(&make, wanted(&app, &empty, &agent)).await;
    let manager = app.member_of(&empty).await;
    let again = coordinator.act(&make, wanted(&app, &empty, &agent)).await;
    let mut input = changing(&made.text_at("/makeMandate/mandate/id"), 1);
    input["validTo"] = json!("2026-12-01");
    let ended = coordinator.act(&end, input.clone()).await;
    let now_mine = manager.act(&end, input).await;

    let codes = json!({ "madeBy": { "code": "SKHCN-19-2025" }, "principal": { "code": empty.code },
        "id": made.at("/makeMandate/mandate/id") });
    made.expect_ok();
    assert_eq!(made.at("/makeMandate/mandate"), &codes);
    again.expect_refusal("FORBIDDEN");
    ended.expect_refusal("FORBIDDEN");
    now_mine.expect_ok();
    assert_eq!(app.all(entity::mandate::Entity).await.len(), 1);
}

#[tokio::test]
async fn the_coordinator_may_make_a_mandate_again_when_the_last_member_has_left() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let (bank, agent) = (app.party(Kind::Bank).await, app.party(Kind::TelecomCompany).await);
    let now = api::clock::Clock::now(&*app.clock);
    app.member(&bank).with(|row| row.removed_at = Some(now)).await;

    let reply = coordinator.act(&mutation("makeMandate", ""), wanted(&app, &bank, &agent)).await;

    reply.expect_ok();
    let [row] = &app.all(entity::mandate::Entity).await[..] else { panic!("not one mandate") };
    assert_eq!((row.principal_id, row.made_by_id), (bank.id, coordinator.party().id));
}
