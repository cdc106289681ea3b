//! Places (đơn vị hành chính): provinces, districts and communes with their validity, other
//! spellings, predecessors and successors. Public; they change by import of the official lists
//! only. A code means something only together with a date.

pub mod graphql;
pub mod lineage;
pub mod read;
