//! Every figure counts the rows that the viewer may see.

use entity::{activity_kind, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{BOARD, PHONES, board, figures};

#[tokio::test]
async fn both_figures_stand_beside_what_is_needed_and_promised() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    app.need(officer.party(), &app.activity(PHONES).await).await;
    let union = app.party(Kind::MassOrganization).await;
    let commitment = app.commitment(&union).quantity(30).await;
    app.delivery(&commitment).quantity(12).confirmed().await;
    app.delivery(&commitment).quantity(10).disputed(7).await;
    app.delivery(&commitment).quantity(5).settled(4).await;
    app.delivery(&commitment).quantity(3).await;

    let place = app.commune("02071").await.id.to_string();
    let cells = board(&officer, json!({ "placeIds": [place] })).await;

    let giver = json!({ "giver": { "code": union.code }, "promised": "30", "reported": "30",
        "confirmed": "16" });
    let expected = json!([{ "place": { "code": "02071" }, "ofPredecessor": false,
        "activity": { "code": PHONES }, "need": "40", "promised": "30", "reported": "30",
        "confirmed": "16", "unverified": "3", "disputed": "10", "difference": "4",
        "uncovered": "10", "gap": "24", "givers": [giver] }]);
    assert_eq!(json!(cells), expected);
}

#[tokio::test]
async fn a_rival_sees_neither_the_row_nor_its_part_in_a_sum() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let mine = app.commitment(telecom.party()).quantity(30).await;
    app.delivery(&mine).quantity(12).confirmed().await;
    app.commitment(rival.party()).quantity(7).public().await;

    let seen = [
        figures(&telecom, &app, "02071").await,
        figures(&rival, &app, "02071").await,
        figures(&app.public(), &app, "02071").await,
        figures(&app.commune_officer("02071").await, &app, "02071").await,
        figures(&app.coordinator().await, &app, "02071").await,
        figures(&app.leadership().await, &app, "02071").await,
    ];

    let none = json!(null);
    let all = [&none, &json!("37"), &json!("12"), &json!("12")].map(Clone::clone);
    let public = [&none, &json!("7"), &json!("0"), &json!("0")].map(Clone::clone);
    assert_eq!(seen, [all.clone(), public.clone(), public, all.clone(), all.clone(), all]);
}

#[tokio::test]
async fn givers_are_named_in_the_order_of_their_codes_to_those_who_may_see_them() {
    let app = TestApp::start().await;
    let first = app.party(Kind::Bank).code("TEST-A").await;
    let second = app.party(Kind::Bank).code("TEST-B").await;
    app.commitment(&second).quantity(1).public().await;
    app.commitment(&first).quantity(2).await;
    app.commitment(&second).quantity(4).await;

    let mut seen = Vec::new();
    for actor in [app.member_of(&first).await, app.member_of(&second).await] {
        let cells = board(&actor, json!({})).await;
        let givers = cells[0]["givers"].as_array().unwrap().iter();
        let part = |giver: &serde_json::Value| {
            format!("{} {}", giver["giver"]["code"], giver["promised"]).replace('"', "")
        };
        seen.push(givers.map(part).collect::<Vec<_>>());
    }

    assert_eq!(seen, [vec!["TEST-A 2", "TEST-B 1"], vec!["TEST-B 5"]]);
}

#[tokio::test]
async fn joint_givers_and_carriers_see_what_is_credited_to_the_giver() {
    let app = TestApp::start().await;
    let (giver, joint, carrier) = (app.bank().await, app.bank().await, app.telecom().await);
    app.commitment(giver.party()).joint(joint.party()).carrier(carrier.party()).quantity(9).await;

    for actor in [joint, carrier] {
        let cells = board(&actor, json!({})).await;
        assert_eq!(cells[0]["givers"][0]["giver"]["code"], giver.party().code);
        assert_eq!(cells[0]["promised"], "9");
    }
}

#[tokio::test]
async fn a_withdrawn_need_and_a_proposal_are_not_on_the_board() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    app.need(officer.party(), &app.activity(PHONES).await).withdrawn().await;
    app.commitment(&app.party(Kind::MassOrganization).await).proposed().await;

    let cells = board(&officer, json!({})).await;

    assert!(cells.is_empty(), "{cells:?}");
}

#[tokio::test]
async fn figures_have_the_digits_of_their_activity_and_never_wrap() {
    let app = TestApp::start().await;
    let money: activity_kind::Model =
        app.activity_kind("test_money").with(|row| row.precision = 3).await;
    let giver = app.party(Kind::MassOrganization).await;
    let commitment = app.commitment(&giver).of(&money).quantity(1).await;
    let cell = app.all(entity::board_cell::Entity).await.remove(0);
    app.sql(&format!("UPDATE board_cell SET promised = {}", i64::MAX)).await.unwrap();
    app.sql(&format!("UPDATE board_cell SET reported = {}", i64::MIN)).await.unwrap();
    let second = entity::board_cell::Model {
        half_month: tests::day("2026-12-01"),
        promised: i64::MAX,
        reported: i64::MIN,
        ..cell
    };
    let second = sea_orm::IntoActiveModel::into_active_model(second);
    sea_orm::ActiveModelTrait::insert(second, app.db().writer()).await.unwrap();

    let place = commitment.place_id.to_string();
    let reply = app.public().gql(BOARD, json!({ "filter": { "placeIds": [place] } })).await;

    let cell = &reply.expect_ok()["board"][0];
    assert_eq!(cell["promised"], "18446744073709551.614");
    assert_eq!(cell["reported"], "-18446744073709551.616");
}
