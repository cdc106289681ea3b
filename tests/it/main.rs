//! Every test that speaks to a server. One binary, one module per noun, and modules for what all
//! nouns share.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod activity_kinds;
mod assignments;
mod authz;
mod board;
mod budgets;
mod commitments;
mod deliveries;
mod documents;
mod door;
mod drift;
mod enrolments;
mod errors;
mod events;
mod feed;
mod http;
mod idempotency;
mod import;
mod invariants;
mod kit;
mod ledger;
mod limits;
mod lists;
mod live;
mod mandates;
mod members;
mod needs;
mod notes;
mod operations;
mod parties;
mod persisted;
mod places;
mod plans;
mod process;
mod promised;
mod properties;
mod queue;
mod replicas;
mod schema;
mod sign_in;
mod snapshots;
mod soak;
mod tasks;
mod telemetry;
mod tokens;
