//! Persisted operations (thao tác lưu sẵn): a GraphQL text that was registered once and is called by
//! its hash or by a name. A party's managers register and retire its own; those of
//! `docs/operations` are shared with everybody and have no rows. A text never changes: what a name
//! means changes by retiring one operation and registering another, in one step if need be. A party
//! sees its own, the coordinator's managers see all; nobody else learns that one exists.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod shared;
pub mod uses;
pub mod write;
