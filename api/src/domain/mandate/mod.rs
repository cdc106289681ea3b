//! Mandates (uỷ quyền nhập liệu): an agent acts for a principal: which acts, where, from–to. The
//! principal makes and ends them; the coordinator only while the principal has no active member.
//! Both names stand on every row that is entered under one. A mandate is not passed on, neither to
//! a further agent nor to the successors of either side.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
