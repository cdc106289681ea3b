//! Proposing: what the rows of a batch refer to is read at once, each row is judged by itself, and
//! all that are accepted are written at once.

use std::collections::BTreeSet;

use entity::{
    activity_kind,
    commitment::{self, Parties, Schedule, Status},
    commitment_document,
    id::{CommitmentId, DocumentId},
    party, place,
};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{super::graphql::ProposeCommitmentInput, event, participants, promise_data, rules};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        batch::{self, Batch, How},
        ledger::Ledger,
    },
    error::{Error, Result},
    tx::{CHUNK, DoneBatch, Draft, Key, Tx},
};

mod judge;
mod known;

pub use judge::{dues, exists_today, found, not_found, promises};
use known::Known;

pub async fn propose_commitments(
    app: &App,
    viewer: &Viewer,
    rows: Vec<ProposeCommitmentInput>,
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    match propose_once(app, viewer, &rows, how, key.clone()).await {
        // Somebody else used one of the references in between, which a second look finds.
        Err(cause) if cause.is_duplicate() => propose_once(app, viewer, &rows, how, key).await,
        done => done,
    }
}

async fn propose_once(
    app: &App,
    viewer: &Viewer,
    rows: &[ProposeCommitmentInput],
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    viewer.require(Action::Propose)?;
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let mut known = Known::read(&tx, viewer, rows, how).await?;
    let mut batch = Batch::judge(how, rows, |at, row| known.judge(&tx, viewer, at, row))?;
    write(&mut tx, batch.accepted()).await?;
    batch.finish(tx, |new| new.row.id.into()).await
}

/// A commitment that is about to be written.
struct New {
    row: commitment::Model,
    documents: BTreeSet<DocumentId>,
}

async fn write(tx: &mut Tx, rows: Vec<(usize, &mut New)>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sets = rows.iter().map(|(_, new)| rules::participants(&new.row).into_iter().collect());
    participants::ensure(tx, &sets.collect()).await?;
    let mut ledger = Ledger::default();
    let mut based = Vec::new();
    for (_, new) in &rows {
        ledger.promise(None, &new.row);
        tx.log(proposed(&new.row));
        based.extend(new.documents.iter().map(|document| commitment_document::ActiveModel {
            commitment_id: Set(new.row.id),
            document_id: Set(*document),
        }));
    }
    let rows: Vec<_> = rows.iter().map(|(_, new)| new.row.clone().into_active_model()).collect();
    commitment::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    for based in based.chunks(CHUNK) {
        commitment_document::Entity::insert_many(based.to_vec())
            .exec_without_returning(&**tx)
            .await?;
    }
    ledger.save(tx).await
}

/// What stands in the log of a new commitment.
pub fn proposed(row: &commitment::Model) -> Draft {
    let mut after = promise_data(&rules::promise(row));
    after["status"] = json!(row.status);
    after["activityId"] = json!(row.activity_id.to_string());
    after["disclosure"] = json!(row.disclosure);
    event("COMMITMENT_PROPOSED", row, json!({ "after": after }))
}

/// A commitment as it begins: nothing promised, nothing delivered.
pub fn blank(
    tx: &Tx,
    viewer: &Viewer,
    id: CommitmentId,
    giver: &party::Model,
    place: &place::Model,
    activity: &activity_kind::Model,
    disclosure: commitment::Disclosure,
) -> Result<commitment::Model> {
    Ok(commitment::Model {
        id,
        giver_id: giver.id,
        joint_ids: Parties::default(),
        carrier_id: None,
        participants_id: participants::id(&[giver.id].into()),
        place_id: place.id,
        activity_id: activity.id,
        precision: activity.precision,
        quantity: None,
        schedule: Schedule::default(),
        last_due_on: None,
        disclosure,
        status: Status::Proposed,
        reason: None,
        funding_source_id: None,
        need_id: None,
        replaces_id: None,
        bundle: None,
        text: String::new(),
        open_year: None,
        entered_by_id: viewer.party().ok_or_else(|| Error::internal("proposed by nobody"))?,
        external_reference: None,
        proposed_at: tx.now(),
        accepted_at: None,
        closed_at: None,
        waiting_since: Some(viewer.today),
        version: 1,
        reported: 0,
        confirmed: 0,
        unverified: 0,
        disputed: 0,
        difference: 0,
        open_entries: 0,
        unmet_on: None,
    })
}
