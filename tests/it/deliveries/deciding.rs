//! Deciding on reversals that were asked for: consent takes the entry back, refusal keeps it.

use entity::{
    delivery::{self, State},
    mandate::Act as Lent,
    member::Role,
    verification::{Act, Capacity},
};
use serde_json::json;

use super::{Ground, batch, because, entries, events, last_event, of, progress, said};

const CONSENT: &str = "consentToReversals";
const REFUSE: &str = "refuseReversals";

/// A confirmed entry that its reporter wants taken back, as an agent entered the wish.
async fn asked(g: &Ground) -> delivery::Model {
    let app = &g.app;
    let entry = app.delivery(&g.commitment).confirmed().await;
    batch(&g.giver, "reverseDeliveries", because(app, &[&entry])).await.expect_ok();
    app.reload(&entry).await
}

#[tokio::test]
async fn the_receiver_consents_and_the_entry_is_taken_back_in_the_reporters_name() {
    let g = Ground::new().await;
    let app = &g.app;
    let agent = app.union().await;
    app.mandate(g.giver.party(), agent.party()).acts([Lent::Record]).await;
    let entry = app.delivery(&g.commitment).settled(7).await;
    batch(&agent, "reverseDeliveries", because(app, &[&entry])).await.expect_ok();
    let reporter = app.member_of(g.officer.party()).with_role(Role::Reporter).await;

    batch(&reporter, CONSENT, of(app, &[&app.reload(&entry).await])).await.expect_ok();

    let now = app.reload(&entry).await;
    assert_eq!((now.state, now.reversal_requested_by_id), (State::Reversed, None));
    assert_eq!((now.waiting_since, now.version), (None, 3));
    let rows = entries(app).await;
    let back = rows.iter().find(|row| row.reverses_id == Some(entry.id)).unwrap();
    let names = (back.reported_by_id, back.entered_by_id);
    assert_eq!(names, (g.giver.party().id, agent.party().id));
    assert_eq!((back.quantity, back.reason.as_deref()), (-10, Some("Nhập nhầm")));
    let word = &said(app, &entry).await[1];
    assert_eq!((word.act, word.capacity), (Act::ReversalConsented, Capacity::Authority));
    assert_eq!(word.verified_by_id, g.officer.party().id);
    assert_eq!(progress(app, &g.commitment).await, [0; 5]);
    assert_eq!(last_event(app).await.0.r#type, "REVERSAL_CONSENTED");
}

#[tokio::test]
async fn a_refusal_keeps_the_entry_and_says_why() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = asked(&g).await;

    let reply = batch(&g.officer, REFUSE, because(app, &[&entry])).await;

    let shown = &reply.expect_ok()["refuseReversals"]["deliveries"][0];
    assert_eq!(
        (&shown["state"], &shown["reversalRequestedBy"]),
        (&json!("CONFIRMED"), &json!(null))
    );
    let word = &said(app, &entry).await[1];
    assert_eq!((word.act, word.reason.as_deref()), (Act::ReversalRefused, Some("Nhập nhầm")));
    assert_eq!(progress(app, &g.commitment).await, [10, 10, 0, 0, 0]);
    assert_eq!(entries(app).await.len(), 1);
    let (event, data) = last_event(app).await;
    let told = json!({ "by": g.officer.party().id.to_string(), "capacity": "AUTHORITY",
        "reason": "Nhập nhầm", "version": 3,
        "before": { "state": "CONFIRMED",
            "reversalRequestedBy": g.giver.party().id.to_string() },
        "after": { "state": "CONFIRMED", "reversalRequestedBy": null } });
    assert_eq!((&*event.r#type, data), ("REVERSAL_REFUSED", told));
    let again = because(app, &[&app.reload(&entry).await]);
    batch(&g.giver, "reverseDeliveries", again).await.expect_ok();
    let entry = app.reload(&entry).await;
    batch(&g.officer, CONSENT, of(app, &[&entry])).await.expect_ok();
    assert_eq!(progress(app, &g.commitment).await, [0; 5]);
}

#[tokio::test]
async fn the_coordinator_decides_at_once_though_it_helps_the_commune_too() {
    let g = Ground::new().await;
    let app = &g.app;
    let coordinator = app.coordinator().await;
    app.assignment(coordinator.party(), &g.commune).await;
    let (one, two) = (asked(&g).await, asked(&g).await);

    batch(&coordinator, CONSENT, of(app, &[&one])).await.expect_ok();
    batch(&coordinator, REFUSE, because(app, &[&two])).await.expect_ok();

    assert_eq!(said(app, &one).await[1].capacity, Capacity::Coordinator);
    assert_eq!(progress(app, &g.commitment).await, [10, 10, 0, 0, 0]);
}

#[tokio::test]
async fn nobody_decides_on_its_own_wish_or_before_its_turn() {
    let g = Ground::new().await;
    let app = &g.app;
    let coordinator = app.coordinator().await;
    let entry = asked(&g).await;
    let promise = app.commitment(coordinator.party()).to(&g.commune).await;
    let own = app.delivery(&promise).confirmed().await;
    batch(&coordinator, "reverseDeliveries", because(app, &[&own])).await.expect_ok();
    let own = app.reload(&own).await;

    for (actor, entry, code) in [
        (&g.giver, &entry, "OWN_MATTER"),
        (&coordinator, &own, "OWN_MATTER"),
        (&app.telecom().await, &entry, "NOT_FOUND"),
        (&app.commune_officer("02071").await, &entry, "NOT_FOUND"),
        (&app.assigned_department("02014").await, &entry, "FORBIDDEN"),
        (&app.leadership().await, &entry, "FORBIDDEN"),
        (&app.member_of(g.officer.party()).with_role(Role::Viewer).await, &entry, "FORBIDDEN"),
    ] {
        batch(actor, CONSENT, of(app, &[entry])).await.expect_refusal(code);
        batch(actor, REFUSE, because(app, &[entry])).await.expect_refusal(code);
    }
    assert_eq!((app.reload(&entry).await, app.reload(&own).await), (entry, own));
}

#[tokio::test]
async fn the_giver_decides_on_receipts() {
    let g = Ground::new().await;
    let app = &g.app;
    let receipt = app.delivery(&g.commitment).receipt(g.officer.party()).confirmed().await;
    batch(&g.officer, "reverseDeliveries", because(app, &[&receipt])).await.expect_ok();
    let receipt = app.reload(&receipt).await;

    batch(&g.officer, CONSENT, of(app, &[&receipt])).await.expect_refusal("OWN_MATTER");
    batch(&g.giver, CONSENT, of(app, &[&receipt])).await.expect_ok();

    assert_eq!(said(app, &receipt).await[1].capacity, Capacity::Giver);
    assert_eq!(progress(app, &g.commitment).await, [0; 5]);
}

#[tokio::test]
async fn what_nobody_asked_for_is_not_decided_on() {
    let g = Ground::new().await;
    let app = &g.app;
    let (reported, confirmed) = (g.reported().await, app.delivery(&g.commitment).confirmed().await);
    let entry = asked(&g).await;
    let input = of(app, &[&entry]);
    batch(&g.officer, CONSENT, input.clone()).await.expect_ok();

    for row in [&reported, &confirmed] {
        batch(&g.officer, CONSENT, of(app, &[row])).await.expect_refusal("WRONG_STATE");
        batch(&g.officer, REFUSE, because(app, &[row])).await.expect_refusal("WRONG_STATE");
    }
    let again = batch(&g.officer, CONSENT, input).await;
    let stale = batch(&g.officer, REFUSE, because(app, &[&entry])).await;
    let late = batch(&g.officer, CONSENT, of(app, &[&app.reload(&entry).await])).await;

    assert_eq!(again.expect_ok()["consentToReversals"]["replayed"], true);
    stale.expect_refusal("STALE_VERSION");
    late.expect_refusal("WRONG_STATE");
    assert_eq!(events(app, "REVERSAL_CONSENTED").await, 1);
    assert_eq!(progress(app, &g.commitment).await, [20, 10, 10, 0, 0]);
}
