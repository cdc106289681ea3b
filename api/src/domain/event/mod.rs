//! Events (sự kiện): one state change each, in one append-only log that [`crate::tx`] writes. Nobody
//! changes them. A party reads about what it may see today; coordinator and leadership read the
//! whole log; the public, and a party that has ended, read nothing. What is shown is thin: the
//! values are read through the subject, with today's rights.

pub mod cursor;
pub mod graphql;
pub mod read;
pub mod subject;
pub mod subscription;
pub mod verify;
