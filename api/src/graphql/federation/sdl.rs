//! The text by which a subgraph describes itself to whoever composes it. The library writes a
//! schema with its directives, but knows no keys (it would then answer `_entities` itself, and one
//! mistake would cost the whole list) and names directives that nobody uses. So the keys are put
//! into its text, and its `@link` is exchanged for our own.

use std::{fmt, str::FromStr};

/// A version of Federation's language, 2.0 or later: what `@link` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    minor: u8,
}

impl Version {
    /// The latest that Apollo's tests of subgraphs know; our own text needs no more than 2.0.
    pub const DEFAULT: Self = Self { minor: 3 };
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minor = text.strip_prefix("2.").and_then(|minor| minor.parse().ok());
        minor.map(|minor| Self { minor }).ok_or_else(|| "2.0 or later, but not 3".to_owned())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.minor)
    }
}

/// What begins the library's own `@link`, with which its text ends.
const LIBRARY_LINK: &str = "extend schema @link(\n\turl: \"https://specs.apollo.dev/federation/";

/// Directives of Federation that the library can write, and `@key`.
const DIRECTIVES: [&str; 11] = [
    "@composeDirective",
    "@external",
    "@inaccessible",
    "@interfaceObject",
    "@key",
    "@override",
    "@provides",
    "@requires",
    "@requiresScopes",
    "@shareable",
    "@tag",
];

/// Definitions that every composer has by itself.
const BUILT_IN: [&str; 2] = ["directive @include(", "directive @skip("];

/// The text that the library exported for Federation, without its `@link`: types, definitions of
/// directives, and links to those of others.
pub fn types(exported: &str) -> String {
    let Some((types, link)) = exported.rsplit_once(LIBRARY_LINK) else {
        return exported.to_owned();
    };
    let (_, others) = link.split_once("\n)\n").unwrap_or_default();
    format!("{types}{others}")
}

/// A schema as a subgraph: its types as [`types`] answers them, and what is to be applied to each
/// object type, such as `@key(fields: "id")`.
pub fn subgraph(types: &str, version: Version, applied: impl Fn(&str) -> Vec<String>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_description = false;
    for line in types.lines() {
        if line.trim() == "\"\"\"" {
            in_description = !in_description;
        } else if !in_description {
            if BUILT_IN.iter().any(|definition| line.starts_with(definition)) {
                forget_description(&mut lines);
                continue;
            }
            if let Some(line) = with_applied(line, &applied) {
                lines.push(line);
                continue;
            }
        }
        lines.push(line.to_owned());
    }
    let types = lines.join("\n");
    let used = DIRECTIVES.iter().filter(|directive| uses(&types, directive));
    let used: Vec<String> = used.map(|directive| format!("\"{directive}\"")).collect();
    let import = used.join(", ");
    format!(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v{version}\", \
         import: [{import}])\n\n{}\n",
        types.trim()
    )
}

/// What makes a set of fields a key of an object type.
pub fn key(fields: &str) -> String {
    format!("@key(fields: \"{fields}\")")
}

/// The line that begins an object type, with what is applied to it; none for any other line.
fn with_applied(line: &str, applied: &impl Fn(&str) -> Vec<String>) -> Option<String> {
    let head = line.strip_suffix(" {")?;
    let name = head.strip_prefix("extend ").unwrap_or(head).strip_prefix("type ")?;
    let name = name.split(' ').next()?;
    // Directives of the library's stand after these.
    let at = head.find(" @").unwrap_or(head.len());
    let applied = applied(name).into_iter().map(|directive| format!(" {directive}"));
    Some(format!("{}{}{} {{", &head[..at], applied.collect::<String>(), &head[at..]))
}

/// Takes out the description that was written last.
fn forget_description(lines: &mut Vec<String>) {
    if lines.pop_if(|line| line == "\"\"\"").is_some() {
        while lines.pop().is_some_and(|line| line != "\"\"\"") {}
    }
}

/// Whether a directive is applied somewhere. A description that speaks of it makes an import that
/// nobody needs, and does no harm.
fn uses(types: &str, directive: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    types.match_indices(directive).any(|(at, _)| {
        let after = types.as_bytes().get(at + directive.len());
        !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORTED: &str = "\"\"\"\ntype A {\n\"\"\"\ntype A implements Node @shareable {\n\
        \tid: ID!\n}\n\ntype Query {\n\ta: A\n}\n\n\"\"\"\nSkips.\n\"\"\"\n\
        directive @skip(if: Boolean!) on FIELD\ndirective @oneOf on INPUT_OBJECT\n\
        extend schema @link(\n\turl: \"https://specs.apollo.dev/federation/v2.5\",\n\
        \timport: [\"@key\", \"@tag\"]\n)\n";

    #[test]
    fn keys_are_put_in_and_only_what_is_used_is_imported() {
        let version = "2.7".parse().unwrap();
        let keys: &[&str] = &["@key(fields: \"id\")", "@key(fields: \"code from { id }\")"];
        let keys = |of: &str| if of == "A" { keys } else { &[] };

        let applied = |of: &str| keys(of).iter().map(ToString::to_string).collect();
        let text = subgraph(&types(EXPORTED), version, applied);

        assert_eq!(
            text,
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.7\", \
             import: [\"@key\", \"@shareable\"])\n\n\"\"\"\ntype A {\n\"\"\"\n\
             type A implements Node @key(fields: \"id\") @key(fields: \"code from { id }\") \
             @shareable {\n\tid: ID!\n}\n\ntype Query {\n\ta: A\n}\n\n\
             directive @oneOf on INPUT_OBJECT\n"
        );
    }

    #[test]
    fn a_version_is_of_the_second_language() {
        for text in ["2.0", "2.3", "2.14"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
        for text in ["", "2", "2.", "1.0", "3.0", "2.300", "v2.3", "2.3.1", "2.-1"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
