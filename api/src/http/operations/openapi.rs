//! The OpenAPI 3.1 document of operations that are called by their names: made from their texts and
//! the schema, so it cannot say anything else than what is served.

use std::collections::BTreeMap;

use async_graphql::{
    parser::types::{ExecutableDocument, OperationDefinition, OperationType},
    registry::Registry,
};
use serde_json::{Map, Value, json};

mod input;
mod output;

/// An operation as the document describes it.
pub struct Described<'a> {
    pub name: &'a str,
    /// What it is for, in one line.
    pub summary: &'a str,
    pub document: &'a ExecutableDocument,
}

/// Why a call may be refused whatever it asks for, and what it means.
const ALWAYS: [(&str, &str); 10] = [
    ("400", "It is not as this document says."),
    ("401", "Nobody is signed in, or with a token that is not good."),
    ("404", "There is no such operation, or nothing there that you may see."),
    ("406", "The answer would not be application/json."),
    ("410", "It was registered for a schema that is no more."),
    ("422", "It is as this document says, and yet refused."),
    ("429", "Too much was asked for of late; `Retry-After` says when to go on."),
    ("500", "A fault of ours; it is logged with the trace id."),
    ("503", "A part of the system is away; trying again may help."),
    ("504", "It took too long and was given up."),
];

/// The same of calls with a body.
const WITH_BODY: [(&str, &str); 3] = [
    ("408", "The body took too long."),
    ("413", "The body is too long."),
    ("415", "The body is not application/json."),
];

/// The same of calls that change something.
const CHANGING: [(&str, &str); 2] = [
    ("403", "You see it, but this act is not yours."),
    ("409", "It has changed since you read it, is recorded already, or is under way."),
];

/// The most keys of answers that are described; what goes beyond may be anything. The types of an
/// interface multiply with each interface in them, so a short text can have a very long answer. The
/// shared operations take a thousand.
const MOST_KEYS: usize = 10_000;

/// Describes operations, each under its name.
pub fn document<'a>(
    registry: &Registry,
    operations: impl IntoIterator<Item = Described<'a>>,
) -> Value {
    let mut document = Document { registry, schemas: BTreeMap::new(), left: MOST_KEYS };
    let mut paths = Map::new();
    for operation in operations {
        if let Some((_, definition)) = operation.document.operations.iter().next() {
            let path = document.path(&operation, &definition.node);
            paths.insert(format!("/operations/{}", operation.name), path);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cam Kết: persisted operations",
            "description": "Commitments of a province's digital transformation, called like REST. \
                `docs/persisted-operations.md` says how.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "paths": paths,
        "components": {
            "schemas": document.with_problem(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer",
                    "description": "An API token, or a token of a sign-in provider." },
            },
        },
    })
}

struct Document<'a> {
    registry: &'a Registry,
    schemas: BTreeMap<String, Value>,
    /// How many keys may still be described.
    left: usize,
}

impl Document<'_> {
    fn path(&mut self, operation: &Described<'_>, definition: &OperationDefinition) -> Value {
        let answer = output::answer(self, operation.document, definition);
        let mut path = json!({ "post": {
            "operationId": operation.name,
            "summary": operation.summary,
            "requestBody": { "required": true, "content": {
                "application/json": { "schema": input::body(self, definition) },
            } },
            "responses": responses(&answer, definition.ty, true),
        } });
        path["post"]["security"] = security(definition.ty);
        if definition.ty == OperationType::Query {
            path["get"] = json!({
                "operationId": format!("{}.get", operation.name),
                "summary": operation.summary,
                "parameters": input::parameters(self, definition),
                "responses": responses(&answer, definition.ty, false),
                "security": security(definition.ty),
            });
        }
        path
    }

    fn with_problem(mut self) -> BTreeMap<String, Value> {
        let text = json!({ "type": "string" });
        self.schemas.insert("Problem".to_owned(), json!({
            "type": "object",
            "description": "RFC 9457.",
            "required": ["type", "title", "status", "detail", "code", "traceId"],
            "properties": {
                "type": text, "title": text, "detail": text, "traceId": text,
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "code": { "type": "string", "description": "Stable: docs/errors.md lists them." },
                "userErrors": { "type": "array", "description": "All that was refused.",
                    "items": { "type": "object", "required": ["code", "message", "path"],
                        "properties": { "code": text, "message": text,
                            "path": { "type": "array", "items": text } } } },
                "data": { "type": "object",
                    "description": "What a refused change answers: with STALE_VERSION and \
                        ALREADY_RECORDED the object that stands there." },
            },
        }));
        self.schemas
    }
}

fn responses(answer: &Value, ty: OperationType, has_body: bool) -> Value {
    let mut responses = Map::new();
    let ok = json!({ "description": "The answer.",
        "content": { "application/json": { "schema": answer } } });
    responses.insert("200".to_owned(), ok);
    let with_body = WITH_BODY.iter().filter(|_| has_body);
    let changing = CHANGING.iter().filter(|_| ty == OperationType::Mutation);
    for (status, why) in ALWAYS.iter().chain(with_body).chain(changing) {
        let content = json!({ "application/problem+json": { "schema": refer("Problem") } });
        let problem = json!({ "description": why, "content": content });
        responses.insert((*status).to_owned(), problem);
    }
    responses.sort_keys();
    Value::Object(responses)
}

/// Everybody may read; what one may not see is not there.
fn security(ty: OperationType) -> Value {
    match ty {
        OperationType::Mutation => json!([{ "bearer": [] }]),
        _ => json!([{}, { "bearer": [] }]),
    }
}

fn refer(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The same or null.
fn or_null(mut schema: Value) -> Value {
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.push(json!({ "type": "null" }));
        return schema;
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(ty) => *ty = json!([ty, "null"]),
        None => return json!({ "anyOf": [schema, { "type": "null" }] }),
    }
    schema
}

impl Document<'_> {
    /// An enum, described once.
    fn enumeration(&mut self, name: &str, description: Option<&str>, values: Vec<&str>) -> Value {
        self.schemas.entry(name.to_owned()).or_insert_with(|| {
            json!({ "type": "string", "enum": values, "description": description.unwrap_or_default() })
        });
        refer(name)
    }
}
