//! What stands in the ledger, read whole; and that all sums in it follow from its entries.

use std::collections::BTreeMap;

use entity::{
    amendment, board_cell, commitment, delivery,
    delivery::{Stage, State},
    id::CommitmentId,
    verification,
};
use tests::{
    TestApp,
    ledger::{self, Sums},
};

#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub commitments: Vec<commitment::Model>,
    pub amendments: Vec<amendment::Model>,
    pub deliveries: Vec<delivery::Model>,
    pub verifications: Vec<verification::Model>,
    pub cells: Vec<board_cell::Model>,
}

impl Rows {
    pub async fn read(app: &TestApp) -> Self {
        let mut rows = Self {
            commitments: app.all(commitment::Entity).await,
            amendments: app.all(amendment::Entity).await,
            deliveries: app.all(delivery::Entity).await,
            verifications: app.all(verification::Entity).await,
            cells: app.all(board_cell::Entity).await,
        };
        rows.commitments.sort_by_key(|row| row.id);
        rows.amendments.sort_by_key(|row| row.id);
        rows.deliveries.sort_by_key(|row| row.id);
        rows.verifications.sort_by_key(|row| row.id);
        rows.cells.sort_by_key(|row| {
            let group = (row.activity_id, row.giver_id, row.participants_id);
            (row.place_id, row.half_month, group, row.commitment_place_id, row.disclosure)
        });
        rows
    }

    #[track_caller]
    pub fn commitment(&self, id: CommitmentId) -> &commitment::Model {
        self.commitments.iter().find(|row| row.id == id).unwrap()
    }

    /// What is wrong with the sums, in words; nothing where they all follow from the entries.
    /// Answers how many sums were compared.
    pub fn check(&self) -> Result<usize, String> {
        let mut compared = 0;
        for row in &self.commitments {
            self.check_progress(row)?;
            compared += 8;
        }
        for entry in self.deliveries.iter().filter(|entry| entry.stage == Stage::ToCarrier) {
            let drawn = ledger::drawn(entry.id, &self.deliveries);
            let held = match entry.state {
                State::Confirmed => entry.quantity,
                State::Settled => entry.agreed.unwrap_or_default(),
                _ => 0,
            };
            if entry.reverses_id.is_none() && (entry.drawn != drawn || drawn > held) {
                return Err(format!("drawn is {drawn} of {held}: {entry:?}"));
            }
            compared += 1;
        }
        Ok(compared + self.check_cells()?)
    }

    fn check_progress(&self, row: &commitment::Model) -> Result<(), String> {
        let wanted = ledger::progress(row, &self.deliveries);
        let sums = Sums {
            promised: 0,
            reported: row.reported,
            confirmed: row.confirmed,
            unverified: row.unverified,
            disputed: row.disputed,
            difference: row.difference,
        };
        let found = (sums, row.open_entries, row.unmet_on);
        if found != (wanted.sums, wanted.open_entries, wanted.unmet_on) {
            return Err(format!("progress should be {wanted:?}: {row:#?}"));
        }
        let settled = self.deliveries.iter().filter(|entry| {
            entry.commitment_id == row.id
                && entry.state == State::Settled
                && entry.stage != Stage::ToCarrier
        });
        let given_up: i64 =
            settled.map(|entry| entry.quantity - entry.agreed.unwrap_or_default()).sum();
        let whole = row.confirmed + row.unverified + row.disputed + given_up;
        if row.reported != whole {
            return Err(format!("reported is not the sum of its parts, {whole}: {row:#?}"));
        }
        Ok(())
    }

    fn check_cells(&self) -> Result<usize, String> {
        let wanted = ledger::cells(&self.commitments, &self.deliveries);
        let found = self.cells.iter().map(|cell| {
            let group = (
                cell.activity_id,
                cell.giver_id,
                cell.participants_id,
                cell.commitment_place_id,
                cell.disclosure,
            );
            let sums = Sums {
                promised: cell.promised,
                reported: cell.reported,
                confirmed: cell.confirmed,
                unverified: cell.unverified,
                disputed: cell.disputed,
                difference: cell.difference,
            };
            ((group, (cell.place_id, cell.half_month)), sums)
        });
        let found: BTreeMap<_, _> = found.filter(|(_, sums)| *sums != Sums::default()).collect();
        if let Some((key, sums)) = wanted.iter().find(|(key, sums)| found.get(key) != Some(sums)) {
            return Err(format!("cell {key:?} should be {sums:?} and is {:?}", found.get(key)));
        }
        if let Some((key, sums)) = found.iter().find(|(key, _)| !wanted.contains_key(key)) {
            return Err(format!("cell {key:?} should not be there: {sums:?}"));
        }
        Ok(found.len() * 6)
    }
}
