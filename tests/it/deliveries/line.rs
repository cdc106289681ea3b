//! Next in line: who speaks when those before them are silent for fifteen working days, are not
//! there, or would judge their own matter.

use entity::{delivery, mandate::Act, party::Kind, verification::Capacity};
use tests::{Actor, TestApp};

use super::{Ground, batch, figure, of, one, said};

/// May not act the day before, and may on this day.
async fn has_its_turn(app: &TestApp, actor: &Actor, entry: &delivery::Model, days: [&str; 2]) {
    app.clock.set_date(days[0]);
    let early = batch(actor, "confirmDeliveries", of(app, &[entry])).await;
    early.expect_refusal("FORBIDDEN");
    one(actor, "disputeDelivery", figure(app, entry, "3")).await.expect_refusal("FORBIDDEN");
    app.clock.set_date(days[1]);
    batch(actor, "confirmDeliveries", of(app, &[entry])).await.expect_ok();
}

/// Silence counts from the first day of the tests, a Monday.
const FIRST: [&str; 2] = ["2026-12-13", "2026-12-14"];
const SECOND: [&str; 2] = ["2027-01-03", "2027-01-04"];
const THIRD: [&str; 2] = ["2027-01-24", "2027-01-25"];

#[tokio::test]
async fn commune_department_coordinator_leadership() {
    let g = Ground::new().await;
    let app = &g.app;
    let department = app.assigned_department("02014").await;
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let waiting = [g.reported().await, g.reported().await, g.reported().await];
    let others = [Capacity::Assigned, Capacity::Coordinator, Capacity::Leadership];

    for ((entry, actor), days) in
        waiting.iter().zip([&department, &coordinator, &leadership]).zip([FIRST, SECOND, THIRD])
    {
        has_its_turn(app, actor, entry, days).await;
    }

    for (entry, capacity) in waiting.iter().zip(others) {
        assert_eq!(said(app, entry).await[0].capacity, capacity);
    }
    let last = g.reported().await;
    batch(&g.officer, "confirmDeliveries", of(app, &[&last])).await.expect_ok();
}

#[tokio::test]
async fn where_nobody_helps_the_commune_the_coordinator_is_next() {
    let g = Ground::new().await;
    let (one, two) = (g.reported().await, g.reported().await);

    has_its_turn(&g.app, &g.app.coordinator().await, &one, FIRST).await;
    has_its_turn(&g.app, &g.app.leadership().await, &two, SECOND).await;
}

#[tokio::test]
async fn whoever_would_judge_its_own_matter_is_passed_over() {
    let g = Ground::new().await;
    let app = &g.app;
    let department = app.assigned_department("02014").await;
    let entry = app.delivery(&app.commitment(g.officer.party()).to(&g.commune).await).await;
    let promise = app.commitment(department.party()).to(&g.commune).joint(g.officer.party()).await;
    let both = app.delivery(&promise).await;

    batch(&department, "confirmDeliveries", of(app, &[&entry])).await.expect_ok();
    batch(&app.coordinator().await, "confirmDeliveries", of(app, &[&both])).await.expect_ok();
}

#[tokio::test]
async fn a_district_is_next_as_long_as_there_are_districts() {
    let app = TestApp::start().await;
    app.clock.set_date("2025-03-03");
    let telecom = app.party(Kind::TelecomCompany).valid("2023-01-01", None).await;
    let old = app.place_on("02017", "2025-03-03").await;
    let district = app.member_of(&app.party_by_code("UBND-063-2023").await).await;
    let promise = app.commitment(&telecom).to(&old).await;
    let entry = app.delivery(&promise).at(&old).await;

    has_its_turn(&app, &district, &entry, ["2025-03-23", "2025-03-24"]).await;

    assert_eq!(said(&app, &entry).await[0].capacity, Capacity::District);
}

#[tokio::test]
async fn an_agent_of_the_department_speaks_for_it() {
    let g = Ground::new().await;
    let app = &g.app;
    let department = app.assigned_department("02014").await;
    let agent = app.union().await;
    app.mandate(department.party(), agent.party()).acts([Act::Verify]).await;
    let entry = g.reported().await;

    has_its_turn(app, &agent, &entry, FIRST).await;

    let word = &said(app, &entry).await[0];
    let names = (word.verified_by_id, word.entered_by_id);
    assert_eq!(names, (department.party().id, agent.party().id));
}

#[tokio::test]
async fn of_receipts_the_coordinator_is_next_and_of_goods_in_a_carriers_hands() {
    let g = Ground::new().await;
    let app = &g.app;
    let carrier = app.union().await;
    let fund = app.commitment(g.giver.party()).to(&g.commune).carrier(carrier.party()).await;
    let (department, coordinator) =
        (app.assigned_department("02014").await, app.coordinator().await);
    let build = || app.delivery(&g.commitment).receipt(g.officer.party());
    let (receipt, other) = (build().await, build().await);
    let held = || app.delivery(&fund).to_carrier(carrier.party());
    let (held, late) = (held().await, held().await);

    has_its_turn(app, &coordinator, &receipt, FIRST).await;
    let forbidden = batch(&department, "confirmDeliveries", of(app, &[&other])).await;
    forbidden.expect_refusal("FORBIDDEN");
    app.clock.set_date(FIRST[1]);
    batch(&coordinator, "confirmDeliveries", of(app, &[&held])).await.expect_ok();
    let leadership = app.leadership().await;
    has_its_turn(app, &leadership, &other, SECOND).await;
    app.clock.set_date(SECOND[0]);
    let early = batch(&leadership, "confirmDeliveries", of(app, &[&late])).await;
    early.expect_refusal("FORBIDDEN");
    app.clock.set_date(SECOND[1]);
    batch(&leadership, "confirmDeliveries", of(app, &[&late])).await.expect_ok();
}
