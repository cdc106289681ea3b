//! The viewer (người dùng hiện tại): who I am, for which party, with which rights today.

pub mod graphql;
