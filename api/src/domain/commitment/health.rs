//! Health of a commitment (tình trạng tiến độ): said once for a row and once in SQL, so that a list
//! can be filtered by what its rows show. It depends on today and is therefore never stored.

use chrono::NaiveDate;
use entity::commitment::{Column, Model, Status};
use sea_orm::{
    ColumnTrait,
    prelude::Expr,
    sea_query::{CaseStatement, ExprTrait, SimpleExpr},
};

/// The first that matches; none unless the commitment is active or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Fulfilled,
    AwaitingVerification,
    Overdue,
    Behind,
    NotStarted,
    OnTrack,
}

impl Health {
    const fn word(self) -> &'static str {
        match self {
            Self::Fulfilled => "FULFILLED",
            Self::AwaitingVerification => "AWAITING_VERIFICATION",
            Self::Overdue => "OVERDUE",
            Self::Behind => "BEHIND",
            Self::NotStarted => "NOT_STARTED",
            Self::OnTrack => "ON_TRACK",
        }
    }
}

/// How a commitment stands today.
pub fn of(row: &Model, today: NaiveDate) -> Option<Health> {
    let met = |sum: i64| row.quantity.is_some_and(|quantity| sum >= quantity);
    let past = |due: Option<NaiveDate>| due.is_some_and(|due| due < today);
    if !matches!(row.status, Status::Active | Status::Closed) {
        return None;
    }
    Some(match () {
        () if met(row.confirmed) => Health::Fulfilled,
        () if met(row.reported) => Health::AwaitingVerification,
        () if past(row.last_due_on) => Health::Overdue,
        () if past(row.unmet_on) => Health::Behind,
        () if row.reported == 0 => Health::NotStarted,
        () => Health::OnTrack,
    })
}

/// That commitments stand like this today.
pub fn is(health: Health, today: NaiveDate) -> SimpleExpr {
    stands(today).eq(health.word())
}

/// That they stand otherwise, or have no health.
pub fn is_not(health: Health, today: NaiveDate) -> SimpleExpr {
    stands(today).ne(health.word()).or(stands(today).is_null())
}

/// The word for how a row of the table stands; a comparison with nothing matches nothing.
fn stands(today: NaiveDate) -> SimpleExpr {
    let column = |column: Column| Expr::col(column.as_column_ref());
    let when = |condition: SimpleExpr, health: Health| (condition, Expr::val(health.word()));
    let cases = [
        when(column(Column::Confirmed).gte(column(Column::Quantity)), Health::Fulfilled),
        when(column(Column::Reported).gte(column(Column::Quantity)), Health::AwaitingVerification),
        when(Column::LastDueOn.lt(today), Health::Overdue),
        when(Column::UnmetOn.lt(today), Health::Behind),
        when(Column::Reported.eq(0), Health::NotStarted),
    ];
    let neither = Column::Status.is_not_in([Status::Active, Status::Closed]);
    let start = CaseStatement::new().case(neither, Expr::cust("NULL"));
    let all = cases.into_iter().fold(start, |all, (condition, word)| all.case(condition, word));
    all.finally(Expr::val(Health::OnTrack.word())).into()
}

#[cfg(test)]
mod tests {
    use entity::commitment::{Disclosure, Parties, Schedule};
    use uuid::Uuid;

    use super::*;

    /// A promise of 10 by 2026-06-30 and 20 by 2026-12-31.
    fn promise() -> Model {
        let day = |text: &str| text.parse().unwrap();
        Model {
            id: Uuid::nil().into(),
            giver_id: Uuid::nil().into(),
            joint_ids: Parties::default(),
            carrier_id: None,
            participants_id: Uuid::nil().into(),
            place_id: Uuid::nil().into(),
            activity_id: Uuid::nil().into(),
            precision: 0,
            quantity: Some(20),
            schedule: Schedule::default(),
            last_due_on: Some(day("2026-12-31")),
            disclosure: Disclosure::Public,
            status: Status::Active,
            reason: None,
            funding_source_id: None,
            need_id: None,
            replaces_id: None,
            bundle: None,
            text: String::new(),
            open_year: None,
            entered_by_id: Uuid::nil().into(),
            external_reference: None,
            proposed_at: chrono::DateTime::UNIX_EPOCH,
            accepted_at: Some(chrono::DateTime::UNIX_EPOCH),
            closed_at: None,
            waiting_since: None,
            version: 1,
            reported: 0,
            confirmed: 0,
            unverified: 0,
            disputed: 0,
            difference: 0,
            open_entries: 0,
            unmet_on: Some(day("2026-06-30")),
        }
    }

    #[test]
    fn the_first_that_matches() {
        let cases = [
            ("2026-06-30", 0, 0, Some("2026-06-30"), Health::NotStarted),
            ("2026-06-30", 3, 3, Some("2026-06-30"), Health::OnTrack),
            ("2026-07-01", 3, 3, Some("2026-06-30"), Health::Behind),
            ("2026-07-01", 10, 0, Some("2026-12-31"), Health::OnTrack),
            ("2027-01-01", 19, 19, Some("2026-12-31"), Health::Overdue),
            ("2027-01-01", 20, 19, None, Health::AwaitingVerification),
            ("2027-01-01", 20, 20, None, Health::Fulfilled),
        ];
        for (today, reported, confirmed, unmet_on, health) in cases {
            let unmet_on = unmet_on.map(|day: &str| day.parse().unwrap());
            let row = Model { reported, confirmed, unmet_on, ..promise() };
            assert_eq!(of(&row, today.parse().unwrap()), Some(health), "{today} {reported}");
        }
    }

    #[test]
    fn an_open_promise_is_neither_late_nor_fulfilled() {
        let open = Model { quantity: None, last_due_on: None, unmet_on: None, ..promise() };
        let today = "2027-01-01".parse().unwrap();
        assert_eq!(of(&open, today), Some(Health::NotStarted));
        let begun = Model { reported: 500, confirmed: 500, ..open };
        assert_eq!(of(&begun, today), Some(Health::OnTrack));
    }

    #[test]
    fn only_what_is_active_or_closed_has_health() {
        let today = "2027-01-01".parse().unwrap();
        for status in [Status::Proposed, Status::Declined, Status::Withdrawn] {
            assert_eq!(of(&Model { status, ..promise() }, today), None);
        }
        assert!(of(&Model { status: Status::Closed, ..promise() }, today).is_some());
    }
}
