//! Documents (văn bản căn cứ): what binds somebody. Directives are public and the coordinator's to
//! enter. Letters, agreements and minutes are entered by the party that issued them; its own side,
//! the parties they name with their successors, leadership and coordinator see them, and nobody
//! else learns that they exist.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
