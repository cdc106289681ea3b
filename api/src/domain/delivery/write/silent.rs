//! The open promise that a delivery without a commitment belongs to: one for each giver, commune,
//! activity and civil year, made silently when it is first needed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use entity::{
    activity_kind,
    commitment::{self, Status},
    id::{ActivityKindId, CommitmentId, PartyId, PlaceId},
    party, place,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::{
    authz::Viewer,
    domain::commitment::{
        read as commitments, rules as promises,
        write::{blank, participants, proposed},
    },
    error::Result,
    tx::Tx,
};

/// Which open promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub giver: PartyId,
    pub commune: PlaceId,
    pub activity: ActivityKindId,
    pub year: i32,
}

impl Key {
    pub fn new(giver: PartyId, commune: PlaceId, activity: ActivityKindId, on: NaiveDate) -> Self {
        Self { giver, commune, activity, year: on.year() }
    }

    fn of(row: &commitment::Model) -> Option<Self> {
        let (giver, commune, activity) = (row.giver_id, row.place_id, row.activity_id);
        Some(Self { giver, commune, activity, year: row.open_year? })
    }
}

/// The open promises that are there. The givers' rows are locked, so that nobody makes the same
/// one at once.
pub async fn known(
    tx: &Tx,
    viewer: &Viewer,
    keys: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, CommitmentId>> {
    use commitment::Column as C;
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = commitments::visible_to(viewer)
        .filter(C::OpenYear.is_in(keys.iter().map(|key| key.year)))
        .filter(C::GiverId.is_in(keys.iter().map(|key| key.giver)))
        .filter(C::PlaceId.is_in(keys.iter().map(|key| key.commune)))
        .filter(C::ActivityId.is_in(keys.iter().map(|key| key.activity)))
        .all(&**tx)
        .await?;
    Ok(rows.iter().filter_map(|row| Some((Key::of(row)?, row.id))).collect())
}

/// An open promise that is not there yet: it holds without acceptance.
pub fn new(
    tx: &Tx,
    viewer: &Viewer,
    year: i32,
    giver: &party::Model,
    commune: &place::Model,
    activity: &activity_kind::Model,
) -> Result<commitment::Model> {
    let disclosure = promises::disclosure(giver.kind, activity.forces_parties, None)?;
    let row = blank(tx, viewer, tx.id(), giver, commune, activity, disclosure)?;
    Ok(commitment::Model {
        status: Status::Active,
        accepted_at: Some(tx.now()),
        waiting_since: None,
        open_year: Some(year),
        ..row
    })
}

/// Writes the new ones.
pub async fn insert(tx: &mut Tx, new: Vec<commitment::Model>) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let sets = new.iter().map(|row| promises::participants(row).into_iter().collect());
    participants::ensure(tx, &sets.collect()).await?;
    for row in &new {
        tx.log(proposed(row));
    }
    let rows = new.into_iter().map(IntoActiveModel::into_active_model);
    commitment::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Locks the rows of givers, in the order of their ids.
pub async fn lock_givers(
    tx: &Tx,
    viewer: &Viewer,
    givers: BTreeSet<PartyId>,
) -> Result<BTreeMap<Uuid, party::Model>> {
    tx.lock_all(crate::domain::party::read::visible_to(viewer), givers).await
}
