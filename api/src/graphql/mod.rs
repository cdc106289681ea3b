//! Plumbing shared by all nouns: the schema, what a request carries, paging, filters, payloads.

use std::sync::{Arc, LazyLock};

use async_graphql::{MergedObject, Request, Response};

use crate::{
    app::App,
    authz::Viewer,
    domain::{
        activity_kind, assignment, board, commitment, delivery, document, enrolment,
        event::{self, subscription::Subscription},
        funding_source, mandate, member, need, note, operation, party, place, task, token, viewer,
    },
    refusal::Language,
};

use self::guard::{Guard, Guarded, Limits};

pub mod batch;
pub mod context;
pub mod errors;
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
    operation::graphql::OperationMutation,
);

/// The schema; it holds nothing of a server, so all servers of a process share it.
static SCHEMA: LazyLock<Guarded<Schema>> = LazyLock::new(|| {
    Guarded::new(|| {
        Schema::build(Query::default(), Mutation::default(), Subscription)
            .with_sorted_fields()
            .with_sorted_enums()
    })
});

/// The schema behind the guard.
pub fn guard(limits: Limits) -> Guard<Schema> {
    Guard::new(SCHEMA.clone(), limits)
}

/// The contract as text, sorted: what `camket schema` prints and `api/schema.graphql` keeps.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    SCHEMA.schema().sdl_with_options(options)
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
        Ok(admitted) => run(app, viewer, language, admitted.request).await,
        Err(errors) => Response::from_errors(errors),
    };
    errors::coded(response, trace_id)
}

/// Runs an admitted operation for one viewer. Introspection is for whoever acts for a party, and
/// for everybody in `dev`: a provider may know many more people than our members.
pub async fn run(
    app: &Arc<App>,
    viewer: Viewer,
    language: Language,
    mut request: Request,
) -> Response {
    if viewer.acting.is_none() && app.sign_in.personas.is_empty() {
        request = request.disable_introspection();
    }
    let parts = context::Parts::new(app.clone(), viewer, language);
    let queue = parts.queue();
    let execution = app.guard.schema().execute(request.data(parts));
    batch::run(Box::pin(execution), &queue).await
}
