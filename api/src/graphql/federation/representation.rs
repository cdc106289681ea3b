//! What a router sends to name objects of a subgraph, of whatever schema: a list of representations,
//! each with the name of its type and the fields of one of its keys. One that makes no sense spoils
//! itself and none of the others.

use async_graphql::{Any, Value, indexmap::IndexMap};
use futures_util::future::join_all;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// The most representations of one request.
pub const MAX_REPRESENTATIONS: usize = 1000;

/// An object as a router knows it. It may have more fields than those of a key, for those that
/// `@requires` them.
#[derive(Debug)]
pub struct Representation {
    type_name: String,
    fields: IndexMap<async_graphql::Name, Value>,
}

impl Representation {
    pub fn read(any: Any) -> Result<Self> {
        match any.0 {
            Value::Object(mut fields) => match fields.swap_remove("__typename") {
                Some(Value::String(type_name)) => Ok(Self { type_name, fields }),
                _ => Err(bad("a representation says its __typename")),
            },
            _ => Err(bad("a representation is an object")),
        }
    }

    /// The type that it is said to be of.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The texts of a key, composed (NFC) as they are kept; none unless it is complete. Dots lead
    /// into objects: `variation.id`.
    pub fn key<const N: usize>(&self, paths: [&str; N]) -> Option<[String; N]> {
        let texts = paths.map(|path| self.text(path));
        let is_complete = texts.iter().all(Option::is_some);
        is_complete.then(|| texts.map(Option::unwrap_or_default))
    }

    /// A value, where it is there at all.
    pub fn value(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split('.');
        let first = self.fields.get(steps.next()?)?;
        steps.try_fold(first, |value, step| match value {
            Value::Object(fields) => fields.get(step),
            _ => None,
        })
    }

    fn text(&self, path: &str) -> Option<String> {
        match self.value(path)? {
            Value::String(text) => Some(text.nfc().collect()),
            _ => None,
        }
    }
}

/// Finds what representations stand for, each by itself and in their order: null for what there
/// is not, an error in its place for what makes no sense.
pub async fn find_all<E, F>(
    representations: Vec<Any>,
    find: impl Fn(Representation) -> F,
) -> Result<Vec<Option<Result<E>>>>
where
    F: Future<Output = Option<Result<E>>>,
{
    if representations.len() > MAX_REPRESENTATIONS {
        return Err(Error::BadInput(format!(
            "send at most {MAX_REPRESENTATIONS} representations at once"
        )));
    }
    let find = &find;
    let found = representations.into_iter().map(|any| async move {
        match Representation::read(any) {
            Ok(representation) => find(representation).await,
            Err(error) => Some(Err(error)),
        }
    });
    Ok(join_all(found).await)
}

/// A mistake in a representation. It says what is wrong, and nothing of what was sent.
pub fn bad(what: &str) -> Error {
    Error::BadInput(what.to_owned())
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_representation_is_an_object_that_says_its_type() {
        for sent in [
            value!(null),
            value!(7),
            value!("Commune"),
            value!([{ "__typename": "Commune" }]),
            value!({}),
            value!({ "id": "x" }),
            value!({ "__typename": 7 }),
            value!({ "__typename": ["Commune"] }),
        ] {
            assert!(Representation::read(Any(sent.clone())).is_err(), "{sent}");
        }
        let read = Representation::read(Any(value!({ "__typename": "Commune" })));
        assert_eq!(read.unwrap().type_name(), "Commune");
    }

    #[test]
    fn a_key_is_complete_or_none() {
        let sent = value!({ "__typename": "A", "a": "1", "b": { "c": "Nghi\u{303}a" }, "n": 1,
            "none": null, "list": ["1"] });
        let sent = Representation::read(Any(sent)).unwrap();

        assert_eq!(sent.key(["a", "b.c"]), Some(["1".to_owned(), "Nghĩa".to_owned()]));
        for lacks in ["b", "n", "none", "list", "z", "a.b", "b.z", "", ".", "__typename"] {
            assert_eq!(sent.key(["a", lacks]), None, "{lacks}");
        }
    }
}
