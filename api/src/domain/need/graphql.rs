//! Needs on the graph.

use async_graphql::{Context, Description, ID, Object};
use entity::{id::NeedId, need};

use super::read::{ConfirmedOfNeed, NeedById};
use crate::{
    domain::{
        activity_kind::graphql::ActivityKind,
        event::graphql::Event,
        note::{graphql::Note, read::NotesOfNeed},
        party::graphql::Party,
        place::graphql::Commune,
        queue::graphql::NeedCan,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        filter::row_enum,
        scalar::{Date, DateTime, Decimal},
    },
};

mod input;
mod root;

pub use input::{
    NeedBy, NeedByExternalReference, NeedFilter, NeedOrder, RaiseNeedInput, WithdrawNeedInput,
};
pub use root::{NeedMutation, NeedQuery};

row_enum! {
    /// Whether a need still stands (trạng thái nhu cầu).
    NeedStatus, NeedStatusFilter = need::Status {
        /// It stands (đang mở), met or not.
        Open,
        /// The commune took it back (đã rút).
        Withdrawn,
    }
}

/// How much of an activity a commune lacks, by when (nhu cầu).
#[derive(Description)]
pub struct Need(pub need::Model);

impl Need {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: NeedId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(NeedById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Need {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The commune that lacks it (xã có nhu cầu).
    async fn commune(&self, ctx: &Context<'_>) -> Option<Result<Commune>> {
        Commune::find(ctx, self.0.commune_id).await
    }

    /// What it lacks (loại hoạt động).
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<ActivityKind>> {
        ActivityKind::find(ctx, self.0.activity_id).await
    }

    /// How much of it, more than 0, in the activity's unit (số lượng).
    async fn quantity(&self) -> Decimal {
        Decimal::of(self.0.quantity, self.0.precision)
    }

    /// Day by which it is needed (thời hạn).
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// In the commune's own words (nội dung); may be empty.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether it still stands (trạng thái).
    async fn status(&self) -> NeedStatus {
        self.0.status.into()
    }

    /// Whether what is confirmed on the commitments that name this need reaches its quantity (đã
    /// được đáp ứng). Of these commitments only those count that you may see.
    async fn met(&self, ctx: &Context<'_>) -> Result<bool> {
        let confirmed = ctx.reader().load_one(ConfirmedOfNeed(self.0.id)).await?;
        Ok(confirmed.is_some_and(|confirmed| confirmed >= self.0.quantity))
    }

    /// Why it was withdrawn (lý do rút); null while it stands.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The authority whose need it is (bên nêu nhu cầu).
    async fn raised_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.raised_by_id).await
    }

    /// Who entered it (bên nhập liệu): the authority itself, or an agent with a mandate.
    async fn entered_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.entered_by_id).await
    }

    /// The authority's own reference (mã tham chiếu của đơn vị), unique among its needs; null if it
    /// gave none.
    async fn external_reference(&self) -> Option<&str> {
        self.0.external_reference.as_deref()
    }

    /// When it was raised (thời điểm nêu).
    async fn raised_at(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// Notes on it that you may see, oldest first (ghi chú).
    async fn notes(&self, ctx: &Context<'_>) -> Result<Vec<Note>> {
        let rows = ctx.reader().load_one(NotesOfNeed(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Note).collect())
    }

    /// What happened to it, the earliest first (lịch sử).
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        Event::history(ctx, self.0.id).await
    }

    /// What you may do with it now (quyền thao tác).
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<NeedCan> {
        NeedCan::on(ctx, &self.0).await
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}
