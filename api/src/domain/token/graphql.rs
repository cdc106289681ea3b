//! API tokens on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object};
use entity::{
    api_token,
    id::{ApiTokenId, PartyId},
};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use super::{
    read::{self, TokenById},
    rules, write,
};
use crate::{
    domain::{
        member::graphql::{Member, Role, RoleFilter},
        party::graphql::Party,
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{Filter, IdFilter, ids, row_enum},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::DateTime,
    },
};

row_enum! {
    /// What a token is limited to, beside its role (phạm vi của mã truy cập).
    TokenScope, TokenScopeFilter = api_token::Scope {
        /// See what the party sees (đọc); every token has it.
        Read,
        /// Record and reverse, raise needs, answer notes (nhập số liệu).
        Record,
        /// Confirm, dispute, receipt (xác nhận số liệu).
        Verify,
        /// Propose, accept, amend, close, answer tasks, enter letters (cam kết).
        Commit,
        /// The coordinator's registry (danh mục chung).
        Registry,
        /// Mandates, members and tokens of the party (quản trị).
        Admin,
        /// The party's subgraph (đồ thị con).
        Publish,
    }
}

/// A system that acts for a party (mã truy cập).
#[derive(Description)]
pub struct ApiToken(pub api_token::Model);

impl ApiToken {
    /// Batched lookup shared by payloads.
    pub async fn find(ctx: &Context<'_>, id: ApiTokenId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(TokenById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl ApiToken {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party that it acts for (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// What the party calls it (tên gọi); may be empty.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// What it may do at most (vai trò).
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// What it is limited to (phạm vi).
    async fn scopes(&self) -> Vec<TokenScope> {
        self.0.scopes.iter().map(Into::into).collect()
    }

    /// The networks that it works from, such as `203.0.113.0/24` (mạng được phép); from everywhere
    /// where there are none.
    async fn networks(&self) -> Vec<String> {
        self.0.networks.iter().map(|network| network.to_string()).collect()
    }

    /// Whether it runs persisted operations and nothing else (chỉ chạy thao tác lưu sẵn).
    async fn persisted_only(&self) -> bool {
        self.0.persisted_only
    }

    /// The first characters of the secret, to recognise it by (ký tự đầu).
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// The member who issued it (người cấp); null when a token or the operator did, or you may
    /// not see the member.
    async fn issued_by(&self, ctx: &Context<'_>) -> Option<Result<Member>> {
        Member::find(ctx, self.0.issued_by_id?).await
    }

    /// When it was issued (thời điểm cấp).
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends by itself (thời điểm hết hạn).
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was last used, to the hour (lần dùng gần nhất); null if never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When it was revoked (thời điểm thu hồi); null if it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Which tokens (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct ApiTokenFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// What they may do at most (vai trò).
    pub role: Option<RoleFilter>,
}

impl ApiTokenFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(ids::<PartyId>(&self.party, api_token::Column::PartyId))
            .add(self.role.on(api_token::Column::Role))
    }
}

/// In which order tokens come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum ApiTokenOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

// Ids begin with the instant at which they were made.
impl From<ApiTokenOrder> for Order<api_token::Entity> {
    fn from(order: ApiTokenOrder) -> Self {
        let descending = order == ApiTokenOrder::Newest;
        Self { column: api_token::Column::Id, by: By::Id, descending }
    }
}

/// A new token (mã truy cập mới).
#[derive(InputObject)]
pub struct IssueTokenInput {
    /// The party that it will act for (bên): your own.
    pub party_id: ID,
    /// What you call it (tên gọi): a system, no personal data; at most 80 characters.
    #[graphql(default)]
    pub label: String,
    /// What it may do at most (vai trò); not more than you.
    pub role: Role,
    /// What it is limited to (phạm vi); reading is always included.
    pub scopes: Vec<TokenScope>,
    /// The networks that it works from (mạng được phép), such as `203.0.113.0/24`, `2001:db8::/48`
    /// or one address; at most 20. From everywhere where none are named.
    #[graphql(default)]
    pub networks: Vec<String>,
    /// Whether it runs persisted operations, your party's and the shared ones, and nothing else
    /// (chỉ chạy thao tác lưu sẵn).
    #[graphql(default)]
    pub persisted_only: bool,
    /// After how many days it ends, 1 to 365 (số ngày hiệu lực).
    #[graphql(default_with = "default_days()")]
    pub expires_in_days: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// A token takes the place of another (thay mã truy cập), with the same role and scopes, and as free or not to
/// run what is not persisted.
#[derive(InputObject)]
pub struct RotateTokenInput {
    /// The token that is replaced (mã truy cập cũ).
    pub id: ID,
    /// For how many hours the old one still works, 0 to 168 (số giờ chuyển tiếp).
    #[graphql(default = 24)]
    pub overlap_hours: i32,
    /// The networks that the new one works from (mạng được phép), at most 20; those of the old one
    /// where this is null, everywhere where it is empty.
    pub networks: Option<Vec<String>>,
    /// After how many days the new one ends, 1 to 365 (số ngày hiệu lực).
    #[graphql(default_with = "default_days()")]
    pub expires_in_days: i32,
    /// The version of the old one this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// A token ends at once (thu hồi mã truy cập).
#[derive(InputObject)]
pub struct RevokeTokenInput {
    /// The token (mã truy cập).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

fn default_days() -> i32 {
    rules::DEFAULT_DAYS.cast_signed()
}

payload! {
    /// What `issueToken` answers.
    IssueTokenPayload { api_token: ApiToken } secret
    /// The whole token (mã truy cập), shown this once; null when replayed.
    secret
}

payload! {
    /// What `rotateToken` answers, with the new token.
    RotateTokenPayload { api_token: ApiToken } secret
    /// The whole new token (mã truy cập), shown this once; null when replayed.
    secret
}

payload! {
    /// What `revokeToken` answers.
    RevokeTokenPayload { api_token: ApiToken } changed
}

#[derive(Default)]
pub struct ApiTokenQuery;

#[Object]
impl ApiTokenQuery {
    /// Tokens of your party, for its managers; of all parties for the coordinator (danh sách mã
    /// truy cập).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn api_tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<ApiTokenFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<ApiTokenOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<ApiToken>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, ApiToken)
            .await
    }
}

#[derive(Default)]
pub struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Issues a token for a system of your party (cấp mã truy cập). For its managers.
    async fn issue_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token (nội dung).")] input: IssueTokenInput,
    ) -> Option<Result<IssueTokenPayload>> {
        let key = key(ctx, input.idempotency_key);
        IssueTokenPayload::of(write::issue_token(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Replaces a token by a new one (thay mã truy cập). For managers of its party.
    async fn rotate_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rotation (nội dung).")] input: RotateTokenInput,
    ) -> Option<Result<RotateTokenPayload>> {
        let key = key(ctx, input.idempotency_key);
        RotateTokenPayload::of(write::rotate_token(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Ends a token at once (thu hồi mã truy cập). For managers of its party.
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revocation (nội dung).")] input: RevokeTokenInput,
    ) -> Option<Result<RevokeTokenPayload>> {
        RevokeTokenPayload::of(write::revoke_token(ctx.app(), ctx.viewer(), input).await)
    }
}
