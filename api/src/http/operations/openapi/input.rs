//! Variables as JSON schemas: what `guard::variables` takes exactly.

use async_graphql::{
    indexmap::IndexMap,
    parser::types::{OperationDefinition, VariableDefinition},
    registry::{MetaInputValue, MetaType, MetaTypeName},
};
use serde_json::{Map, Value, json};

use super::{Document, or_null, refer};
use crate::graphql::scalar::exact;

/// The body of a `POST`: an object of the variables.
pub fn body(document: &mut Document<'_>, operation: &OperationDefinition) -> Value {
    let variables = operation.variable_definitions.iter().map(|definition| &definition.node);
    let variables: Vec<_> = variables
        .map(|variable| {
            let ty = variable.var_type.node.to_string();
            (variable.name.node.to_string(), ty, is_required(variable), None)
        })
        .collect();
    object(
        document,
        None,
        variables.iter().map(|(name, ty, required, told)| (&**name, &**ty, *required, *told)),
    )
}

/// The variables as parameters of a `GET`: plain texts of scalars and enums, JSON of the rest. What
/// is not sent is null.
pub fn parameters(document: &mut Document<'_>, operation: &OperationDefinition) -> Vec<Value> {
    let variables = operation.variable_definitions.iter().map(|definition| &definition.node);
    let preflight = json!({ "name": "GraphQL-Require-Preflight", "in": "header",
        "description": "Any value. Needed of whoever sends no Authorization: it tells that no page of \
            another site sends this.",
        "required": false, "schema": { "type": "string" } });
    let parameters = variables
        .map(|variable| {
            let ty = variable.var_type.node.to_string();
            let schema = of(document, &present(&ty));
            let name = variable.name.node.as_str();
            let mut parameter =
                json!({ "name": name, "in": "query", "required": is_required(variable) });
            if is_plain(document, &ty) {
                parameter["schema"] = schema;
            } else {
                parameter["content"] = json!({ "application/json": { "schema": schema } });
            }
            parameter
        })
        .collect::<Vec<_>>();
    std::iter::once(preflight).chain(parameters).collect()
}

/// The type of a value that is not null.
fn present(ty: &str) -> String {
    format!("{}!", ty.trim_end_matches('!'))
}

fn is_plain(document: &Document<'_>, ty: &str) -> bool {
    let named = document.registry.types.get(ty.trim_end_matches('!'));
    named.is_some_and(MetaType::is_leaf)
}

fn is_required(variable: &VariableDefinition) -> bool {
    !variable.var_type.node.nullable && variable.default_value.is_none()
}

fn of(document: &mut Document<'_>, ty: &str) -> Value {
    match MetaTypeName::create(ty) {
        MetaTypeName::NonNull(ty) => present_of(document, ty),
        _ => or_null(present_of(document, ty)),
    }
}

fn present_of(document: &mut Document<'_>, ty: &str) -> Value {
    match MetaTypeName::create(ty) {
        MetaTypeName::List(ty) => json!({ "type": "array", "items": of(document, ty) }),
        _ => named(document, ty),
    }
}

fn named(document: &mut Document<'_>, name: &str) -> Value {
    let registry = document.registry;
    match registry.types.get(name) {
        Some(MetaType::Enum { description, enum_values, .. }) => {
            let values = enum_values.keys().map(String::as_str).collect();
            document.enumeration(name, description.as_deref(), values)
        }
        Some(MetaType::InputObject { description, input_fields, oneof, .. }) => {
            if !document.schemas.contains_key(name) {
                // A type may hold itself.
                document.schemas.insert(name.to_owned(), Value::Null);
                let schema = if *oneof {
                    one_of(document, description.as_deref(), input_fields)
                } else {
                    let fields = input_fields.values().map(|field| {
                        let required = is_required_field(field);
                        (&*field.name, &*field.ty, required, field.description.as_deref())
                    });
                    object(document, description.as_deref(), fields)
                };
                document.schemas.insert(name.to_owned(), schema);
            }
            refer(name)
        }
        _ => exact::schema(name),
    }
}

fn is_required_field(field: &MetaInputValue) -> bool {
    field.default_value.is_none() && MetaTypeName::create(&field.ty).is_non_null()
}

fn object<'f>(
    document: &mut Document<'_>,
    description: Option<&str>,
    fields: impl Iterator<Item = (&'f str, &'f str, bool, Option<&'f str>)>,
) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, ty, is_required, told) in fields {
        let mut schema = of(document, ty);
        if let Some(told) = told {
            schema["description"] = json!(told);
        }
        properties.insert(name.to_owned(), schema);
        required.extend(is_required.then_some(name));
    }
    let mut schema = json!({ "type": "object", "properties": properties, "required": required,
        "additionalProperties": false });
    if let Some(description) = description {
        schema["description"] = json!(description);
    }
    schema
}

/// Exactly one of some fields, which is not null.
fn one_of(
    document: &mut Document<'_>,
    description: Option<&str>,
    fields: &IndexMap<String, MetaInputValue>,
) -> Value {
    let one = |field: &MetaInputValue| {
        let ty = present(&field.ty);
        let told = field.description.as_deref();
        object(document, told, std::iter::once((&*field.name, &*ty, true, None)))
    };
    let choices: Vec<Value> = fields.values().map(one).collect();
    json!({ "oneOf": choices, "description": description.unwrap_or_default() })
}
