//! The work queue (việc cần làm): what waits for the party that somebody acts for. Nobody puts
//! anything into it; it is what the ledger leaves open, seen from one party. What stands there to
//! be decided is what the party may decide today, whatever the member's own role, and nothing else:
//! each condition of `read` says in SQL what the mutation asks, and a test holds them together.

pub mod can;
pub mod graphql;
pub mod read;
