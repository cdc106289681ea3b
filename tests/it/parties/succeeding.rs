//! Recording that a party carries on for another.

use entity::{member::Role, party::Kind, party_succession};
use serde_json::json;
use tests::TestApp;

use super::{DEFINE, SUCCEED, changed, succession, telecom};

#[tokio::test]
async fn a_party_carries_on_for_another_which_ends() {
    let app = TestApp::start().await;
    let (old, new) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    let coordinator = app.coordinator().await;

    let reply = coordinator.act(SUCCEED, succession(&app, &old, &new, "2026-11-01")).await;

    let party = &reply.expect_ok()["recordPartySuccession"]["party"];
    assert_eq!((&party["validTo"], &party["version"]), (&json!("2026-11-01"), &json!(2)));
    let edge = json!([{ "effectiveOn": "2026-11-01", "party": { "code": new.code },
        "document": null }]);
    assert_eq!(party["successors"], edge);
    assert_eq!(app.reload(&old).await.valid_to, Some(tests::day("2026-11-01")));
}

#[tokio::test]
async fn rights_pass_to_the_successor_on_its_day() {
    let app = TestApp::start().await;
    let (old, new) = (app.coordinator().await, app.department().await);
    let succession = succession(&app, old.party(), new.party(), "2026-12-01");
    old.act(SUCCEED, succession).await.expect_ok();

    let before = new.act(DEFINE, telecom(&app, "VT-MOT")).await;
    let still = old.act(DEFINE, telecom(&app, "VT-HAI")).await;
    app.clock.set_date("2026-12-01");
    let after = new.act(DEFINE, telecom(&app, "VT-BA")).await;
    let ended = old.act(DEFINE, telecom(&app, "VT-BON")).await;

    before.expect_refusal("FORBIDDEN");
    still.expect_ok();
    after.expect_ok();
    ended.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn a_party_may_have_several_successors_from_one_day() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Bank).await;
    let (one, two) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    let coordinator = app.coordinator().await;
    coordinator.act(SUCCEED, succession(&app, &old, &one, "2026-11-01")).await.expect_ok();
    let old = app.reload(&old).await;

    let same_day = coordinator.act(SUCCEED, succession(&app, &old, &two, "2026-11-01")).await;
    let old = app.reload(&old).await;
    let third = app.party(Kind::Bank).await;
    let other_day = coordinator.act(SUCCEED, succession(&app, &old, &third, "2026-11-02")).await;

    same_day.expect_ok();
    other_day.expect_refusal_at("ALREADY_ENDED", "effectiveOn");
}

#[tokio::test]
async fn nobody_becomes_its_own_successor_over_any_number_of_steps() {
    let app = TestApp::start().await;
    let valid = |from| app.party(Kind::Bank).valid(from, None);
    let (a, b, c) =
        (valid("2020-01-01").await, valid("2020-01-01").await, valid("2020-01-01").await);
    app.party_succession(&a, &b, "2021-01-01").await;
    app.party_succession(&b, &c, "2022-01-01").await;
    let before = app.all(party_succession::Entity).await.len();
    let coordinator = app.coordinator().await;

    for (predecessor, successor) in [(&c, &a), (&c, &b), (&a, &a)] {
        let input = succession(&app, predecessor, successor, "2023-01-01");
        let reply = coordinator.act(SUCCEED, input).await;
        reply.expect_refusal_at("SUCCESSION_CYCLE", "successorId");
    }
    assert_eq!(app.all(party_succession::Entity).await.len(), before);
}

#[tokio::test]
async fn a_successor_exists_on_the_day_it_takes_over() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Bank).valid("2020-01-01", None).await;
    let late = app.party(Kind::Bank).valid("2026-01-01", None).await;
    let ended = app.party(Kind::Bank).valid("2020-01-01", Some("2025-01-01")).await;
    let coordinator = app.coordinator().await;

    for successor in [&late, &ended] {
        let reply = coordinator.act(SUCCEED, succession(&app, &old, successor, "2025-06-01")).await;
        reply.expect_refusal_at("OUTSIDE_VALIDITY", "effectiveOn");
    }
}

#[tokio::test]
async fn a_succession_is_recorded_once() {
    let app = TestApp::start().await;
    let (old, new) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    let coordinator = app.coordinator().await;
    coordinator.act(SUCCEED, succession(&app, &old, &new, "2026-11-01")).await.expect_ok();
    let old = app.reload(&old).await;

    let again = coordinator.act(SUCCEED, succession(&app, &old, &new, "2026-11-01")).await;

    again.expect_refusal("ALREADY_RECORDED");
    assert_eq!(app.reload(&old).await, old);
}

#[tokio::test]
async fn only_the_coordinators_managers_record_successions() {
    let app = TestApp::start().await;
    let (old, new) = (app.bank().await, app.party(Kind::Bank).await);
    let input = succession(&app, old.party(), &new, "2026-11-01");

    old.act(SUCCEED, input.clone()).await.expect_refusal("FORBIDDEN");
    let viewer = app.coordinator().with_role(Role::Viewer).await;
    viewer.act(SUCCEED, input).await.expect_refusal("FORBIDDEN");

    assert_eq!(app.reload(old.party()).await, *old.party());
}

#[tokio::test]
async fn a_stale_version_of_the_predecessor_is_refused() {
    let app = TestApp::start().await;
    let (old, new) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    let input =
        changed(succession(&app, &old, &new, "2026-11-01"), json!({ "expectedVersion": 7 }));

    let reply = app.coordinator().await.act(SUCCEED, input).await;

    reply.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(reply.at("/recordPartySuccession/party/version"), 1);
}
