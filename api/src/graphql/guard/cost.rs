//! What an operation costs, known before it runs. An object costs one point and its leaves a tenth
//! each; what stands in a list counts once for each row that was asked for; a mutation costs
//! [`MUTATION`] more. Page sizes may be variables, so a cost is a sum that is worked out from their
//! values, in tenths of a point.

use std::sync::Arc;

use async_graphql::{
    Name, Value as ConstValue, Variables,
    parser::types::{OperationType, VariableDefinition},
};
use async_graphql_value::Value;

/// What a leaf costs, in tenths of a point; every other figure here is in them, too.
pub const LEAF: u64 = 1;
pub const OBJECT: u64 = 10;
/// A mutation runs a transaction.
pub const MUTATION: u64 = 100;

/// Mutations that take a core for seconds, or ask somebody else's server: their points are a quota, and
/// none of them is given back.
pub const DEAR: &[(&str, u64)] = &[
    ("approveSubgraph", 100_000),
    ("checkSubgraph", 100_000),
    ("publishSubgraph", 100_000),
    ("retireSubgraph", 100_000),
    ("rollBackSupergraph", 100_000),
];

/// How many objects a list without a page size is taken to hold.
pub const LIST: u64 = 5;
/// How many rows a page without a size is taken to hold: the most there can be on most lists.
pub const PAGE: u64 = 100;

/// Lists of the schema's description of itself, which are longer or shorter than [`LIST`].
pub const INTROSPECTION: &[(&str, &str, u64)] = &[
    ("__Schema", "types", 400),
    ("__Schema", "directives", 8),
    ("__Type", "fields", 10),
    ("__Type", "enumValues", 2),
    ("__Type", "inputFields", 4),
    ("__Type", "interfaces", 1),
    ("__Type", "possibleTypes", 1),
    ("__Field", "args", 1),
];

/// A sum: what is fixed, what is repeated as often as a variable says, and what is repeated for
/// each row of the list that the selection's parent is about.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    fixed: u64,
    /// How much of what is fixed is never given back.
    kept: u64,
    repeated: Vec<(Size, Arc<Cost>)>,
    per_row: Option<Arc<Cost>>,
}

/// How often something is repeated.
#[derive(Clone, Debug)]
pub enum Size {
    Known(u64),
    /// The number that an argument says, or another where it says none.
    Number(Value, u64),
    /// The length of the longest list in an argument, at least 1.
    Longest(Value),
}

impl Cost {
    pub fn fixed(tenths: u64) -> Self {
        Self { fixed: tenths, ..Self::default() }
    }

    /// The same, and nothing of it is given back.
    pub fn kept(tenths: u64) -> Self {
        Self { fixed: tenths, kept: tenths, ..Self::default() }
    }

    /// How much is never given back, in tenths of a point.
    pub const fn least(&self) -> u64 {
        self.kept
    }

    /// This much for each row of the parent's list.
    pub fn per_row(self) -> Self {
        Self { per_row: Some(Arc::new(self)), ..Self::default() }
    }

    pub fn add(&mut self, other: Self) {
        self.fixed = self.fixed.saturating_add(other.fixed);
        self.kept = self.kept.saturating_add(other.kept);
        self.repeated.extend(other.repeated);
        self.per_row = match (self.per_row.take(), other.per_row) {
            (Some(one), Some(other)) => {
                let mut both = Arc::unwrap_or_clone(one);
                both.add(Arc::unwrap_or_clone(other));
                Some(Arc::new(both))
            }
            (one, other) => one.or(other),
        };
    }

    /// So much as often as `size` says.
    #[must_use]
    pub fn times(self, size: Size) -> Self {
        match size {
            Size::Known(n) if self.repeated.is_empty() && self.per_row.is_none() => {
                Self::fixed(self.fixed.saturating_mul(n))
            }
            size => Self { repeated: vec![(size, Arc::new(self))], ..Self::default() },
        }
    }

