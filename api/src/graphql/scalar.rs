//! Scalars of the wire: civil dates, instants in Vietnam's offset, and enums of the rows.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate, SecondsFormat, Utc};

use crate::clock::VIETNAM;

/// A civil date in Vietnam (ngày), ISO 8601: `2025-07-01`.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

#[Scalar(
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/local-date"
)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let expected = "not a date like 2025-07-01, from 1900-01-01 to 2200-12-31";
        civil(text).map(Self).ok_or_else(|| InputValueError::custom(expected))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Reads a civil date: four, two and two digits, between the years 1900 and 2200.
pub fn civil(text: &str) -> Option<NaiveDate> {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    text.parse().ok().filter(|date: &NaiveDate| (1900..=2200).contains(&date.year()))
}

/// An instant (thời điểm), RFC 3339, answered in +07:00: `2025-07-01T08:30:00+07:00`.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar(
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        chrono::DateTime::parse_from_rfc3339(text)
            .map(|instant| Self(instant.with_timezone(&Utc)))
            .map_err(|_| InputValueError::custom("not an instant like 2025-07-01T08:30:00+07:00"))
    }

    fn to_value(&self) -> Value {
        let local = self.0.with_timezone(&VIETNAM);
        Value::String(local.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }
}
