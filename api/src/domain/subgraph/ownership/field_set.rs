//! Sets of fields, as `@key`, `@requires` and `@provides` have them: names, with sets of their own in
//! braces. Fragments, arguments, aliases and directives are no part of ours.

/// A field of a set, and those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub name: String,
    pub below: Vec<Selected>,
}

/// How deep sets may nest.
const DEEPEST: usize = 8;

/// Reads a set; none where it is no plain one.
pub fn parse(text: &str) -> Option<Vec<Selected>> {
    // The whole may stand in braces of its own.
    let text = text.trim();
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let mut open = vec![Vec::<Selected>::new()];
    for token in tokens(text)? {
        match token {
            "{" if open.len() < DEEPEST && open.last()?.last()?.below.is_empty() => {
                open.push(Vec::new());
            }
            "}" => {
                let below = open.pop().filter(|below| !below.is_empty())?;
                open.last_mut()?.last_mut()?.below = below;
            }
            "{" => return None,
            name => {
                let set = open.last_mut()?;
                set.push(Selected { name: name.to_owned(), below: Vec::new() });
            }
        }
    }
    match &mut open[..] {
        [set] if !set.is_empty() => Some(std::mem::take(set)),
        _ => None,
    }
}

/// Names and braces; none where there is anything else.
fn tokens(text: &str) -> Option<Vec<&str>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '{' | '}' => 1,
            c if c.is_ascii_alphabetic() || c == '_' => {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            _ => return None,
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start_matches(is_blank);
    }
    Some(tokens)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str) -> Selected {
        Selected { name: name.to_owned(), below: Vec::new() }
    }

    #[test]
    fn a_set_is_names_and_braces() {
        assert_eq!(parse("id"), Some(vec![leaf("id")]));
        assert_eq!(parse(" code,\n validFrom "), Some(vec![leaf("code"), leaf("validFrom")]));
        let nested = Selected { name: "a".to_owned(), below: vec![leaf("b"), leaf("c")] };
        assert_eq!(parse("{ a { b c } d }"), Some(vec![nested, leaf("d")]));
    }

    #[test]
    fn anything_else_is_no_set() {
        for text in [
            "",
            " ",
            "{}",
            "a {",
            "a }",
            "{ a",
            "a { }",
            "{ a } { b }",
            "a { b } { c }",
            "a(b: 1)",
            "a: b",
            "a @skip(if: true)",
            "... on Commune { code }",
            "...F",
            "a # b",
            "\"a\"",
            "1a",
            "á",
            "a { b { c { d { e { f { g { h { i } } } } } } } }",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
