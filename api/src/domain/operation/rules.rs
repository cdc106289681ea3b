//! What may be registered.

use async_graphql::{
    ServerError,
    parser::types::{
        ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};
use entity::operation::Kind;

use super::shared;
use crate::{
    refusal::{Refusal, UserErrorCode},
    text::personal,
};

/// The most operations that a party has at one time.
pub const MAX_OPERATIONS: u64 = 500;
/// The most bytes of a document.
pub const MAX_DOCUMENT: usize = 32 << 10;
/// The most characters of a name.
const MAX_NAME: usize = 64;

/// How a document is named by its hash: `sha256:` and 64 hexadecimal digits.
pub const HASH_PREFIX: &str = "sha256:";

/// What a mutation that is called by its name tells of each refusal.
const TOLD: [&str; 3] = ["code", "message", "path"];

/// The hash that a document id names; none where it is no document id.
pub fn hash_of(document_id: &str) -> Option<&str> {
    let hash = document_id.strip_prefix(HASH_PREFIX)?;
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (hash.len() == 64 && hash.bytes().all(hex)).then_some(hash)
}

/// A name of the party's own: `[A-Za-z][A-Za-z0-9_-]{0,63}`, and no shared one.
pub fn name(name: &str) -> Result<String, Refusal> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins || !name.chars().all(fits) || name.len() > MAX_NAME {
        let refusal = UserErrorCode::InvalidFormat.refuse().at("name");
        return Err(refusal.with("expected", "OPERATION_NAME"));
    }
    if personal::holds_number(name) {
        return Err(UserErrorCode::PersonalData.refuse().at("name"));
    }
    if shared::by_name(name).is_some() {
        return Err(UserErrorCode::AlreadyRecorded.refuse().at("name").with("what", name));
    }
    Ok(name.to_owned())
}

/// What is refused of a text before it is looked at as GraphQL.
pub fn text(document: &str) -> Result<(), Refusal> {
    if document.len() > MAX_DOCUMENT {
        return Err(UserErrorCode::TooLong.refuse().at("document").with("max", MAX_DOCUMENT));
    }
    if personal::holds_number(document) {
        return Err(UserErrorCode::PersonalData.refuse().at("document"));
    }
    Ok(())
}

/// The one operation of a document.
pub fn sole(document: &ExecutableDocument) -> Result<&OperationDefinition, Refusal> {
    let mut operations = document.operations.iter();
    match (operations.next(), operations.next()) {
        (Some((_, operation)), None) => Ok(&operation.node),
        _ => Err(invalid("it has not exactly one operation")),
    }
}

/// The word that a row has for what an operation does.
pub const fn kind(operation: &OperationDefinition) -> Kind {
    match operation.ty {
        OperationType::Query => Kind::Query,
        OperationType::Mutation => Kind::Mutation,
        OperationType::Subscription => Kind::Subscription,
    }
}

/// That the answer of an operation can be told by an HTTP status: it is no subscription, and as a
/// mutation it has one root field and asks why that was refused.
pub fn callable(document: &ExecutableDocument) -> Result<(), Refusal> {
    let operation = sole(document)?;
    let root = &operation.selection_set.node;
    let is_fit = match operation.ty {
        OperationType::Query => true,
        OperationType::Mutation => match &root.items[..] {
            [only] => matches!(&only.node, Selection::Field(field) if tells_refusals(&field.node)),
            _ => false,
        },
        OperationType::Subscription => false,
    };
    let refusal = UserErrorCode::WrongKind.refuse().at("callable");
    if is_fit { Ok(()) } else { Err(refusal.with("expected", "CALLABLE_OPERATION")) }
}

fn tells_refusals(root: &Field) -> bool {
    let errors = plain(&root.selection_set.node, "userErrors");
    root.directives.is_empty()
        && errors.is_some_and(|errors| {
            TOLD.iter().all(|name| plain(&errors.selection_set.node, name).is_some())
        })
}

/// A field that stands in a selection under its own name, always.
fn plain<'a>(set: &'a SelectionSet, name: &str) -> Option<&'a Field> {
    set.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => Some(&field.node).filter(|field| {
            field.name.node == name && field.alias.is_none() && field.directives.is_empty()
        }),
        _ => None,
    })
}

/// The first of what is wrong with a document.
pub fn wrong(errors: &[ServerError]) -> Refusal {
    let Some(first) = errors.first() else { return invalid("it is not valid") };
    match first.locations.first() {
        Some(at) => invalid(&format!("{} ({}:{})", first.message, at.line, at.column)),
        None => invalid(&first.message),
    }
}

fn invalid(what: &str) -> Refusal {
    UserErrorCode::InvalidOperation.refuse().at("document").with("what", what)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn a_name_is_a_word_and_no_shared_one() {
        use UserErrorCode::{AlreadyRecorded, InvalidFormat, PersonalData};
        let most = "a".repeat(64);
        for good in ["a", "Báo".trim_end_matches("áo"), "Report_2026-11", &most] {
            assert_eq!(name(good), Ok(good.to_owned()));
        }
        let over = "a".repeat(65);
        for bad in ["", "1a", "_a", "a b", "a/b", "a.b", "á", &over] {
            assert_eq!(name(bad).unwrap_err().code, InvalidFormat, "{bad:?}");
        }
        assert_eq!(name("WhoAmI").unwrap_err().code, AlreadyRecorded);
        assert_eq!(name("R-0912345678").unwrap_err().code, PersonalData);
    }

    #[test]
    fn a_document_id_is_a_hash_in_lower_case() {
        let hash = "0".repeat(64);
        assert_eq!(hash_of(&format!("sha256:{hash}")), Some(&*hash));
        for bad in [hash.clone(), "sha256:".to_owned(), format!("sha256:{}", "A".repeat(64))] {
            assert_eq!(hash_of(&bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_called_by_name_has_one_operation_and_tells_why_it_was_refused() {
        let told = "userErrors { code message path }";
        for (text, fits) in [
            ("{ a b }".to_owned(), true),
            ("subscription { a }".to_owned(), false),
            (format!("mutation {{ a {{ {told} }} }}"), true),
            (format!("mutation {{ x: a {{ {told} object {{ id }} }} }}"), true),
            (format!("mutation {{ a {{ {told} }} b {{ {told} }} }}"), false),
            (format!("mutation {{ ... {{ a {{ {told} }} }} }}"), false),
            (format!("mutation {{ a @skip(if: true) {{ {told} }} }}"), false),
            ("mutation { a { userErrors { code } } }".to_owned(), false),
            (format!("mutation {{ a {{ x: {told} }} }}"), false),
            (format!("mutation {{ a {{ {} }} }}", told.replace("code", "x: code")), false),
            ("query a { b } query c { d }".to_owned(), false),
        ] {
            assert_eq!(callable(&parse_query(&text).unwrap()).is_ok(), fits, "{text}");
        }
    }
}
