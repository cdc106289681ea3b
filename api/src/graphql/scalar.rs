//! Scalars of the wire: civil dates, instants in Vietnam's offset, decimal numbers; and ratios,
//! which are pairs of them.

use async_graphql::{
    Description, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value,
};
use chrono::{Datelike, NaiveDate, SecondsFormat, Utc};
use rust_decimal::RoundingStrategy;

use crate::{
    clock::VIETNAM,
    refusal::{Refusal, UserErrorCode},
};

pub mod exact;

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

/// The largest quantity in units of the last digit, either side of 0.
pub const MAX_RAW: i64 = 1_000_000_000_000_000;

/// The most characters of a decimal number that is read.
const MAX_DIGITS: usize = 28;

/// A decimal number (số thập phân) as a string, never rounded: `"40"`, `"-3"`, `"10.50"`. A
/// quantity is printed with as many digits after the point as its activity has. As input a whole
/// number is read too.
#[derive(Description, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub rust_decimal::Decimal);

#[Scalar(use_type_description, specified_by_url = "https://www.w3.org/TR/xmlschema11-2/#decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = match &value {
            Value::String(text) => decimal(text),
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                decimal(&number.to_string())
            }
            _ => return Err(InputValueError::expected_type(value)),
        };
        let expected = "not a decimal number like \"10.5\", of at most 28 digits";
        read.map(Self).ok_or_else(|| InputValueError::custom(expected))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl Decimal {
    /// A quantity of a row, which counts units of 10^−precision, with exactly that many digits.
    pub fn of(raw: i64, precision: i32) -> Self {
        let scale = u32::try_from(precision).unwrap_or_default();
        Self(rust_decimal::Decimal::try_new(raw, scale).unwrap_or_default())
    }

    /// The sum of many quantities, which no longer fits a row.
    pub fn of_sum(raw: i128, precision: i32) -> Self {
        let scale = u32::try_from(precision).unwrap_or_default();
        let sum = rust_decimal::Decimal::try_from_i128_with_scale(raw, scale);
        Self(sum.unwrap_or_default())
    }

    /// The quantity in units of 10^−precision, as rows have it; refused where it has more digits
    /// than that, or is beyond what a row holds. The caller says at which field.
    pub fn to_raw(self, precision: i32) -> Result<i64, Refusal> {
        raw(self.0, precision)
    }
}

/// A part of a whole (tỷ lệ), with both.
#[derive(SimpleObject, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// The part (tử số).
    pub numerator: Decimal,
    /// The whole (mẫu số).
    pub denominator: Decimal,
    /// Numerator ÷ denominator, half rounded up to 2 digits (giá trị): 37 of 40 is `"0.93"`; null
    /// when the denominator is 0.
    pub value: Option<Decimal>,
}

impl Ratio {
    /// The ratio of two quantities of one precision.
    pub fn of(numerator: i64, denominator: i64, precision: i32) -> Self {
        let (numerator, denominator) =
            (Decimal::of(numerator, precision), Decimal::of(denominator, precision));
        let value = numerator.0.checked_div(denominator.0).map(|quotient| {
            let half_up = RoundingStrategy::MidpointAwayFromZero;
            let mut rounded = quotient.round_dp_with_strategy(2, half_up);
            rounded.rescale(2);
            Decimal(rounded)
        });
        Self { numerator, denominator, value }
    }
}

/// Reads a decimal number: digits, perhaps a minus before them, perhaps a point between them.
fn decimal(text: &str) -> Option<rust_decimal::Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || digits.len() > MAX_DIGITS {
        return None;
    }
    text.parse().ok()
}

fn raw(quantity: rust_decimal::Decimal, precision: i32) -> Result<i64, Refusal> {
    let quantity = quantity.normalize();
    let scale = u32::try_from(precision).unwrap_or_default();
    if quantity.scale() > scale {
        let expected = if scale == 0 { "WHOLE_NUMBER" } else { "FEWER_DIGITS" };
        return Err(UserErrorCode::InvalidFormat.refuse().with("expected", expected));
    }
    let units = quantity.mantissa().checked_mul(10_i128.pow(scale - quantity.scale()));
    let units = units.and_then(|units| i64::try_from(units).ok());
    units.filter(|units| (-MAX_RAW..=MAX_RAW).contains(units)).ok_or_else(|| {
        let (min, max) = (Decimal::of(-MAX_RAW, precision), Decimal::of(MAX_RAW, precision));
        UserErrorCode::OutOfRange.refuse().with("min", min.0).with("max", max.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: impl Into<Value>) -> Option<Decimal> {
        Decimal::parse(value.into()).ok()
    }

    #[test]
    fn a_decimal_is_a_plain_string_or_a_whole_number() {
        for (text, printed) in [("40", "40"), ("-3", "-3"), ("10.50", "10.50"), ("007", "7")] {
            assert_eq!(read(text).unwrap().0.to_string(), printed);
        }
        assert_eq!(read(40), read("40"));
        assert_eq!(read(u64::MAX), read("18446744073709551615"));
        for bad in ["", "-", ".5", "5.", "+5", "1e3", "1_000", "10,5", " 1", "٣", "1.2.3"] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
        assert!(read("1".repeat(29)).is_none());
        assert!(read(1.5).is_none() && read(true).is_none());
    }

    #[test]
    fn quantities_are_printed_with_the_digits_of_their_activity_and_read_back() {
        for (raw, precision, text) in
            [(40, 0, "40"), (1050, 2, "10.50"), (-1, 3, "-0.001"), (0, 2, "0.00")]
        {
            let decimal = Decimal::of(raw, precision);
            assert_eq!(decimal.to_value(), Value::from(text));
            assert_eq!(read(text).unwrap().to_raw(precision), Ok(raw));
        }
    }

    #[test]
    fn more_digits_than_the_activity_has_and_what_no_row_holds_are_refused() {
        use UserErrorCode::{InvalidFormat, OutOfRange};
        let cases = [
            ("10.5", 0, Err(InvalidFormat)),
            ("10.0", 0, Ok(10)),
            ("10.505", 2, Err(InvalidFormat)),
            ("10.500", 2, Ok(1050)),
            ("1000000000000000", 0, Ok(MAX_RAW)),
            ("-1000000000000000", 0, Ok(-MAX_RAW)),
            ("1000000000000001", 0, Err(OutOfRange)),
            ("1000000000000000", 1, Err(OutOfRange)),
            ("9999999999999999999999999999", 6, Err(OutOfRange)),
        ];
        for (text, precision, expected) in cases {
            let raw = read(text).unwrap().to_raw(precision).map_err(|refusal| refusal.code);
            assert_eq!(raw, expected, "{text} with {precision} digits");
        }
    }

    #[test]
    fn a_ratio_rounds_half_up_and_has_no_value_over_nothing() {
        for (numerator, denominator, value) in [
            (37, 40, Some("0.93")),
            (1, 8, Some("0.13")),
            (1, 3, Some("0.33")),
            (40, 40, Some("1.00")),
            (-1, 8, Some("-0.13")),
            (0, 5, Some("0.00")),
            (5, 0, None),
        ] {
            let ratio = Ratio::of(numerator, denominator, 1);
            let printed = ratio.value.map(|value| value.0.to_string());
            assert_eq!(printed.as_deref(), value, "{numerator} / {denominator}");
        }
    }
}
