//! Needs (nhu cầu): how much of an activity a commune lacks, by when. Its authority raises and
//! withdraws them, `OPEN → WITHDRAWN`, or an agent does that has a mandate for it; whether a need
//! is met is derived from the commitments that name it. Everybody sees open needs, withdrawn ones
//! whoever governs, helps or coordinates the commune.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
