//! Sums that follow from the ledger and are never typed: the progress in a commitment's row and
//! the cells of the board. Every write hands each entry and each promise it changes to a
//! [`Ledger`], before and after, and saves it in the same transaction: one statement for the
//! commitments, one for the cells, in the order of their keys.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    board_cell,
    commitment::{self, Disclosure},
    delivery,
    id::{ActivityKindId, ParticipantSetId, PartyId, PlaceId},
};
use sea_orm::{
    ActiveValue::Set, EntityTrait, ExprTrait, Value, prelude::Expr, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    error::Result,
    refusal::{Refusal, UserErrorCode},
    tx::{CHUNK, Tx},
};

pub mod rules;

use rules::{Sums, half_month, promised, unmet_on};

/// Which cell of the board, in the order of the table's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Cell {
    place: PlaceId,
    activity: ActivityKindId,
    half_month: NaiveDate,
    giver: PartyId,
    participants: ParticipantSetId,
    commitment_place: PlaceId,
    disclosure: Disclosure,
}

impl Cell {
    fn of(commitment: &commitment::Model, giver: PartyId, place: PlaceId, on: NaiveDate) -> Self {
        Self {
            place,
            activity: commitment.activity_id,
            half_month: half_month(on),
            giver,
            participants: commitment.participants_id,
            commitment_place: commitment.place_id,
            disclosure: commitment.disclosure,
        }
    }
}

/// The changes of one transaction.
#[derive(Default)]
pub struct Ledger {
    cells: BTreeMap<Cell, Sums>,
    commitments: BTreeMap<Uuid, commitment::Model>,
}

impl Ledger {
    /// An entry of a commitment changes, or is new. The commitment takes the difference, or nothing
    /// where a sum would be too large.
    pub fn entry(
        &mut self,
        commitment: &mut commitment::Model,
        before: Option<&delivery::Model>,
        after: &delivery::Model,
    ) -> Result<(), Refusal> {
        let was = before.map(Sums::of).unwrap_or_default();
        let change = Sums::of(after).minus(was);
        let mut sums = commitment.clone();
        change.add_to(&mut sums).ok_or_else(too_much)?;
        sums.unmet_on = unmet_on(&sums.schedule, sums.reported);
        commitment.clone_from(&sums);
        self.commitments.insert(sums.id.into(), sums);
        if let Some(commune) = after.commune_id {
            let cell = Cell::of(commitment, after.giver_id, commune, after.delivered_on);
            self.add(cell, change);
        }
        Ok(())
    }

    /// A promise changes, or is new.
    pub fn promise(&mut self, before: Option<&commitment::Model>, after: &commitment::Model) {
        for (commitment, sign) in before.map(|before| (before, -1)).into_iter().chain([(after, 1)])
        {
            for (due_on, quantity) in promised(commitment) {
                let cell = Cell::of(commitment, commitment.giver_id, commitment.place_id, due_on);
                self.add(cell, Sums { promised: sign * quantity, ..Sums::default() });
            }
        }
    }

    /// The entries of a commitment move to other cells, because its place or its participants
    /// changed.
    pub fn regroup(
        &mut self,
        before: &commitment::Model,
        after: &commitment::Model,
        entries: &[delivery::Model],
    ) {
        for entry in entries {
            let Some(commune) = entry.commune_id else { continue };
            let sums = Sums::of(entry);
            let cell = |c| Cell::of(c, entry.giver_id, commune, entry.delivered_on);
            self.add(cell(before), Sums::default().minus(sums));
            self.add(cell(after), sums);
        }
    }

    fn add(&mut self, cell: Cell, change: Sums) {
        let sums = self.cells.entry(cell).or_default();
        *sums = sums.plus(change);
    }

    /// Writes everything.
    pub async fn save(self, tx: &Tx) -> Result<()> {
        let rows = self.commitments.into_values().map(|row| (row.id.into(), progress(&row)));
        tx.update_each("commitment", &PROGRESS, rows.collect()).await?;
        let changed = self.cells.into_iter().filter(|(_, sums)| !sums.is_nothing());
        let rows: Vec<_> = changed.map(|(cell, sums)| active(cell, sums)).collect();
        for rows in rows.chunks(CHUNK / 2) {
            board_cell::Entity::insert_many(rows.to_vec())
                .on_conflict(add_up())
                .exec_without_returning(&**tx)
                .await?;
        }
        Ok(())
    }
}

fn too_much() -> Refusal {
    let max = crate::graphql::scalar::MAX_RAW;
    UserErrorCode::OutOfRange.refuse().at("quantity").with("min", 1).with("max", max)
}

const PROGRESS: [&str; 7] =
    ["reported", "confirmed", "unverified", "disputed", "difference", "open_entries", "unmet_on"];

fn progress(row: &commitment::Model) -> Vec<Value> {
    vec![
        row.reported.into(),
        row.confirmed.into(),
        row.unverified.into(),
        row.disputed.into(),
        row.difference.into(),
        row.open_entries.into(),
        row.unmet_on.into(),
    ]
}

fn active(cell: Cell, sums: Sums) -> board_cell::ActiveModel {
    board_cell::ActiveModel {
        place_id: Set(cell.place),
        activity_id: Set(cell.activity),
        half_month: Set(cell.half_month),
        giver_id: Set(cell.giver),
        participants_id: Set(cell.participants),
        commitment_place_id: Set(cell.commitment_place),
        disclosure: Set(cell.disclosure),
        promised: Set(sums.promised),
        reported: Set(sums.reported),
        confirmed: Set(sums.confirmed),
        unverified: Set(sums.unverified),
        disputed: Set(sums.disputed),
        difference: Set(sums.difference),
    }
}

/// A cell that is there already takes the difference.
fn add_up() -> OnConflict {
    use board_cell::Column as C;
    let key = [
        C::PlaceId,
        C::ActivityId,
        C::HalfMonth,
        C::GiverId,
        C::ParticipantsId,
        C::CommitmentPlaceId,
        C::Disclosure,
    ];
    let sums = [C::Promised, C::Reported, C::Confirmed, C::Unverified, C::Disputed, C::Difference];
    let mut conflict = OnConflict::columns(key);
    for column in sums {
        let there = Expr::col((board_cell::Entity, column));
        conflict.value(column, there.add(Expr::col(("excluded", column))));
    }
    conflict.to_owned()
}
