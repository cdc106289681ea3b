//! The coordinator and the leadership, whose marks follow their successions.

use entity::{party::Kind, reach::Role};
use serde_json::json;
use tests::TestApp;

use super::{define_something, invite, reaches, sees};
use crate::authz::world::as_letter;

#[tokio::test]
async fn the_coordinator_changes_on_the_days_of_its_successions() {
    let app = TestApp::start().await;
    let codes = ["STTTT-06", "SKHCN-06", "SKHCN-19-2025"];
    let mut managers = Vec::new();
    for code in codes {
        managers.push(app.member_of(&app.party_by_code(code).await).await);
    }

    for (today, who) in [("2025-02-28", 0), ("2025-03-01", 1), ("2025-06-30", 1), ("2025-07-01", 2)]
    {
        app.clock.set_date(today);
        for (at, manager) in managers.iter().enumerate() {
            let reply = define_something(&app, manager).await;
            let query = "{ viewer { isCoordinator hasRights } }";
            let coordinates = manager.ask(query).await.at("/viewer/isCoordinator").clone();
            assert_eq!(coordinates, json!(at == who), "{} on {today}", codes[at]);
            if at == who {
                reply.expect_ok();
            } else {
                reply.expect_refusal("FORBIDDEN");
            }
        }
    }
}

#[tokio::test]
async fn the_coordinator_of_the_old_province_reaches_the_new_one_by_succession() {
    let app = TestApp::start().await;
    let (old, new) =
        (app.party_by_code("SKHCN-06").await, app.party_by_code("SKHCN-19-2025").await);
    let marked = app.party_by_code("STTTT-06").await;
    let before = app.place_on("02017", "2024-01-01").await;
    let after = app.place_on("02014", "2026-01-01").await;
    let thai_nguyen = app.place_on("19", "2024-01-01").await;
    let role = Role::Coordinator;

    app.clock.set_date("2025-06-30");
    assert!(reaches(&app, &old, role, &marked, Some(&before), None).await);
    assert!(!reaches(&app, &old, role, &marked, Some(&thai_nguyen), None).await);
    assert!(!reaches(&app, &new, role, &marked, Some(&before), None).await);
    app.clock.set_date("2025-07-01");
    assert!(!reaches(&app, &old, role, &marked, Some(&before), None).await);
    for place in [&before, &after, &thai_nguyen] {
        assert!(reaches(&app, &new, role, &marked, Some(place), None).await, "{}", place.name);
    }
}

#[tokio::test]
async fn the_leadership_changes_on_the_day_of_its_succession() {
    let app = TestApp::start().await;
    let letter = app.document(&app.party(Kind::Bank).await).with(as_letter).await;
    let before = app.member_of(&app.party_by_code("UBND-06-2023").await).await;
    let after = app.member_of(&app.party_by_code("UBND-19-2025").await).await;

    for (today, of_old) in [("2025-06-30", true), ("2025-07-01", false)] {
        app.clock.set_date(today);
        assert_eq!(sees(&before, &letter.id).await, of_old, "{today}");
        assert_eq!(sees(&after, &letter.id).await, !of_old, "{today}");
    }
}

#[tokio::test]
async fn the_leadership_reads_letters_and_answers_and_changes_nothing_of_others() {
    let app = TestApp::start().await;
    let leadership = app.leadership().await;
    let bank = app.bank().await;
    let letter = app.document(bank.party()).with(as_letter).await;
    let token = app.token(bank.party()).1.await;

    assert!(sees(&leadership, &letter.id).await);
    assert!(!sees(&leadership, &token.id).await);
    assert!(!sees(&leadership, &bank.member().id).await);
    define_something(&app, &leadership).await.expect_refusal("FORBIDDEN");
    invite(&app, &leadership, bank.party()).await.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn an_invitation_of_the_coordinator_waits_only_where_there_is_a_manager() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let (bank, empty) = (app.bank().await, app.party(Kind::Bank).await);

    let waits = invite(&app, &coordinator, bank.party()).await;
    let stands = invite(&app, &coordinator, &empty).await;

    let state = |reply: &tests::Reply| reply.text_at("/inviteMember/invitation/id").to_owned();
    let rows = app.all(entity::invitation::Entity).await;
    let awaits = |id: String| rows.iter().find(|row| row.id.to_string() == id).unwrap();
    assert!(awaits(state(&waits)).awaits_approval);
    assert!(!awaits(state(&stands)).awaits_approval);
}
