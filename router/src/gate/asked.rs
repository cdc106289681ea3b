//! What an operation asks of a partner, so that its answer can be held against it.

use std::{borrow::Cow, collections::HashMap};

use hive_router::graphql_tools::parser::query::{
    self, Definition, Document, OperationDefinition, Selection, SelectionSet, Value, parse_query,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    graph::Graph,
    types::{Shape, Types},
};

/// How deep selections may stand in one another: far deeper than any client may ask.
const DEPTH: usize = 100;

/// An operation as Hive Router sends it and as it is sent on: its text and its variables.
#[derive(Deserialize, Serialize)]
pub struct Sent<'a> {
    #[serde(borrow)]
    query: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    variables: Option<&'a RawValue>,
}

/// What an operation asks for.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The fields of its root.
    pub fields: Vec<Field<'a>>,
    /// Whether it asks for events.
    pub is_subscription: bool,
}

/// A field, and what was asked below it, of whatever type, by the keys of the answer.
#[derive(Debug)]
pub struct Field<'a> {
    /// Its key in the answer.
    pub key: String,
    /// What its value may look like, where that is known.
    pub shape: Option<Shape>,
    /// None below a leaf.
    pub fields: Vec<Self>,
    /// Of `_entities`: the objects that are asked about, as they were sent.
    pub entities: Option<Vec<&'a RawValue>>,
}

/// Reads an operation on the graph that is served; nothing where it cannot be read, as all that
/// Hive Router sends should be.
pub fn read<'a>(sent: &Sent<'a>, served: &Result<Graph, String>) -> Option<Asked<'a>> {
    let types = &served.as_ref().ok()?.types;
    of_types(sent, types)
}

/// Reads an operation on a graph of these types.
pub fn of_types<'a>(sent: &Sent<'a>, types: &Types) -> Option<Asked<'a>> {
    let document = parse_query::<String>(&sent.query).ok()?;
    let variables = sent.variables.map_or("{}", RawValue::get);
    let variables = serde_json::from_str(variables).ok()?;
    let operation = document.definitions.iter().find_map(|definition| match definition {
        Definition::Operation(operation) => Some(operation),
        Definition::Fragment(_) => None,
    });
    let operation = operation?;
    let (of, root) = match operation {
        OperationDefinition::SelectionSet(root) => ("Query", root),
        OperationDefinition::Query(query) => ("Query", &query.selection_set),
        OperationDefinition::Mutation(mutation) => ("Mutation", &mutation.selection_set),
        OperationDefinition::Subscription(events) => ("Subscription", &events.selection_set),
    };
    let mut fields = Vec::new();
    Reader { document: &document, variables, types }.read(of, root, &mut fields, DEPTH)?;
    let is_subscription = matches!(operation, OperationDefinition::Subscription(_));
    Some(Asked { fields, is_subscription })
}

struct Reader<'d, 'a> {
    document: &'d Document<'d, String>,
    variables: HashMap<String, &'a RawValue>,
    types: &'d Types,
}

