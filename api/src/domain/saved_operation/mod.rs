//! Saved operations (thao tác đã lưu): GraphQL texts that people keep to run by hand, with titles,
//! the values that their variables begin with, and never a header or a secret. A party's reporters
//! save, change and delete its own; the coordinator's managers see all, and share one with everybody
//! who is signed in, or no longer. What is shared is what the coordinator has read: a change by
//! anybody else ends the sharing. A deleted one stays, for its party alone. Each member marks
//! favourites. To run one by its name or hash a manager registers its text as a persisted operation
//! (`domain/operation`), which then never changes (ADR 0017).

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
