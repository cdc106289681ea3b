//! Measures the operations of a document in one walk that visits each fragment once, however often
//! it is spread: so a fragment that spreads the next one twice, sixty levels deep, costs sixty
//! steps and not 2⁶⁰. It measures documents that do not fit the schema too: validation, which does
//! walk every spread, comes after it.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{
        ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaField, MetaType, MetaTypeName, Registry},
};

use super::{
    cost::{Cost, DEAR, INTROSPECTION, LEAF, LIST, MUTATION, OBJECT, PAGE, Size},
    limits::{Limits, at_most},
};
use crate::error::{Error, Result};

/// Measures an operation and refuses it where a figure other than its cost is over the limit; the
/// cost may depend on variables.
pub fn operation<'a>(
    registry: &'a Registry,
    limits: &'a Limits,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
) -> Result<Cost> {
    let root = match operation.ty {
        OperationType::Query => Some(&registry.query_type),
        OperationType::Mutation => registry.mutation_type.as_ref(),
        OperationType::Subscription => registry.subscription_type.as_ref(),
    };
    let parent = root.and_then(|root| registry.types.get(root));
    let mut walk = Walk { registry, limits, document, fragments: HashMap::new(), aliases: 0 };
    let selected = walk.selection_set(&operation.selection_set.node, parent, 1)?;
    at_most(limits.depth, selected.depth, "depth")?;
    at_most(limits.aliases, walk.aliases, "aliases")?;
    at_most(limits.fields, selected.fields, "fields")?;
    at_most(limits.root_fields, selected.direct, "root_fields")?;
    let mut cost = selected.cost;
    if operation.ty == OperationType::Mutation {
        cost.add(Cost::fixed(selected.direct.saturating_mul(MUTATION)));
    }
    Ok(cost)
}

struct Walk<'a> {
    registry: &'a Registry,
    limits: &'a Limits,
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, Fragment>,
    aliases: u64,
}

enum Fragment {
    /// Being walked: who spreads it now spreads it inside itself.
    Open,
    Done(Selected),
}

/// What a selection comes to with its fragments spread.
#[derive(Clone, Default)]
struct Selected {
    /// Fields below one another.
    depth: u64,
    /// Selections below one another, those of fragments included.
    height: u64,
    fields: u64,
    /// Fields of the selection itself.
    direct: u64,
    cost: Cost,
}