impl<'d, 'a> Reader<'d, 'a> {
    /// Adds what a selection of a type asks for. Of what type an object turns out to be does not
    /// matter: an answer cannot be more than all that was asked of any.
    fn read(
        &self,
        of: &str,
        selected: &SelectionSet<'d, String>,
        fields: &mut Vec<Field<'a>>,
        depth: usize,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        for selection in &selected.items {
            match selection {
                Selection::InlineFragment(inline) => {
                    let on = inline.type_condition.as_ref().map(AsRef::as_ref);
                    let of = on.map_or(of, String::as_str);
                    self.read(of, &inline.selection_set, fields, depth)?;
                }
                Selection::FragmentSpread(spread) => {
                    let (of, fragment) = self.fragment(&spread.fragment_name)?;
                    self.read(of, fragment, fields, depth)?;
                }
                Selection::Field(field) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name);
                    let shape = match &*field.name {
                        "__typename" => Some(Shape::Text),
                        name => self.types.shape(of, name),
                    };
                    let object = shape.as_ref().and_then(Shape::object).cloned();
                    let at = match fields.iter().position(|known| known.key == *key) {
                        Some(at) => at,
                        None => {
                            let (key, entities) = (key.clone(), self.entities(field)?);
                            fields.push(Field { key, shape, fields: Vec::new(), entities });
                            fields.len() - 1
                        }
                    };
                    let of = object.as_deref().unwrap_or_default();
                    self.read(of, &field.selection_set, &mut fields[at].fields, depth)?;
                }
            }
        }
        Some(())
    }

    fn fragment(&self, name: &str) -> Option<(&'d str, &'d SelectionSet<'d, String>)> {
        self.document.definitions.iter().find_map(|definition| match definition {
            Definition::Fragment(fragment) if fragment.name == name => {
                Some((fragment.type_condition.as_ref().as_str(), &fragment.selection_set))
            }
            _ => None,
        })
    }

    /// The objects that a field asks about, where it is the field for that.
    fn entities(&self, field: &query::Field<'d, String>) -> Option<Option<Vec<&'a RawValue>>> {
        if field.name != "_entities" {
            return Some(None);
        }
        let variable = field.arguments.iter().find_map(|(name, value)| match value {
            Value::Variable(variable) if name == "representations" => Some(variable),
            _ => None,
        });
        let sent = self.variables.get(variable?)?;
        serde_json::from_str(sent.get()).ok().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use hive_router::query_planner::utils::parsing::parse_schema;

    use super::*;

    fn keys(fields: &[Field]) -> String {
        let keys = fields.iter().map(|field| match field.fields.is_empty() {
            true => field.key.clone(),
            false => format!("{}{{{}}}", field.key, keys(&field.fields)),
        });
        keys.collect::<Vec<_>>().join(" ")
    }

    fn asked(query: &str) -> Option<String> {
        let sent = serde_json::json!({ "query": query }).to_string();
        of_types(&serde_json::from_str(&sent).unwrap(), &Types::default())
            .map(|asked| keys(&asked.fields))
    }

    #[test]
    fn selections_are_joined_by_their_keys_whatever_the_type() {
        let query =
            "query ($x: ID!) { a: one(id: $x) { ...F ... on A { b { c } } ... on B { b { d } } } }
            fragment F on A { b { e } f: g }";

        assert_eq!(asked(query).unwrap(), "a{b{e c d} f}");
    }

    #[test]
    fn fields_have_the_shapes_of_their_types() {
        let types = Types::of(&parse_schema(
            "type Query { all: [Node!]! } interface Node { id: ID! } type A implements Node
             { id: ID! b: B more: Int } type B { c: [Float] }",
        ));
        let query = "{ all { x: id ... on A { b { c } ...F } } } fragment F on A { more gone }";
        let sent = serde_json::json!({ "query": query }).to_string();

        let asked = of_types(&serde_json::from_str(&sent).unwrap(), &types).unwrap();

        let all = &asked.fields[0];
        assert_eq!(all.shape, types.shape("Query", "all"));
        let shapes = all.fields.iter().map(|field| (field.key.as_str(), field.shape.clone()));
        assert_eq!(
            shapes.collect::<Vec<_>>(),
            [
                ("x", Some(Shape::Id)),
                ("b", Some(Shape::Object("B".into()))),
                ("more", Some(Shape::Int)),
                ("gone", None),
            ]
        );
        assert_eq!(all.fields[1].fields[0].shape, types.shape("B", "c"));
    }

    #[test]
    fn fragments_without_an_end_cannot_be_read() {
        assert_eq!(asked("{ a { ...F } } fragment F on A { b { ...F } }"), None);
        assert_eq!(asked("{ a { ...Gone } }"), None);
        assert_eq!(asked("fragment F on A { b }"), None);
        assert_eq!(asked("{ a "), None);
    }

    #[test]
    fn entities_are_known_under_any_key() {
        let sent = r#"{"query":"query($r:[_Any!]!){_e0:_entities(representations:$r){...on A{b}}}",
            "variables":{"r":[{"__typename":"A","id":"1"},{"__typename":"A","id":"2"}]},
            "operationName":"x","extensions":{"y":1}}"#;
        let sent: Sent = serde_json::from_str(sent).unwrap();

        let Asked { fields, is_subscription } = of_types(&sent, &Types::default()).unwrap();
        let passed_on = serde_json::to_value(&sent).unwrap();

        let entities = fields[0].entities.as_ref().unwrap();
        assert!(!is_subscription);
        assert_eq!(fields[0].key, "_e0");
        assert_eq!(entities[1].get(), r#"{"__typename":"A","id":"2"}"#);
        let names: Vec<_> = passed_on.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["query", "variables"]);
    }
}
