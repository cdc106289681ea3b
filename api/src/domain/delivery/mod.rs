//! Deliveries (kết quả thực hiện): entries in the ledger of a commitment, and what the other side
//! says about each (verification, xác nhận). `REPORTED → CONFIRMED`, or `DISPUTED → SETTLED`;
//! `REVERSED` with the row that takes it back. An entry never changes; whoever reported it does not
//! verify it. Deliveries are seen with their commitment.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
