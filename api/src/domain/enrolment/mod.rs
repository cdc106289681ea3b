//! Enrolments (xã thí điểm, nhân rộng): a commune takes part in the programme, from–to, under a
//! document. Public; the coordinator makes and ends them. A commune is enrolled once at a time.

pub mod graphql;
pub mod read;
pub mod write;
