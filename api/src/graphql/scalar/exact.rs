//! Scalars where a client is promised in writing what is read: at `/operations`. The JSON schema of
//! each and the check of a value stand side by side and say the same. GraphQL itself reads more, such
//! as numbers for ids.

use async_graphql::Value;
use chrono::DateTime;
use serde_json::{Value as Json, json};

use super::{MAX_RAW, civil, decimal};

/// Days from 1900 to 2200 that there are, the 29th of February included.
const DATE: &str = "^(?:(?:19|20|21)[0-9]{2}|2200)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
    |(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))$\
    |^(?:(?:19|20|21)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29$";

const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

const DECIMAL: &str = "^-?[0-9]{1,16}(?:\\.[0-9]{1,11})?$";

/// Any text that a database keeps.
const TEXT: &str = "^[^\\u0000]*$";

/// What is read of a scalar.
pub fn schema(scalar: &str) -> Json {
    match scalar {
        "Boolean" => json!({ "type": "boolean" }),
        "Int" => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        "Float" => json!({ "type": "number" }),
        "Date" => json!({ "type": "string", "pattern": DATE }),
        "DateTime" => json!({ "type": "string", "format": "date-time" }),
        "UUID" => json!({ "type": "string", "pattern": UUID }),
        "Decimal" => json!({ "type": ["string", "integer"], "pattern": DECIMAL,
            "minimum": -MAX_RAW, "maximum": MAX_RAW }),
        _ => json!({ "type": "string", "pattern": TEXT }),
    }
}

/// What is answered of a scalar.
pub fn answered(scalar: &str) -> Json {
    match scalar {
        "Boolean" => json!({ "type": "boolean" }),
        "Int" => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        "Float" => json!({ "type": "number" }),
        "Date" => json!({ "type": "string", "format": "date" }),
        "DateTime" => json!({ "type": "string", "format": "date-time" }),
        "UUID" => json!({ "type": "string", "format": "uuid" }),
        "Decimal" => json!({ "type": "string", "pattern": "^-?[0-9]+(?:\\.[0-9]+)?$" }),
        _ => json!({ "type": "string" }),
    }
}

/// Whether a value is as [`schema`] says.
pub fn fits(scalar: &str, value: &Value) -> bool {
    match (scalar, value) {
        ("Boolean", Value::Boolean(_)) | ("Float", Value::Number(_)) => true,
        ("Int", Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        ("Decimal", Value::Number(number)) => {
            number.as_i64().is_some_and(|number| (-MAX_RAW..=MAX_RAW).contains(&number))
        }
        ("Boolean" | "Float" | "Int", _) => false,
        ("Date", Value::String(text)) => civil(text).is_some(),
        ("DateTime", Value::String(text)) => DateTime::parse_from_rfc3339(text).is_ok(),
        ("UUID", Value::String(text)) => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
        ("Decimal", Value::String(text)) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            decimal(text).is_some() && whole.len() <= 16 && fraction.len() <= 11
        }
        (_, Value::String(text)) => !text.contains('\0'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn agree(scalar: &str, pattern: &str, texts: impl IntoIterator<Item = String>) {
        let pattern = Regex::new(pattern).unwrap();
        for text in texts {
            let fits = fits(scalar, &Value::from(text.as_str()));
            assert_eq!(pattern.is_match(&text), fits, "{scalar} {text}");
        }
    }

    #[test]
    fn the_pattern_of_a_date_is_the_calendar() {
        let years = [1899, 1900, 1904, 1996, 2000, 2004, 2025, 2100, 2196, 2200, 2201];
        let dates = years.into_iter().flat_map(|year| {
            (0..=13).flat_map(move |month| {
                (0..=32).map(move |day| format!("{year}-{month:02}-{day:02}"))
            })
        });
        agree("Date", DATE, dates);
        agree("Date", DATE, ["", "2025-7-1", "2025-07-01T00:00:00Z", "20250701"].map(String::from));
    }

    #[test]
    fn the_patterns_of_other_texts_say_what_is_read() {
        let uuid = "0198d1a2-0000-7000-8000-00000000000F";
        agree(
            "UUID",
            UUID,
            [uuid, "", &uuid.replace('-', ""), &format!("{{{uuid}}}"), &uuid[1..]]
                .map(str::to_owned),
        );
        agree(
            "Decimal",
            DECIMAL,
            ["40", "-3", "10.50", "", "-", ".5", "5.", "1e3", "+1", "1,5"].map(str::to_owned),
        );
        let long = |whole: usize, fraction: usize| "1".repeat(whole) + "." + &"1".repeat(fraction);
        agree("Decimal", DECIMAL, [long(16, 11), long(17, 1), long(1, 12), "1".repeat(28)]);
        agree("String", TEXT, ["", "xã\n", "\0"].map(str::to_owned));
    }
}
