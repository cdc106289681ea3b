//! Plumbing shared by all nouns: the schema, what a request carries, paging, filters, payloads.

use std::sync::{Arc, LazyLock};

use async_graphql::{MergedObject, Request, Response, registry::Registry};

use crate::{
    app::App,
    authz::Viewer,
    domain::{
        activity_kind, assignment, board, commitment, delivery, document, enrolment,
        event::{self, subscription::Subscription},
        funding_source, mandate, member, need, note, operation, party, place, saved_operation,
        subgraph, task, token, viewer,
    },
    refusal::Language,
};

use self::{
    context::Parts,
    guard::{Guard, Guarded, Limits},
};

pub mod batch;
pub mod context;
pub mod errors;
pub mod federation;
pub mod filter;
pub mod guard;
pub mod live;
pub mod node;
pub mod paging;
pub mod payload;
mod root;
pub mod scalar;
pub mod spend;

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Everything that can be asked. What one may not see is null or absent, without an error.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    viewer::graphql::ViewerQuery,
    place::graphql::PlaceQuery,
    party::graphql::PartyQuery,
    document::graphql::DocumentQuery,
    task::graphql::TaskQuery,
    assignment::graphql::AssignmentQuery,
    enrolment::graphql::EnrolmentQuery,
    mandate::graphql::MandateQuery,
    need::graphql::NeedQuery,
    note::graphql::NoteQuery,
    activity_kind::graphql::ActivityKindQuery,
    funding_source::graphql::FundingSourceQuery,
    board::graphql::BoardQuery,
    member::graphql::MemberQuery,
    token::graphql::ApiTokenQuery,
    operation::graphql::OperationQuery,
    saved_operation::graphql::SavedOperationQuery,
    subgraph::graphql::SubgraphQuery,
    event::graphql::EventQuery,
    commitment::graphql::CommitmentQuery,
    delivery::graphql::DeliveryQuery,
    federation::FederationQuery,
);

/// Everything that can be changed. Each field answers a payload; a refusal stands in its
/// `userErrors`, and null means a fault told in `errors`.
#[derive(MergedObject, Default)]
pub struct Mutation(
    party::graphql::PartyMutation,
    document::graphql::DocumentMutation,
    task::graphql::TaskMutation,
    assignment::graphql::AssignmentMutation,
    enrolment::graphql::EnrolmentMutation,
    mandate::graphql::MandateMutation,
    need::graphql::NeedMutation,
    note::graphql::NoteMutation,
    activity_kind::graphql::ActivityKindMutation,
    commitment::graphql::CommitmentMutation,
    delivery::graphql::DeliveryMutation,
    member::graphql::MemberMutation,
    token::graphql::ApiTokenMutation,
    operation::graphql::OperationMutation,
    saved_operation::graphql::SavedOperationMutation,
    subgraph::graphql::SubgraphMutation,
);

/// The schema; it holds nothing of a server, so all servers of a process share it.
static SCHEMA: LazyLock<Guarded<Schema>> = LazyLock::new(|| {
    Guarded::new(|| {
        Schema::build(Query::default(), Mutation::default(), Subscription)
            .with_sorted_fields()
            .with_sorted_enums()
            .enable_subscription_in_federation()
    })
});

/// The types of the schema, those that routers ask included.
pub fn registry() -> &'static Registry {
    SCHEMA.types()
}

/// The schema behind the guard.
pub fn guard(limits: Limits) -> Guard<Schema> {
    Guard::new(SCHEMA.clone(), limits)
}

/// The contract as text, sorted: what `camket schema` prints and `api/schema.graphql` keeps. What
/// routers ask is no part of it.
pub fn sdl() -> String {
    let schema =
        "schema {\n\tquery: Query\n\tmutation: Mutation\n\tsubscription: Subscription\n}\n";
    types() + schema
}

/// The types of the contract. The library leaves out what routers ask where it writes for
/// Federation; there it calls every connection shareable, which ours are not.
fn types() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .federation()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    let exported = SCHEMA.schema().sdl_with_options(options);
    federation::types(&exported).replace(" @shareable {", " {")
}

/// Admits and runs one operation for one viewer, for callers inside the server.
pub async fn execute(
    app: &Arc<App>,
    viewer: Viewer,
    language: Language,
    trace_id: &str,
    request: Request,
) -> Response {
    let response = match app.guard.admit(request) {
        Ok(admitted) => run(Parts::new(app.clone(), viewer, language), admitted.request).await,
        Err(errors) => Response::from_errors(errors),
    };
    errors::coded(response, trace_id)
}

/// Runs an admitted operation for one viewer.
pub async fn run(parts: Parts, mut request: Request) -> Response {
    if !parts.is_open() {
        request = request.disable_introspection();
    }
    let (queue, schema) = (parts.queue(), SCHEMA.schema());
    batch::run(Box::pin(schema.execute(request.data(parts))), &queue).await
}
