//! Needs: what a commune lacks is kept in its name, shown, withdrawn, and met by what others do.

use std::collections::BTreeSet;

use entity::{event_audience, need, party, place};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use crate::authz::mutation;

mod agents;
mod meeting;
mod raising;
mod withdrawing;

const SHOWN: &str = "need { id version status quantity dueOn text met reason externalReference
    commune { code } activity { code } raisedBy { code } enteredBy { code } }";

/// The activity that the tests count: whole pieces.
const PHONES: &str = "smartphones_handed_over";

/// Phone and identity numbers as people disguise them.
pub const DISGUISES: [&str; 10] = [
    "Gọi 0912345678 nhé",
    "SĐT 0912 345 678",
    "Liên hệ 091.234.5678",
    "ĐT (091) 234-5678",
    "Zalo +84 912 345 678",
    "Máy 0084912345678",
    "Số ０９１２３４５６７８",
    "CCCD 012345678901",
    "CMND 123 456 789",
    "0 9 1 2 3 4 5 6 7 8",
];

/// What looks like one and is none.
pub const HARMLESS: [&str; 5] = [
    "Cần 1.000.000.000 đồng",
    "Theo 3195/UBND-VXNV ngày 15/05/2024",
    "Trước 2026-12-31, 10:30",
    "Thiếu 40 máy cho 12 thôn",
    "Kinh phí 2,100,000,000 VND",
];

async fn wanted(app: &TestApp, commune: &place::Model) -> Value {
    json!({ "communeId": commune.id.to_string(),
        "activityId": app.activity(PHONES).await.id.to_string(), "quantity": "40",
        "dueOn": "2026-12-31", "text": "", "idempotencyKey": app.key() })
}

async fn raise(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("raiseNeed", SHOWN), input).await
}

async fn withdraw(actor: &Actor, need: &need::Model, version: i32) -> Reply {
    let input = json!({ "id": need.id.to_string(), "reason": "Đã đủ",
        "expectedVersion": version });
    actor.act(&mutation("withdrawNeed", SHOWN), input).await
}

/// The one need there is.
async fn the_need(app: &TestApp) -> need::Model {
    let rows = app.all(need::Entity).await;
    let [row] = &rows[..] else { panic!("not one need: {rows:?}") };
    row.clone()
}

async fn need_of(app: &TestApp, authority: &party::Model) -> need::Model {
    app.need(authority, &app.activity(PHONES).await).await
}

/// In whose feeds an event stands.
pub async fn audience(app: &TestApp, position: i64) -> BTreeSet<uuid::Uuid> {
    let rows = app.all(event_audience::Entity).await.into_iter();
    rows.filter(|row| row.position == position).map(|row| row.audience_id).collect()
}

#[tokio::test]
async fn open_needs_are_seen_by_everybody_and_withdrawn_ones_by_whom_they_concern() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let open = need_of(&app, officer.party()).await;
    let withdrawn = app.need(officer.party(), &app.activity(PHONES).await).withdrawn().await;
    let query = "query ($open: ID!, $withdrawn: ID!) {
        open: need(by: { id: $open }) { id } withdrawn: need(by: { id: $withdrawn }) { id reason }
        needs(first: 9) { totalCount nodes { id } }
        closed: needs(first: 9, filter: { status: { eq: WITHDRAWN } }) { totalCount } }";
    let variables = json!({ "open": open.id.to_string(), "withdrawn": withdrawn.id.to_string() });

    for (actor, all) in [
        (app.public(), false),
        (app.telecom().await, false),
        (app.commune_officer("02071").await, false),
        (app.assigned_department("02071").await, false),
        (officer, true),
        (app.assigned_department("02014").await, true),
        (app.coordinator().await, true),
        (app.leadership().await, true),
    ] {
        let reply = actor.gql(query, variables.clone()).await;
        let data = reply.expect_ok();
        assert_eq!(data["open"]["id"], open.id.to_string());
        assert_eq!(data["withdrawn"].is_object(), all);
        assert_eq!(data["needs"]["totalCount"], if all { 2 } else { 1 });
        assert_eq!(data["closed"]["totalCount"], i32::from(all));
    }
}

#[tokio::test]
async fn a_need_is_found_by_the_reference_of_its_authority() {
    let app = TestApp::start().await;
    let (officer, other) = (app.commune_officer("02014").await, app.commune_officer("02071").await);
    let phones = app.activity(PHONES).await;
    let mine = app.need(officer.party(), &phones).referred_to_as("NC-1").await;
    app.need(other.party(), &phones).referred_to_as("NC-1").await;
    app.need(other.party(), &phones).referred_to_as("NC-2").withdrawn().await;
    let query = "query ($code: String!, $reference: String!) { need(by: { externalReference:
        { raisedByCode: $code, reference: $reference } }) { id externalReference } }";
    let asked = async |actor: &Actor, code: &str, reference: &str| {
        let reply = actor.gql(query, json!({ "code": code, "reference": reference })).await;
        reply.expect_ok()["need"]["id"].as_str().map(str::to_owned)
    };

    let (here, there) = (&officer.party().code, &other.party().code);
    assert_eq!(asked(&app.public(), here, "NC-1").await, Some(mine.id.to_string()));
    assert_eq!(asked(&app.public(), here, "nc-1").await, None);
    assert_eq!(asked(&app.public(), here, "NC-2").await, None);
    assert_eq!(asked(&officer, there, "NC-2").await, None, "withdrawn");
    assert!(asked(&other, there, "NC-2").await.is_some());
}

#[tokio::test]
async fn needs_are_filtered_and_ordered() {
    let app = TestApp::start().await;
    let (officer, other) = (app.commune_officer("02014").await, app.commune_officer("02071").await);
    let (phones, wifi) = (app.activity(PHONES).await, app.activity("public_wifi_points").await);
    let late = app.need(officer.party(), &phones).await;
    let soon = app.need(other.party(), &wifi);
    let soon = soon.with(|row| row.due_on = tests::day("2026-12-01")).await;
    let commune = officer.party().place_id.unwrap();
    let (late, soon) = (late.id.to_string(), soon.id.to_string());

    for (arguments, expected) in [
        (String::new(), vec![&soon, &late]),
        ("orderBy: NEWEST".to_owned(), vec![&soon, &late]),
        ("orderBy: OLDEST".to_owned(), vec![&late, &soon]),
        (format!("filter: {{ commune: {{ eq: \"{commune}\" }} }}"), vec![&late]),
        (format!("filter: {{ activity: {{ eq: \"{}\" }} }}", wifi.id), vec![&soon]),
        (format!("filter: {{ raisedBy: {{ not: \"{}\" }} }}", other.party().id), vec![&late]),
        ("filter: { dueOn: { lte: \"2026-12-01\" } }".to_owned(), vec![&soon]),
        ("filter: { status: { not: OPEN } }".to_owned(), vec![]),
        ("filter: { met: true }".to_owned(), vec![]),
        ("filter: { met: false }".to_owned(), vec![&soon, &late]),
    ] {
        let arguments = format!("first: 9 {arguments}");
        let reply =
            app.public().ask(&format!("{{ needs({arguments}) {{ nodes {{ id }} }} }}")).await;
        assert_eq!(reply.column("/needs", "id"), expected, "{arguments}");
    }
}
