//! What a publication says of the province's own types: one field more on a type that is open, known by
//! a key, and nothing else. Values of ours go to a partner by `@key` and `@requires`, with the rights of
//! whoever asks, so only fields that were granted stand there.

use composer::{Definition, Directive, Document, Field, Kind};
use serde_json::Value;

use super::{
    Check,
    field_set::{self, Selected},
    links::argument,
    named,
    own_types::same_field,
};
use crate::domain::subgraph::problem::Code;

impl<'a> Check<'a> {
    /// A type of ours.
    pub(super) fn common(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        let Some(ours) = self.ours.get(name) else { return };
        let taken = match ours.kind {
            _ if definition.kind != ours.kind => Some(Code::TypeTakenOver),
            Kind::Enum => {
                let adds =
                    |value: &composer::Value| !ours.values.iter().any(|own| own.name == value.name);
                let is_more = definition.values.iter().any(adds);
                Some(if is_more { Code::EnumValueAdded } else { Code::TypeTakenOver })
            }
            Kind::Union => Some(Code::UnionMemberAdded),
            Kind::Input => Some(Code::InputChanged),
            Kind::Interface => Some(Code::InterfaceChanged),
            Kind::Object if !self.ours.is_open(name) => Some(Code::TypeNotExtendable),
            Kind::Object => None,
            _ => Some(Code::TypeTakenOver),
        };
        // What stands on it is told too: it says what somebody was about to do.
        self.on_ours(name, &definition.directives);
        if let Some(code) = taken {
            return self.refuse(code.here().about(name).at(definition.at));
        }
        self.claims.types.insert(name.to_owned());
        for interface in &definition.interfaces {
            if interface.name != "Node" || !ours.interfaces.iter().any(|own| own.name == "Node") {
                self.refuse(Code::InterfaceImplemented.here().about(name).at(interface.at));
            }
        }
        self.keys(definition);
        for field in &definition.fields {
            self.field_of_ours(name, field);
        }
    }

    /// The keys that a type of ours is known by.
    fn keys(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        for directive in &definition.directives {
            match Self::federation_name(directive) {
                Some("key") => self.key_of_ours(name, directive),
                Some("external") => self.misplaced(Code::ExternalElsewhere, name, directive.at),
                _ => {}
            }
        }
        let parts = self.types.get(name).map(|parts| &**parts).unwrap_or_default();
        let has_key = parts.iter().any(|part| Self::has(&part.directives, "key"));
        let is_first = parts.first().is_some_and(|first| first.at == definition.at);
        if is_first && !has_key {
            self.refuse(Code::KeyMissing.here().about(name).at(definition.at));
        }
    }

    /// A key is one of ours: `id`, or one whose fields are all granted.
    fn key_of_ours(&mut self, name: &str, directive: &Directive) {
        let text = argument(directive, "fields").and_then(Value::as_str).unwrap_or_default();
        let Some(set) = field_set::parse(text) else {
            return self.refuse(Code::FieldSetNotPlain.here().about(name).at(directive.at));
        };
        let mut fields: Vec<&str> = set.iter().map(|selected| &*selected.name).collect();
        fields.sort_unstable();
        let is_flat = set.iter().all(|selected| selected.below.is_empty());
        if !is_flat || !self.ours.keys(name).contains(&fields) {
            let problem = Code::KeyNotOurs.here().about(name).at(directive.at);
            return self.refuse(problem.with("key", text));
        }
        for field in fields.iter().filter(|field| **field != "id") {
            let coordinate = format!("{name}.{field}");
            if !self.owner.grants.contains(&coordinate) {
                let problem = Code::KeyNotGranted.here().about(name).at(directive.at);
                self.refuse(problem.with("field", &coordinate));
            }
            self.claims.reads.insert(coordinate);
        }
    }

