//! What differs between two databases without meaning anything, taken out of an answer: ids and
//! cursors get the number of their first occurrence, and trace ids go.

use std::collections::HashMap;

/// The names that somebody has been told, in the order in which they were.
#[derive(Default)]
pub struct Names {
    numbers: HashMap<String, usize>,
    told: Vec<String>,
}

/// What stands before a value that is no id and yet differs.
const MARKS: [&str; 4] =
    ["\"endCursor\":\"", "\"startCursor\":\"", "\"cursor\":\"", "\"traceId\":\""];

/// The length of an id behind its prefix.
const LENGTH: usize = 26;

impl Names {
    fn number(&mut self, of: &str) -> usize {
        if let Some(number) = self.numbers.get(of) {
            return *number;
        }
        self.told.push(of.to_owned());
        self.numbers.insert(of.to_owned(), self.told.len() - 1);
        self.told.len() - 1
    }

    /// The text with `prefix#number` for each id and `cursor#number` for each cursor.
    pub fn plain(&mut self, text: &str) -> String {
        self.replace(text, |names, id| Some(names.number(id)))
    }

    /// The same for ids that were told already; others stay.
    pub fn plain_known(&mut self, text: &str) -> String {
        self.replace(text, |names, id| names.numbers.get(id).copied())
    }

    fn replace(&mut self, text: &str, number: impl Fn(&mut Self, &str) -> Option<usize>) -> String {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
                let value = &rest[mark.len()..];
                let end = value.find('"').unwrap();
                plain.push_str(mark);
                if !mark.contains("traceId") {
                    plain.push_str(&format!("cursor#{}", self.number(&value[..end])));
                }
                rest = &value[end..];
            } else if let Some(id) = id_at(rest) {
                let (prefix, _) = id.rsplit_once('_').unwrap();
                match number(self, id) {
                    Some(number) => plain.push_str(&format!("{prefix}#{number}")),
                    None => plain.push_str(id),
                }
                rest = &rest[id.len()..];
            } else {
                let word = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let step = word.unwrap_or(rest.len()).max(rest.chars().next().unwrap().len_utf8());
                plain.push_str(&rest[..step]);
                rest = &rest[step..];
            }
        }
        plain
    }

    /// The same text with the ids and cursors of this database again.
    pub fn real(&self, plain: &str) -> String {
        let mut real = String::with_capacity(plain.len());
        let mut rest = plain;
        while let Some(at) = rest.find('#') {
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let prefix = before.rfind(|c: char| !c.is_ascii_lowercase() && c != '_');
            let start = prefix.map_or(0, |at| at + 1);
            real.push_str(&before[..start]);
            let number: usize = after[..digits].parse().unwrap();
            real.push_str(&self.told[number]);
            rest = &after[digits..];
        }
        real.push_str(rest);
        real
    }

    pub fn knows(&self, id: &str) -> bool {
        self.numbers.contains_key(id)
    }
}

/// The id that a text begins with: `prefix_` and 26 letters and digits.
fn id_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '_');
    let word = &text[..end.unwrap_or(text.len())];
    let (prefix, tail) = word.rsplit_once('_')?;
    let is_prefix =
        !prefix.is_empty() && prefix.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    (is_prefix && tail.len() == LENGTH).then_some(word)
}
