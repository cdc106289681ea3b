//! Needs that an agent enters: in its principal's name, for as long and as far as the mandate goes.

use entity::{mandate::Act, party::Kind};
use tests::{Actor, TestApp};

use super::{need_of, raise, the_need, wanted, withdraw};

/// Somebody of the post office who is about to be an agent.
async fn agent(app: &TestApp) -> Actor {
    app.telecom().await
}

#[tokio::test]
async fn an_agent_raises_and_withdraws_in_the_name_of_the_commune() {
    let app = TestApp::start().await;
    let (officer, agent) = (app.commune_officer("02014").await, agent(&app).await);
    app.mandate(officer.party(), agent.party()).acts([Act::RaiseNeed]).await;

    let reply = raise(&agent, wanted(&app, &app.commune("02014").await).await).await;

    reply.expect_ok();
    let row = the_need(&app).await;
    assert_eq!((row.raised_by_id, row.entered_by_id), (officer.party().id, agent.party().id));
    withdraw(&agent, &row, 1).await.expect_ok();
}

#[tokio::test]
async fn a_mandate_holds_from_its_first_day_to_the_day_it_ends_on() {
    let app = TestApp::start().await;
    let (officer, agent) = (app.commune_officer("02014").await, agent(&app).await);
    let commune = app.commune("02014").await;
    let mandate = app.mandate(officer.party(), agent.party()).acts([Act::RaiseNeed]);
    mandate.valid("2026-11-24", Some("2026-11-26")).await;
    let need = need_of(&app, officer.party()).await;

    for (today, may) in
        [("2026-11-23", false), ("2026-11-24", true), ("2026-11-25", true), ("2026-11-26", false)]
    {
        app.clock.set_date(today);
        let raised = raise(&agent, wanted(&app, &commune).await).await;
        if may {
            raised.expect_ok();
            continue;
        }
        raised.expect_refusal("FORBIDDEN");
        withdraw(&agent, &need, 1).await.expect_refusal("FORBIDDEN");
    }
}

#[tokio::test]
async fn a_mandate_for_other_acts_places_or_principals_lends_no_need() {
    let app = TestApp::start().await;
    let (officer, commune) = (app.commune_officer("02014").await, app.commune("02014").await);
    let elsewhere = app.commune("02071").await;
    let others = [Act::Record, Act::Verify, Act::Accept, Act::Report];
    let other_acts = agent(&app).await;
    app.mandate(officer.party(), other_acts.party()).acts(others).await;
    let other_place = agent(&app).await;
    let mandate = app.mandate(officer.party(), other_place.party()).acts([Act::RaiseNeed]);
    mandate.at(&elsewhere).await;
    let other_principal = agent(&app).await;
    let helper = app.assigned_department("02014").await;
    app.mandate(helper.party(), other_principal.party()).acts([Act::RaiseNeed]).await;
    let need = need_of(&app, officer.party()).await;

    for actor in [other_acts, other_place, other_principal] {
        let reply = raise(&actor, wanted(&app, &commune).await).await;
        reply.expect_refusal("FORBIDDEN");
        withdraw(&actor, &need, 1).await.expect_refusal("FORBIDDEN");
    }
}

#[tokio::test]
async fn a_need_that_an_agent_entered_bears_the_name_of_whoever_lent_the_right() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let first = app.authority_of(&commune).await.unwrap();
    let heir = app.party(Kind::Department).valid("2026-11-20", None).await;
    let end = format!("UPDATE party SET valid_to = '2026-11-20' WHERE code = '{}'", first.code);
    app.sql(&end).await.unwrap();
    app.party_succession(&first, &heir, "2026-11-20").await;
    let agent = agent(&app).await;
    app.mandate(&heir, agent.party()).acts([Act::RaiseNeed]).await;

    raise(&agent, wanted(&app, &commune).await).await.expect_ok();

    let row = the_need(&app).await;
    assert_eq!((row.raised_by_id, row.entered_by_id), (heir.id, agent.party().id));
}
