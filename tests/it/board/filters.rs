//! Activities, givers and periods; and what a board costs.

use entity::party::Kind;
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{BOARD, PHONES, ask, board};

#[tokio::test]
async fn what_is_promised_counts_by_due_date_and_what_is_delivered_by_its_own() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let dues = [("2026-10-14", 10), ("2026-10-15", 30), ("2026-11-30", 60)];
    let commitment = app.commitment(&union).schedule(dues).await;
    app.delivery(&commitment).on("2026-10-14").quantity(1).await;
    app.delivery(&commitment).on("2026-10-15").quantity(2).await;
    app.delivery(&commitment).on("2026-11-01").quantity(4).await;
    let app = &app;
    let within = |from: &'static str, to: &'static str| async move {
        sums(&board(&app.public(), json!({ "from": from, "to": to })).await)
    };

    assert_eq!(within("2026-10-01", "2026-10-14").await, ("10".into(), "1".into()));
    assert_eq!(within("2026-10-15", "2026-11-14").await, ("20".into(), "6".into()));
    assert_eq!(within("2026-10-15", "2026-10-31").await, ("20".into(), "2".into()));
    assert_eq!(within("2026-10-01", "2026-12-31").await, ("60".into(), "7".into()));
}

#[tokio::test]
async fn a_need_counts_by_its_due_date() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02071").await;
    let phones = app.activity(PHONES).await;
    app.need(officer.party(), &phones).with(|row| row.due_on = tests::day("2026-06-30")).await;
    app.need(officer.party(), &phones).await;

    let first = board(&officer, json!({ "to": "2026-06-30" })).await;
    let all = board(&officer, json!({})).await;
    let none = board(&officer, json!({ "from": "2027-01-01" })).await;

    assert_eq!((&first[0]["need"], &first[0]["uncovered"]), (&json!("40"), &json!("40")));
    assert_eq!((&all[0]["need"], &all[0]["gap"]), (&json!("80"), &json!("80")));
    assert!(none.is_empty(), "{none:?}");
}

#[tokio::test]
async fn a_period_begins_and_ends_with_a_half_month() {
    let app = TestApp::start().await;

    for filter in [
        json!({ "from": "2026-10-02" }),
        json!({ "to": "2026-10-15" }),
        json!({ "to": "2026-02-27" }),
    ] {
        ask(&app.public(), filter).await.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn only_the_givers_and_activities_that_are_named_count() {
    let app = TestApp::start().await;
    let (one, other) =
        (app.party(Kind::MassOrganization).await, app.party(Kind::MassOrganization).await);
    let wifi = app.activity_kind("test_wifi").await;
    app.commitment(&one).quantity(1).await;
    app.commitment(&other).quantity(2).await;
    app.commitment(&other).of(&wifi).quantity(4).await;

    let of_other = board(&app.public(), json!({ "giverIds": [other.id.to_string()] })).await;
    let of_wifi = board(&app.public(), json!({ "activityIds": [wifi.id.to_string()] })).await;
    let of_nobody = board(&app.public(), json!({ "giverIds": [] })).await;

    let promised = |cells: &[Value]| -> Vec<Value> {
        cells.iter().map(|cell| cell["promised"].clone()).collect()
    };
    assert_eq!(promised(&of_other), ["2", "4"]);
    assert_eq!(promised(&of_wifi), ["4"]);
    assert!(of_nobody.is_empty(), "{of_nobody:?}");
}

#[tokio::test]
async fn more_than_five_hundred_places_are_not_named_at_once() {
    let app = TestApp::start().await;
    let id = app.commune("02071").await.id.to_string();

    let reply = ask(&app.public(), json!({ "placeIds": vec![id; 501] })).await;

    reply.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn a_board_of_a_hundred_cells_is_one_statement_like_one_of_one() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let telecom = app.telecom().await;
    let kinds = (0..100).map(|number| app.activity_kind(&format!("test_{number}")));
    let kinds = app.insert(kinds).await;
    app.insert(kinds.iter().map(|kind| app.commitment(&union).of(kind))).await;
    app.insert(kinds.iter().map(|kind| app.commitment(telecom.party()).of(kind))).await;

    let one = cost(&app, &telecom, json!({ "activityIds": [kinds[0].id.to_string()] })).await;
    let hundred = cost(&app, &telecom, json!({})).await;

    assert_eq!((one, hundred), ((1, 1), (100, 1)));
}

/// Cells, and statements besides those that say who is asking.
async fn cost(app: &TestApp, by: &Actor, filter: Value) -> (usize, usize) {
    let who = app.count_statements(by.ask("{ __typename }")).await;
    let mut cells = 0;
    let all = app.count_statements(async {
        let reply = by.gql(BOARD, json!({ "filter": filter })).await;
        cells = reply.expect_ok()["board"].as_array().unwrap().len();
    });
    let all = all.await;
    (cells, all - who)
}

fn sums(cells: &[Value]) -> (String, String) {
    match cells {
        [cell] => {
            let text = |name: &str| cell[name].as_str().unwrap().to_owned();
            (text("promised"), text("reported"))
        }
        more => panic!("one cell: {more:#?}"),
    }
}
