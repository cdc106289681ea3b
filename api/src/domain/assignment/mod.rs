//! Assignments (phân công): a department helps a commune, from–to, under a document. Public; the
//! coordinator makes and ends them. An assignment to a commune that ended still reaches what was
//! promised there; its successor needs an assignment of its own.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
