//! Notes (ghi chú): a text on a need, a commitment or a delivery, perhaps with an addressee and a
//! due date; it then waits in the addressee's queue until it is done, `OPEN → DONE`. Written by
//! those whom the object concerns and by the coordinator, done by the addressee or the writer, with
//! an answer or without. Seen by those whom the object concerns, the leadership, and the addressee,
//! who may not see the object itself; never by the public, however public the object is.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
