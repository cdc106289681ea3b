//! Every test that speaks to a server. One binary, one module per noun, and modules for what all
//! nouns share.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod drift;
mod events;
mod http;
mod invariants;
mod kit;
mod lists;
mod parties;
mod places;
mod schema;
mod snapshots;
