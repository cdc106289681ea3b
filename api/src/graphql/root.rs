//! The root of an operation: which one a request runs, and the one field of a subscription. The
//! library looks for that field in the selection itself only; here it is brought there from
//! whatever fragments it stands in.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
    },
};

/// The operation that a request names, or the only one.
pub fn operation<'d>(
    document: &'d mut ExecutableDocument,
    name: Option<&str>,
) -> Option<&'d mut OperationDefinition> {
    let found = match (&mut document.operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get_mut(name),
        (DocumentOperations::Multiple(all), None) => {
            let mut all = all.values_mut();
            all.next().filter(|_| all.next().is_none())
        }
    };
    found.map(|operation| &mut operation.node)
}

/// Brings the one field of a subscription to its root, or says why there is not exactly one. What
/// is skipped or included by a variable is none: whether there is a stream is not a matter of taste.
pub fn one_field(
    document: &mut ExecutableDocument,
    name: Option<&str>,
) -> Result<(), &'static str> {
    let Some(of) = operation(document, name) else { return Ok(()) };
    let root = std::mem::take(&mut of.selection_set.node);
    let mut fields = Vec::new();
    let mut spread = HashSet::new();
    collect(document, &root, &mut spread, &mut fields)?;
    let first =
        fields.first().map(|field: &Positioned<Field>| field.node.response_key().node.clone());
    if fields.iter().any(|field| Some(&field.node.response_key().node) != first.as_ref()) {
        return Err("a subscription has exactly one root field");
    }
    let items =
        fields.into_iter().map(|field| Positioned::new(Selection::Field(field.clone()), field.pos));
    let items: Vec<_> = items.collect();
    if let Some(of) = operation(document, name) {
        of.selection_set.node = SelectionSet { items };
    }
    forget_unused(document, &spread);
    Ok(())
}

fn collect(
    document: &ExecutableDocument,
    set: &SelectionSet,
    spread: &mut HashSet<Name>,
    fields: &mut Vec<Positioned<Field>>,
) -> Result<(), &'static str> {
    for item in &set.items {
        if !item.node.directives().is_empty() {
            return Err("the root field of a subscription has no directives");
        }
        match &item.node {
            Selection::Field(field) => fields.push(field.clone()),
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, spread, fields)?;
            }
            Selection::FragmentSpread(named) => {
                let name = &named.node.fragment_name.node;
                let Some(fragment) = document.fragments.get(name) else {
                    return Err("a fragment that is spread is not defined");
                };
                if spread.insert(name.clone()) {
                    collect(document, &fragment.node.selection_set.node, spread, fields)?;
                }
            }
        }
    }
    Ok(())
}

/// Takes out the fragments that were spread at the root and nowhere else.
fn forget_unused(document: &mut ExecutableDocument, spread: &HashSet<Name>) {
    let mut used = HashSet::new();
    let sets = document.operations.iter().map(|(_, of)| &of.node.selection_set.node);
    for set in sets {
        reach(document, set, &mut used);
    }
    document.fragments.retain(|name, _| used.contains(name) || !spread.contains(name));
}

fn reach(document: &ExecutableDocument, set: &SelectionSet, used: &mut HashSet<Name>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => reach(document, &field.node.selection_set.node, used),
            Selection::InlineFragment(inline) => {
                reach(document, &inline.node.selection_set.node, used);
            }
            Selection::FragmentSpread(named) => {
                let name = &named.node.fragment_name.node;
                if used.insert(name.clone())
                    && let Some(fragment) = document.fragments.get(name)
                {
                    reach(document, &fragment.node.selection_set.node, used);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn root(query: &str) -> Result<Vec<String>, &'static str> {
        let mut document = parse_query(query).unwrap();
        one_field(&mut document, None)?;
        let mut fragments: Vec<_> = document.fragments.keys().map(ToString::to_string).collect();
        fragments.sort();
        let of = operation(&mut document, None).unwrap();
        let fields = of.selection_set.node.items.iter().map(|item| match &item.node {
            Selection::Field(field) => field.node.response_key().node.to_string(),
            _ => "fragment".to_owned(),
        });
        Ok(fields.chain(fragments).collect())
    }

    #[test]
    fn the_one_field_comes_out_of_its_fragments() {
        for (query, expected) in [
            ("subscription { a }", vec!["a"]),
            ("subscription { b: a { x } }", vec!["b"]),
            ("subscription { ... { ...F } } fragment F on Subscription { a }", vec!["a"]),
            (
                "subscription { ...F } fragment F on Subscription { a { ...G } } fragment G on A { x }",
                vec!["a", "G"],
            ),
            ("subscription { a { x } a { y } }", vec!["a", "a"]),
            ("subscription { a } fragment Unused on A { x }", vec!["a", "Unused"]),
        ] {
            assert_eq!(root(query).unwrap(), expected, "{query}");
        }
    }

    #[test]
    fn none_several_and_conditional_ones_are_refused() {
        for query in [
            "subscription { a b }",
            "subscription { a ...F } fragment F on Subscription { b }",
            "subscription { x: a y: a }",
            "subscription ($v: Boolean!) { a @skip(if: $v) }",
            "subscription ($v: Boolean!) { ... @include(if: $v) { a } }",
            "subscription { ...Missing }",
        ] {
            assert!(root(query).is_err(), "{query}");
        }
    }
}
