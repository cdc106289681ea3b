//! The work queue (việc cần làm): what waits for the party that somebody acts for. Nobody puts
//! anything into it; it is what the ledger leaves open, seen from one party.

pub mod graphql;
pub mod read;
