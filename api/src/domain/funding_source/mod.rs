//! Funding sources (nguồn kinh phí): where the means of a commitment come from, such as the
//! province's budget or what a company gives. Public; the coordinator defines them. A code never
//! changes.

pub mod graphql;
pub mod read;
