//! Rules of time that assignments, enrolments, mandates and parties share. A period is
//! `[from, to)`: the last day is the one before `to`, and without one it has no end.

use chrono::{Datelike, Days, NaiveDate};

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

/// The latest day since which, up to and with `today`, so many working days (Monday to Friday) have
/// passed; the day itself does not count.
pub fn working_days_before(today: NaiveDate, days: u32) -> NaiveDate {
    let weeks = u64::from(days / 5) * 7;
    let mut day = today.checked_sub_days(Days::new(weeks)).unwrap_or(NaiveDate::MIN);
    let mut left = days % 5;
    while left > 0 {
        left -= u32::from(day.weekday().number_from_monday() <= 5);
        day = day.pred_opt().unwrap_or(NaiveDate::MIN);
    }
    // A weekend that follows takes nothing away.
    let next_is_free = |day: NaiveDate| {
        let next = day.succ_opt().filter(|next| *next < today);
        next.filter(|next| next.weekday().number_from_monday() > 5)
    };
    while let Some(next) = next_is_free(day) {
        day = next;
    }
    day
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
    fn working_days_are_counted_without_weekends() {
        // 2026-01-01 is a Thursday.
        for (today, days, since) in [(9, 1, 8), (9, 5, 4), (12, 1, 11), (12, 2, 8), (11, 1, 8)] {
            assert_eq!(working_days_before(day(today), days), day(since), "{days} before {today}");
        }
        for today in 22..=31 {
            let since = working_days_before(day(today), 15);
            let passed =
                since.iter_days().skip(1).take_while(|day| *day <= super::tests::day(today));
            let working = passed.filter(|day| day.weekday().number_from_monday() <= 5).count();
            assert_eq!(working, 15, "{since} to {today}");
        }
    }

    #[test]
    fn a_period_holds_a_day() {
        assert!(holds_a_day(day(1), None).is_ok());
        assert!(holds_a_day(day(1), Some(day(2))).is_ok());
        assert!(holds_a_day(day(1), Some(day(1))).is_err());
    }
}
