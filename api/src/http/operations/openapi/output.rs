//! Answers as JSON schemas, from what an operation selects.

use async_graphql::{
    Positioned,
    indexmap::IndexMap,
    parser::types::{
        Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
        SelectionSet,
    },
    registry::{MetaType, MetaTypeName},
};
use serde_json::{Map, Value, json};

use super::{Document, or_null};
use crate::graphql::scalar::exact;

/// What a call answers. The one root field of an operation is never null: then the status says so.
pub fn answer(
    document: &mut Document<'_>,
    text: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Value {
    let registry = document.registry;
    let root = match operation.ty {
        OperationType::Mutation => registry.mutation_type.as_deref().unwrap_or_default(),
        _ => &registry.query_type,
    };
    let mut answer = Walk { document, text }.object(root, &[&operation.selection_set.node]);
    let fields = answer.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(fields) = fields.filter(|fields| fields.len() == 1) {
        fields.values_mut().for_each(not_null);
    }
    answer
}

/// Takes null away from what was made by [`or_null`].
fn not_null(schema: &mut Value) {
    let types = schema["type"].as_array().map(Vec::as_slice);
    if let Some([ty, _]) = types {
        schema["type"] = ty.clone();
        return;
    }
    let null = json!({ "type": "null" });
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.retain(|choice| *choice != null);
        if let [only] = &choices[..] {
            *schema = only.clone();
        }
    }
}

struct Walk<'d, 'r, 't> {
    document: &'d mut Document<'r>,
    text: &'t ExecutableDocument,
}

/// A key of an object: the field, all that is selected below it, and whether it is always there.
struct Selected<'t> {
    field: &'t Field,
    below: Vec<&'t SelectionSet>,
    always: bool,
}

impl<'t> Walk<'_, '_, 't> {
    fn object(&mut self, ty: &str, sets: &[&'t SelectionSet]) -> Value {
        let mut selected = IndexMap::new();
        for set in sets {
            self.collect(ty, set, true, &mut selected);
        }
        let Some(left) = self.document.left.checked_sub(selected.len()) else {
            return json!({});
        };
        self.document.left = left;
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (key, Selected { field, below, always }) in selected {
            properties.insert(key.to_owned(), self.field(ty, field, &below));
            required.extend(always.then_some(key));
        }
        json!({ "type": "object", "properties": properties, "required": required,
            "additionalProperties": false })
    }

    fn collect(
        &self,
        ty: &str,
        set: &'t SelectionSet,
        always: bool,
        into: &mut IndexMap<&'t str, Selected<'t>>,
    ) {
        for selection in &set.items {
            let always = always && !is_conditional(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let key = field.response_key().node.as_str();
                    let new = || Selected { field, below: Vec::new(), always: false };
                    let selected = into.entry(key).or_insert_with(new);
                    selected.below.push(&field.selection_set.node);
                    selected.always |= always;
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    if on.is_none_or(|on| self.is_a(ty, &on.node.on.node)) {
                        self.collect(ty, &fragment.node.selection_set.node, always, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.text.fragments.get(&spread.node.fragment_name.node);
                    let fragment = fragment.map(|fragment| &fragment.node);
                    if let Some(fragment) = fragment
                        && self.is_a(ty, &fragment.type_condition.node.on.node)
                    {
                        self.collect(ty, &fragment.selection_set.node, always, into);
                    }
                }
            }
        }
    }

    fn is_a(&self, ty: &str, wanted: &str) -> bool {
        let wanted = self.document.registry.types.get(wanted);
        wanted.is_some_and(|wanted| wanted.is_possible_type(ty))
    }

    fn field(&mut self, parent: &str, field: &Field, below: &[&'t SelectionSet]) -> Value {
        let name = field.name.node.as_str();
        if name == "__typename" {
            return json!({ "type": "string", "enum": [parent] });
        }
        let registry = self.document.registry;
        let definition = registry.types.get(parent).and_then(|parent| parent.field_by_name(name));
        match definition {
            Some(definition) => self.of(&definition.ty, below),
            // The schema's description of itself.
            None => json!({}),
        }
    }

    fn of(&mut self, ty: &str, below: &[&'t SelectionSet]) -> Value {
        match MetaTypeName::create(ty) {
            MetaTypeName::NonNull(ty) => self.present(ty, below),
            _ => or_null(self.present(ty, below)),
        }
    }

    fn present(&mut self, ty: &str, below: &[&'t SelectionSet]) -> Value {
        if let MetaTypeName::List(ty) = MetaTypeName::create(ty) {
            return json!({ "type": "array", "items": self.of(ty, below) });
        }
        let registry = self.document.registry;
        match registry.types.get(ty) {
            Some(MetaType::Enum { description, enum_values, .. }) => {
                let values = enum_values.keys().map(String::as_str).collect();
                self.document.enumeration(ty, description.as_deref(), values)
            }
            Some(MetaType::Object { .. }) => self.object(ty, below),
            Some(MetaType::Interface { possible_types, .. }) => self.any(possible_types, below),
            Some(MetaType::Union { possible_types, .. }) => self.any(possible_types, below),
            _ => exact::answered(ty),
        }
    }

    /// One of several types; those of which the same is selected are told once.
    fn any<'n>(
        &mut self,
        types: impl IntoIterator<Item = &'n String>,
        below: &[&'t SelectionSet],
    ) -> Value {
        let mut choices: Vec<Value> = Vec::new();
        for ty in types {
            let choice = self.object(ty, below);
            if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        match &choices[..] {
            [only] => only.clone(),
            _ => json!({ "anyOf": choices }),
        }
    }
}

fn is_conditional(directives: &[Positioned<Directive>]) -> bool {
    directives
        .iter()
        .any(|directive| matches!(directive.node.name.node.as_str(), "skip" | "include"))
}
