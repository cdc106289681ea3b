//! Looks at what a client sends before Hive Router does, which calls itself for each bracket until
//! its stack ends, and with it the program, and walks each fragment as often as it is spread, so
//! that a few hundred bytes keep a core busy for hours. The limits are `api`'s (`[limits]` of its
//! config.default.toml).

use std::collections::HashMap;

use hive_router::graphql_tools::{
    static_graphql::query::{Definition, Document, OperationDefinition, Selection, SelectionSet},
    validation::utils::ValidationError,
};

/// How many brackets may be open at once.
const NESTING: usize = 40;

/// How deep a JSON text may nest.
const JSON: usize = 64;

/// The most fields with every fragment spread.
const FIELDS: usize = 4000;

/// The most fields of the root.
const ROOT_FIELDS: usize = 25;

/// The code with which `api` refuses an operation that is over a limit.
pub const CODE: &str = "COST_LIMIT";

/// What is wrong with a text, before it is parsed.
pub fn text(text: &str) -> Result<(), String> {
    match nesting(text) {
        Some(open) if open <= NESTING => Ok(()),
        Some(open) => Err(over("nesting", NESTING, open)),
        None => Err("a string of the operation has no end".to_owned()),
    }
}

/// What is wrong with the JSON of a request, before it is read.
pub fn json(text: &[u8]) -> Result<(), String> {
    match is_shallow(text, JSON) {
        true => Ok(()),
        false => Err(format!("the request nests deeper than {JSON}")),
    }
}

/// Whether no more brackets of a JSON text are open at once than `most`.
pub fn is_shallow(text: &[u8], most: usize) -> bool {
    let (mut open, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => open += 1,
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
        if open > most {
            return false;
        }
    }
    true
}

/// What is wrong with a document, before it is validated.
pub fn document(document: &Document) -> Option<ValidationError> {
    let mut walk = Walk { document, fragments: HashMap::new() };
    let wrong = document.definitions.iter().find_map(|definition| {
        let Definition::Operation(operation) = definition else { return None };
        let root = match operation {
            OperationDefinition::SelectionSet(root) => root,
            OperationDefinition::Query(query) => &query.selection_set,
            OperationDefinition::Mutation(mutation) => &mutation.selection_set,
            OperationDefinition::Subscription(subscription) => &subscription.selection_set,
        };
        let selected = walk.selection_set(root);
        match selected {
            Selected { all, .. } if all > FIELDS => Some(over("fields", FIELDS, all)),
            Selected { direct, .. } if direct > ROOT_FIELDS => {
                Some(over("root_fields", ROOT_FIELDS, direct))
            }
            _ => None,
        }
    });
    wrong.map(|message| ValidationError { locations: Vec::new(), message, error_code: CODE })
}

fn over(limit: &str, maximum: usize, figure: usize) -> String {
    format!("the operation is over the limit {limit}: {figure} of at most {maximum}")
}

/// The most brackets that are open at once; nothing where a string has no end.
fn nesting(text: &str) -> Option<usize> {
    let (mut open, mut most, mut rest) = (0_usize, 0, text);
    while let Some(at) = rest.find(['"', '#', '{', '(', '[', '}', ')', ']']) {
        let (_, found) = rest.split_at(at);
        match found.as_bytes().first() {
            Some(b'"') => {
                rest = after_string(found)?;
                continue;
            }
            Some(b'#') => {
                rest = &found[found.find(['\n', '\r']).unwrap_or(found.len())..];
                continue;
            }
            Some(b'{' | b'(' | b'[') => {
                open += 1;
                most = most.max(open);
            }
            _ => open = open.saturating_sub(1),
        }
        rest = &found[1..];
    }
    Some(most)
}

/// What follows the string with which a text begins.
fn after_string(text: &str) -> Option<&str> {
    if let Some(mut block) = text.strip_prefix(r#"""""#) {
        loop {
            let end = block.find(r#"""""#)?;
            let is_escaped = block[..end].ends_with('\\');
            block = &block[end + 3..];
            if !is_escaped {
                return Some(block);
            }
        }
    }
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return text.get(at + 1..),
            '\n' | '\r' => return None,
            _ => {}
        }
    }
    None
}

struct Walk<'d> {
    document: &'d Document,
    /// What each fragment comes to; nothing while it is being walked.
    fragments: HashMap<&'d str, Selected>,
}

