//! Reversing: what nobody agreed to yet is taken back at once, the rest is asked for.

use entity::{
    delivery::{self, State},
    mandate::Act,
    member::Role,
    party::Kind,
    verification,
};
use serde_json::json;

use super::{Ground, batch, because, entries, events, last_event, progress, said, with};

const REVERSE: &str = "reverseDeliveries";

#[tokio::test]
async fn what_nobody_agreed_to_is_taken_back_by_a_row_of_its_own() {
    let g = Ground::new().await;
    let app = &g.app;
    let reporter = app.member_of(g.giver.party()).with_role(Role::Reporter).await;
    let reported = g.reported().await;
    let disputed = app.delivery(&g.commitment).disputed(7).await;
    app.delivery(&g.commitment).confirmed().await;

    let reply = batch(&reporter, REVERSE, because(app, &[&reported, &disputed])).await;

    reply.expect_ok();
    for entry in [&reported, &disputed] {
        let expected = delivery::Model {
            state: State::Reversed,
            waiting_since: None,
            version: 2,
            ..entry.clone()
        };
        assert_eq!(app.reload(entry).await, expected);
        let rows = entries(app).await;
        let back = rows.iter().find(|row| row.reverses_id == Some(entry.id)).unwrap();
        assert_eq!((back.quantity, back.state), (-10, State::Reversed));
        assert_eq!((back.commune_id, back.delivered_on), (entry.commune_id, entry.delivered_on));
        assert_eq!(back.reason.as_deref(), Some("Nhập nhầm"));
        let giver = g.giver.party().id;
        assert_eq!((back.reported_by_id, back.entered_by_id), (giver, giver));
    }
    assert_eq!(progress(app, &g.commitment).await, [10, 10, 0, 0, 0]);
    assert_eq!(events(app, "DELIVERY_REVERSED").await, 2);
    let (_, data) = last_event(app).await;
    let back = entries(app).await.into_iter().find(|row| row.reverses_id == Some(disputed.id));
    let told = json!({ "by": g.giver.party().id.to_string(), "reason": "Nhập nhầm", "version": 2,
        "reversalId": back.unwrap().id.to_string(),
        "before": { "state": "DISPUTED", "reversalRequestedBy": null },
        "after": { "state": "REVERSED", "reversalRequestedBy": null } });
    assert_eq!(data, told);
}

#[tokio::test]
async fn what_was_agreed_to_is_asked_for_and_no_sum_changes() {
    let g = Ground::new().await;
    let app = &g.app;
    let confirmed = app.delivery(&g.commitment).confirmed().await;
    let settled = app.delivery(&g.commitment).settled(7).await;
    let before = progress(app, &g.commitment).await;
    app.clock.advance_days(2);

    let reply = batch(&g.giver, REVERSE, because(app, &[&confirmed, &settled])).await;

    let shown = &reply.expect_ok()["reverseDeliveries"]["deliveries"];
    let code = &g.giver.party().code;
    assert_eq!(shown[0]["reversalRequestedBy"]["code"], json!(code));
    assert_eq!((&shown[0]["state"], &shown[1]["state"]), (&json!("CONFIRMED"), &json!("SETTLED")));
    assert_eq!(shown[0]["waitingSince"], "2026-11-25");
    assert_eq!(progress(app, &g.commitment).await, before);
    assert_eq!(app.reload(&g.commitment).await.open_entries, 2);
    assert_eq!(entries(app).await.len(), 2);
    let word = &said(app, &confirmed).await[0];
    assert_eq!((word.act, word.figure), (verification::Act::ReversalRequested, None));
    assert_eq!(word.reason.as_deref(), Some("Nhập nhầm"));
    assert_eq!(events(app, "REVERSAL_REQUESTED").await, 2);
    let (_, data) = last_event(app).await;
    assert_eq!(data["after"]["reversalRequestedBy"], g.giver.party().id.to_string());
}

