//! Parties (bên tham gia): whoever can owe something, in seven kinds. Names are public. A party's
//! code is unique for ever; a party ends when its successors take over, and its rights pass to
//! them on that day. The coordinator defines parties and their successions.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
