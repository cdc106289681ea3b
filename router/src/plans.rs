//! Plans an operation before Hive Router does, where it can be noticed that its planner panics: on a
//! worker that ends the client's connection, with whatever else is under way on it. What is known to
//! do so (`tests/router/plans.test.mjs`): an object of one partner leads to an object of ours by one
//! key, and there another partner, which knows the object by another key alone, requires a field.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hive_router::{
    GraphQLError,
    query_planner::{
        ast::operation::OperationDefinition,
        graph::PlannerOverrideContext,
        planner::{Planner, plan_nodes::QueryPlan},
        utils::cancellation::CancellationToken,
    },
};
use moka::future::Cache;

/// How many operations of a graph are remembered.
const REMEMBERED: u64 = 10_000;

/// The code with which Hive Router says that there is no plan.
const CODE: &str = "QUERY_PLAN_BUILD_FAILED";

/// Which operations of one graph can be planned, by their hash: each is tried once.
pub type Tried = Cache<u128, bool>;

/// Nothing was tried yet.
pub fn untried() -> Tried {
    Cache::new(REMEMBERED)
}

/// Whether the planner comes to an end with an operation, be it to a plan or to an error, which Hive
/// Router says itself. Nothing where it was stopped before that.
///
/// The planner only reads what it is made of, so a panic leaves nothing half done.
pub fn ends(
    planner: &Planner,
    operation: &OperationDefinition,
    cancelled: &CancellationToken,
) -> Option<bool> {
    // No graph has a progressive `@override`: ours cannot be overridden and partners share nothing.
    let overrides = PlannerOverrideContext::new(Default::default(), 0);
    let planned = catch_unwind(AssertUnwindSafe(|| {
        planner
            .plan_from_normalized_operation(operation, overrides, cancelled)
            .map(QueryPlan::into_executable)
    }));
    match planned {
        Ok(Err(_)) if cancelled.bail_if_cancelled().is_err() => None,
        Ok(_) => Some(true),
        Err(_) => Some(false),
    }
}

/// What a client is told instead.
pub fn refusal() -> GraphQLError {
    let message = "the router cannot plan this operation: ask for what one partner says of another's \
                   objects in an operation of its own, by their keys";
    GraphQLError::from_message_and_code(message, CODE)
}
