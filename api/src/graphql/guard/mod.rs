//! The guard: what every operation passes before it runs, on whichever transport it came. A text
//! is scanned, parsed, measured and validated once, and kept; what is then left for a repeated one
//! is to look it up, to check its variables and to work out its cost.
//!
//! The order matters. Scanning comes before the parser, which recurses; measuring, which visits
//! each fragment once, before validation and execution, which walk every spread.

use std::sync::Arc;

use async_graphql::{
    Executor, Name, ObjectType, Positioned, Request, Schema, SchemaBuilder, SchemaEnv, ServerError,
    SubscriptionType, ValidationMode,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
    registry::Registry,
};

use self::{
    cache::Cache,
    cost::{Cost, Values},
    limits::at_most,
};
use super::errors;
use crate::error::{Error, Result};

mod cache;
pub mod cost;
pub mod limits;
mod measure;
pub mod scan;
mod validate;
mod variables;

pub use limits::Limits;
pub use variables::{Reading, check as check_variables};

/// Errors beyond these are not told: one document can be wrong in thousands of places.
const MOST_ERRORS: usize = 20;

/// A schema behind the guard.
pub struct Guard<S> {
    schema: Guarded<S>,
    limits: Limits,
    documents: Cache,
}

/// A schema in the two forms that a [`Guard`] needs; cheap to clone.
#[derive(Clone)]
pub struct Guarded<S> {
    runs: S,
    /// The same types; it stops after validation.
    checks: S,
    types: SchemaEnv,
}

/// A document that was found good, with the cost of each of its operations.
pub struct Checked {
    document: Arc<ExecutableDocument>,
    tokens: u64,
    /// In the order of the document's operations.
    costs: Vec<Cost>,
}

/// An operation that may run.
pub struct Admitted {
    pub request: Request,
    /// What the document calls it.
    pub name: Option<Name>,
    pub kind: OperationType,
    /// Its cost in points, at most.
    pub cost: u64,
    /// How much of it is never given back.
    pub kept: u64,
}

impl<Q, M, S> Guarded<Schema<Q, M, S>>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// From what builds the schema, twice.
    #[expect(clippy::expect_used, reason = "a schema that does not validate serves nobody")]
    pub fn new(build: impl Fn() -> SchemaBuilder<Q, M, S>) -> Self {
        let deepest = usize::from(limits::DEEPEST);
        let build = || build().disable_suggestions().limit_recursive_depth(deepest);
        let runs = build().validation_mode(ValidationMode::Fast).finish();
        let checks = build().extension(validate::StopsAfterValidation).finish();
        let types = validate::registry(&checks).expect("the schema validates");
        Self { runs, checks, types }
    }
}

impl<S> Guarded<S> {
    /// The schema that runs what was admitted.
    pub fn schema(&self) -> &S {
        &self.runs
    }

    /// The types of the schema.
    pub fn types(&self) -> &Registry {
        &self.types.registry
    }
}

impl<S: Executor> Guard<S> {
    pub fn new(schema: Guarded<S>, limits: Limits) -> Self {
        let documents = Cache::of(limits.kept_tokens);
        Self { schema, limits, documents }
    }

    /// The schema that runs what was admitted.
    pub fn schema(&self) -> &S {
        self.schema.schema()
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Admits an operation with its variables, or says all that is wrong with it.
    pub fn admit(&self, mut request: Request) -> Result<Admitted, Vec<ServerError>> {
        let checked = self.checked(&request.query)?;
        let operation = checked.operation(request.operation_name.as_deref()).map_err(told)?;
        let (name, Positioned { node: operation, .. }, cost) = operation;
        let definitions = &operation.variable_definitions;
        let types = &self.schema.types.registry;
        variables::check(types, definitions, &request.variables, Reading::Lenient).map_err(told)?;
        let values = Values { sent: &request.variables, definitions };
        let kept = cost::points(cost.least());
        let cost = cost::points(cost.tenths(&values));
        at_most(self.limits.cost, cost, "cost").map_err(told)?;
        let kind = operation.ty;
        request.set_parsed_query(ExecutableDocument::clone(&checked.document));
        Ok(Admitted { request, name: name.cloned(), kind, cost, kept })
    }

    /// The types of the schema.
    pub fn types(&self) -> &Registry {
        self.schema.types()
    }

    /// What an operation of a text is, if that makes sense.
    pub fn kind(&self, text: &str, name: Option<&str>) -> Option<OperationType> {
        let checked = self.checked(text).ok()?;
        let (_, operation, _) = checked.operation(name).ok()?;
        Some(operation.node.ty)
    }

    /// A text as far as it can be checked without variables.
    pub fn checked(&self, text: &str) -> Result<Arc<Checked>, Vec<ServerError>> {
        self.documents.get(text).map_or_else(|| self.check(text), Ok)
    }

    /// Checks a text that is not known yet, and keeps it.
    fn check(&self, text: &str) -> Result<Arc<Checked>, Vec<ServerError>> {
        let tokens = self.scan(text).map_err(told)?;
        let document = parse_query(text).map(Arc::new);
        let document = document.map_err(|cause| vec![errors::parse_failed(cause.into())])?;
        let (types, limits) = (&self.schema.types.registry, &self.limits);
        let operations = document.operations.iter();
        let costs = operations
            .map(|(_, operation)| measure::operation(types, limits, &document, &operation.node));
        let costs = costs.collect::<Result<_>>().map_err(told)?;
        let mut wrong = validate::validate(&self.schema.checks, &document);
        if !wrong.is_empty() {
            wrong.truncate(MOST_ERRORS);
            return Err(wrong);
        }
        let checked = Arc::new(Checked { document, tokens, costs });
        self.documents.put(text, checked.clone());
        Ok(checked)
    }

    /// Counts what can be counted without parsing, and answers the tokens.
    fn scan(&self, text: &str) -> Result<u64> {
        let unended = || Error::NotGraphql("a string has no end".to_owned());
        let scan = scan::document(text).ok_or_else(unended)?;
        at_most(self.limits.nesting, scan.nesting, "nesting")?;
        at_most(self.limits.directives, scan.directives, "directives")?;
        at_most(self.limits.tokens, scan.tokens, "tokens")?;
        Ok(scan.tokens)
    }
}

fn told(error: Error) -> Vec<ServerError> {
    vec![errors::fault(error)]
}

/// An operation of a document: its name, what it is, what it costs.
type Operation<'a> = (Option<&'a Name>, &'a Positioned<OperationDefinition>, &'a Cost);

impl Checked {
    pub fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    fn operation(&self, name: Option<&str>) -> Result<Operation<'_>> {
        let mut operations = self.document.operations.iter().zip(&self.costs);
        let found = match (name, &self.document.operations) {
            (Some(name), _) => {
                operations.find(|((known, _), _)| known.is_some_and(|known| known == name))
            }
            (None, DocumentOperations::Multiple(all)) if all.len() > 1 => {
                let what = "the document has several operations: send operationName".to_owned();
                return Err(Error::InvalidDocument(what));
            }
            (None, _) => operations.next(),
        };
        let ((name, operation), cost) = found.ok_or_else(|| {
            Error::InvalidDocument("there is no operation of that name".to_owned())
        })?;
        Ok((name, operation, cost))
    }
}