#[tokio::test]
async fn only_who_reported_takes_back() {
    let g = Ground::new().await;
    let app = &g.app;
    let joint = app.bank().await;
    let promise = app.commitment(g.giver.party()).to(&g.commune).joint(joint.party()).await;
    let entry = app.delivery(&promise).await;
    let receipt = app.delivery(&promise).receipt(g.officer.party()).await;
    let agent = app.union().await;
    app.mandate(g.giver.party(), agent.party()).acts([Act::Verify]).await;

    for (actor, entry, code) in [
        (&app.telecom().await, &entry, "NOT_FOUND"),
        (&joint, &entry, "FORBIDDEN"),
        (&g.officer, &entry, "FORBIDDEN"),
        (&app.coordinator().await, &entry, "FORBIDDEN"),
        (&agent, &entry, "FORBIDDEN"),
        (&app.member_of(g.giver.party()).with_role(Role::Viewer).await, &entry, "FORBIDDEN"),
        (&g.giver, &receipt, "FORBIDDEN"),
    ] {
        batch(actor, REVERSE, because(app, &[entry])).await.expect_refusal(code);
    }
    assert_eq!((app.reload(&entry).await, app.reload(&receipt).await), (entry, receipt.clone()));
    batch(&g.officer, REVERSE, because(app, &[&receipt])).await.expect_ok();
}

#[tokio::test]
async fn a_successor_and_an_agent_take_back_what_they_answer_for() {
    let g = Ground::new().await;
    let app = &g.app;
    let old = app.party(Kind::TelecomCompany).valid("2025-07-01", Some("2026-06-01")).await;
    let heir = app.telecom().await;
    app.party_succession(&old, heir.party(), "2026-06-01").await;
    let promise = app.commitment(&old).to(&g.commune).await;
    let (one, two) = (app.delivery(&promise).await, app.delivery(&promise).await);
    let agent = app.union().await;
    app.mandate(heir.party(), agent.party()).await;

    batch(&heir, REVERSE, because(app, &[&one])).await.expect_ok();
    batch(&agent, REVERSE, because(app, &[&two])).await.expect_ok();

    let rows = entries(app).await;
    let back = |of: &delivery::Model| {
        let row = rows.iter().find(|row| row.reverses_id == Some(of.id)).unwrap();
        (row.reported_by_id, row.entered_by_id)
    };
    assert_eq!(back(&one), (heir.party().id, heir.party().id));
    assert_eq!(back(&two).1, agent.party().id);
    assert_eq!(progress(app, &promise).await, [0; 5]);
}

#[tokio::test]
async fn what_was_taken_back_is_gone_for_good() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = g.reported().await;
    let input = because(app, &[&entry]);
    batch(&g.giver, REVERSE, input.clone()).await.expect_ok();
    let (gone, back) = (app.reload(&entry).await, entries(app).await[1].clone());

    let again = batch(&g.giver, REVERSE, input).await;
    let stale = batch(&g.giver, REVERSE, because(app, &[&entry])).await;

    assert_eq!(again.expect_ok()["reverseDeliveries"]["replayed"], true);
    stale.expect_refusal("STALE_VERSION");
    assert_eq!(stale.at("/reverseDeliveries/deliveries/0/state"), "REVERSED");
    for row in [&gone, &back] {
        batch(&g.giver, REVERSE, because(app, &[row])).await.expect_refusal("WRONG_STATE");
        let confirm = super::of(app, &[row]);
        batch(&g.officer, "confirmDeliveries", confirm).await.expect_refusal("WRONG_STATE");
    }
    assert_eq!(entries(app).await.len(), 2);
    assert_eq!(progress(app, &g.commitment).await, [0; 5]);
}

#[tokio::test]
async fn a_reversal_gives_its_reason() {
    let g = Ground::new().await;
    let entry = g.reported().await;

    for (reason, code) in [(" ", "BLANK"), ("Gọi 0912345678", "PERSONAL_DATA")] {
        let input = with(because(&g.app, &[&entry]), "reason", reason);
        batch(&g.giver, REVERSE, input).await.expect_refusal_at(code, "reason");
    }

    assert_eq!(g.app.reload(&entry).await, entry);
}

#[tokio::test]
async fn what_is_asked_for_is_asked_once() {
    let g = Ground::new().await;
    let app = &g.app;
    let entry = app.delivery(&g.commitment).confirmed().await;
    batch(&g.giver, REVERSE, because(app, &[&entry])).await.expect_ok();

    let again = batch(&g.giver, REVERSE, because(app, &[&app.reload(&entry).await])).await;

    let refusal = again.expect_refusal("WRONG_STATE");
    assert_eq!(refusal["params"][0]["value"], "REVERSAL_REQUESTED");
    assert_eq!(said(app, &entry).await.len(), 1);
}
