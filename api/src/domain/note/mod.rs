//! Notes (ghi chú): a text on a need, a commitment or a delivery, perhaps with an addressee and a
//! due date; it then waits in the addressee's queue until it is done. Seen by those whom the
//! object concerns and by the addressee; never by the public, however public the object is.

pub mod read;
