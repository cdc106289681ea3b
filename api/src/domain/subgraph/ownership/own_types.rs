//! What is the publisher's own: types and fields under its prefix, fields of the root types, and what
//! everybody declares alike.

use composer::{Definition, Field, Kind};

use super::{Check, named};
use crate::domain::subgraph::problem::Code;

const NODE: &str = "Node";

impl<'a> Check<'a> {
    /// Query, Mutation and Subscription: every field of the publisher's begins with its prefix.
    pub(super) fn root(&mut self, definition: &'a Definition) {
        let of = &*definition.name;
        if definition.kind != Kind::Object {
            return self.refuse(Code::TypeTakenOver.here().about(of).at(definition.at));
        }
        for interface in &definition.interfaces {
            self.refuse(Code::InterfaceImplemented.here().about(of).at(interface.at));
        }
        self.on_ours(of, &definition.directives);
        for directive in &definition.directives {
            // Nobody knows a root type by a key.
            if Self::federation_name(directive).is_some_and(|name| name != "extends") {
                self.refuse(Code::TypeTakenOver.here().about(of).at(directive.at));
            }
        }
        for field in &definition.fields {
            let coordinate = format!("{of}.{}", field.name);
            self.prefixed(&field.name, &coordinate, field.at);
            self.own_field(of, field);
            self.nullable(&coordinate, field);
            if of != "Query" {
                self.claims.root_fields.insert(coordinate);
            }
        }
    }

    /// What stands among fields of others is nullable: a subgraph that is away then costs its own
    /// fields, and not all that somebody asked for.
    pub(super) fn nullable(&mut self, coordinate: &str, field: &Field) {
        if field.of.ends_with('!') {
            self.refuse(Code::FieldNotNullable.here().about(coordinate).at(field.at));
        }
    }

    /// A type of the publisher's.
    pub(super) fn own(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        self.prefixed(name, name, definition.at);
        self.on_own(name, &definition.directives);
        for directive in &definition.directives {
            match Self::federation_name(directive) {
                Some("key") => self.key_of_own(name, directive),
                Some("external") => self.misplaced(Code::ExternalElsewhere, name, directive.at),
                _ => {}
            }
        }
        for interface in &definition.interfaces {
            if interface.name == NODE {
                self.node(definition);
            } else if !self.has_prefix(&interface.name)
                || !self.types.contains_key(&*interface.name)
            {
                self.refuse(Code::InterfaceImplemented.here().about(name).at(interface.at));
            }
        }
        for field in &definition.fields {
            self.own_field(name, field);
        }
        for value in &definition.values {
            self.on_own(&format!("{name}.{}", value.name), &value.directives);
        }
    }

    /// Who implements `Node` has an id like everybody else.
    fn node(&mut self, definition: &Definition) {
        let name = &*definition.name;
        let id = self.declared(name, "id");
        if !id.is_some_and(|id| id.of == "ID!" && id.arguments.is_empty()) {
            self.refuse(Code::NodeImplementedFalsely.here().about(name).at(definition.at));
        }
    }

    /// A field that is the publisher's own, on whatever type.
    pub(super) fn own_field(&mut self, of: &str, field: &'a Field) {
        let coordinate = format!("{of}.{}", field.name);
        self.on_own(&coordinate, &field.directives);
        for argument in &field.arguments {
            self.on_own(&format!("{coordinate}({}:)", argument.name), &argument.directives);
        }
        for directive in &field.directives {
            match Self::federation_name(directive) {
                Some("provides") => self.provides(&coordinate, named(&field.of), directive),
                Some("requires") => self.requires(of, &coordinate, field, directive),
                Some("external") => {
                    self.misplaced(Code::ExternalElsewhere, &coordinate, directive.at);
                }
                _ => {}
            }
        }
    }

    /// Scalars, `Node` and `PageInfo`: like everybody's, to the letter, descriptions aside.
    pub(super) fn shared(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        let differs = |check: &Self| {
            let Some(ours) = check.ours.get(name) else { return true };
            definition.extends
                || definition.kind != ours.kind
                || definition.interfaces.len() != ours.interfaces.len()
                || !same_fields(&definition.fields, &ours.fields)
        };
        let is_plain = match definition.kind {
            // PageInfo may be answered by whoever has it.
            Kind::Object => {
                let all = |directives: &'a [composer::Directive]| {
                    directives.iter().all(|known| Self::federation_name(known) == Some("shareable"))
                };
                let of_fields = definition.fields.iter().map(|field| &*field.directives);
                all(&definition.directives) && of_fields.clone().all(all) && {
                    let shareable = |directives| Self::has(directives, "shareable");
                    shareable(&definition.directives) || of_fields.clone().all(shareable)
                }
            }
            Kind::Scalar => definition.directives.iter().all(|known| {
                let ours = self.ours.get(name).map(|ours| &*ours.directives).unwrap_or_default();
                known.name == "specifiedBy"
                    && ours
                        .iter()
                        .any(|own| own.name == known.name && own.arguments == known.arguments)
            }),
            _ => {
                let of_fields = definition.fields.iter().flat_map(|field| &field.directives);
                definition.directives.is_empty() && of_fields.count() == 0
            }
        };
        if differs(self) || !is_plain {
            self.refuse(Code::SharedTypeDiffers.here().about(name).at(definition.at));
        }
    }
}

/// Whether fields have the same names, types and arguments, whatever their order.
fn same_fields(some: &[Field], others: &[Field]) -> bool {
    let same = |field: &Field| {
        others.iter().any(|other| other.name == field.name && same_field(field, other))
    };
    some.len() == others.len() && some.iter().all(same)
}

/// Whether two fields have the same type and arguments.
pub(super) fn same_field(one: &Field, other: &Field) -> bool {
    let same = |argument: &Field| {
        other.arguments.iter().any(|known| {
            known.name == argument.name
                && known.of == argument.of
                && known.default == argument.default
        })
    };
    one.of == other.of
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(same)
}
