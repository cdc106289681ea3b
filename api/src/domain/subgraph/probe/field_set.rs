//! A set of fields, as `@key` and `@requires` name one. Pure.

use serde_json::{Map, Value};

/// How deep a set of fields goes; partners write it, and it is walked by recursion.
const MAX_DEPTH: usize = 8;

/// Names of fields, each with those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(pub Vec<(String, FieldSet)>);

impl FieldSet {
    /// Reads `code org { id }`; none if it is more than names, or goes too deep.
    pub fn read(text: &str) -> Option<Self> {
        let spaced = text.replace('{', " { ").replace('}', " } ");
        let mut open = vec![Self::default()];
        for word in spaced.split_whitespace() {
            match word {
                "{" if open.len() < MAX_DEPTH => open.push(Self::default()),
                "}" => {
                    let inner = open.pop()?;
                    open.last_mut()?.0.last_mut()?.1 = inner;
                }
                name if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
                    open.last_mut()?.0.push((name.to_owned(), Self::default()));
                }
                _ => return None,
            }
        }
        let read = open.pop()?;
        (open.is_empty() && !read.0.is_empty()).then_some(read)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As it stands in a selection.
    pub fn text(&self) -> String {
        let field = |(name, below): &(String, Self)| match below.is_empty() {
            true => name.clone(),
            false => format!("{name} {{ {} }}", below.text()),
        };
        self.0.iter().map(field).collect::<Vec<_>>().join(" ")
    }

    /// What an object has of it; none if something is missing.
    pub fn of(&self, object: &Value) -> Option<Map<String, Value>> {
        let field = |(name, below): &(String, Self)| {
            let value = object.get(name)?;
            let value = match below.is_empty() {
                true => value.clone(),
                false => Value::Object(below.of(value)?),
            };
            Some((name.clone(), value))
        };
        self.0.iter().map(field).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_fields_is_names_alone() {
        for good in ["id", "code validFrom", "org { id name } code", "a{b{c}}"] {
            let read = FieldSet::read(good).unwrap();
            assert_eq!(FieldSet::read(&read.text()), Some(read), "{good}");
        }
        for bad in ["", "a(b: 1)", "... on A { b }", "a }", "{ a", "a { b", "a: b", "@a"] {
            assert_eq!(FieldSet::read(bad), None, "{bad}");
        }
        let nested = |depth: usize| format!("{}a{}", "a{".repeat(depth), "}".repeat(depth));
        assert!(FieldSet::read(&nested(7)).is_some());
        assert_eq!(FieldSet::read(&nested(100_000)), None);
    }
}
