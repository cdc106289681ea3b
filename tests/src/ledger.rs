//! The sums of the ledger, made anew from its rows, by the definitions of DESIGN §4 and by nothing
//! of the server's: for rows that a test inserts, and to hold against what the server wrote.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use entity::{
    board_cell::{self, Column as Cell},
    commitment::{self, Disclosure, Status},
    delivery::{self, Stage, State},
    id::{ActivityKindId, CommitmentId, DeliveryId, ParticipantSetId, PartyId, PlaceId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter,
};

/// What decides who sees a row, and with the activity which cells it adds to.
type Group = (ActivityKindId, PartyId, ParticipantSetId, PlaceId, Disclosure);

/// A cell within its group: a place and a half-month.
type Spot = (PlaceId, NaiveDate);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub promised: i64,
    pub reported: i64,
    pub confirmed: i64,
    pub unverified: i64,
    pub disputed: i64,
    pub difference: i64,
}

/// The cells of the board that the ledger makes, without those that are all zero.
pub fn cells(
    commitments: &[commitment::Model],
    deliveries: &[delivery::Model],
) -> BTreeMap<(Group, Spot), Sums> {
    let groups: BTreeMap<CommitmentId, Group> =
        commitments.iter().map(|row| (row.id, group(row))).collect();
    let mut cells: BTreeMap<(Group, Spot), Sums> = BTreeMap::new();
    for row in commitments {
        if !matches!(row.status, Status::Active | Status::Closed) {
            continue;
        }
        let mut before = 0;
        for due in &row.schedule.0 {
            let spot = (row.place_id, half_month(due.due_on));
            cells.entry((group(row), spot)).or_default().promised += due.quantity - before;
            before = due.quantity;
        }
    }
    for entry in deliveries {
        let Some((commune, group)) = entry.commune_id.zip(groups.get(&entry.commitment_id)) else {
            continue;
        };
        let spot = (commune, half_month(entry.delivered_on));
        add(cells.entry((credited(*group, entry), spot)).or_default(), entry);
    }
    cells.retain(|_, sums| *sums != Sums::default());
    cells
}

/// The progress of a commitment as its row should have it.
pub fn progress(commitment: &commitment::Model, deliveries: &[delivery::Model]) -> Progress {
    let own = |entry: &&delivery::Model| entry.commitment_id == commitment.id;
    let mut progress = Progress::default();
    for entry in deliveries.iter().filter(own) {
        add(&mut progress.sums, entry);
        let waits = matches!(entry.state, State::Reported | State::Disputed)
            || entry.reversal_requested_by_id.is_some();
        progress.open_entries += i32::from(waits);
    }
    let unmet = commitment.schedule.0.iter().find(|due| due.quantity > progress.sums.reported);
    progress.unmet_on = unmet.map(|due| due.due_on);
    progress
}

/// How much was handed over of an entry into a carrier's hands.
pub fn drawn(from: DeliveryId, deliveries: &[delivery::Model]) -> i64 {
    let stands = |entry: &&delivery::Model| {
        entry.drawn_from_id == Some(from) && entry.state != State::Reversed
    };
    deliveries.iter().filter(stands).map(|entry| entry.quantity).sum()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub sums: Sums,
    pub open_entries: i32,
    pub unmet_on: Option<NaiveDate>,
}

