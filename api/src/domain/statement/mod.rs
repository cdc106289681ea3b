//! Statements to partners (giấy xác nhận người hỏi): what a partner's subgraph learns of whoever asks,
//! signed by us, good for one audience and a minute. A router exchanges a client's token for one per
//! partner, so that no token of a client ever reaches a partner. A statement says whether somebody
//! asks for the audience's own party, what kind of party they act for, and a subject that is the same
//! for the same asker and tells two audiences nothing of each other. It is no token here: `api` takes
//! none from anybody.
//!
//! One key signs at a time. A key that was replaced is published for another day, and its private
//! half is gone at once.

pub mod keys;
pub mod read;
pub mod rules;
pub mod write;
