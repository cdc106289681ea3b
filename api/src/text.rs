//! Text as Vietnamese officials type it: composed (NFC), folded for search, and checked for what
//! must not be stored.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::refusal::{Refusal, UserErrorCode};

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
            'đ' => 'd',
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
    if text.chars().any(char::is_control) {
        return Err(UserErrorCode::InvalidFormat.refuse().at(field).with("expected", "A–Ỹ 0–9"));
    }
    if holds_personal_number(&text) {
        return Err(UserErrorCode::PersonalData.refuse().at(field));
    }
    Ok(text)
}

/// Whether a text holds a phone number (`0` or `+84` and 9 digits) or an identity number (9 or 12
/// digits). Tested after NFKC; amounts grouped in threes, amounts of money, dates, times and
/// document numbers are set aside first; in what remains separators between digits do not count.
pub fn holds_personal_number(text: &str) -> bool {
    let text: String = text.nfkc().collect();
    let mut digits = String::new();
    let mut found = false;
    for word in words(&text) {
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '(')
            && !is_harmless(word)
        {
            digits.extend(word.chars().filter(|c| c.is_ascii_digit() || *c == '+'));
        } else {
            found |= is_personal(&digits);
            digits.clear();
        }
    }
    found || is_personal(&digits)
}

/// Runs of digits with their separators, and the words between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .flat_map(|part| {
            let part = part.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '.' | ')' | '"'));
            let cut = part.find(|c: char| c.is_ascii_digit() || c == '+').unwrap_or(part.len());
            let (head, tail) = part.split_at(cut);
            let glued = head.chars().any(char::is_alphanumeric) && !tail.contains('/');
            if glued { [head, tail] } else { [part, ""] }
        })
        .filter(|word| !word.is_empty())
}

fn is_harmless(word: &str) -> bool {
    let number = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '₫' || c == '%');
    let grouped = |separator: char| {
        let groups: Vec<&str> = number.split(separator).collect();
        groups.len() > 1
            && (1..=3).contains(&groups[0].len())
            && !(groups[0].starts_with('0') || groups[0].starts_with('+'))
            && groups[1..].iter().all(|group| group.len() == 3)
            && groups.iter().all(|group| group.chars().all(|c| c.is_ascii_digit()))
    };
    let money = number.len() < word.len()
        && number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        && !number.starts_with('0');
    let date = {
        let parts: Vec<&str> = number.split(['/', '-', '.', ':', 'T']).collect();
        (2..=6).contains(&parts.len())
            && parts.iter().all(|part| (1..=4).contains(&part.len()))
            && parts.iter().filter(|part| part.len() > 2).count() <= 1
            && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()))
            && parts.iter().map(|part| part.len()).sum::<usize>() < 15
            && is_civil(&parts)
    };
    let document = word.contains('/') && word.chars().any(char::is_alphabetic);
    grouped('.') || grouped(',') || money || date || document
}

/// Whether numbers could be a date or a time: each within what days, months, years, hours,
/// minutes and seconds allow.
fn is_civil(parts: &[&str]) -> bool {
    parts.iter().all(|part| match (part.len(), part.parse::<u32>()) {
        (4, Ok(year)) => (1900..=2200).contains(&year),
        (1 | 2, Ok(value)) => value < 60,
        _ => false,
    })
}

fn is_personal(digits: &str) -> bool {
    let national = digits.strip_prefix("+84").map(|rest| format!("0{rest}"));
    let digits: String =
        national.as_deref().unwrap_or(digits).chars().filter(char::is_ascii_digit).collect();
    let phone = digits.len() == 10 && digits.starts_with('0')
        || digits.len() == 11 && digits.starts_with("84");
    phone || matches!(digits.len(), 9 | 12)
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
    fn personal_numbers_are_found_in_their_disguises() {
        for text in [
            "0912345678",
            "gọi 0912 345 678 nhé",
            "091.234.5678",
            "(091) 234-5678",
            "+84 912 345 678",
            "SĐT:0912345678",
            "０９１２３４５６７８",
            "CCCD 012345678901",
            "cmnd 123456789",
            "0 9 1 2 3 4 5 6 7 8",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn amounts_dates_and_document_numbers_are_not_personal() {
        for text in [
            "1.000.000.000",
            "2.100.000.000 đồng",
            "123456789đ",
            "3195/UBND-VXNV ngày 15/05/2024",
            "2024-05-15 10:30",
            "1431/QĐ-UBND",
            "40 máy",
            "01837 Phường Sông Cầu",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }
}
