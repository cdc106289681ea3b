//! Plumbing shared by all nouns: the schema, what a request carries, paging, filters, payloads.

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, Request, Response};

use crate::{
    app::App,
    authz::{Identity, Viewer},
    domain::{
        activity_kind, assignment, board, commitment, delivery, document, enrolment, event,
        funding_source, mandate, member, need, note, party, place, task, token, viewer,
    },
    refusal::Language,
};

pub mod batch;
pub mod context;
pub mod errors;
pub mod filter;
pub mod node;
pub mod paging;
pub mod payload;
pub mod scalar;

pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

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
    event::graphql::EventQuery,
    commitment::graphql::CommitmentQuery,
    delivery::graphql::DeliveryQuery,
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
);

pub fn schema() -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .disable_suggestions()
        .with_sorted_fields()
        .with_sorted_enums()
        .finish()
}

/// The contract as text, sorted: what `camket schema` prints and `api/schema.graphql` keeps.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    schema().sdl_with_options(options)
}

/// Executes one request for one viewer. Introspection is for members, and for everybody in `dev`.
pub async fn execute(
    app: &Arc<App>,
    viewer: Viewer,
    language: Language,
    trace_id: &str,
    mut request: Request,
) -> Response {
    if let Err(error) = request.parsed_query() {
        return errors::parse_failed(error, trace_id);
    }
    let is_public = viewer.identity == Identity::Public;
    if is_public && app.personas.is_empty() {
        request = request.disable_introspection();
    }
    let parts = context::Parts::new(app.clone(), viewer, language);
    let queue = parts.queue();
    let execution = app.schema.execute(request.data(parts));
    errors::coded(batch::run(execution, &queue).await, trace_id)
}
