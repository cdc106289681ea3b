//! Rules of time that assignments, enrolments, mandates and parties share. A period is
//! `[from, to)`: the last day is the one before `to`, and without one it has no end.

use chrono::NaiveDate;

use crate::refusal::{Refusal, UserErrorCode};

/// `[from, to)` holds at least one day.
pub fn holds_a_day(from: NaiveDate, to: Option<NaiveDate>) -> Result<(), Refusal> {
    match to {
        Some(to) if to <= from => Err(UserErrorCode::InvalidPeriod.refuse().at("validTo")),
        _ => Ok(()),
    }
}

/// It begins while a thing that is valid in `[from, to)` exists.
pub fn begins_within(
    begins: NaiveDate,
    what: &str,
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> Result<(), Refusal> {
    if from <= begins && to.is_none_or(|to| begins < to) {
        return Ok(());
    }
    Err(UserErrorCode::OutsideValidity
        .refuse()
        .at("validFrom")
        .with("what", what)
        .with("from", from)
        .with("to", to.map_or_else(|| "…".to_owned(), |to| to.to_string())))
}

/// It ends once, not before it began and never later than was decided; an end on the day it began
/// means that it never was in force.
pub fn ends(
    began: NaiveDate,
    ended: Option<NaiveDate>,
    ends: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    match ended {
        Some(ended) if ended <= today || ended == began || ended < ends => {
            Err(UserErrorCode::AlreadyEnded.refuse().at("validTo").with("on", ended))
        }
        _ if ends < began => Err(UserErrorCode::InvalidPeriod.refuse().at("validTo")),
        _ => Ok(()),
    }
}

/// Two periods `[from, to)` share a day.
pub fn overlap(a: (NaiveDate, Option<NaiveDate>), b: (NaiveDate, Option<NaiveDate>)) -> bool {
    let holds_a_day = |(from, to): (NaiveDate, Option<NaiveDate>)| to.is_none_or(|to| from < to);
    holds_a_day(a)
        && holds_a_day(b)
        && b.1.is_none_or(|end| a.0 < end)
        && a.1.is_none_or(|end| b.0 < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, d).unwrap()
    }

    #[test]
    fn periods_that_touch_do_not_overlap() {
        assert!(!overlap((day(1), Some(day(5))), (day(5), None)));
        assert!(overlap((day(1), Some(day(6))), (day(5), None)));
        assert!(overlap((day(1), None), (day(9), Some(day(10)))));
        assert!(!overlap((day(1), None), (day(9), Some(day(9)))));
    }

    #[test]
    fn what_has_ended_cannot_end_again() {
        assert!(ends(day(1), Some(day(5)), day(9), day(5)).is_err());
        assert!(ends(day(1), Some(day(9)), day(7), day(5)).is_ok());
        assert!(ends(day(3), None, day(2), day(5)).is_err());
        assert!(ends(day(3), None, day(3), day(5)).is_ok());
        assert!(ends(day(1), Some(day(9)), day(10), day(5)).is_err());
        assert!(ends(day(8), Some(day(8)), day(9), day(5)).is_err());
    }

    #[test]
    fn a_period_holds_a_day() {
        assert!(holds_a_day(day(1), None).is_ok());
        assert!(holds_a_day(day(1), Some(day(2))).is_ok());
        assert!(holds_a_day(day(1), Some(day(1))).is_err());
    }
}
