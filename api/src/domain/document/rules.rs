//! How Vietnamese documents are numbered, and what they are typed as. An official letter has no
//! type prefix (`3195/UBND-VXNV`), normative acts carry the year (`09/2019/NĐ-CP`), papers of the
//! Party turn round (`09-CT/TU`), laws have no hyphen (`148/2025/QH15`).

use chrono::NaiveDate;
use entity::{document, party};
use unicode_normalization::UnicodeNormalization;

use crate::refusal::{Refusal, UserErrorCode};

/// The most characters of a title.
pub const MAX_TITLE: usize = 500;
/// The most parties that a document names.
pub const MAX_NAMED: usize = 50;

/// Types that a symbol begins with, for symbols typed without their hyphen.
const TYPES: [&str; 12] = ["QĐ", "KH", "NĐ", "TT", "CT", "NQ", "BC", "TB", "TTr", "HD", "CV", "BB"];

/// A number and a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub number: String,
    pub symbol: String,
}

/// A document is issued while its issuer exists, and not in the future. Where the registry only
/// vouches for the issuer from some day on, it may be older.
pub fn issued_on(on: NaiveDate, issuer: &party::Model, today: NaiveDate) -> Result<(), Refusal> {
    let after_begin = issuer.valid_from_is_floor || issuer.valid_from <= on;
    if after_begin && on <= today && issuer.valid_to.is_none_or(|end| on < end) {
        return Ok(());
    }
    let last = issuer.valid_to.map_or(today, |end| end.min(today));
    Err(UserErrorCode::OutsideValidity
        .refuse()
        .at("issuedOn")
        .with("what", &issuer.code)
        .with("from", issuer.valid_from)
        .with("to", last))
}

/// Reads a reference as it is typed: `1431/QĐ-UBND`, and also `749/QĐ- TTg`, `46/2019/QĐUBND`,
/// with Ð for Đ or a dash for the hyphen.
pub fn reference(field: &str, typed: &str) -> Result<Reference, Refusal> {
    let invalid = || UserErrorCode::InvalidFormat.refuse().at(field).with("expected", "REFERENCE");
    let text: String = typed
        .nfc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'Ð' => 'Đ',
            'ð' => 'đ',
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            c => c,
        })
        .collect();
    if text.chars().count() > 60 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(invalid());
    }
    let (number, symbol) = match split_party_paper(&text) {
        Some(parts) => parts,
        None => split_state_paper(&text).ok_or_else(invalid)?,
    };
    let well_formed = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '&'))
            && text.starts_with(char::is_alphanumeric)
            && text.ends_with(char::is_alphanumeric)
    };
    if number.split('/').next().is_none_or(|digits| digits.len() > 5) {
        return Err(invalid());
    }
    if !symbol.contains(char::is_alphabetic) || !well_formed(symbol) || !well_formed(number) {
        return Err(invalid());
    }
    Ok(Reference { number: number.to_owned(), symbol: hyphenated(symbol) })
}

/// Public facts rest on public papers: a directive, never a letter that only some may see.
pub fn directive(document: &document::Model) -> Result<(), Refusal> {
    if document.kind == document::Kind::Directive {
        return Ok(());
    }
    Err(UserErrorCode::WrongKind.refuse().at("documentId").with("expected", "DIRECTIVE"))
}

/// A reference as it is printed. Papers of the Party have a slash in their symbol.
pub fn printed(number: &str, symbol: &str) -> String {
    let separator = if symbol.contains('/') { '-' } else { '/' };
    format!("{number}{separator}{symbol}")
}

/// `09-CT/TU`: a hyphen before the first slash.
fn split_party_paper(text: &str) -> Option<(&str, &str)> {
    let (number, symbol) = text.split_once('-')?;
    number.chars().all(|c| c.is_ascii_digit()).then_some((number, symbol))
}

/// `1431/QĐ-UBND`, or with the year in the number: `09/2019/NĐ-CP`, `148/2025/QH15`.
fn split_state_paper(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.split_once('/')?;
    match rest.split_once('/') {
        Some((year, symbol)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            Some((&text[..number.len() + 1 + year.len()], symbol))
        }
        _ => Some((number, rest)),
    }
}

/// Puts the hyphen back into `QĐUBND`.
fn hyphenated(symbol: &str) -> String {
    if !symbol.contains('-') {
        for kind in TYPES {
            if let Some(issuer) = symbol.strip_prefix(kind)
                && issuer.starts_with(char::is_uppercase)
                && issuer.chars().count() >= 2
            {
                return format!("{kind}-{issuer}");
            }
        }
    }
    symbol.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_they_are_typed() {
        for (typed, number, symbol) in [
            ("1431/QĐ-UBND", "1431", "QĐ-UBND"),
            ("369/KH-UBND", "369", "KH-UBND"),
            ("3195/UBND-VXNV", "3195", "UBND-VXNV"),
            ("09/2019/NĐ-CP", "09/2019", "NĐ-CP"),
            ("148/2025/QH15", "148/2025", "QH15"),
            ("09-CT/TU", "09", "CT/TU"),
            ("749/QĐ- TTg", "749", "QĐ-TTg"),
            ("46/2019/QĐUBND", "46/2019", "QĐ-UBND"),
            ("1431/QÐ–UBND", "1431", "QĐ-UBND"),
        ] {
            let read = reference("reference", typed).unwrap();
            assert_eq!((read.number.as_str(), read.symbol.as_str()), (number, symbol), "{typed}");
        }
        assert_eq!(printed("09", "CT/TU"), "09-CT/TU");
        assert_eq!(printed("1431", "QĐ-UBND"), "1431/QĐ-UBND");
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for typed in [
            "",
            "1431",
            "QĐ-UBND",
            "1431/",
            "1431/22",
            "/QĐ-UBND",
            "1431/QĐ-UBND;--",
            "012345678901/CCCD",
        ] {
            assert!(reference("reference", typed).is_err(), "{typed}");
        }
    }
}
