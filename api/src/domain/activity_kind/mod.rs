//! Activity kinds (loại hoạt động): what is counted, in which unit, and who may promise it. Public;
//! the coordinator defines them. Code, unit, precision and measure never change, since quantities
//! are read by them.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
