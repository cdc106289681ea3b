//! The test kit: a server on a database of its own ([`TestApp`]), people who act on it ([`Actor`]),
//! rows that a test needs ([`Build`]), what comes back ([`Reply`]), and the schema as clients see
//! it ([`introspection`]), and providers to sign in with ([`Issuer`], [`Provider`]).
//!
//! Requests go through the real router, so that headers, identity and status are real. Rows that
//! are only there for the act under test are inserted directly. Nothing here knows what is right;
//! that is said in `it/`.
#![expect(clippy::expect_used, reason = "a kit that cannot do its part fails the test, loudly")]

mod actor;
mod app;
pub mod browser;
mod build;
pub mod bulk;
mod clock;
mod database;
mod fixture;
pub mod introspection;
pub mod issuer;
pub mod ledger;
pub mod npm;
pub mod partner;
pub mod process;
mod provider;
pub mod redis;
mod reply;
pub mod soak;
mod socket;

pub use actor::Actor;
pub use app::{DEMONSTRATORS, HOST, TestApp};
pub use browser::Browser;
pub use build::{Build, Enter, Row};
pub use clock::{FIRST_DAY, TestClock};
pub use database::{Database, is_postgres};
pub use fixture::fill;
pub use issuer::{Issuer, Signer};
pub use provider::Provider;
pub use reply::Reply;
pub use socket::{Heard, Socket};

use chrono::NaiveDate;

/// A civil date, such as `2025-07-01`.
#[track_caller]
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date like 2025-07-01")
}
