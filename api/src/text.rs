//! Text as Vietnamese officials type it: composed (NFC), folded for search, and checked for what
//! must not be stored.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::refusal::{Refusal, UserErrorCode};

pub mod personal;

/// The most characters of what a party says in its own words: a text, a reason, an answer.
pub const MAX_TEXT: usize = 2_000;

/// The most characters of a reference, and the most digits in a row in one.
const MAX_REFERENCE: usize = 64;
const MAX_DIGITS: usize = 8;

/// Composes a text and makes every run of white space one blank.
pub fn tidy(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Folds a text for search: lower case, without diacritics, đ as d, anything but letters and
/// digits as one blank. What folding does not catch (Sĩ/Sỹ) is an alias.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // Eth is what some keyboards give for the crossed d.
            'đ' | 'ð' => 'd',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The search key of an object known by several texts: each folded, with a blank before every
/// word and ` |` between the texts, so that a match starts at a word and stays inside one text.
pub fn search_key<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut keys: Vec<String> = texts.into_iter().map(fold).filter(|key| !key.is_empty()).collect();
    keys.dedup();
    keys.iter().map(|key| format!(" {key}")).collect::<Vec<_>>().join(" |")
}

/// The `LIKE` pattern that finds what somebody typed at the start of any word of a search key;
/// none where nothing searchable was typed. Folded text has no wildcard in it.
pub fn search_pattern(typed: &str) -> Option<String> {
    let folded = fold(typed);
    (!folded.is_empty()).then(|| format!("% {folded}%"))
}

/// A label or title: tidied, 1 to `max` characters, without personal data.
pub fn label(field: &str, text: &str, max: usize) -> Result<String, Refusal> {
    let text = optional_label(field, text, max)?;
    if text.is_empty() { Err(UserErrorCode::Blank.refuse().at(field)) } else { Ok(text) }
}

/// The same, where nothing is also fine.
pub fn optional_label(field: &str, text: &str, max: usize) -> Result<String, Refusal> {
    let text = tidy(text);
    if text.chars().count() > max {
        return Err(UserErrorCode::TooLong.refuse().at(field).with("max", max));
    }
    if text.chars().any(|c| c.is_control() || is_hidden(c)) {
        return Err(UserErrorCode::InvalidFormat.refuse().at(field).with("expected", "PLAIN_TEXT"));
    }
    if personal::holds_number(&text) {
        return Err(UserErrorCode::PersonalData.refuse().at(field));
    }
    Ok(text)
}

/// A party's own reference for what it records: `[A-Za-z][A-Za-z0-9._/-]{0,63}`, with at most eight
/// digits in a row, whatever separates them. So it is never long enough for a number of a person.
pub fn external_reference(field: &str, reference: &str) -> Result<String, Refusal> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-');
    let begins = reference.starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins || !reference.chars().all(fits) || reference.len() > MAX_REFERENCE {
        let refusal = UserErrorCode::InvalidFormat.refuse().at(field);
        return Err(refusal.with("expected", "EXTERNAL_REFERENCE"));
    }
    let digits = |run: &str| run.bytes().filter(u8::is_ascii_digit).count();
    if reference.split(char::is_alphabetic).any(|run| digits(run) > MAX_DIGITS) {
        return Err(UserErrorCode::PersonalData.refuse().at(field));
    }
    Ok(reference.to_owned())
}

/// Characters that nobody sees: soft hyphen, zero width, direction marks, byte order mark.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_case_diacritics_and_the_crossed_d() {
        for typed in ["nghia ta", "Nghĩa Tá", "Nghi\u{303}a Ta\u{301}", "NGHĨA  TÁ", "nghĩa-tá"]
        {
            assert_eq!(fold(typed), "nghia ta", "{typed}");
        }
        assert_eq!(fold("Đức Vân"), "duc van");
        assert_eq!(fold("Ðức Vân"), "duc van");
        assert_eq!(fold("Trung Hoà"), fold("Trung Hòa"));
        assert_ne!(fold("Sỹ Bình"), fold("Sĩ Bình"));
    }

    #[test]
    fn a_search_finds_the_start_of_any_word_and_nothing_else() {
        let key = search_key(["Xã Nghĩa Tá", "Xã Bình Trung"]);
        assert_eq!(key, " xa nghia ta | xa binh trung");
        assert_eq!(search_pattern("Nghĩa").as_deref(), Some("% nghia%"));
        assert_eq!(search_pattern(" %_ "), None);
    }

    #[test]
    fn a_reference_is_short_and_holds_no_number_of_a_person() {
        use UserErrorCode::{InvalidFormat, PersonalData};
        let long = format!("A{}", "b".repeat(63));
        for reference in ["a", "VNPT-2026/001", "HD.12345678", "x1234_5678y1234", &long] {
            assert_eq!(external_reference("it", reference).as_deref(), Ok(reference));
            assert!(!personal::holds_number(reference), "{reference}");
        }
        let too_long = format!("A{}", "b".repeat(64));
        for (reference, code) in [
            ("", InvalidFormat),
            ("1a", InvalidFormat),
            ("-a", InvalidFormat),
            ("Đơn-1", InvalidFormat),
            ("a b", InvalidFormat),
            (" a", InvalidFormat),
            ("a\n", InvalidFormat),
            ("a１２", InvalidFormat),
            (&too_long, InvalidFormat),
            ("A123456789", PersonalData),
            ("HD-0912.345/678", PersonalData),
            ("a1-2-3-4-5-6-7-8-9z", PersonalData),
            ("HD-2026-11-24-001", PersonalData),
            ("a12345678b123456789", PersonalData),
        ] {
            let refused = external_reference("it", reference).map_err(|refusal| refusal.code);
            assert_eq!(refused, Err(code), "{reference}");
        }
    }

    #[test]
    fn hidden_characters_are_refused_and_a_text_of_blanks_is_none() {
        for text in ["\u{200b}", "\u{202e}gnol", "a\u{feff}b", "a\u{7}b"] {
            assert!(label("title", text, 80).is_err(), "{text:?}");
        }
        assert_eq!(label("title", " \u{a0} ", 80).unwrap_err().code, UserErrorCode::Blank);
        assert_eq!(label("title", "Nghi\u{303}a  Ta\u{301}", 80).unwrap(), "Nghĩa Tá");
    }
}
