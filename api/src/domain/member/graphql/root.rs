//! Root fields about members and invitations.

use async_graphql::{Context, Object};
use sea_orm::QueryFilter;

use super::{
    AcceptInvitationInput, ApproveInvitationInput, ChangeMemberRoleInput, Invitation,
    InvitationFilter, InviteMemberInput, Member, MemberFilter, MemberOrder, RemoveMemberInput,
    RevokeInvitationInput,
};
use crate::{
    domain::member::{read, write},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
    },
};

payload! {
    /// What `inviteMember` answers.
    InviteMemberPayload { invitation: Invitation } secret
    /// The one-use code (mã mời), shown this once; null when replayed.
    code
}

payload! {
    /// What `approveInvitation` answers.
    ApproveInvitationPayload { invitation: Invitation } changed
}

payload! {
    /// What `revokeInvitation` answers.
    RevokeInvitationPayload { invitation: Invitation } changed
}

payload! {
    /// What `acceptInvitation` answers.
    AcceptInvitationPayload { member: Member } made
}

payload! {
    /// What `changeMemberRole` answers.
    ChangeMemberRolePayload { member: Member } changed
}

payload! {
    /// What `removeMember` answers.
    RemoveMemberPayload { member: Member } changed
}

#[derive(Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// Members of your party, for its managers; of all parties for the coordinator; and always
    /// your own memberships (danh sách thành viên).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<MemberFilter>,
        #[graphql(desc = "Whether removed members count too (kể cả đã rời đi); not by default.")]
        include_removed: Option<bool>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<MemberOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Member>> {
        let wanted = filter.unwrap_or_default().condition(include_removed.unwrap_or_default());
        let select = read::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Member).await
    }

    /// Invitations to your party, for its managers; to all parties for the coordinator (danh sách
    /// lời mời).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<InvitationFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<MemberOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Invitation>> {
        let wanted = filter.unwrap_or_default().condition();
        let select = read::invitations::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Invitation)
            .await
    }
}

#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Invites somebody to a party (mời thành viên). For its managers and those of the
    /// coordinator, whose invitation waits where the party has a manager.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation (nội dung).")] input: InviteMemberInput,
    ) -> Option<Result<InviteMemberPayload>> {
        let key = key(ctx, input.idempotency_key);
        InviteMemberPayload::of(write::invite_member(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Approves an invitation of the coordinator (chấp thuận lời mời). For managers of the party.
    async fn approve_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The approval (nội dung).")] input: ApproveInvitationInput,
    ) -> Option<Result<ApproveInvitationPayload>> {
        let done = write::approve_invitation(ctx.app(), ctx.viewer(), input).await;
        ApproveInvitationPayload::of(done)
    }

    /// Takes an invitation back (thu hồi lời mời). For managers of the party and of whoever
    /// invited.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revocation (nội dung).")] input: RevokeInvitationInput,
    ) -> Option<Result<RevokeInvitationPayload>> {
        let done = write::revoke_invitation(ctx.app(), ctx.viewer(), input).await;
        RevokeInvitationPayload::of(done)
    }

    /// Joins a party with a one-use code (chấp nhận lời mời). For whoever is signed in as a
    /// person.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code (nội dung).")] input: AcceptInvitationInput,
    ) -> Option<Result<AcceptInvitationPayload>> {
        let done = write::accept_invitation(ctx.app(), ctx.viewer(), input).await;
        AcceptInvitationPayload::of(done)
    }

    /// Changes what a member may do (đổi vai trò thành viên). For managers of the party.
    async fn change_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change (nội dung).")] input: ChangeMemberRoleInput,
    ) -> Option<Result<ChangeMemberRolePayload>> {
        let done = write::change_member_role(ctx.app(), ctx.viewer(), input).await;
        ChangeMemberRolePayload::of(done)
    }

    /// Removes a member (đưa thành viên ra). For managers of the party.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The removal (nội dung).")] input: RemoveMemberInput,
    ) -> Option<Result<RemoveMemberPayload>> {
        RemoveMemberPayload::of(write::remove_member(ctx.app(), ctx.viewer(), input).await)
    }
}
