//! Taking entries back. What nobody has agreed to yet is taken back at once; what is confirmed or
//! settled is asked for, and no sum changes until the other side consents.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    delivery::{self, Side, State},
    id::{DeliveryId, PartyId},
    verification::{self, Act, Capacity},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};

use super::{
    super::{
        graphql::{DeliveryVersionInput, RefuseReversalsInput, ReverseDeliveriesInput},
        read, rules,
    },
    Word,
    confirm::{judge, once},
    entries::{Entries, Judge},
    event, put_all, said, say_all,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        batch::{self, Batch, How},
        ledger::Ledger,
    },
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{DoneBatch, Key, Tx, check_version},
};

pub async fn reverse_deliveries(
    app: &App,
    viewer: &Viewer,
    input: ReverseDeliveriesInput,
    key: Key,
) -> Result<DoneBatch> {
    let how = How { list: "deliveries", dry_run: input.dry_run, policy: input.error_policy };
    let rows = input.deliveries;
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    let writes = [Action::Record { gives: true }, Action::Verify { stands: true }];
    if writes.iter().all(|action| viewer.require(*action).is_err()) {
        viewer.require(writes[0])?;
    }
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;
    let mut entries = lock(&tx, viewer, &rows).await?;
    let mut seen = BTreeSet::new();
    let mut batch = Batch::judge(how, rows, |_, row| {
        let entry = entries.named(&row.id)?;
        once(&mut seen, entry)?;
        let by = reporter(&entries, viewer, entry)?;
        check_version(entry.id, entry.version, row.expected_version)?;
        let open = [State::Reported, State::Disputed, State::Confirmed, State::Settled];
        rules::stands_in(entry, &open)?;
        if entry.drawn > 0 {
            return Err(UserErrorCode::DrawnUpon.refuse().at("id").into());
        }
        Ok((entry.id, by))
    })?;

    let entered_by = viewer.party().ok_or_else(|| Error::internal("reversed by nobody"))?;
    let mut changes = Changes::default();
    for (_, (id, by)) in batch.accepted() {
        let before = entries.entry(*id)?.clone();
        if matches!(before.state, State::Reported | State::Disputed) {
            let asked = Asked { by: *by, entered_by, reason: reason.clone() };
            let row = taken_back(&tx, &before, asked);
            changes.reverse(&mut tx, &mut entries, before, row, "DELIVERY_REVERSED")?;
        } else {
            changes.request(&mut tx, viewer, &mut entries, before, *by, &reason)?;
        }
    }
    changes.save(&tx).await?;
    batch.finish(tx, |(id, _)| (*id).into()).await
}

pub async fn consent_to_reversals(
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
    let mut entries = lock(&tx, viewer, &rows).await?;
    let mut asked = asked(&tx, viewer, &entries).await?;
    let mut batch = decided(how, rows, &entries, viewer)?;

    let mut changes = Changes::default();
    for (_, (id, judge)) in batch.accepted() {
        let before = entries.entry(*id)?.clone();
        let asked = asked.remove(id);
        let asked = asked.ok_or_else(|| Error::internal("a reversal that nobody asked for"))?;
        let row = taken_back(&tx, &before, asked);
        let word = word(Act::ReversalConsented, *judge, None);
        changes.words.push(said(&tx, viewer, &before, word)?);
        changes.reverse(&mut tx, &mut entries, before, row, "REVERSAL_CONSENTED")?;
    }
    changes.save(&tx).await?;
    batch.finish(tx, |(id, _)| (*id).into()).await
}