/// Brings the sums of some commitments, and the cells they add to, up to date with the ledger.
pub async fn settle(
    db: &DatabaseConnection,
    touched: &BTreeSet<CommitmentId>,
) -> Result<(), DbErr> {
    let commitments = commitment::Entity::find().all(db).await?;
    let deliveries = delivery::Entity::find().all(db).await?;
    for row in commitments.iter().filter(|row| touched.contains(&row.id)) {
        let Progress { sums, open_entries, unmet_on } = progress(row, &deliveries);
        let mut active = row.clone().into_active_model();
        active.reported = Set(sums.reported);
        active.confirmed = Set(sums.confirmed);
        active.unverified = Set(sums.unverified);
        active.disputed = Set(sums.disputed);
        active.difference = Set(sums.difference);
        active.open_entries = Set(open_entries);
        active.unmet_on = Set(unmet_on);
        active.update(db).await?;
    }
    let held = deliveries.iter().filter(|entry| entry.stage == Stage::ToCarrier);
    for entry in held.filter(|entry| touched.contains(&entry.commitment_id)) {
        let mut active = entry.clone().into_active_model();
        active.drawn = Set(drawn(entry.id, &deliveries));
        active.update(db).await?;
    }
    let touched = commitments.iter().filter(|row| touched.contains(&row.id));
    let mut groups: BTreeSet<Group> = BTreeSet::new();
    for row in touched {
        groups.insert(group(row));
        let entries = deliveries.iter().filter(|entry| entry.commitment_id == row.id);
        groups.extend(entries.map(|entry| credited(group(row), entry)));
    }
    write_cells(db, &groups, cells(&commitments, &deliveries)).await
}

async fn write_cells(
    db: &DatabaseConnection,
    groups: &BTreeSet<Group>,
    cells: BTreeMap<(Group, Spot), Sums>,
) -> Result<(), DbErr> {
    for (activity, giver, participants, place, disclosure) in groups {
        board_cell::Entity::delete_many()
            .filter(Cell::ActivityId.eq(*activity))
            .filter(Cell::GiverId.eq(*giver))
            .filter(Cell::ParticipantsId.eq(*participants))
            .filter(Cell::CommitmentPlaceId.eq(*place))
            .filter(Cell::Disclosure.eq(*disclosure))
            .exec(db)
            .await?;
    }
    let cells = cells.into_iter().filter(|((group, _), _)| groups.contains(group));
    let rows: Vec<_> = cells.map(|(key, sums)| row(key, sums).into_active_model()).collect();
    for rows in rows.chunks(500) {
        let rows = rows.iter().cloned();
        board_cell::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn row((group, spot): (Group, Spot), sums: Sums) -> board_cell::Model {
    let (activity_id, giver_id, participants_id, commitment_place_id, disclosure) = group;
    let (place_id, half_month) = spot;
    board_cell::Model {
        place_id,
        activity_id,
        half_month,
        giver_id,
        participants_id,
        commitment_place_id,
        disclosure,
        promised: sums.promised,
        reported: sums.reported,
        confirmed: sums.confirmed,
        unverified: sums.unverified,
        disputed: sums.disputed,
        difference: sums.difference,
    }
}

fn group(row: &commitment::Model) -> Group {
    (row.activity_id, row.giver_id, row.participants_id, row.place_id, row.disclosure)
}

/// An entry is credited to who gave it, whoever owes the rest by now.
fn credited(
    (activity, _, participants, place, disclosure): Group,
    entry: &delivery::Model,
) -> Group {
    (activity, entry.giver_id, participants, place, disclosure)
}

/// What is on its way through a carrier's hands, and what was taken back, counts for nothing.
fn add(sums: &mut Sums, entry: &delivery::Model) {
    if entry.stage == Stage::ToCarrier || entry.state == State::Reversed {
        return;
    }
    sums.reported += entry.quantity;
    let agreed = entry.agreed.unwrap_or(entry.quantity);
    match entry.state {
        State::Reported => sums.unverified += entry.quantity,
        State::Confirmed => sums.confirmed += entry.quantity,
        State::Disputed => {
            sums.disputed += entry.quantity;
            sums.difference += entry.quantity - entry.received.unwrap_or(entry.quantity);
        }
        State::Settled => {
            sums.confirmed += agreed;
            sums.difference += entry.quantity - agreed;
        }
        State::Reversed => {}
    }
}

/// 1–14, or 15 to the end.
fn half_month(on: NaiveDate) -> NaiveDate {
    on.with_day(if on.day() < 15 { 1 } else { 15 }).expect("every month has these days")
}
