//! What a need must look like, and when it may be withdrawn.

use chrono::NaiveDate;
use entity::{need::Status, place};
use sea_orm::ActiveEnum;

use crate::{
    graphql::scalar::{Decimal, MAX_RAW},
    refusal::{Refusal, UserErrorCode},
};

/// The last day that can be said.
const LAST_DAY: &str = "2200-12-31";

/// The commune exists on a day.
pub fn exists(commune: &place::Model, on: NaiveDate) -> Result<(), Refusal> {
    if commune.valid_from <= on && commune.valid_to.is_none_or(|end| on < end) {
        return Ok(());
    }
    let to = commune.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string());
    Err(UserErrorCode::OutsideValidity
        .refuse()
        .at("communeId")
        .with("what", &commune.name)
        .with("from", commune.valid_from)
        .with("to", to))
}

/// More than nothing, in whole units of the activity's last digit.
pub fn quantity(quantity: Decimal, precision: i32) -> Result<i64, Refusal> {
    let raw = quantity.to_raw(precision).map_err(|refusal| refusal.at("quantity"))?;
    if raw > 0 {
        return Ok(raw);
    }
    let (min, max) = (Decimal::of(1, precision).0, Decimal::of(MAX_RAW, precision).0);
    Err(UserErrorCode::OutOfRange.refuse().at("quantity").with("min", min).with("max", max))
}

/// Nobody can do anything by a day that is past.
pub fn due(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on >= today {
        return Ok(());
    }
    let refusal = UserErrorCode::OutOfRange.refuse().at("dueOn");
    Err(refusal.with("min", today).with("max", LAST_DAY))
}

/// A need is withdrawn once.
pub fn withdraw(status: Status) -> Result<Status, Refusal> {
    match status {
        Status::Open => Ok(Status::Withdrawn),
        Status::Withdrawn => {
            Err(UserErrorCode::WrongState.refuse().at("id").with("state", status.to_value()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal(text.parse().unwrap())
    }

    #[test]
    fn a_need_is_more_than_nothing_in_units_of_its_activity() {
        for (text, precision, expected) in [
            ("1", 0, Ok(1)),
            ("0.01", 2, Ok(1)),
            ("0", 0, Err(UserErrorCode::OutOfRange)),
            ("-1", 0, Err(UserErrorCode::OutOfRange)),
            ("1000000000000001", 0, Err(UserErrorCode::OutOfRange)),
            ("0.5", 0, Err(UserErrorCode::InvalidFormat)),
            ("0.001", 2, Err(UserErrorCode::InvalidFormat)),
        ] {
            let raw = quantity(decimal(text), precision);
            let refused = raw.as_ref().err().map(|refusal| refusal.path.join("."));
            assert_eq!(raw.map_err(|refusal| refusal.code), expected, "{text}");
            assert!(refused.is_none_or(|path| path == "input.quantity"), "{text}");
        }
    }

    #[test]
    fn a_need_is_due_today_or_later() {
        assert!(due(day("2026-11-23"), day("2026-11-23")).is_ok());
        assert!(due(day("2026-11-22"), day("2026-11-23")).is_err());
    }

    #[test]
    fn a_need_is_withdrawn_once() {
        assert_eq!(withdraw(Status::Open), Ok(Status::Withdrawn));
        assert_eq!(withdraw(Status::Withdrawn).unwrap_err().code, UserErrorCode::WrongState);
    }
}