pub async fn refuse_reversals(
    app: &App,
    viewer: &Viewer,
    input: RefuseReversalsInput,
    key: Key,
) -> Result<DoneBatch> {
    let how = How { list: "deliveries", dry_run: input.dry_run, policy: input.error_policy };
    let rows = input.deliveries;
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    viewer.require(Action::Verify { stands: true })?;
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;
    let mut entries = lock(&tx, viewer, &rows).await?;
    let mut batch = decided(how, rows, &entries, viewer)?;

    let mut changes = Changes::default();
    for (_, (id, judge)) in batch.accepted() {
        let before = entries.entry(*id)?.clone();
        let after = delivery::Model {
            reversal_requested_by_id: None,
            waiting_since: None,
            version: before.version + 1,
            ..before.clone()
        };
        let word = word(Act::ReversalRefused, *judge, Some(reason.clone()));
        changes.words.push(said(&tx, viewer, &after, word)?);
        let said = json!({ "by": judge.party.to_string(), "capacity": judge.capacity,
            "reason": reason });
        changes.change(&mut tx, &mut entries, &before, after, "REVERSAL_REFUSED", said)?;
    }
    changes.save(&tx).await?;
    batch.finish(tx, |(id, _)| (*id).into()).await
}

async fn lock(tx: &Tx, viewer: &Viewer, rows: &[DeliveryVersionInput]) -> Result<Entries> {
    let ids: Vec<DeliveryId> = rows.iter().filter_map(|row| row.id.parse().ok()).collect();
    let mut entries = Entries::lock(tx, viewer, &ids).await?;
    entries.ask_turns(tx, viewer).await?;
    Ok(entries)
}

/// Who takes an entry back: whoever reported it.
fn reporter(entries: &Entries, viewer: &Viewer, entry: &delivery::Model) -> Result<PartyId> {
    let by = entries.reporter(entry)?;
    viewer.require(match entry.side {
        Side::Giver => Action::Record { gives: by.is_some() },
        Side::Receiver => Action::Verify { stands: by.is_some() },
    })?;
    by.ok_or_else(|| UserErrorCode::Forbidden.refuse().into())
}

/// The rows of a batch that decides on reversals. The coordinator may at any time.
fn decided(
    how: How,
    rows: Vec<DeliveryVersionInput>,
    entries: &Entries,
    viewer: &Viewer,
) -> Result<Batch<(DeliveryId, Judge)>> {
    let mut seen = BTreeSet::new();
    Batch::judge(how, rows, |_, row| {
        let entry = entries.named(&row.id)?;
        once(&mut seen, entry)?;
        let by = match entries.coordinator(entry)? {
            Some(by) if !entries.is_own(entry)? => {
                viewer.require(Action::VerifyByMark)?;
                by
            }
            _ => judge(entries, viewer, entry)?,
        };
        check_version(entry.id, entry.version, row.expected_version)?;
        is_asked_for(entry)?;
        Ok((entry.id, by))
    })
}

fn is_asked_for(entry: &delivery::Model) -> Result<(), Refusal> {
    if entry.reversal_requested_by_id.is_some() {
        return Ok(());
    }
    let state = sea_orm::ActiveEnum::to_value(&entry.state);
    Err(UserErrorCode::WrongState.refuse().at("id").with("state", state).object(entry.id))
}

/// Who wants an entry taken back, and why.
struct Asked {
    by: PartyId,
    entered_by: PartyId,
    reason: String,
}

/// How each reversal was asked for, the last time that it was.
async fn asked(tx: &Tx, viewer: &Viewer, entries: &Entries) -> Result<BTreeMap<DeliveryId, Asked>> {
    let of = entries.entries.values().map(|entry| entry.id);
    let rows = read::verifications::visible_to(viewer)
        .filter(verification::Column::DeliveryId.is_in(of))
        .filter(verification::Column::Act.eq(Act::ReversalRequested))
        .order_by_asc(verification::Column::VerifiedAt)
        .order_by_asc(verification::Column::Id)
        .all(&**tx)
        .await?;
    let asked = |row: verification::Model| {
        let (by, entered_by) = (row.verified_by_id, row.entered_by_id);
        (row.delivery_id, Asked { by, entered_by, reason: row.reason.unwrap_or_default() })
    };
    Ok(rows.into_iter().map(asked).collect())
}

