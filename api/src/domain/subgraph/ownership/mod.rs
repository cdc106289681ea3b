//! Who may say what in the graph (DESIGN §7). Composition asks whether schemas fit, and would let a
//! partner take a field of the province over; these rules ask whose everything is that a publication
//! names. They are pure: a parsed document, our own part, and whose the publication is.
//!
//! What is not expressly allowed is refused. A partner adds types, root fields and directives under its
//! prefix, and to a type of ours that is open the one field that is called like the prefix.

use std::collections::{BTreeSet, HashMap, HashSet};

use composer::{Definition, Document, Field, Kind};

use super::{
    own::Ours,
    problem::{Code, Problem},
};

mod common;
mod directives;
pub mod field_set;
mod links;
mod own_types;

#[cfg(test)]
mod tests;

/// Whose a publication is.
#[derive(Clone, Debug)]
pub struct Owner {
    pub prefix: String,
    /// The fields of ours that the party was granted, such as `Commune.code`.
    pub grants: HashSet<String>,
}

/// What a publication says of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Types of ours that it declares.
    pub types: BTreeSet<String>,
    /// Fields of `Mutation` and `Subscription`, such as `Mutation.vidutelOrder`.
    pub root_fields: BTreeSet<String>,
    /// Fields of ours that it is sent or gives, such as `Commune.code`; ids aside.
    pub reads: BTreeSet<String>,
    /// Authorization directives that it uses, which routers obey only by a `@link`.
    pub authorization: BTreeSet<&'static str>,
}

/// Holds a publication against the rules: what it claims, and all that is wrong with it.
pub fn check(document: &Document, ours: &Ours, owner: &Owner) -> (Claims, Vec<Problem>) {
    let mut check = Check {
        ours,
        owner,
        types: HashMap::new(),
        directives: HashSet::new(),
        imported: HashSet::new(),
        claims: Claims::default(),
        problems: Vec::new(),
    };
    check.collect(document);
    check.links(document);
    for definition in &document.definitions {
        check.definition(definition);
    }
    check.external_fields(document);
    (check.claims, check.problems)
}

/// A publication as it is being looked at.
struct Check<'a> {
    ours: &'a Ours,
    owner: &'a Owner,
    /// What the document says of each type, in one or in several places.
    types: HashMap<&'a str, Vec<&'a Definition>>,
    /// The directives that it defines.
    directives: HashSet<&'a str>,
    /// The directives of Federation that it imports.
    imported: HashSet<&'a str>,
    claims: Claims,
    problems: Vec<Problem>,
}

/// The root types, whose fields are everybody's under their prefixes.
const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

impl<'a> Check<'a> {
    fn refuse(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Sorts the definitions by name; the same name twice is one of the oldest tricks.
    fn collect(&mut self, document: &'a Document) {
        let mut defined: HashSet<(bool, &str)> = HashSet::new();
        for definition in &document.definitions {
            let (is_directive, name) = (definition.kind == Kind::Directive, &*definition.name);
            if definition.kind == Kind::Schema {
                continue;
            }
            if is_directive {
                self.directives.insert(name);
            } else {
                let known = self.types.entry(name).or_default();
                known.push(definition);
                if known.iter().any(|other| other.kind != definition.kind) {
                    self.refuse(Code::DefinedTwice.here().about(name).at(definition.at));
                    continue;
                }
            }
            if !definition.extends && !defined.insert((is_directive, name)) {
                self.refuse(Code::DefinedTwice.here().about(name).at(definition.at));
            }
        }
        self.members_twice();
    }

    /// A field or value that stands twice in what is said of one type.
    fn members_twice(&mut self) {
        let mut twice = Vec::new();
        for (name, parts) in &self.types {
            let mut seen = HashSet::new();
            let fields =
                parts.iter().flat_map(|part| &part.fields).map(|field| (&*field.name, field.at));
            let values =
                parts.iter().flat_map(|part| &part.values).map(|value| (&*value.name, value.at));
            for (member, at) in fields.chain(values) {
                if !seen.insert(member) {
                    twice.push(Code::DefinedTwice.here().about(format!("{name}.{member}")).at(at));
                }
            }
        }
        twice.sort_by_key(|problem| problem.at.map(|at| (at.line, at.column)));
        self.problems.extend(twice);
    }

    fn definition(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        if definition.kind == Kind::Schema {
            return self.schema(definition);
        }
        if name.starts_with("__") {
            return self.refuse(Code::ReservedName.here().about(name).at(definition.at));
        }
        self.reserved_names(definition);
        if definition.kind == Kind::Directive {
            self.directive_definition(definition);
        } else if ROOTS.contains(&name) {
            self.root(definition);
        } else if self.ours.is_shared(name) {
            self.shared(definition);
        } else if self.ours.get(name).is_some() {
            self.common(definition);
        } else {
            self.own(definition);
        }
    }

    /// Names inside a definition that are GraphQL's own.
    fn reserved_names(&mut self, definition: &Definition) {
        let mut refused = Vec::new();
        let mut look = |name: &str, at| {
            if name.starts_with("__") {
                let coordinate = format!("{}.{name}", definition.name);
                refused.push(Code::ReservedName.here().about(coordinate).at(at));
            }
        };
        for field in definition.fields.iter().chain(&definition.arguments) {
            look(&field.name, field.at);
            field.arguments.iter().for_each(|argument| look(&argument.name, argument.at));
        }
        definition.values.iter().for_each(|value| look(&value.name, value.at));
        self.problems.extend(refused);
    }

    /// Whether a name begins with the prefix, in capitals or not.
    fn has_prefix(&self, name: &str) -> bool {
        let prefix = &self.owner.prefix;
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    /// A name that is to begin with the prefix. Another's prefix is none: it is not told that there is
    /// such a party.
    fn prefixed(&mut self, name: &str, shown: &str, at: composer::Position) {
        if !self.has_prefix(name) {
            let problem = Code::NameWithoutPrefix.here().about(shown).at(at);
            self.refuse(problem.with("prefix", &self.owner.prefix));
        }
    }

    /// A field that the document gives a type, in one place or another.
    fn declared(&self, of: &str, field: &str) -> Option<&'a Field> {
        let parts = self.types.get(of)?;
        parts.iter().flat_map(|part| &part.fields).find(|known| known.name == field)
    }
}

/// The type that a field's type is about: `Commune` of `[Commune!]!`.
fn named(of: &str) -> &str {
    of.trim_matches(|c: char| matches!(c, '[' | ']' | '!' | ' '))
}
