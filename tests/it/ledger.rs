//! The ledger as a whole: promises, deliveries and what both sides say of them, through the API.

pub use kit::record;

mod fund;
pub mod kit;
mod story;
mod succession;
