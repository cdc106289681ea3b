//! What may be kept.

use async_graphql::parser::types::OperationDefinition;
use serde_json::{Map, Value};

use super::graphql::SavedContent;
use crate::{
    domain::token::secret,
    refusal::{Refusal, UserErrorCode},
    text::{self, personal},
};

/// The most operations that a party keeps at one time.
pub const MAX_SAVED: u64 = 500;
/// The most bytes of the values that variables begin with.
pub const MAX_VARIABLES: usize = 8 << 10;
/// The most characters of a title.
const MAX_TITLE: usize = 120;

/// The field of an input that belongs to one request and is never kept.
const KEY: &str = "idempotencyKey";

/// Titles and descriptions, tidied.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    pub title_vi: String,
    pub title_en: Option<String>,
    pub description_vi: Option<String>,
    pub description_en: Option<String>,
    pub search_key: String,
}

pub fn words(content: &SavedContent) -> Result<Words, Refusal> {
    let title_vi = text::label("titleVi", &content.title_vi, MAX_TITLE)?;
    holds_no_secret("titleVi", &title_vi)?;
    let title_en = optional("titleEn", content.title_en.as_deref(), MAX_TITLE)?;
    let titles = [Some(&*title_vi), title_en.as_deref()];
    Ok(Words {
        search_key: text::search_key(titles.into_iter().flatten()),
        description_vi: optional(
            "descriptionVi",
            content.description_vi.as_deref(),
            text::MAX_TEXT,
        )?,
        description_en: optional(
            "descriptionEn",
            content.description_en.as_deref(),
            text::MAX_TEXT,
        )?,
        title_vi,
        title_en,
    })
}

fn optional(field: &str, text: Option<&str>, max: usize) -> Result<Option<String>, Refusal> {
    let text = text::optional_label(field, text.unwrap_or_default(), max)?;
    holds_no_secret(field, &text)?;
    Ok((!text.is_empty()).then_some(text))
}

/// Refuses a text that holds what looks like a secret of ours or of a provider.
pub fn holds_no_secret(field: &str, text: &str) -> Result<(), Refusal> {
    match secret::is_held_in(text) {
        true => Err(UserErrorCode::HoldsSecret.refuse().at(field)),
        false => Ok(()),
    }
}

/// The values that variables of an operation begin with: an object of those that it declares, without
/// idempotency keys.
pub fn variables(sent: &str, operation: &OperationDefinition) -> Result<String, Refusal> {
    const FIELD: &str = "variables";
    if sent.len() > MAX_VARIABLES {
        return Err(UserErrorCode::TooLong.refuse().at(FIELD).with("max", MAX_VARIABLES));
    }
    let Ok(mut values) = serde_json::from_str::<Map<String, Value>>(sent) else {
        let refusal = UserErrorCode::InvalidFormat.refuse().at(FIELD);
        return Err(refusal.with("expected", "JSON_OBJECT"));
    };
    let declared = |name: &String| {
        operation.variable_definitions.iter().any(|of| of.node.name.node == name.as_str())
    };
    if let Some(unknown) = values.keys().find(|name| !declared(name)) {
        let refusal = UserErrorCode::InvalidOperation.refuse().at(FIELD);
        return Err(refusal.with("what", format!("there is no variable ${unknown}")));
    }
    values.retain(|name, _| name != KEY);
    values.values_mut().for_each(forget_keys);
    let kept = Value::Object(values).to_string();
    // What is written as \u0030 is read as 0.
    if personal::holds_number(&kept) {
        return Err(UserErrorCode::PersonalData.refuse().at(FIELD));
    }
    holds_no_secret(FIELD, &kept)?;
    Ok(kept)
}

fn forget_keys(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove(KEY);
            fields.values_mut().for_each(forget_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_keys),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::domain::operation::rules::sole;

    fn kept(sent: &str) -> Result<String, UserErrorCode> {
        let document =
            parse_query("query A($a: Int, $input: I) { b(a: $a, input: $input) }").unwrap();
        variables(sent, sole(&document).unwrap()).map_err(|refusal| refusal.code)
    }

    #[test]
    fn values_are_those_of_declared_variables_without_keys() {
        assert_eq!(kept("{}").as_deref(), Ok("{}"));
        assert_eq!(kept(" { \"a\" : 1 } ").as_deref(), Ok(r#"{"a":1}"#));
        let nested = r#"{"input":{"rows":[{"idempotencyKey":"x","n":2}],"idempotencyKey":"y"}}"#;
        assert_eq!(kept(nested).as_deref(), Ok(r#"{"input":{"rows":[{"n":2}]}}"#));
    }

    #[test]
    fn what_is_no_object_is_unknown_or_personal_is_refused() {
        use UserErrorCode::{HoldsSecret, InvalidFormat, InvalidOperation, PersonalData, TooLong};
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_VARIABLES));
        let token = format!(r#"{{"a":"ckt_{}"}}"#, "x".repeat(49));
        for (sent, code) in [
            ("", InvalidFormat),
            ("[]", InvalidFormat),
            ("null", InvalidFormat),
            ("{\"a\":1", InvalidFormat),
            (r#"{"b":1}"#, InvalidOperation),
            (r#"{"a":"0912 345 678"}"#, PersonalData),
            (r#"{"a":"\u0030912345678"}"#, PersonalData),
            (&token, HoldsSecret),
            (&long, TooLong),
        ] {
            assert_eq!(kept(sent), Err(code), "{sent}");
        }
    }
}
