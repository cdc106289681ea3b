//! Numbers that could belong to a person: a phone number (`0` or `+84` and 9 digits) or an identity
//! number (9 or 12 digits). No resident's data is stored, so a text that holds one is refused.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// Words that are set aside before numbers are looked for, each matched as a whole: amounts grouped
/// in threes, amounts with a unit of money, dates and times.
static HARMLESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let unit = r"(?:đồng|đ|₫|vnđ|vnd|usd|nghìn|ngàn|triệu|tỷ|tỉ|tr|k|%)";
    let day = r"(?:0?[1-9]|[12]\d|3[01])";
    let month = r"(?:0?[1-9]|1[0-2])";
    let year = r"(?:19|20|21)\d\d";
    let time = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?";
    Regex::new(&format!(
        r"(?ix)^(?:
            [1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d{{1,2}})?{unit}? | [1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d{{1,2}})?{unit}?
            | [1-9]\d*(?:[.,]\d+)?{unit}
            | {day}[/.-]{month}[/.-]{year} | {month}[/.-]{year} | {year}-{month}-{day}(?:T{time})? | {time}
        )$"
    ))
    .ok()
});

/// Number and symbol of a document: `1431/QĐ-UBND`, `09/2019/NĐ-CP`, `148/2025/QH15`, `09-CT/TU`.
/// Its symbol has a few digits at most.
static DOCUMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let symbol = r"\p{L}[\p{L}/.&-]*(?:\d{1,4}[\p{L}/.&-]*)?";
    Regex::new(&format!(r"^\d{{1,5}}(?:/(?:19|20|21)\d\d)?[/-]{symbol}$")).ok()
});

/// Words that make the number before them an amount of money.
const MONEY: [&str; 10] = ["đồng", "đ", "vnđ", "vnd", "usd", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"];

/// Whether a text holds such a number. Tested after NFKC, digits of any script alike; what is
/// harmless is set aside; in what remains everything but letters and digits is a separator, and
/// separators do not count.
pub fn holds_number(text: &str) -> bool {
    let text: String =
        text.nfkc().map(|c| if c.is_numeric() && !c.is_ascii_digit() { '0' } else { c }).collect();
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+'))
        .collect();
    let mut groups: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // After the code of the country nothing is an amount.
        let is_dialled = at > 0 && ["+84", "0084"].contains(&words[at - 1]);
        if !is_dialled && is_harmless(word, words.get(at + 1).copied()) {
            if any_personal(&groups) {
                return true;
            }
            groups.clear();
            continue;
        }
        for part in word.split_inclusive(char::is_alphabetic) {
            let digits = part.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
            groups.extend(digits.map(str::to_owned));
            if part.ends_with(char::is_alphabetic) {
                if any_personal(&groups) {
                    return true;
                }
                groups.clear();
            }
        }
    }
    any_personal(&groups)
}

fn is_harmless(word: &str, next: Option<&str>) -> bool {
    let is_amount = |word: &str| {
        !word.starts_with('0') && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    let before_money =
        next.is_some_and(|next| MONEY.contains(&next.to_lowercase().as_str())) && is_amount(word);
    let is = |words: &LazyLock<Option<Regex>>| {
        words.as_ref().is_some_and(|harmless| harmless.is_match(word))
    };
    before_money || is(&HARMLESS) || is(&DOCUMENT)
}

/// Whether some groups of digits that follow each other are such a number together.
fn any_personal(groups: &[String]) -> bool {
    (0..groups.len()).any(|start| {
        let mut digits = String::new();
        groups[start..].iter().any(|group| {
            digits.push_str(group);
            is_personal(&digits)
        })
    })
}

fn is_personal(digits: &str) -> bool {
    match digits.len() {
        9 | 12 => true,
        10 => digits.starts_with('0'),
        11 => digits.starts_with("84"),
        13 => digits.starts_with("0084"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_found_in_their_disguises() {
        for text in [
            "0912345678",
            "gọi 0912 345 678 nhé",
            "091.234.5678",
            "(091) 234-5678",
            "+84 912 345 678",
            "0084912345678",
            "SĐT:0912345678",
            "０９１２３４５６７８",
            "٠٩١٢٣٤٥٦٧٨",
            "CCCD 012345678901",
            "cmnd 123456789",
            "123456789cmnd",
            "84912345678z",
            "0 9 1 2 3 4 5 6 7 8",
            "Thôn 3 0912345678",
            "Thôn 3, 0912 345 678",
            "0912345678 0987654321",
            "0912345678-0987654321",
            "09.12.34.56.78",
            "0912345678/anh Nam",
            "012345678901/CCCD",
            "[0912345678]",
            "«0912345678»",
            "1/A0912345678",
            "09-CT/TU-0912345678",
            "0912_345_678",
            "+84-912-345-678",
            "(+84) 912.345.678",
            "+84 912345678 đồng",
            "0912\u{332}345\u{332}678",
            "O912345678",
            "ngày 14/11/2026 gọi 0912345678",
            "1.000.000.000 đồng, 0912345678",
            "theo 1431/QĐ-UBND, CCCD 012345678901",
            "012.345.678.901",
            "0912.345.678 đồng",
        ] {
            assert!(holds_number(text), "{text}");
        }
    }

    #[test]
    fn amounts_dates_and_document_numbers_are_not_personal() {
        for text in [
            "1.000.000.000",
            "2.100.000.000 đồng",
            "123456789đ",
            "123456789 đồng",
            "450000000 VNĐ cho 8 xã",
            "3195/UBND-VXNV ngày 15/05/2024",
            "2024-05-15 10:30",
            "2024-05-15T10:30:00",
            "1431/QĐ-UBND, 09/2019/NĐ-CP và 09-CT/TU",
            "148/2025/QH15, 369/KH-UBND (14/06/2023)",
            "19/2025/QĐ-TTg",
            "05/2025, 15.05.2024, 8:30",
            "1,5 tỷ và 12.500 cái",
            "450.000.000 VNĐ",
            "giai đoạn 2025-2030",
            "40 máy",
            "01837 Phường Sông Cầu",
            "hứa 40, giao 37 ngày 14/11/2026, còn 3",
        ] {
            assert!(!holds_number(text), "{text}");
        }
    }
}
