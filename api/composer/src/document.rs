//! What a schema document says, as the parser of the composition itself reads it: nobody can be
//! told one thing by us and another by what composes.

use serde::{Deserialize, Deserializer};

/// The definitions of a document, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Document {
    pub definitions: Vec<Definition>,
}

/// Where something stands, from 1; columns count UTF-16 code units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    Schema,
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
    Directive,
}

/// One definition or extension. What its kind does not have is empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Definition {
    pub kind: Kind,
    /// Empty for the schema; without the `@` for a directive.
    pub name: String,
    /// Whether it says `extend`.
    pub extends: bool,
    pub at: Position,
    pub interfaces: Vec<Named>,
    pub directives: Vec<Directive>,
    /// Fields of objects, interfaces and inputs.
    pub fields: Vec<Field>,
    /// Values of an enum.
    pub values: Vec<Value>,
    /// Members of a union.
    pub members: Vec<Named>,
    /// `query`, `mutation`, `subscription` of the schema, with the types that stand for them.
    pub operations: Vec<(String, Named)>,
    /// Arguments of a directive.
    pub arguments: Vec<Field>,
    /// Where a directive may stand.
    pub locations: Vec<String>,
    pub repeatable: bool,
}

/// A name that refers to something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    pub name: String,
    pub at: Position,
}

/// A field or an argument.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Field {
    pub name: String,
    pub at: Position,
    /// As written, such as `[ID!]!`.
    pub of: String,
    pub arguments: Vec<Field>,
    pub directives: Vec<Directive>,
    /// As JSON; an enum's value is a string, and so is a number that JSON would not carry exactly.
    /// `null` may be a default too.
    #[serde(default, deserialize_with = "given")]
    pub default: Option<serde_json::Value>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Value {
    pub name: String,
    pub at: Position,
    pub directives: Vec<Directive>,
}

/// A directive where it stands, without the `@`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Directive {
    pub name: String,
    pub at: Position,
    /// Name and value of each argument; an enum's value is a string.
    pub arguments: Vec<(String, serde_json::Value)>,
}

/// What is there, be it null.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(value).map(Some)
}