    /// The same where the parent's list is known to have so many rows.
    #[must_use]
    pub fn with_rows(mut self, size: Size) -> Self {
        if let Some(row) = self.per_row.take() {
            self.add(Arc::unwrap_or_clone(row).times(size));
        }
        self
    }

    /// The cost with the values of variables, in tenths of a point.
    pub fn tenths(&self, variables: &Values<'_>) -> u64 {
        let repeated = self
            .repeated
            .iter()
            .map(|(size, cost)| size.rows(variables).saturating_mul(cost.tenths(variables)));
        let row = self.per_row.as_ref().map_or(0, |row| row.tenths(variables));
        let rows = row.saturating_mul(PAGE);
        repeated.fold(self.fixed.saturating_add(rows), u64::saturating_add)
    }
}

/// The values of an operation's variables: as sent, or else their defaults.
pub struct Values<'a> {
    pub sent: &'a Variables,
    pub definitions: &'a [async_graphql::Positioned<VariableDefinition>],
}

impl Values<'_> {
    fn get(&self, name: &Name) -> Option<&ConstValue> {
        self.sent.get(name).or_else(|| {
            let definition = self.definitions.iter().find(|def| def.node.name.node == *name);
            definition?.node.default_value.as_ref().map(|value| &value.node)
        })
    }
}

impl Size {
    fn rows(&self, variables: &Values<'_>) -> u64 {
        match self {
            Self::Known(rows) => *rows,
            Self::Number(value, otherwise) => number(value, variables).unwrap_or(*otherwise),
            Self::Longest(value) => longest(value, variables).max(1),
        }
    }
}

/// A number that is not below 0.
fn number(value: &Value, variables: &Values<'_>) -> Option<u64> {
    match value {
        Value::Number(number) => {
            Some(number.as_i64().map_or(u64::MAX, |n| n.max(0).unsigned_abs()))
        }
        Value::Variable(name) => match variables.get(name)? {
            ConstValue::Number(number) => {
                Some(number.as_i64().map_or(u64::MAX, |n| n.max(0).unsigned_abs()))
            }
            _ => None,
        },
        _ => None,
    }
}

fn longest(value: &Value, variables: &Values<'_>) -> u64 {
    match value {
        Value::Variable(name) => variables.get(name).map_or(0, longest_const),
        Value::List(items) => {
            let inside = items.iter().map(|item| longest(item, variables)).max().unwrap_or(0);
            inside.max(u64::try_from(items.len()).unwrap_or(u64::MAX))
        }
        Value::Object(fields) => {
            fields.values().map(|field| longest(field, variables)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

fn longest_const(value: &ConstValue) -> u64 {
    match value {
        ConstValue::List(items) => {
            let inside = items.iter().map(longest_const).max().unwrap_or(0);
            inside.max(u64::try_from(items.len()).unwrap_or(u64::MAX))
        }
        ConstValue::Object(fields) => fields.values().map(longest_const).max().unwrap_or(0),
        _ => 0,
    }
}

/// What an operation turned out to cost, in points.
pub fn actual(kind: OperationType, data: &ConstValue) -> u64 {
    let transactions = match (kind, data) {
        (OperationType::Mutation, ConstValue::Object(fields)) => MUTATION * fields.len() as u64,
        _ => 0,
    };
    points(transactions.saturating_add(of_answer(data)))
}

/// What an answer turned out to hold, at the same prices, in tenths of a point.
fn of_answer(data: &ConstValue) -> u64 {
    match data {
        ConstValue::Object(fields) => {
            fields.values().map(of_answer).fold(OBJECT, u64::saturating_add)
        }
        // The first of them may be null.
        ConstValue::List(items)
            if items.iter().any(|item| matches!(item, ConstValue::Object(_))) =>
        {
            items.iter().map(of_answer).fold(0, u64::saturating_add)
        }
        _ => LEAF,
    }
}

/// Whole points, rounded up.
pub fn points(tenths: u64) -> u64 {
    tenths.div_ceil(OBJECT)
}
