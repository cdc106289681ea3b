//! The types of the graph that is served, as far as a partner's answer is held against them: Hive
//! Router passes a list where there should be a number on to clients, and those who know the types
//! would fail on it with everything else that was answered.

use std::{collections::HashMap, sync::Arc};

use hive_router::graphql_tools::{
    parser::schema::Type,
    static_graphql::schema::{Definition, Document, Field, TypeDefinition},
};

/// The shapes of all fields, by type and name.
#[derive(Debug, Default)]
pub struct Types(HashMap<String, HashMap<String, Shape>>);

/// What a field's value may look like, besides null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list of such.
    List(Box<Self>),
    /// An object of this type, which may be an abstract one.
    Object(Arc<str>),
    /// A number of 32 bits.
    Int,
    /// A number.
    Float,
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A text or a whole number.
    Id,
    /// One of these names.
    Name(Arc<[String]>),
    /// A scalar that the graph defines.
    Scalar,
}

impl Types {
    /// Reads them from the graph as clients know it.
    pub fn of(document: &Document) -> Self {
        let definitions = || {
            document.definitions.iter().filter_map(|definition| match definition {
                Definition::TypeDefinition(definition) => Some(definition),
                _ => None,
            })
        };
        let mut named = HashMap::from(
            [
                ("Int", Shape::Int),
                ("Float", Shape::Float),
                ("String", Shape::Text),
                ("Boolean", Shape::Boolean),
                ("ID", Shape::Id),
            ]
            .map(|(name, shape)| (name.to_owned(), shape)),
        );
        for definition in definitions() {
            let (name, shape) = match definition {
                TypeDefinition::Object(of) => (&of.name, Shape::Object(of.name.as_str().into())),
                TypeDefinition::Interface(of) => (&of.name, Shape::Object(of.name.as_str().into())),
                TypeDefinition::Union(of) => (&of.name, Shape::Object(of.name.as_str().into())),
                TypeDefinition::Enum(of) => {
                    let names = of.values.iter().map(|value| value.name.clone());
                    (&of.name, Shape::Name(names.collect()))
                }
                TypeDefinition::Scalar(_) | TypeDefinition::InputObject(_) => continue,
            };
            named.insert(name.clone(), shape);
        }
        let fields = |fields: &[Field]| {
            let shapes =
                fields.iter().map(|field| (field.name.clone(), shape(&field.field_type, &named)));
            shapes.collect()
        };
        let types = definitions().filter_map(|definition| match definition {
            TypeDefinition::Object(of) => Some((of.name.clone(), fields(&of.fields))),
            TypeDefinition::Interface(of) => Some((of.name.clone(), fields(&of.fields))),
            _ => None,
        });
        Self(types.collect())
    }

    /// The shape of a field, where it is known.
    pub fn shape(&self, of: &str, field: &str) -> Option<Shape> {
        self.0.get(of)?.get(field).cloned()
    }
}

/// Where null may not stand is for Hive Router to see, which knows what to null around it.
fn shape(of: &Type<'_, String>, named: &HashMap<String, Shape>) -> Shape {
    match of {
        Type::NonNullType(of) => shape(of, named),
        Type::ListType(of) => Shape::List(Box::new(shape(of, named))),
        Type::NamedType(name) => named.get(name).cloned().unwrap_or(Shape::Scalar),
    }
}

impl Shape {
    /// The type of the objects that it is, or that it is a list of.
    pub fn object(&self) -> Option<&Arc<str>> {
        match self {
            Self::List(of) => of.object(),
            Self::Object(name) => Some(name),
            _ => None,
        }
    }

    /// Whether the JSON of a leaf has it.
    pub fn fits(&self, json: &str) -> bool {
        let first = json.as_bytes().first().copied().unwrap_or_default();
        let is_text = first == b'"';
        let is_number = first == b'-' || first.is_ascii_digit();
        match self {
            Self::List(_) | Self::Object(_) => false,
            Self::Int => json.parse::<i32>().is_ok(),
            Self::Float => is_number,
            Self::Text => is_text,
            Self::Boolean => matches!(json, "true" | "false"),
            Self::Id => is_text || (is_number && !json.contains(['.', 'e', 'E'])),
            Self::Name(names) => {
                is_text && names.iter().any(|name| *name == json[1..json.len() - 1])
            }
            Self::Scalar => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use hive_router::query_planner::utils::parsing::parse_schema;

    use super::*;

    #[test]
    fn shapes_are_those_of_the_types() {
        let types = Types::of(&parse_schema(
            "type Query { a: [[Int!]!]! b: Kind c: Node d: Other e: Json f(x: In): ID }
             enum Kind { ONE TWO } interface Node { id: ID! } type Thing implements Node { id: ID! }
             union Other = Thing scalar Json input In { a: Int }",
        ));
        let list = |of| Shape::List(Box::new(of));
        let kinds = Shape::Name(["ONE".to_owned(), "TWO".to_owned()].into());
        for (field, shape) in [
            ("a", list(list(Shape::Int))),
            ("b", kinds),
            ("c", Shape::Object("Node".into())),
            ("d", Shape::Object("Other".into())),
            ("e", Shape::Scalar),
            ("f", Shape::Id),
        ] {
            assert_eq!(types.shape("Query", field), Some(shape), "{field}");
        }
        assert_eq!(types.shape("Node", "id"), Some(Shape::Id));
        assert_eq!((types.shape("Query", "z"), types.shape("Z", "a")), (None, None));
    }

    #[test]
    fn leaves_fit_their_shapes() {
        let names = Shape::Name(["ONE".to_owned()].into());
        for (shape, fitting, other) in [
            (
                Shape::Int,
                &["0", "-7", "2147483647"][..],
                &["2147483648", "1.0", "1e3", "\"1\"", "true"][..],
            ),
            (Shape::Float, &["1", "-0.5", "1e400"], &["\"1\"", "true", "[1]", "{}"]),
            (Shape::Text, &["\"\"", "\"a\""], &["1", "true", "[]", "{}"]),
            (Shape::Boolean, &["true", "false"], &["1", "\"true\"", "[]"]),
            (Shape::Id, &["\"a\"", "7"], &["1.5", "1e3", "true", "[]", "{}"]),
            (names, &["\"ONE\""], &["\"TWO\"", "\"one\"", "\"\"", "1", "[]"]),
            (Shape::Scalar, &["1", "{}", "[]", "\"a\"", "true"], &[]),
            (Shape::Object("A".into()), &[], &["1", "{}"]),
        ] {
            assert!(fitting.iter().all(|json| shape.fits(json)), "{shape:?} {fitting:?}");
            assert!(!other.iter().any(|json| shape.fits(json)), "{shape:?} {other:?}");
        }
    }
}
