//! The province's own part of the graph, as the registry composes it and holds publications against
//! it: its SDL, which of its types are open to a field of a partner's, and which of its fields have a
//! value that is public and the same for everybody, so that they may be granted.

use std::{
    collections::{HashMap, HashSet},
    sync::{LazyLock, OnceLock},
};

use composer::{Composer, Definition, Document, Failure, Field, Kind};

use crate::{
    graphql::federation::{self, grantable},
    tx::sha256,
};

/// What the composition calls our part.
pub const NAME: &str = "api";

/// What everybody declares alike, beside scalars.
const SHARED: [&str; 2] = ["Node", "PageInfo"];

/// Our SDL as a subgraph.
pub fn sdl() -> &'static str {
    federation::sdl()
}

/// SHA-256 of it.
pub fn hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| sha256(sdl()));
    &HASH
}

/// Our part, as its own SDL says.
#[derive(Debug)]
pub struct Ours {
    types: HashMap<String, Definition>,
    directives: HashSet<String>,
}

impl Ours {
    /// Read once in a process.
    pub fn read(composer: &Composer) -> Result<&'static Self, Failure> {
        static OURS: OnceLock<Ours> = OnceLock::new();
        match OURS.get() {
            Some(ours) => Ok(ours),
            None => {
                let document = composer.parse(sdl())?;
                Ok(OURS.get_or_init(|| Self::of(document)))
            }
        }
    }

    pub fn of(document: Document) -> Self {
        let mut ours = Self { types: HashMap::new(), directives: HashSet::new() };
        for definition in document.definitions {
            if definition.kind == Kind::Directive {
                ours.directives.insert(definition.name);
            } else if definition.kind != Kind::Schema {
                match ours.types.get_mut(&definition.name) {
                    Some(known) => known.fields.extend(definition.fields),
                    None => _ = ours.types.insert(definition.name.clone(), definition),
                }
            }
        }
        ours
    }

    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.types.get(name)
    }

    pub fn field(&self, of: &str, field: &str) -> Option<&Field> {
        self.get(of)?.fields.iter().find(|known| known.name == field)
    }

    pub fn has_directive(&self, name: &str) -> bool {
        self.directives.contains(name)
    }

    /// Whether everybody declares a type like ours.
    pub fn is_shared(&self, name: &str) -> bool {
        self.get(name).is_some_and(|known| known.kind == Kind::Scalar) || SHARED.contains(&name)
    }

    pub fn is_open(&self, name: &str) -> bool {
        grantable::is_extendable(name)
    }

    /// Whether a field may be granted: its value is public and the same for everybody.
    pub fn is_grantable(&self, coordinate: &str) -> bool {
        let parts = coordinate.split_once('.');
        parts.is_some_and(|(of, field)| grantable::is_grantable(of, field))
    }

    /// The fields of each key of a type.
    pub fn keys(&self, of: &str) -> Vec<Vec<&str>> {
        let directives = self.get(of).map(|known| &*known.directives).unwrap_or_default();
        directives
            .iter()
            .filter(|directive| directive.name == "key")
            .filter_map(|key| key.arguments.iter().find(|(name, _)| name == "fields"))
            .filter_map(|(_, fields)| Some(sorted(fields.as_str()?)))
            .collect()
    }
}

/// The words of a plain field set, in order.
pub fn sorted(fields: &str) -> Vec<&str> {
    let mut words: Vec<&str> = fields.split_whitespace().collect();
    words.sort_unstable();
    words
}
