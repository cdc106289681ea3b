//! Subgraphs (đồ thị con): parts of the federated graph that parties run themselves. A party has at
//! most one; every name that it adds begins with the party's prefix. Its managers check and publish
//! versions; the coordinator approves what is new in one (the subgraph itself, an address, an
//! extended type, a field of `Mutation` or `Subscription`), grants fields of ours, retires subgraphs and
//! goes back to an earlier graph.
//!
//! A version is `AWAITING_APPROVAL`, then `LIVE` and later `REPLACED` or `RETIRED`; or it is `DECLINED`, or
//! `WITHDRAWN` by a later one. What was published never changes. A version becomes live only with a
//! graph that it was composed into, in one transaction that finds everything as it was when that
//! graph was composed. Owners see their own; coordinator and leadership see all.

pub mod engine;
pub mod graphql;
pub mod own;
pub mod ownership;
pub mod pipeline;
pub mod probe;
pub mod problem;
pub mod read;
pub mod rules;
pub mod write;
