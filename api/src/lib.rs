//! Cam Kết: one graph in which the parties to a province's digital transformation promise,
//! deliver, verify and report. Read `docs/architecture.md` first; then, in this order:
//! [`domain`] the nouns, [`graphql`] what they share on the graph, [`authz`] who may do what,
//! [`tx`] how changes are written, [`hub`] who is told of them, [`http`] the door, [`registry`] the official lists,
//! [`telemetry`] what an operator sees, [`cli`].

pub mod app;
pub mod authz;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod dev;
pub mod domain;
pub mod error;
pub mod graphql;
pub mod http;
pub mod hub;
pub mod period;
mod recent;
pub mod refusal;
pub mod registry;
pub mod serve;
pub mod telemetry;
pub mod text;
pub mod tx;
