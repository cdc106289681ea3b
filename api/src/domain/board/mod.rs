//! The board (bảng tổng hợp): commune × activity with what is needed, promised, reported and
//! confirmed, over the rows that the viewer may see and nothing else. It reads the cells that the
//! ledger keeps and never the ledger; promises wider than a commune have a row of their own.

pub mod graphql;
pub mod read;
