//! Revising parties, on the version that somebody has seen.

use entity::party::Kind;
use serde_json::json;
use tests::TestApp;

use super::REVISE;

#[tokio::test]
async fn the_coordinator_renames_and_ends_a_party() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let input = json!({ "id": bank.id.to_string(), "name": "Tên mới",
        "validTo": "2027-01-01", "expectedVersion": 1 });

    let reply = app.coordinator().await.act(REVISE, input).await;

    let party = &reply.expect_ok()["reviseParty"]["party"];
    assert_eq!((&party["name"], &party["version"]), (&json!("Tên mới"), &json!(2)));
    let row = app.reload(&bank).await;
    assert_eq!((row.version, &row.name_en), (2, &bank.name_en));
    assert_eq!(row.valid_to, Some(tests::day("2027-01-01")));
    assert_eq!(row.code, bank.code);
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_empties() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let coordinator = app.coordinator().await;
    let id = bank.id.to_string();

    let ends = json!({ "id": id, "validTo": "2027-01-01", "expectedVersion": 1 });
    coordinator.act(REVISE, ends).await.expect_ok();
    let untouched = json!({ "id": id, "expectedVersion": 2 });
    coordinator.act(REVISE, untouched).await.expect_ok();
    let kept = app.reload(&bank).await;
    let emptied = json!({ "id": id, "validTo": null, "nameEn": null, "expectedVersion": 3 });
    coordinator.act(REVISE, emptied).await.expect_ok();
    let cleared = app.reload(&bank).await;

    assert_eq!((&kept.name, &kept.name_en), (&bank.name, &bank.name_en));
    assert_eq!(kept.valid_to, Some(tests::day("2027-01-01")));
    assert_eq!((cleared.valid_to, cleared.name_en), (None, None));
    assert_eq!(cleared.name, bank.name);
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_party_as_it_is() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).with(|row| row.version = 3).await;
    let input = json!({ "id": bank.id.to_string(), "name": "Tên mới", "expectedVersion": 2 });

    let reply = app.coordinator().await.act(REVISE, input).await;

    let refusal = reply.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(refusal["params"], json!([{ "name": "current", "value": "3" }]));
    let current = json!({ "id": bank.id.to_string(), "name": bank.name, "version": 3,
        "validTo": null });
    assert_eq!(reply.at("/reviseParty/party"), &current);
    assert_eq!(app.reload(&bank).await, bank);
}

#[tokio::test]
async fn nobody_learns_the_version_who_may_not_change_it() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let input = json!({ "id": bank.party().id.to_string(), "name": "X", "expectedVersion": 9 });

    let reply = bank.act(REVISE, input).await;

    reply.expect_refusal("FORBIDDEN");
    assert!(reply.at("/reviseParty/party").is_null());
}

#[tokio::test]
async fn a_party_that_is_none_is_not_found() {
    let app = TestApp::start().await;
    let place = app.commune("02014").await.id.to_string();
    let coordinator = app.coordinator().await;

    for id in ["party_00000000000000000000000000", "nonsense", &place] {
        let input = json!({ "id": id, "name": "X", "expectedVersion": 1 });
        coordinator.act(REVISE, input).await.expect_refusal("NOT_FOUND");
    }
}

#[tokio::test]
async fn a_head_office_is_no_branch_of_its_branch() {
    let app = TestApp::start().await;
    let head = app.party(Kind::Bank).await;
    let branch = app.party(Kind::Bank).branch_of(&head).await;
    let office = app.party(Kind::Bank).branch_of(&branch).await;
    let coordinator = app.coordinator().await;

    for below in [&head, &branch, &office] {
        let input = json!({ "id": head.id.to_string(), "name": head.name,
            "parentId": below.id.to_string(), "expectedVersion": 1 });
        let reply = coordinator.act(REVISE, input).await;
        reply.expect_refusal_at("WRONG_KIND", "parentId");
    }
    assert_eq!(app.reload(&head).await, head);
}

#[tokio::test]
async fn the_end_of_a_succeeded_party_is_the_succession() {
    let app = TestApp::start().await;
    let ended = app.party_by_code("STTTT-06").await;
    let input = json!({ "id": ended.id.to_string(), "name": ended.name,
        "validTo": "2026-01-01", "expectedVersion": ended.version });

    let reply = app.coordinator().await.act(REVISE, input).await;

    reply.expect_refusal_at("ALREADY_ENDED", "validTo");
}

#[tokio::test]
async fn a_successor_cannot_end_before_it_takes_over() {
    let app = TestApp::start().await;
    let (old, new) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    app.party_succession(&old, &new, "2026-12-01").await;
    let ends = |on: &str| json!({ "id": new.id.to_string(), "validTo": on, "expectedVersion": 1 });
    let coordinator = app.coordinator().await;

    let before = coordinator.act(REVISE, ends("2026-12-01")).await;
    let after = coordinator.act(REVISE, ends("2026-12-02")).await;

    before.expect_refusal_at("OUTSIDE_VALIDITY", "validTo");
    after.expect_ok();
}
