//! Router keys (khóa bộ định tuyến): how a federation router of this installation proves what it is.
//! With one it fetches the composed graph, asks for entities whoever the client is, and exchanges
//! clients' tokens for statements; the client's own rights are never changed by it. The operator
//! issues and revokes keys at the command line; no party sees them but the coordinator, in the log.

pub mod read;
pub mod rules;
pub mod write;