impl<'a> Walk<'a> {
    /// `level` counts the selections around this one, so that nothing here recurses deeply.
    fn selection_set(
        &mut self,
        set: &'a SelectionSet,
        parent: Option<&'a MetaType>,
        level: u64,
    ) -> Result<Selected> {
        at_most(self.limits.nesting, level, "nesting")?;
        let mut all = Selected::default();
        for selection in &set.items {
            let one = match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent, level)?,
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.and_then(|on| self.registry.types.get(on.node.on.node.as_str()));
                    let set = &fragment.node.selection_set.node;
                    self.selection_set(set, on.or(parent), level + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, level)?
                }
            };
            all.depth = all.depth.max(one.depth);
            all.height = all.height.max(one.height);
            all.direct = all.direct.saturating_add(one.direct);
            all.fields = all.fields.saturating_add(one.fields);
            // What is going to be refused is counted on, but no sum is built that doubles too.
            if all.fields <= self.limits.fields {
                all.cost.add(one.cost);
            }
        }
        all.height += 1;
        at_most(self.limits.nesting, all.height, "nesting")?;
        Ok(all)
    }

    fn fragment(&mut self, name: &'a str, level: u64) -> Result<Selected> {
        match self.fragments.get(name) {
            Some(Fragment::Done(selected)) => return Ok(selected.clone()),
            Some(Fragment::Open) => {
                let what = format!("fragment \"{name}\" spreads itself");
                return Err(Error::InvalidDocument(what));
            }
            None => {}
        }
        // Validation tells of a fragment that is not there.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Selected::default());
        };
        self.fragments.insert(name, Fragment::Open);
        let on = self.registry.types.get(fragment.node.type_condition.node.on.node.as_str());
        let selected = self.selection_set(&fragment.node.selection_set.node, on, level + 1)?;
        self.fragments.insert(name, Fragment::Done(selected.clone()));
        Ok(selected)
    }

    fn field(
        &mut self,
        field: &'a Field,
        parent: Option<&'a MetaType>,
        level: u64,
    ) -> Result<Selected> {
        if field.alias.is_some() {
            self.aliases += 1;
        }
        let name = field.name.node.as_str();
        let definition = parent.and_then(|parent| parent.field_by_name(name));
        let of = self.type_of(name, definition);
        let leaf = Selected { depth: 1, height: 0, fields: 1, direct: 1, ..Selected::default() };
        if field.selection_set.node.items.is_empty() {
            let cost = if parent.is_some_and(is_description) { 0 } else { LEAF };
            return Ok(Selected { cost: Cost::fixed(cost), ..leaf });
        }
        let inner = self.selection_set(&field.selection_set.node, of, level + 1)?;
        let mut cost = Cost::fixed(price(of));
        if parent
            .is_some_and(|parent| Some(parent.name()) == self.registry.mutation_type.as_deref())
        {
            cost.add(dear(name));
        }
        let is_list = definition.is_some_and(|field| MetaTypeName::create(&field.ty).is_list());
        let rows = rows(field, definition);
        cost.add(match &rows {
            Some(rows) => inner.cost.with_rows(rows.clone()),
            None => inner.cost,
        });
        if let (false, Some(size @ Size::Longest(_))) = (is_list, &rows) {
            cost.add(Cost::fixed(OBJECT).times(size.clone()));
        }
        let cost = match (is_list, parent) {
            (true, Some(parent)) if is_about_rows(parent.name()) => cost.per_row(),
            (true, parent) => cost.times(rows.unwrap_or_else(|| list(parent, name))),
            (false, _) => cost,
        };
        Ok(Selected {
            depth: inner.depth + 1,
            height: inner.height,
            fields: inner.fields.saturating_add(1),
            direct: 1,
            cost,
        })
    }

    fn type_of(&self, name: &str, definition: Option<&MetaField>) -> Option<&'a MetaType> {
        let of = match (definition, name) {
            (Some(field), _) => MetaTypeName::concrete_typename(&field.ty),
            // The two fields that every query type has without saying so.
            (None, "__schema") => "__Schema",
            (None, "__type") => "__Type",
            (None, _) => return None,
        };
        self.registry.types.get(of)
    }
}

/// What a mutation costs beside its transaction.
fn dear(name: &str) -> Cost {
    let known = DEAR.iter().find(|(mutation, _)| *mutation == name);
    known.map_or_else(Cost::default, |(_, tenths)| Cost::kept(*tenths))
}

/// Connections have rows in `nodes` and `edges`, payloads in the lists of what was changed.
fn is_about_rows(type_name: &str) -> bool {
    type_name.ends_with("Connection") || type_name.ends_with("Payload")
}

/// What one object of a type costs.
fn price(of: Option<&MetaType>) -> u64 {
    if of.is_some_and(is_description) { LEAF } else { OBJECT }
}

/// Whether a type is of the schema's description of itself. That is in memory: an object costs what
/// a leaf does elsewhere, with all its leaves, so that the query that tools ask for it is admitted.
fn is_description(of: &MetaType) -> bool {
    of.name().starts_with("__")
}

/// How many rows the arguments of a field ask for: a page of so many, or one for each item of the
/// longest list that is sent.
fn rows(field: &Field, definition: Option<&MetaField>) -> Option<Size> {
    let definition = definition?;
    let is_paged = definition.args.contains_key("first") || definition.args.contains_key("last");
    if is_paged {
        let given = field.get_argument("first").or_else(|| field.get_argument("last"));
        return Some(match given {
            Some(Positioned { node, .. }) => Size::Number(node.clone(), PAGE),
            None => Size::Known(PAGE),
        });
    }
    let lists = ["input", "ids", "representations"];
    let (_, sent) = field.arguments.iter().find(|(name, _)| lists.contains(&name.node.as_str()))?;
    Some(Size::Longest(sent.node.clone()))
}

fn list(parent: Option<&MetaType>, name: &str) -> Size {
    let parent = parent.map(MetaType::name).unwrap_or_default();
    let known = INTROSPECTION.iter().find(|(of, field, _)| (*of, *field) == (parent, name));
    Size::Known(known.map_or(LIST, |(_, _, rows)| *rows))
}
