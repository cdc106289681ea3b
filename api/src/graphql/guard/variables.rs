//! Variables against the types that an operation declares for them, before anything runs: so a
//! value that does not fit is a mistake of the request and never half an answer. Scalars of our
//! own read their values later, each with its own words.

use async_graphql::{
    Name, Positioned, Value, Variables,
    indexmap::IndexMap,
    parser::types::VariableDefinition,
    registry::{MetaInputValue, MetaType, MetaTypeName, Registry},
};

use crate::{
    error::{Error, Result},
    graphql::scalar::exact,
};

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// What GraphQL reads: one item for a list of it, a number for an id.
    Lenient,
    /// What [`exact`] describes, and no variable that is not declared.
    Exact,
}

/// Refuses the first value that does not fit, saying where it stands.
pub fn check(
    registry: &Registry,
    definitions: &[Positioned<VariableDefinition>],
    variables: &Variables,
    reading: Reading,
) -> Result<()> {
    if reading == Reading::Exact {
        let is_known = |name: &&Name| definitions.iter().any(|def| def.node.name.node == **name);
        if let Some(name) = variables.keys().find(|name| !is_known(name)) {
            return Err(Error::InvalidDocument(format!("there is no variable ${name}")));
        }
    }
    let types = Types { registry, reading };
    for Positioned { node: definition, .. } in definitions {
        let name = &definition.name.node;
        let ty = definition.var_type.node.to_string();
        let wrong = match variables.get(name) {
            Some(value) => types.wrong(&ty, value),
            None if definition.default_value.is_none() && is_required(&ty) => {
                Some((String::new(), format!("a value of type {ty} is required")))
            }
            None => None,
        };
        if let Some((path, what)) = wrong {
            return Err(Error::InvalidDocument(format!("variable ${name}{path}: {what}")));
        }
    }
    Ok(())
}

fn is_required(ty: &str) -> bool {
    MetaTypeName::create(ty).is_non_null()
}

/// Where in a value something is wrong, and what.
type Wrong = Option<(String, String)>;

#[derive(Clone, Copy)]
struct Types<'a> {
    registry: &'a Registry,
    reading: Reading,
}

impl Types<'_> {
    fn wrong(self, ty: &str, value: &Value) -> Wrong {
        let is_exact = self.reading == Reading::Exact;
        match (MetaTypeName::create(ty), value) {
            (MetaTypeName::NonNull(_), Value::Null) => here(format!("null is not of type {ty}")),
            (MetaTypeName::NonNull(ty), value) => self.wrong(ty, value),
            (_, Value::Null) => None,
            (MetaTypeName::List(ty), Value::List(items)) => {
                let mut items = items.iter().enumerate();
                items.find_map(|(at, item)| inside(format!("[{at}]"), self.wrong(ty, item)))
            }
            (MetaTypeName::List(_), _) if is_exact => here(format!("not a list, as {ty} is")),
            (MetaTypeName::List(ty), value) => self.wrong(ty, value),
            (MetaTypeName::Named(ty), value) => match self.registry.types.get(ty) {
                Some(MetaType::InputObject { input_fields, oneof, .. }) => {
                    self.wrong_object(ty, input_fields, *oneof, value)
                }
                Some(MetaType::Enum { enum_values, .. }) => match value {
                    Value::String(name) if enum_values.contains_key(name) => None,
                    Value::Enum(name) if enum_values.contains_key(name.as_str()) => None,
                    _ => here(format!("not one of the values of {ty}")),
                },
                Some(MetaType::Scalar { .. }) if is_exact && !exact::fits(ty, value) => {
                    here(format!("not of type {ty}"))
                }
                Some(MetaType::Scalar { is_valid: Some(is_valid), .. }) if !is_valid(value) => {
                    here(format!("not of type {ty}"))
                }
                _ => None,
            },
        }
    }

    fn wrong_object(
        self,
        ty: &str,
        input_fields: &IndexMap<String, MetaInputValue>,
        oneof: bool,
        value: &Value,
    ) -> Wrong {
        let Value::Object(given) = value else {
            return here(format!("not of type {ty}"));
        };
        if let Some(name) = given.keys().find(|name| !input_fields.contains_key(name.as_str())) {
            return here(format!("{ty} has no field {name}"));
        }
        let is_one = given.len() == 1 && given.values().all(|value| *value != Value::Null);
        if oneof && !is_one {
            return here(format!("exactly one field of {ty} is to be given"));
        }
        input_fields.values().find_map(|field| match given.get(field.name.as_str()) {
            Some(value) => inside(format!(".{}", field.name), self.wrong(&field.ty, value)),
            None if is_required(&field.ty) && field.default_value.is_none() => {
                let (name, ty) = (&field.name, &field.ty);
                here(format!("the field {name} of type {ty} is required"))
            }
            None => None,
        })
    }
}

fn here(what: String) -> Wrong {
    Some((String::new(), what))
}

fn inside(step: String, wrong: Wrong) -> Wrong {
    wrong.map(|(path, what)| (step + &path, what))
}
