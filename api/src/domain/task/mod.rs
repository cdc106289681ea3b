//! Tasks (nhiệm vụ): what a document asks of one party, or of every party of a kind. A task is
//! seen with its document. Each party asked answers for itself; the answer is seen as that party's
//! own letters are. Without an answer the state is open. The coordinator defines tasks of
//! directives.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
