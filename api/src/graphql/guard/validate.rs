//! Validation without execution. async-graphql validates only on the way to executing; so a second
//! schema of the same types stops there. The one that executes then need not validate again, and
//! has no extension, which would cost something at every field.

use std::sync::{Arc, OnceLock};

use async_graphql::{
    Executor, Request, SchemaEnv, ServerError, ServerResult, ValidationResult, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextValidation},
    parser::{parse_query, types::ExecutableDocument},
};
use async_trait::async_trait;
use futures_util::FutureExt;

/// Makes a schema stop after validation.
pub struct StopsAfterValidation;

impl ExtensionFactory for StopsAfterValidation {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

/// What is to be validated, and a place for the schema's own registry.
#[derive(Clone)]
struct Candidate {
    document: Arc<ExecutableDocument>,
    schema: Arc<OnceLock<SchemaEnv>>,
}

#[async_trait]
impl Extension for StopsAfterValidation {
    /// Hands on the parsed document. The step this stands in for walks every spread of every
    /// fragment, which the guard has counted once.
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        match ctx.data_opt::<Candidate>() {
            Some(candidate) => Ok(ExecutableDocument::clone(&candidate.document)),
            None => next.run(ctx, query, variables).await,
        }
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        if let Some(candidate) = ctx.data_opt::<Candidate>() {
            candidate.schema.get_or_init(|| ctx.schema_env.clone());
        }
        next.run(ctx).await?;
        Err(Vec::new())
    }
}

/// Validates a document on a schema that [`StopsAfterValidation`]. The values of variables have no
/// part in it; they are checked by themselves.
pub fn validate(schema: &impl Executor, document: &Arc<ExecutableDocument>) -> Vec<ServerError> {
    let candidate = Candidate { document: document.clone(), schema: Arc::default() };
    // Nothing on the way to validation waits for anything.
    let response = schema.execute(Request::new("").data(candidate)).now_or_never();
    response.map(|response| response.errors).unwrap_or_default()
}

/// The registry of a schema that [`StopsAfterValidation`].
pub fn registry(schema: &impl Executor) -> Option<SchemaEnv> {
    let document = Arc::new(parse_query("{ __typename }").ok()?);
    let candidate = Candidate { document, schema: Arc::default() };
    schema.execute(Request::new("").data(candidate.clone())).now_or_never();
    candidate.schema.get().cloned()
}
