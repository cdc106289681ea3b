//! Recording entries: what the rows of a batch refer to is read and locked at once, each row is
//! judged by itself, and all that are accepted are written at once.

use entity::{
    delivery,
    id::{CommitmentId, DeliveryId},
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{
    super::graphql::{RecordDeliveryInput, RecordReceiptInput},
    event, put_all, silent,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::batch::{self, Batch, How},
    error::{Error, Result},
    graphql::payload::ErrorPolicy,
    tx::{Done, DoneBatch, Key, Tx},
};

mod judge;
mod known;
mod sent;

use known::Known;
use sent::Sent;

pub async fn record_deliveries(
    app: &App,
    viewer: &Viewer,
    rows: Vec<RecordDeliveryInput>,
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    let rows: Vec<Sent> = rows.into_iter().map(Sent::by_giver).collect();
    record(app, viewer, &rows, how, &key, Action::Record { gives: true }).await
}

pub async fn record_receipt(
    app: &App,
    viewer: &Viewer,
    input: RecordReceiptInput,
    key: Key,
) -> Result<Done<DeliveryId>> {
    let how = How { list: "receipt", dry_run: false, policy: ErrorPolicy::RejectAll };
    let rows = [Sent::by_receiver(input)];
    let done = record(app, viewer, &rows, how, &key, Action::Verify { stands: true }).await?;
    match done.rows.into_iter().next() {
        Some(Ok(id)) => Ok(Done { id: id.into(), replayed: done.replayed, secret: None }),
        Some(Err(refusal)) => Err(refusal.out_of_row().into()),
        None => Err(Error::internal("a receipt without its row")),
    }
}

/// Records rows. Their references are trusted to be new, which the database knows in any case; it is
/// asked which ones are not where one is taken, or where rows are refused and all is to be told.
async fn record(
    app: &App,
    viewer: &Viewer,
    rows: &[Sent],
    how: How,
    key: &Key,
    action: Action,
) -> Result<DoneBatch> {
    let refers = rows.iter().any(|row| row.reference.is_some());
    let attempt = |look| record_once(app, viewer, rows, how, key.clone(), action, look);
    if !refers || how.dry_run {
        return attempt(refers).await;
    }
    match attempt(false).await {
        Err(cause) if cause.is_duplicate() => attempt(true).await,
        Ok(done) if done.is_refused() => attempt(true).await,
        done => done,
    }
}

/// Records rows, after a look whether their references are taken.
async fn record_once(
    app: &App,
    viewer: &Viewer,
    rows: &[Sent],
    how: How,
    key: Key,
    action: Action,
    look: bool,
) -> Result<DoneBatch> {
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    viewer.require(action)?;
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let mut known = Known::read(&tx, viewer, rows, how).await?;
    if look {
        known.look_up_references(&tx, viewer, rows).await?;
    }
    let mut batch = Batch::judge(how, rows, |at, row| known.judge(&tx, viewer, at, row))?;
    let accepted: Vec<_> = batch.accepted().into_iter().map(|(_, entry)| entry.clone()).collect();
    if !accepted.is_empty() {
        write(&mut tx, known, accepted).await?;
    }
    batch.finish(tx, |entry| entry.id.into()).await
}

async fn write(tx: &mut Tx, known: Known, entries: Vec<delivery::Model>) -> Result<()> {
    let commitment = |id: CommitmentId| {
        let found = known.commitments.get(&id.into());
        found.ok_or_else(|| Error::internal("an entry of no commitment"))
    };
    let new = known.new.iter().map(|id| commitment(*id).cloned()).collect::<Result<_>>()?;
    silent::insert(tx, new).await?;
    for entry in &entries {
        let data = json!({ "after": { "commitmentId": entry.commitment_id.to_string(),
            "quantity": entry.quantity, "deliveredOn": entry.delivered_on, "side": entry.side,
            "stage": entry.stage, "reason": entry.reason,
            "drawnFromId": entry.drawn_from_id.map(|id| id.to_string()),
            "reportedBy": entry.reported_by_id.to_string() } });
        tx.log(event("DELIVERY_RECORDED", entry, commitment(entry.commitment_id)?, data));
    }
    let rows = entries.into_iter().map(IntoActiveModel::into_active_model);
    delivery::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    let drawn = known.drawn.iter().filter_map(|id| known.sources.get(id));
    put_all(tx, drawn).await?;
    known.ledger.save(tx).await
}
