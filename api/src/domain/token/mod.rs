//! API tokens (mã truy cập): a system acts for one party. The secret is shown once and kept as a
//! hash. A token has a role, scopes and an end at most a year off; it never has more than whoever
//! issued it had, and belongs to the party: it outlives the issuer's membership.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod secret;
pub mod write;
