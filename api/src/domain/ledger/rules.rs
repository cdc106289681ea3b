//! What an entry adds to the sums, and what a promise adds to the board (DESIGN §4). Pure.

use chrono::{Datelike, NaiveDate};
use entity::{
    commitment::{self, Schedule, Status},
    delivery::{self, Stage, State},
};

/// Sums in units of 10^−precision, as `commitment` and `board_cell` define them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub promised: i64,
    pub reported: i64,
    pub confirmed: i64,
    pub unverified: i64,
    pub disputed: i64,
    pub difference: i64,
    /// Entries that wait for somebody.
    pub open: i32,
}

impl Sums {
    /// What an entry counts for. What is in a carrier's hands has not arrived anywhere yet; what
    /// was taken back, and the row that takes it back, are nothing.
    pub fn of(entry: &delivery::Model) -> Self {
        let waits = matches!(entry.state, State::Reported | State::Disputed)
            || entry.reversal_requested_by_id.is_some();
        let open = i32::from(waits);
        if entry.stage == Stage::ToCarrier || entry.state == State::Reversed {
            return Self { open, ..Self::default() };
        }
        let reported = entry.quantity;
        let sums = Self { reported, open, ..Self::default() };
        let less = |figure: Option<i64>| reported - figure.unwrap_or(reported);
        match entry.state {
            State::Reported => Self { unverified: reported, ..sums },
            State::Confirmed => Self { confirmed: reported, ..sums },
            State::Disputed => {
                Self { disputed: reported, difference: less(entry.received), ..sums }
            }
            State::Settled => Self {
                confirmed: entry.agreed.unwrap_or(reported),
                difference: less(entry.agreed),
                ..sums
            },
            State::Reversed => Self::default(),
        }
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            promised: self.promised + other.promised,
            reported: self.reported + other.reported,
            confirmed: self.confirmed + other.confirmed,
            unverified: self.unverified + other.unverified,
            disputed: self.disputed + other.disputed,
            difference: self.difference + other.difference,
            open: self.open + other.open,
        }
    }

    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            promised: self.promised - other.promised,
            reported: self.reported - other.reported,
            confirmed: self.confirmed - other.confirmed,
            unverified: self.unverified - other.unverified,
            disputed: self.disputed - other.disputed,
            difference: self.difference - other.difference,
            open: self.open - other.open,
        }
    }

    /// Whether the board would not notice.
    pub fn is_nothing(self) -> bool {
        Self { open: 0, ..self } == Self::default()
    }

    /// Adds to the progress of a commitment; none where a sum would leave 64 bits.
    pub fn add_to(self, row: &mut commitment::Model) -> Option<()> {
        row.reported = row.reported.checked_add(self.reported)?;
        row.confirmed = row.confirmed.checked_add(self.confirmed)?;
        row.unverified = row.unverified.checked_add(self.unverified)?;
        row.disputed = row.disputed.checked_add(self.disputed)?;
        row.difference = row.difference.checked_add(self.difference)?;
        row.open_entries += self.open;
        Some(())
    }
}

/// The first due date that a reported sum does not meet.
pub fn unmet_on(schedule: &Schedule, reported: i64) -> Option<NaiveDate> {
    schedule.0.iter().find(|due| due.quantity > reported).map(|due| due.due_on)
}

/// What a commitment promises by when, row by row and not cumulative: of active and closed ones.
pub fn promised(commitment: &commitment::Model) -> impl Iterator<Item = (NaiveDate, i64)> {
    let counts = matches!(commitment.status, Status::Active | Status::Closed);
    let rows = commitment.schedule.0.iter().filter(move |_| counts);
    rows.scan(0, |before, due| {
        let more = due.quantity - std::mem::replace(before, due.quantity);
        Some((due.due_on, more))
    })
}

/// The first day of the half of a month that a day lies in: 1–14, or 15 to the end. Every reporting
/// period of the pilot, administrative or calendar, is a union of these halves.
pub fn half_month(day: NaiveDate) -> NaiveDate {
    let first = if day.day() < 15 { 1 } else { 15 };
    day.with_day(first).unwrap_or(day)
}
