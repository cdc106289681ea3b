//! What can be counted without parsing: the tokens of a document and how deep its brackets nest,
//! and the values of a JSON text. The parser recurses, so nothing reaches it that nests deeply.

/// The counts of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub tokens: u64,
    /// How many brackets of any kind are open at once.
    pub nesting: u64,
    pub directives: u64,
}

/// Counts a document byte by byte. None where a string has no end, which is no document; the
/// parser would go back and read its inside as code.
pub fn document(text: &str) -> Option<Scan> {
    let mut scan = Scan::default();
    let mut open = 0_u64;
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xEF | 0xBB | 0xBF => {
                rest = after;
                continue;
            }
            b'#' => {
                rest = skip(after, |byte| !matches!(byte, b'\r' | b'\n'));
                continue;
            }
            b'"' => after_string(rest)?,
            b'.' if after.starts_with(b"..") => after.get(2..)?,
            b'-' | b'0'..=b'9' => skip(after, |byte| is_word(byte) || b".+-".contains(&byte)),
            byte if is_word(byte) => skip(after, is_word),
            b'{' | b'(' | b'[' => {
                open += 1;
                scan.nesting = scan.nesting.max(open);
                after
            }
            b'}' | b')' | b']' => {
                open = open.saturating_sub(1);
                after
            }
            b'@' => {
                scan.directives += 1;
                after
            }
            _ => after,
        };
        scan.tokens += 1;
    }
    Some(scan)
}

/// What a document says in plain words: its strings, with their quotes, and its comments. None where a
/// string has no end.
pub fn texts(text: &str) -> Option<Vec<&str>> {
    let mut texts = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let end = match byte {
            b'#' => skip(after, |byte| !matches!(byte, b'\r' | b'\n')),
            b'"' => after_string(rest)?,
            _ => {
                rest = after;
                continue;
            }
        };
        texts.push(text.get(text.len() - rest.len()..text.len() - end.len())?);
        rest = end;
    }
    Some(texts)
}

/// About how many values a JSON text holds: never fewer than there are.
pub fn json_values(text: &[u8]) -> u64 {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

fn after_string(text: &[u8]) -> Option<&[u8]> {
    let (quotes, is_block): (&[u8], _) =
        if text.starts_with(b"\"\"\"") { (b"\"\"\"", true) } else { (b"\"", false) };
    let mut rest = text.get(quotes.len()..)?;
    while !rest.starts_with(quotes) {
        rest = match rest {
            [b'\\', b'"', b'"', b'"', after @ ..] if is_block => after,
            [b'\\', _, after @ ..] if !is_block => after,
            [b'\r' | b'\n', ..] if !is_block => return None,
            [_, after @ ..] => after,
            [] => return None,
        };
    }
    rest.get(quotes.len()..)
}

fn skip(text: &[u8], goes_on: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| !goes_on(*byte)).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_nesting_are_those_of_the_language() {
        for (text, tokens, nesting, directives) in [
            ("{ a }", 3, 1, 0),
            ("{a,b c}", 5, 1, 0),
            ("query Q($a: [Int!]! = [1]) @x { a(b: {c: [$a]}) ...F @skip(if: true) }", 42, 4, 2),
            ("{ a # }}}} \"\n b }", 4, 1, 0),
            ("{ a(b: \"{[(\\\"{\") }", 8, 2, 0),
            ("{ a(b: \"\"\"{ \\\"\"\" \" [\"\"\") }", 8, 2, 0),
            ("\u{feff}{ a(b: \"é\") }", 8, 2, 0),
            ("{a(b: -1.5e+3)...F}", 10, 2, 0),
        ] {
            let counted = document(text);
            assert_eq!(counted, Some(Scan { tokens, nesting, directives }), "{text}");
        }
    }

    #[test]
    fn a_string_without_an_end_is_no_document() {
        for text in ["{a(b: \"", "{a(b: \"\n\")}", "{a(b: \"\"\" \" [[[[", "{a(b: \"\\\")}"] {
            assert_eq!(document(text), None, "{text}");
        }
    }

    #[test]
    fn texts_are_strings_and_comments() {
        let block = "\"\"\"a \" # b\"\"\"";
        for (text, found) in [
            ("type A { b: C }", vec![]),
            ("\"a\" b \"cá\" # \"long\n\"d\"", vec!["\"a\"", "\"cá\"", "# \"long", "\"d\""]),
            (block, vec![block]),
        ] {
            assert_eq!(texts(text), Some(found), "{text}");
        }
        assert_eq!(texts("\"a"), None);
    }

    #[test]
    fn json_values_are_counted_outside_of_strings() {
        for (text, values) in [("1", 1), ("{\"a\":[1,2,3]}", 5), ("[\"a,[{\\\",\",2]", 3)] {
            assert_eq!(json_values(text.as_bytes()), values, "{text}");
        }
    }
}
