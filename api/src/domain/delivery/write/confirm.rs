//! The other side's word on what was reported: the figure is right, or one's own beside it.

use std::collections::BTreeSet;

use entity::{
    delivery::{self, State},
    id::DeliveryId,
    verification::Act,
};
use serde_json::json;

use super::{
    super::{
        graphql::{DeliveryVersionInput, DisputeDeliveryInput},
        rules,
    },
    Word,
    entries::{Entries, Judge},
    event, put_all, said, say_all,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        batch::{self, Batch, How},
        ledger::Ledger,
        line,
    },
    error::Result,
    refusal::UserErrorCode,
    text,
    tx::{Done, DoneBatch, Key, check_version},
};

pub async fn confirm_deliveries(
    app: &App,
    viewer: &Viewer,
    rows: Vec<DeliveryVersionInput>,
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    viewer.require(Action::Verify { stands: true })?;
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let ids: Vec<DeliveryId> = rows.iter().filter_map(|row| row.id.parse().ok()).collect();
    let mut entries = Entries::lock(&tx, viewer, &ids).await?;
    entries.ask_turns(&tx, viewer).await?;
    let (mut seen, mut ledger) = (BTreeSet::new(), Ledger::default());
    let mut batch = Batch::judge(how, rows, |_, row| {
        let before = entries.named(&row.id)?.clone();
        once(&mut seen, &before)?;
        let judge = judge(&entries, viewer, &before)?;
        check_version(before.id, before.version, row.expected_version)?;
        rules::stands_in(&before, &[State::Reported])?;
        let after = delivery::Model {
            state: State::Confirmed,
            waiting_since: None,
            version: before.version + 1,
            ..before.clone()
        };
        ledger.entry(entries.commitment_mut(after.commitment_id)?, Some(&before), &after)?;
        Ok((before, after, judge))
    })?;

    let (mut words, mut changed) = (Vec::new(), Vec::new());
    for (_, (before, after, judge)) in batch.accepted() {
        let word = Word {
            act: Act::Confirmed,
            figure: Some(before.quantity),
            reason: None,
            capacity: judge.capacity,
            party: judge.party,
        };
        words.push(said(&tx, viewer, after, word)?);
        let data = json!({ "by": judge.party.to_string(), "capacity": judge.capacity,
            "before": { "state": before.state }, "after": { "state": after.state } });
        let commitment = entries.commitment(after.commitment_id)?;
        tx.log(event("DELIVERY_CONFIRMED", after, commitment, data));
        changed.push(after.clone());
    }
    if !changed.is_empty() {
        put_all(&tx, &changed).await?;
        say_all(&tx, words).await?;
        ledger.save(&tx).await?;
    }
    batch.finish(tx, |(entry, ..)| entry.id.into()).await
}

pub async fn dispute_delivery(
    app: &App,
    viewer: &Viewer,
    input: DisputeDeliveryInput,
    key: Key,
) -> Result<Done<DeliveryId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let ids: Vec<DeliveryId> = input.id.parse().into_iter().collect();
    let mut entries = Entries::lock(&tx, viewer, &ids).await?;
    entries.ask_turns(&tx, viewer).await?;
    let before = entries.named(&input.id)?.clone();
    let judge = judge(&entries, viewer, &before)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[State::Reported])?;
    let figure = input.figure.to_raw(before.precision).map_err(|refusal| refusal.at("figure"))?;
    rules::disputes(&before, figure)?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let after = delivery::Model {
        state: State::Disputed,
        received: Some(figure),
        waiting_since: Some(viewer.today),
        version: before.version + 1,
        ..before.clone()
    };
    let word = Word {
        act: Act::Disputed,
        figure: Some(figure),
        reason: Some(reason),
        capacity: judge.capacity,
        party: judge.party,
    };
    let word = said(&tx, viewer, &after, word)?;
    let commitment = entries.commitment_mut(after.commitment_id)?;
    let mut ledger = Ledger::default();
    ledger.entry(commitment, Some(&before), &after)?;
    let data = json!({ "by": judge.party.to_string(), "capacity": judge.capacity,
        "before": { "state": before.state },
        "after": { "state": after.state, "received": figure } });
    tx.log(event("DELIVERY_DISPUTED", &after, commitment, data));
    put_all(&tx, [&after]).await?;
    say_all(&tx, vec![word]).await?;
    ledger.save(&tx).await?;
    tx.done(after.id).await
}

/// Who the viewer is as the other side: refused to who is none, whose own matter it is, and whose
/// turn it is not yet.
pub fn judge(entries: &Entries, viewer: &Viewer, entry: &delivery::Model) -> Result<Judge> {
    let judge = entries.judge(entry)?;
    let is_own = entries.is_own(entry)?;
    // Whoever stands on the entry's own side is told so, rather than that they may not.
    viewer.require(Action::Verify { stands: judge.is_some() || is_own })?;
    if is_own {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    let forbidden = || UserErrorCode::Forbidden.refuse();
    let judge = judge.ok_or_else(forbidden)?;
    if line::is_by_mark(judge.capacity) {
        viewer.require(Action::VerifyByMark)?;
    }
    if entries.is_turn(entry, judge) {
        return Ok(judge);
    }
    Err(forbidden().because(line::NOT_YET).into())
}

/// A row of a batch names an entry once.
pub fn once(seen: &mut BTreeSet<DeliveryId>, entry: &delivery::Model) -> Result<()> {
    if seen.insert(entry.id) {
        return Ok(());
    }
    Err(UserErrorCode::AlreadyRecorded.refuse().at("id").with("what", entry.id).into())
}
