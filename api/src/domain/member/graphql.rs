//! Members and invitations on the graph.

use async_graphql::{Context, Description, ID, Object};
use entity::{
    id::{InvitationId, MemberId},
    invitation, member,
};

use super::{
    read::{MemberById, invitations::InvitationById},
    rules,
};
use crate::{
    domain::party::graphql::Party,
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, scalar::DateTime},
};

mod input;
mod root;

pub use input::{
    AcceptInvitationInput, ApproveInvitationInput, ChangeMemberRoleInput, InvitationFilter,
    InviteMemberInput, MemberFilter, MemberOrder, RemoveMemberInput, RevokeInvitationInput,
};
pub use root::{MemberMutation, MemberQuery};

row_enum! {
    /// What a member or token may do for its party (vai trò).
    Role, RoleFilter = member::Role {
        /// Read (xem số liệu).
        Viewer,
        /// Also record, confirm, dispute, and raise needs (nhập và xác nhận số liệu).
        Reporter,
        /// Also promise, accept, amend, close, and manage members and tokens (quản lý).
        Manager,
    }
}

/// A person who acts for a party (thành viên).
#[derive(Description)]
pub struct Member(pub member::Model);

impl Member {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: MemberId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(MemberById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Member {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// What the member may do (vai trò).
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// What the party calls this member (chức danh), an office rather than a person; may be
    /// empty.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// The identity provider (nơi cấp danh tính).
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The opaque name that the provider knows the person by (mã định danh tại nơi cấp).
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// When the person joined (thời điểm tham gia).
    async fn joined_at(&self) -> DateTime {
        DateTime(self.0.joined_at)
    }

    /// When the person was removed (thời điểm rời đi); null for an active member.
    async fn removed_at(&self) -> Option<DateTime> {
        self.0.removed_at.map(DateTime)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What an invitation is now (tình trạng lời mời).
#[derive(async_graphql::Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rules::State")]
pub enum InvitationState {
    /// A manager of the party has to approve it first (chờ chấp thuận).
    AwaitsApproval,
    /// It can be accepted (còn hiệu lực).
    Open,
    /// Somebody has accepted it (đã dùng).
    Accepted,
    /// It was taken back (đã thu hồi).
    Revoked,
    /// It was not accepted within fourteen days (hết hạn).
    Expired,
}

/// A one-use code that makes whoever signs in with it a member (lời mời).
#[derive(Description)]
pub struct Invitation(pub invitation::Model);

impl Invitation {
    /// Batched lookup shared by payloads.
    pub async fn find(ctx: &Context<'_>, id: InvitationId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(InvitationById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Invitation {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party that the invitation is to (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// Who invited (bên mời): the party itself or the coordinator.
    async fn invited_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.invited_by_id).await
    }

    /// What the member will be allowed (vai trò).
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// What the party calls the future member (chức danh); may be empty.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// What it is now (tình trạng).
    async fn state(&self, ctx: &Context<'_>) -> InvitationState {
        rules::state(&self.0, ctx.app().clock.now()).into()
    }

    /// When it was made (thời điểm mời).
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it can be accepted (hạn chấp nhận): fourteen days.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Who accepted it (thành viên); null while nobody has, or once erased.
    async fn member(&self, ctx: &Context<'_>) -> Option<Result<Member>> {
        Member::find(ctx, self.0.member_id?).await
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}
