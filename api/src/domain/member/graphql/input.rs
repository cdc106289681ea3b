//! Arguments of queries and mutations about members and invitations.

use async_graphql::{Enum, ID, InputObject};
use entity::{id::PartyId, invitation, member};
use sea_orm::{ColumnTrait, Condition, ExprTrait};
use uuid::Uuid;

use super::{Role, RoleFilter};
use crate::graphql::{
    filter::{Filter, IdFilter, ids},
    paging::{By, Order},
};

/// Which members (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct MemberFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// What they may do (vai trò).
    pub role: Option<RoleFilter>,
}

impl MemberFilter {
    pub fn condition(&self, include_removed: bool) -> Condition {
        let all = Condition::all()
            .add(ids::<PartyId>(&self.party, member::Column::PartyId))
            .add(self.role.on(member::Column::Role));
        match include_removed {
            true => all,
            false => all.add(member::Column::RemovedAt.is_null()),
        }
    }
}

/// Which invitations (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct InvitationFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// What the members will be allowed (vai trò).
    pub role: Option<RoleFilter>,
    /// Whether a manager of the party still has to approve them (chờ chấp thuận).
    pub awaits_approval: Option<bool>,
}

impl InvitationFilter {
    pub fn condition(&self) -> Condition {
        use invitation::Column;
        let all = Condition::all()
            .add(ids::<PartyId>(&self.party, Column::PartyId))
            .add(self.role.on(Column::Role));
        let pending = || Column::AcceptedAt.is_null().and(Column::RevokedAt.is_null());
        match self.awaits_approval {
            Some(true) => all.add(pending()).add(Column::AwaitsApproval.eq(true)),
            Some(false) => all.add(Column::AwaitsApproval.eq(false)),
            None => all,
        }
    }
}

/// In which order members and invitations come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum MemberOrder {
    /// The earliest first (cũ nhất trước).
    #[default]
    Oldest,
    /// The latest first (mới nhất trước).
    Newest,
}

// Ids begin with the instant at which they were made.
impl From<MemberOrder> for Order<member::Entity> {
    fn from(order: MemberOrder) -> Self {
        let descending = order == MemberOrder::Newest;
        Self { column: member::Column::Id, by: By::Id, descending }
    }
}

impl From<MemberOrder> for Order<invitation::Entity> {
    fn from(order: MemberOrder) -> Self {
        let descending = order == MemberOrder::Newest;
        Self { column: invitation::Column::Id, by: By::Id, descending }
    }
}

/// A new invitation (lời mời mới).
#[derive(InputObject)]
pub struct InviteMemberInput {
    /// The party (bên): your own, or as coordinator any.
    pub party_id: ID,
    /// What the member will be allowed (vai trò).
    pub role: Role,
    /// What the party calls the member (chức danh): an office, no personal data; at most 80
    /// characters.
    #[graphql(default)]
    pub label: String,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// A manager lets an invitation of the coordinator stand (chấp thuận lời mời).
#[derive(InputObject)]
pub struct ApproveInvitationInput {
    /// The invitation (lời mời).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// An invitation is taken back (thu hồi lời mời).
#[derive(InputObject)]
pub struct RevokeInvitationInput {
    /// The invitation (lời mời).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// Whoever is signed in joins (chấp nhận lời mời). The code is the key: sent twice by the same
/// person it makes one membership.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// The one-use code (mã mời).
    pub code: String,
}

/// A member gets another role (đổi vai trò).
#[derive(InputObject)]
pub struct ChangeMemberRoleInput {
    /// The member (thành viên).
    pub id: ID,
    /// The new role (vai trò mới).
    pub role: Role,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A member no longer acts for the party (đưa thành viên ra).
#[derive(InputObject)]
pub struct RemoveMemberInput {
    /// The member (thành viên).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}
