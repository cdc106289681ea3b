//! Nobody judges its own matter, in whatever form it comes.

use entity::{delivery, mandate::Act, party::Kind};
use tests::Actor;

use super::{Ground, batch, figure, of, one};

/// Is refused as its own matter, and leaves the entry as it was.
async fn is_own(g: &Ground, actor: &Actor, entry: &delivery::Model, why: &str) {
    let confirmed = batch(actor, "confirmDeliveries", of(&g.app, &[entry])).await;
    let disputed = one(actor, "disputeDelivery", figure(&g.app, entry, "3")).await;
    for reply in [confirmed, disputed] {
        let codes: Vec<_> =
            reply.refusals().iter().map(|refusal| refusal["code"].clone()).collect();
        assert_eq!(codes, ["OWN_MATTER"], "{why}: {}", reply.text);
    }
    assert_eq!(g.app.reload(entry).await, *entry, "{why}");
}

#[tokio::test]
async fn everybody_on_the_giving_side_of_an_arrival() {
    let g = Ground::new().await;
    let app = &g.app;
    let (joint, carrier) = (app.bank().await, app.union().await);
    let promise = app.commitment(g.giver.party()).to(&g.commune).joint(joint.party());
    let promise = promise.carrier(carrier.party()).await;
    let entry = app.delivery(&promise).await;

    for (actor, why) in [(&g.giver, "lead"), (&joint, "joint giver"), (&carrier, "carrier")] {
        is_own(&g, actor, &entry, why).await;
    }
}

#[tokio::test]
async fn everybody_on_the_giving_side_of_what_goes_to_a_carrier_but_the_carrier() {
    let g = Ground::new().await;
    let app = &g.app;
    let (coordinator, carrier) = (app.coordinator().await, app.union().await);
    let promise = app.commitment(g.giver.party()).to(&g.commune).joint(coordinator.party());
    let promise = promise.carrier(carrier.party()).await;
    let held = app.delivery(&promise).to_carrier(carrier.party()).await;
    let by_carrier = app.delivery(&promise).to_carrier(carrier.party()).by(carrier.party()).await;
    app.clock.set_date("2027-03-01");

    is_own(&g, &g.giver, &held, "lead").await;
    is_own(&g, &coordinator, &held, "joint giver that coordinates too").await;
    is_own(&g, &carrier, &by_carrier, "carrier that reported it").await;
    is_own(&g, &coordinator, &by_carrier, "joint giver that coordinates too").await;
    batch(&carrier, "confirmDeliveries", of(app, &[&held])).await.expect_ok();
}

#[tokio::test]
async fn a_commune_that_gives_to_itself() {
    let g = Ground::new().await;
    let app = &g.app;
    let promise = app.commitment(g.officer.party()).to(&g.commune).await;
    let entry = app.delivery(&promise).await;
    let joint = app.commitment(g.giver.party()).to(&g.commune).joint(g.officer.party()).await;
    let together = app.delivery(&joint).await;

    is_own(&g, &g.officer, &entry, "it gives to itself").await;
    is_own(&g, &g.officer, &together, "it gives to itself with others").await;
}

#[tokio::test]
async fn what_a_predecessor_reported() {
    let g = Ground::new().await;
    let app = &g.app;
    let old = app.party_by_code("UBND-02017-2023").await;
    let promise = app.commitment(&old).to(&g.commune).await;
    let entry = app.delivery(&promise).await;
    let entered = app.delivery(&g.commitment).with(|row| row.entered_by_id = old.id).await;

    is_own(&g, &g.officer, &entry, "its predecessor gave it").await;
    is_own(&g, &g.officer, &entered, "its predecessor entered it").await;
}

#[tokio::test]
async fn what_a_head_office_or_a_branch_reported() {
    let g = Ground::new().await;
    let app = &g.app;
    let head = app.party(Kind::TelecomCompany).await;
    let branch = app.party(Kind::TelecomCompany).branch_of(&head).await;
    let (at_head, at_branch) = (app.member_of(&head).await, app.member_of(&branch).await);
    let receiver = g.officer.party();
    for agent in [&head, &branch] {
        app.mandate(receiver, agent).acts([Act::Verify]).await;
    }
    let by_branch = app.delivery(&app.commitment(&branch).to(&g.commune).await).await;
    let by_head = app.delivery(&app.commitment(&head).to(&g.commune).await).await;
    let others = app.delivery(&g.commitment).await;

    is_own(&g, &at_head, &by_branch, "its branch gave it").await;
    is_own(&g, &at_branch, &by_head, "its head office gave it").await;
    batch(&at_head, "confirmDeliveries", of(app, &[&others])).await.expect_ok();
}

#[tokio::test]
async fn what_an_agent_entered_or_its_principal_gave() {
    let g = Ground::new().await;
    let app = &g.app;
    let agent = app.union().await;
    app.mandate(g.giver.party(), agent.party()).acts([Act::Record]).await;
    app.mandate(g.officer.party(), agent.party()).acts([Act::Verify]).await;
    let own = app.delivery(&g.commitment).await;
    let promise = app.commitment(app.telecom().await.party()).to(&g.commune).await;
    let entered = app.delivery(&promise);
    let entered = entered.with(|row| row.entered_by_id = agent.party().id).await;
    let receipt = app.delivery(&g.commitment).receipt(g.officer.party());
    let receipt = receipt.with(|row| row.entered_by_id = agent.party().id).await;

    is_own(&g, &agent, &own, "it records for the giver").await;
    is_own(&g, &agent, &entered, "it entered it").await;
    is_own(&g, &agent, &receipt, "it entered the receipt that it would confirm").await;
    batch(&g.officer, "confirmDeliveries", of(app, &[&own, &entered])).await.expect_ok();
}

#[tokio::test]
async fn what_the_department_or_the_coordinator_gave() {
    let g = Ground::new().await;
    let app = &g.app;
    let department = app.assigned_department("02014").await;
    let coordinator = app.coordinator().await;
    let by_department =
        app.delivery(&app.commitment(department.party()).to(&g.commune).await).await;
    let of_coordinator = app.commitment(coordinator.party()).to(&g.commune).await;
    let by_coordinator = app.delivery(&of_coordinator).await;
    app.clock.set_date("2027-03-01");

    is_own(&g, &department, &by_department, "the department gave it").await;
    is_own(&g, &coordinator, &by_coordinator, "the coordinator gave it").await;
    batch(&coordinator, "confirmDeliveries", of(app, &[&by_department])).await.expect_ok();
}
