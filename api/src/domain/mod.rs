//! The nouns. Each folder has the same files: `mod` says what the noun means, `graphql` shows it,
//! `read` selects it, `write` changes it, `rules` decides.

pub mod activity_kind;
pub mod assignment;
pub mod batch;
pub mod board;
pub mod commitment;
pub mod delivery;
pub mod document;
pub mod enrolment;
pub mod event;
pub mod funding_source;
pub mod ledger;
pub mod line;
pub mod mandate;
pub mod member;
pub mod need;
pub mod note;
pub mod operation;
pub mod party;
pub mod place;
pub mod queue;
pub mod reach;
pub mod router_key;
pub mod saved_operation;
pub mod session;
pub mod standing;
pub mod statement;
pub mod subgraph;
pub mod supergraph;
pub mod task;
pub mod token;
pub mod viewer;
