//! Makes up objects that nobody has, of the types of a document. Pure.

use std::collections::HashMap;

use composer::{Definition, Document, Field, Kind};
use entity::id::{ActivityKindId, AssignmentId, EnrolmentId, FundingSourceId, PartyId, PlaceId};
use serde_json::{Map, Value, json};

use super::field_set::FieldSet;
use crate::clock::Clock;

/// The types of a document, in its order.
pub struct Types<'a> {
    pub objects: Vec<(&'a str, Vec<&'a Definition>)>,
    kinds: HashMap<&'a str, &'a Definition>,
}

impl<'a> Types<'a> {
    pub fn of(document: &'a Document) -> Self {
        let mut types = Self { objects: Vec::new(), kinds: HashMap::new() };
        for definition in &document.definitions {
            types.kinds.entry(&definition.name).or_insert(definition);
            if definition.kind != Kind::Object {
                continue;
            }
            match types.objects.iter_mut().find(|(name, _)| *name == definition.name) {
                Some((_, parts)) => parts.push(definition),
                None => types.objects.push((&definition.name, vec![definition])),
            }
        }
        types
    }

    pub fn field(&self, type_name: &str, name: &str) -> Option<&'a Field> {
        let (_, parts) = self.objects.iter().find(|(of, _)| *of == type_name)?;
        parts.iter().flat_map(|part| &part.fields).find(|field| field.name == name)
    }

    /// A field in a selection, with something below it where there has to be; none if it cannot be
    /// asked for without an argument.
    pub fn selected(&self, field: &Field) -> Option<String> {
        let is_needed = |argument: &Field| argument.of.ends_with('!') && argument.default.is_none();
        if field.arguments.iter().any(is_needed) {
            return None;
        }
        let kind = self.kinds.get(named(&field.of)).map(|definition| definition.kind);
        Some(match kind {
            Some(Kind::Object | Kind::Interface | Kind::Union) => {
                format!("{} {{ __typename }}", field.name)
            }
            _ => field.name.clone(),
        })
    }
}

/// The name in a type such as `[ID!]!`.
fn named(of: &str) -> &str {
    of.trim_matches(['[', ']', '!'])
}

/// Makes up what nobody has.
pub struct Unknown<'t, 'a> {
    pub types: &'t Types<'a>,
    pub prefix: &'a str,
    pub clock: &'t dyn Clock,
}

impl Unknown<'_, '_> {
    pub fn key(&self, type_name: &str, fields: &FieldSet) -> Map<String, Value> {
        let value = |(name, below): &(String, FieldSet)| {
            let of = self.types.field(type_name, name).map_or("ID", |field| &field.of);
            let value = match below.is_empty() {
                true if name == "id" => self.id(type_name),
                true => self.scalar(named(of)),
                false => Value::Object(self.key(named(of), below)),
            };
            (name.clone(), if of.starts_with('[') { json!([value]) } else { value })
        };
        fields.0.iter().map(value).collect()
    }

    /// The same of what a field requires; what may be null is.
    pub fn needed(&self, type_name: &str, fields: &FieldSet) -> Map<String, Value> {
        let may_be_null = |name: &str| {
            self.types.field(type_name, name).is_some_and(|field| !field.of.ends_with('!'))
        };
        let mut made = self.key(type_name, fields);
        made.iter_mut().filter(|(name, _)| may_be_null(name)).for_each(|(_, it)| *it = Value::Null);
        made
    }

    /// An id of the form that the type's have, where it is ours.
    fn id(&self, type_name: &str) -> Value {
        let id = self.clock.uuid();
        let text = match type_name {
            "ActivityKind" => ActivityKindId::from(id).to_string(),
            "Assignment" => AssignmentId::from(id).to_string(),
            "Enrolment" => EnrolmentId::from(id).to_string(),
            "FundingSource" => FundingSourceId::from(id).to_string(),
            "Commune" | "District" | "Province" => PlaceId::from(id).to_string(),
            _ if begins_with(type_name, self.prefix) => id.to_string(),
            _ => PartyId::from(id).to_string(),
        };
        text.into()
    }

    fn scalar(&self, name: &str) -> Value {
        let mut random = [0; 4];
        self.clock.random(&mut random);
        let number = i32::from_be_bytes(random);
        let known = self.types.kinds.get(name);
        let first = known.and_then(|it| it.values.first()).map(|value| value.name.as_str());
        match (name, first) {
            (_, Some(first)) => first.into(),
            ("Int", _) => number.into(),
            ("Float", _) => f64::from(number).into(),
            ("Boolean", _) => false.into(),
            ("Date", _) => "1000-01-01".into(),
            _ => format!("unknown-{:08x}", number.cast_unsigned()).into(),
        }
    }
}

/// Whether a name is of whoever has a prefix.
pub fn begins_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