    /// A field on a type of ours: of a key, one of ours that is needed, or the publisher's one.
    fn field_of_ours(&mut self, of: &str, field: &'a Field) {
        let coordinate = format!("{of}.{}", field.name);
        if field.name == self.owner.prefix {
            self.nullable(&coordinate, field);
            return self.own_field(of, field);
        }
        let Some(ours) = self.ours.field(of, &field.name) else {
            let problem = Code::FieldNotNamedAsPrefix.here().about(&coordinate).at(field.at);
            return self.refuse(problem.with("prefix", &self.owner.prefix));
        };
        self.on_ours(&coordinate, &field.directives);
        for argument in &field.arguments {
            self.on_ours(&format!("{coordinate}({}:)", argument.name), &argument.directives);
        }
        for directive in &field.directives {
            let code = match Self::federation_name(directive) {
                Some("requires") => Code::RequiresElsewhere,
                Some("provides") => Code::FieldTakenOver,
                _ => continue,
            };
            self.misplaced(code, &coordinate, directive.at);
        }
        if !same_field(field, ours) {
            let problem = Code::FieldDiffers.here().about(&coordinate).at(field.at);
            self.refuse(problem.with("expected", &ours.of));
        }
        let is_external = Self::has(&field.directives, "external");
        if !is_external && !self.is_in_key(of, &field.name) {
            self.refuse(Code::FieldTakenOver.here().about(&coordinate).at(field.at));
        }
    }

    /// Whether a field stands in a key that the document gives a type.
    fn is_in_key(&self, of: &str, field: &str) -> bool {
        let parts = self.types.get(of).into_iter().flatten();
        let keys = parts.flat_map(|part| &part.directives);
        keys.filter(|directive| Self::federation_name(directive) == Some("key"))
            .filter_map(|key| field_set::parse(argument(key, "fields")?.as_str()?))
            .flatten()
            .any(|selected| selected.name == field)
    }

    /// What the publisher's field on a type of ours is sent of it.
    pub(super) fn requires(
        &mut self,
        of: &str,
        coordinate: &str,
        field: &Field,
        directive: &'a Directive,
    ) {
        if !self.ours.is_open(of) || field.name != self.owner.prefix {
            self.misplaced(Code::RequiresElsewhere, coordinate, directive.at);
        }
        self.set(coordinate, of, directive, Code::RequiresWithoutGrant);
    }

    /// What a field of the publisher's gives of what it leads to.
    pub(super) fn provides(&mut self, coordinate: &str, to: &str, directive: &'a Directive) {
        self.set(coordinate, to, directive, Code::ProvidesWithoutGrant);
    }

    /// The keys of the publisher's own types may lead to ours.
    pub(super) fn key_of_own(&mut self, name: &str, directive: &'a Directive) {
        self.set(name, name, directive, Code::RequiresWithoutGrant);
    }

    fn set(&mut self, coordinate: &str, of: &str, directive: &Directive, without_grant: Code) {
        let text = argument(directive, "fields").and_then(Value::as_str).unwrap_or_default();
        match field_set::parse(text) {
            Some(set) => self.walk(coordinate, of, &set, directive, without_grant),
            None => self.refuse(Code::FieldSetNotPlain.here().about(coordinate).at(directive.at)),
        }
    }

    /// Every field of a set: one of ours is granted, or an id.
    fn walk(
        &mut self,
        coordinate: &str,
        of: &str,
        set: &[Selected],
        directive: &Directive,
        without_grant: Code,
    ) {
        for selected in set {
            let name = format!("{of}.{}", selected.name);
            let ours = self.ours.field(of, &selected.name).filter(|_| !self.ours.is_shared(of));
            let problem =
                |code: Code| code.here().about(coordinate).at(directive.at).with("field", &name);
            match ours {
                Some(_) if selected.name == "id" => {}
                Some(_) => {
                    if !self.owner.grants.contains(&name) {
                        self.refuse(problem(without_grant));
                    }
                    self.claims.reads.insert(name.clone());
                }
                None if self.declared(of, &selected.name).is_none() => {
                    self.refuse(problem(Code::FieldSetUnknown));
                    continue;
                }
                None => {}
            }
            let declared = self.declared(of, &selected.name).map(|field| &*field.of);
            let to = declared.or(ours.map(|field| &*field.of)).map(named).unwrap_or_default();
            let to = to.to_owned();
            self.walk(coordinate, &to, &selected.below, directive, without_grant);
        }
    }

    /// An external field is there for a set of fields that names it.
    pub(super) fn external_fields(&mut self, document: &'a Document) {
        for definition in &document.definitions {
            let of = &*definition.name;
            if definition.kind != Kind::Object || !self.ours.is_open(of) {
                continue;
            }
            for field in &definition.fields {
                let coordinate = format!("{of}.{}", field.name);
                let is_used =
                    self.claims.reads.contains(&coordinate) || self.is_in_key(of, &field.name);
                if Self::has(&field.directives, "external")
                    && !is_used
                    && field.name != self.owner.prefix
                {
                    self.refuse(Code::ExternalUnused.here().about(coordinate).at(field.at));
                }
            }
        }
    }
}
