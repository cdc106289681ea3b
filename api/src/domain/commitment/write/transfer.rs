//! Handing on what a party owes that has ended. What was delivered stays credited to the party that
//! delivered it; who may see it follows the new participants.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    commitment::{self, Parties, Status},
    delivery,
    id::{CommitmentId, PartyId},
    party,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    super::graphql::{CommitmentVersionInput, TransferCommitmentsInput},
    audience, coordinators_own, event, participants, propose, put, read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        activity_kind as activities,
        batch::{self, Batch, How},
        delivery::read as deliveries,
        ledger::Ledger,
        party as parties,
        standing::Standing,
    },
    error::Result,
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{DoneBatch, Draft, Key, Tx, check_version},
};

pub async fn transfer_commitments(
    app: &App,
    viewer: &Viewer,
    input: TransferCommitmentsInput,
    key: Key,
) -> Result<DoneBatch> {
    let rows = input.commitments;
    let how = How { list: "commitments", dry_run: input.dry_run, policy: input.error_policy };
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    let all = parties::read::visible_to(viewer);
    let to = tx.find(all, "toPartyId", &input.to_party_id).await?;
    viewer.require(Action::Oversee { is_coordinators: true })?;
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    parties::rules::exists(&to, viewer.today, "toPartyId")?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let standing = Standing::load(&tx, viewer, &[]).await?;
    let ids = rows.iter().filter_map(|row| row.id.parse::<CommitmentId>().ok());
    let locked = tx.lock_all(read::visible_to(viewer), ids).await?;
    let givers = locked.values().map(|row| row.giver_id);
    let givers = tx.find_all(parties::read::visible_to(viewer), givers).await?;
    let activities = locked.values().map(|row| row.activity_id);
    let activities = tx.find_all(activities::read::visible_to(viewer), activities).await?;
    let own = coordinators_own(&tx, viewer, locked.values().map(|row| row.id)).await?;
    let mut seen = BTreeSet::new();
    let mut batch = Batch::judge(how, rows, |_, row| {
        let before = judged(&row, &locked, &mut seen)?;
        viewer.require(Action::Oversee { is_coordinators: own.contains(&before.id) })?;
        if standing.barred(&rules::participants(before)) || standing.barred(&[to.id]) {
            return Err(UserErrorCode::OwnMatter.refuse().at("id").into());
        }
        check_version(before.id, before.version, row.expected_version)?;
        rules::stands_in(before, &[Status::Proposed, Status::Active, Status::Closed])?;
        has_ended(&givers, before.giver_id, viewer)?;
        if let Some(activity) = activities.get(&before.activity_id.into()) {
            propose::promises(&to, activity).map_err(|refusal| refusal.at("id"))?;
        }
        Ok((before.clone(), handed_on(before, &to)))
    })?;
    write(&mut tx, viewer, batch.accepted(), &reason).await?;
    // What was there keeps its id.
    batch.finish(tx, |(row, _)| row.id.into()).await
}

/// A row of the batch that is there, and only once.
fn judged<'a>(
    row: &CommitmentVersionInput,
    locked: &'a BTreeMap<Uuid, commitment::Model>,
    seen: &mut BTreeSet<CommitmentId>,
) -> Result<&'a commitment::Model, Refusal> {
    let before = propose::found(locked, "id", &row.id)?;
    if seen.insert(before.id) {
        return Ok(before);
    }
    Err(UserErrorCode::AlreadyRecorded.refuse().at("id").with("what", before.id))
}

fn has_ended(
    givers: &BTreeMap<Uuid, party::Model>,
    giver: PartyId,
    viewer: &Viewer,
) -> Result<(), Refusal> {
    match givers.get(&giver.into()) {
        Some(giver) if parties::rules::exists(giver, viewer.today, "id").is_ok() => {
            Err(UserErrorCode::NotEnded.refuse().at("id").with("what", &giver.name))
        }
        _ => Ok(()),
    }
}

fn handed_on(before: &commitment::Model, to: &party::Model) -> commitment::Model {
    let joint = before.joint_ids.iter().filter(|party| *party != to.id).collect::<Parties>();
    let row = commitment::Model {
        giver_id: to.id,
        joint_ids: joint,
        carrier_id: before.carrier_id.filter(|carrier| *carrier != to.id),
        // The new giver may have an open promise and references of its own.
        open_year: None,
        external_reference: None,
        version: before.version + 1,
        ..before.clone()
    };
    let set = rules::participants(&row).into_iter().collect();
    commitment::Model { participants_id: participants::id(&set), ..row }
}

type Pair = (commitment::Model, commitment::Model);

async fn write(
    tx: &mut Tx,
    viewer: &Viewer,
    rows: Vec<(usize, &mut Pair)>,
    reason: &str,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sets = rows.iter().map(|(_, (_, to))| rules::participants(to).into_iter().collect());
    participants::ensure(tx, &sets.collect()).await?;
    let of = delivery::Column::CommitmentId.is_in(rows.iter().map(|(_, (row, _))| row.id));
    let entries = deliveries::visible_to(viewer).filter(of).all(&**tx).await?;
    let mut ledger = Ledger::default();
    for (_, (before, after)) in rows {
        let entries: Vec<_> =
            entries.iter().filter(|entry| entry.commitment_id == before.id).cloned().collect();
        ledger.promise(Some(before), after);
        ledger.regroup(before, after, &entries);
        let data = json!({ "reason": reason, "before": { "giverId": before.giver_id.to_string(),
            "externalReference": before.external_reference, "openYear": before.open_year },
            "after": { "giverId": after.giver_id.to_string() } });
        // Who owed it hears that it does no longer, as far as it still may.
        let audience = audience(after).and(rules::participants(before));
        tx.log(Draft { audience, ..event("COMMITMENT_TRANSFERRED", after, data) });
        put(tx, after.clone()).await?;
    }
    ledger.save(tx).await
}
