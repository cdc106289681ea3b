//! Reads the variables of a call: the body of a `POST`, the query of a `GET`. What is read is
//! exactly what the OpenAPI document says.

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::VariableDefinition,
    registry::{MetaType, Registry},
};
use axum::{body::Body, http::request::Parts};
use serde_json::{Map, Value as Json};

use super::super::{answer::Stop, read};
use crate::{config::Http, error::Error, graphql::guard::Limits};

/// From a body: one JSON object of the variables.
pub async fn from_body(
    parts: &Parts,
    body: Body,
    settings: &Http,
    limits: &Limits,
) -> Result<Variables, Stop> {
    read::is_json(&parts.headers)?;
    let (most, patience) = (settings.body_bytes, settings.body_seconds);
    let body = read::all_of(&parts.headers, body, most, patience).await?;
    read::few_values(&body, limits)?;
    let object: Map<String, Json> = serde_json::from_slice(&body)
        .map_err(|_| wrong("the body is not one JSON object of the variables"))?;
    let mut sent = Json::Object(object);
    whole(&mut sent);
    Ok(Variables::from_json(sent))
}

/// Makes `1.0` an integer, which it is in JSON.
fn whole(json: &mut Json) {
    match json {
        Json::Number(number) if number.is_f64() => {
            let text =
                number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < EXACT);
            if let Some(whole) = text.and_then(|number| format!("{number:.0}").parse::<i64>().ok())
            {
                *json = whole.into();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(whole),
        Json::Object(fields) => fields.values_mut().for_each(whole),
        _ => {}
    }
}

/// Below this every whole number of JSON is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// From a URL: each variable once, plain text of scalars and enums, JSON of the rest.
pub fn from_url(
    query: &str,
    registry: &Registry,
    definitions: &[Positioned<VariableDefinition>],
    limits: &Limits,
) -> Result<Variables, Stop> {
    let sent: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| wrong("the query of the URL is not ?name=value&…"))?;
    let mut variables = Variables::default();
    for (name, text) in sent {
        let definition = definitions.iter().find(|def| def.node.name.node == *name);
        let Some(definition) = definition else {
            return Err(wrong(&format!("there is no variable ${name}")));
        };
        let ty = definition.node.var_type.node.to_string();
        let value = value(registry, ty.trim_end_matches('!'), text, limits)?;
        let value = value.ok_or_else(|| wrong(&format!("variable ${name}: not of type {ty}")))?;
        if variables.insert(Name::new(&name), value).is_some() {
            return Err(wrong(&format!("variable ${name} is sent more than once")));
        }
    }
    Ok(variables)
}

/// None where the text is nothing of this type.
fn value(
    registry: &Registry,
    ty: &str,
    text: String,
    limits: &Limits,
) -> Result<Option<Value>, Stop> {
    let is_leaf = registry.types.get(ty).is_some_and(MetaType::is_leaf);
    if is_leaf && !matches!(ty, "Boolean" | "Float" | "Int") {
        return Ok(Some(Value::String(text)));
    }
    read::few_values(text.as_bytes(), limits)?;
    let json = serde_json::from_str::<Json>(&text).ok().filter(|json| !json.is_null());
    Ok(json.and_then(|mut json| {
        whole(&mut json);
        Value::from_json(json).ok()
    }))
}

fn wrong(what: &str) -> Stop {
    Error::BadInput(what.to_owned()).into()
}