/// The row that takes an entry back, in the name of whoever wanted it.
fn taken_back(tx: &Tx, entry: &delivery::Model, asked: Asked) -> delivery::Model {
    delivery::Model {
        id: tx.id(),
        quantity: -entry.quantity,
        reverses_id: Some(entry.id),
        reason: Some(asked.reason),
        evidence_number: None,
        evidence_hash: None,
        evidence_url: None,
        reported_by_id: asked.by,
        entered_by_id: asked.entered_by,
        external_reference: None,
        recorded_at: tx.now(),
        state: State::Reversed,
        received: None,
        agreed: None,
        drawn: 0,
        reversal_requested_by_id: None,
        waiting_since: None,
        version: 1,
        ..entry.clone()
    }
}

fn word(act: Act, by: Judge, reason: Option<String>) -> Word {
    Word { act, figure: None, reason, capacity: by.capacity, party: by.party }
}

/// What a batch of reversals writes.
#[derive(Default)]
struct Changes {
    ledger: Ledger,
    changed: BTreeMap<DeliveryId, delivery::Model>,
    new: Vec<delivery::Model>,
    words: Vec<verification::ActiveModel>,
}

impl Changes {
    /// An entry is taken back by a row; what was handed over goes back to the carrier.
    fn reverse(
        &mut self,
        tx: &mut Tx,
        entries: &mut Entries,
        before: delivery::Model,
        row: delivery::Model,
        r#type: &'static str,
    ) -> Result<()> {
        let after = delivery::Model {
            state: State::Reversed,
            reversal_requested_by_id: None,
            waiting_since: None,
            version: before.version + 1,
            ..before.clone()
        };
        if let Some(source) =
            before.drawn_from_id.and_then(|id| entries.entries.get_mut(&id.into()))
        {
            source.drawn -= before.quantity;
            source.version += 1;
            self.changed.insert(source.id, source.clone());
        }
        let said = json!({ "reversalId": row.id.to_string(), "reason": row.reason,
            "by": row.reported_by_id.to_string() });
        self.new.push(row);
        self.change(tx, entries, &before, after, r#type, said)
    }

    /// Somebody asks to take back what was agreed to.
    fn request(
        &mut self,
        tx: &mut Tx,
        viewer: &Viewer,
        entries: &mut Entries,
        before: delivery::Model,
        by: PartyId,
        reason: &str,
    ) -> Result<()> {
        let after = delivery::Model {
            reversal_requested_by_id: Some(by),
            waiting_since: Some(viewer.today),
            version: before.version + 1,
            ..before.clone()
        };
        let capacity = match before.side {
            Side::Giver => Capacity::Giver,
            Side::Receiver => Capacity::Authority,
        };
        let asked =
            word(Act::ReversalRequested, Judge { party: by, capacity }, Some(reason.into()));
        self.words.push(said(tx, viewer, &after, asked)?);
        let said = json!({ "by": by.to_string(), "capacity": capacity, "reason": reason });
        self.change(tx, entries, &before, after, "REVERSAL_REQUESTED", said)
    }

    /// An entry changes, with what its event says beside the states.
    fn change(
        &mut self,
        tx: &mut Tx,
        entries: &mut Entries,
        before: &delivery::Model,
        after: delivery::Model,
        r#type: &'static str,
        said: Json,
    ) -> Result<()> {
        let commitment = entries.commitment_mut(after.commitment_id)?;
        self.ledger.entry(commitment, Some(before), &after)?;
        let mut data = said;
        data["before"] = state_of(before);
        data["after"] = state_of(&after);
        tx.log(event(r#type, &after, commitment, data));
        entries.entries.insert(after.id.into(), after.clone());
        self.changed.insert(after.id, after);
        Ok(())
    }

    async fn save(self, tx: &Tx) -> Result<()> {
        put_all(tx, self.changed.values()).await?;
        if !self.new.is_empty() {
            let rows = self.new.into_iter().map(IntoActiveModel::into_active_model);
            delivery::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
        }
        say_all(tx, self.words).await?;
        self.ledger.save(tx).await
    }
}

/// What a reversal changes of an entry.
fn state_of(entry: &delivery::Model) -> Json {
    let asked_by = entry.reversal_requested_by_id.map(|party| party.to_string());
    json!({ "state": entry.state, "reversalRequestedBy": asked_by })
}
