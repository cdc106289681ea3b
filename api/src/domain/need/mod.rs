//! Needs (nhu cầu): how much of an activity a commune lacks, by when. Its authority raises and
//! withdraws them, `OPEN → WITHDRAWN`; whether a need is met is derived. Everybody sees open needs.

pub mod read;
