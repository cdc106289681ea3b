//! What the names of places tell: the kind of the unit, and whether two spellings are one name.

use entity::place::{Kind, Level};
use unicode_normalization::UnicodeNormalization;

use crate::text;

/// Two spellings that differ in nothing but capitals and where the tone mark stands (Hòa and
/// Hoà). The sources disagree on both, and a name must not change with whoever came last.
pub fn same_spelling(a: &str, b: &str) -> bool {
    let letters = |name: &str| -> Vec<Vec<char>> {
        let word = |word: &str| {
            let mut letters: Vec<char> = word.nfd().flat_map(char::to_lowercase).collect();
            letters.sort_unstable();
            letters
        };
        name.split_whitespace().map(word).collect()
    };
    letters(a) == letters(b)
}

/// The kind that a unit's own name begins with.
pub fn kind_in_name(level: Level, name: &str) -> Option<Kind> {
    let name = text::fold(name);
    let begins = |words: &str| name.strip_prefix(words).is_some_and(|rest| rest.starts_with(' '));
    let known: &[(&str, Kind)] = match level {
        Level::Province => &[("tinh", Kind::Tinh), ("thanh pho", Kind::ThanhPho)],
        Level::District => &[
            ("huyen", Kind::Huyen),
            ("quan", Kind::Quan),
            ("thi xa", Kind::ThiXa),
            ("thanh pho", Kind::ThanhPho),
        ],
        Level::Commune => &[],
    };
    known.iter().find(|(words, _)| begins(words)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_differ_by_more_than_capitals_and_the_place_of_the_tone() {
        for (a, b) in
            [("Xã Định Hóa", "Xã Định Hoá"), ("Thành Phố Huế", "Thành phố Huế"), ("Thụy", "Thuỵ")]
        {
            assert!(same_spelling(a, b), "{a}, {b}");
        }
        for (a, b) in [("Xã Sỹ Bình", "Xã Sĩ Bình"), ("Xã Côn Minh", "Xã Côn Mình"), ("Đa", "Da")]
        {
            assert!(!same_spelling(a, b), "{a}, {b}");
        }
    }
}