/// How many fields a selection comes to.
#[derive(Clone, Copy, Default)]
struct Selected {
    all: usize,
    direct: usize,
}

impl<'d> Walk<'d> {
    /// Each fragment is walked once. One that spreads itself, or is not there, is for validation
    /// to tell of.
    fn selection_set(&mut self, set: &'d SelectionSet) -> Selected {
        let mut sum = Selected::default();
        for selection in &set.items {
            let one = match selection {
                Selection::Field(field) => {
                    let below = self.selection_set(&field.selection_set);
                    Selected { all: below.all.saturating_add(1), direct: 1 }
                }
                Selection::InlineFragment(inline) => self.selection_set(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            };
            sum.all = sum.all.saturating_add(one.all);
            sum.direct = sum.direct.saturating_add(one.direct);
        }
        sum
    }

    fn fragment(&mut self, name: &'d str) -> Selected {
        if let Some(known) = self.fragments.get(name) {
            return *known;
        }
        self.fragments.insert(name, Selected::default());
        let fragment = self.document.definitions.iter().find_map(|definition| match definition {
            Definition::Fragment(fragment) if fragment.name == name => Some(fragment),
            _ => None,
        });
        let selected = fragment
            .map(|fragment| self.selection_set(&fragment.selection_set))
            .unwrap_or_default();
        self.fragments.insert(name, selected);
        selected
    }
}

#[cfg(test)]
mod tests {
    use hive_router::graphql_tools::parser::parse_query;

    use super::*;

    fn refusal(query: &str) -> Option<String> {
        let parsed = parse_query(query).unwrap().into_static();
        document(&parsed).map(|wrong| wrong.message)
    }

    fn doubling(levels: usize) -> String {
        let fragment = |at| format!("fragment F{at} on A {{ ...F{0} ...F{0} }}", at + 1);
        let fragments: String = (0..levels).map(fragment).collect();
        format!("{{ a {{ ...F0 }} }} {fragments} fragment F{levels} on A {{ b }}")
    }

    #[test]
    fn brackets_are_counted_outside_of_strings_and_comments() {
        for (query, open) in [
            ("{ a(b: [{ c: 1 }]) { d } }", 4),
            ("{ a(b: \"{{{\\\"{{\", c: \"\"\"{{ \\\"\"\" {{\"\"\") } # {{{{\n", 2),
            ("{ a } ]]] { b }", 1),
            ("", 0),
        ] {
            assert_eq!(nesting(query), Some(open), "{query}");
        }
        for query in ["{ a(b: \"", "{ a(b: \"\"\" \"\" ", "{ a(b: \"x\n\") }"] {
            assert_eq!(nesting(query), None, "{query}");
        }
    }

    #[test]
    fn a_text_that_nests_too_deep_is_refused_before_it_is_parsed() {
        let nested = |levels: usize| format!("{}a{}", "{a".repeat(levels), "}".repeat(levels));
        assert_eq!(text(&nested(40)), Ok(()));
        assert!(text(&nested(41)).unwrap_err().contains("nesting: 41 of at most 40"));
    }

    #[test]
    fn json_that_nests_too_deep_is_refused_before_it_is_read() {
        let nested = |levels| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(json(nested(63).as_bytes()), Ok(()));
        assert!(json(nested(64).as_bytes()).is_err());
        assert_eq!(json(format!("\"\\\"{}\"", "[".repeat(100)).as_bytes()), Ok(()));
    }

    #[test]
    fn fragments_count_as_often_as_they_are_spread_and_are_walked_once() {
        assert_eq!(refusal(&doubling(11)), None, "2048 fields and one");
        assert!(refusal(&doubling(12)).unwrap().contains("fields: 4097"));
        assert!(refusal(&doubling(100)).unwrap().contains("fields"));
    }

    #[test]
    fn fields_of_the_root_are_counted_through_fragments() {
        let root = |count: usize| {
            format!("{{ {} ...F }} fragment F on Query {{ b c }}", "a ".repeat(count))
        };
        assert_eq!(refusal(&root(23)), None);
        assert!(refusal(&root(24)).unwrap().contains("root_fields: 26 of at most 25"));
    }

    #[test]
    fn a_fragment_without_an_end_is_left_to_validation() {
        assert_eq!(refusal("{ a { ...F } } fragment F on A { b { ...F } }"), None);
        assert_eq!(refusal("{ a { ...Gone } }"), None);
    }
}
