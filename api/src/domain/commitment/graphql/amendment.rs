//! An amendment as clients see it.

use async_graphql::{Context, Description, ID, Object};
use entity::{amendment, id::AmendmentId};

use super::{AmendmentState, Commitment, Due};
use crate::{
    domain::{
        commitment::read::amendments::{Amended, AmendmentById},
        document::graphql::Document,
        party::graphql::Party,
        place::graphql::Place,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        scalar::{DateTime, Decimal},
    },
};

/// A change of a promise (điều chỉnh cam kết), under a document, with what stood before and what
/// stands after.
#[derive(Description)]
pub struct Amendment(pub Amended);

impl Amendment {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: AmendmentId) -> Option<Result<Self>> {
        let found = ctx.reader().load_one(AmendmentById(id)).await.transpose()?;
        Some(found.map(Self))
    }
}

#[Object(use_type_description)]
impl Amendment {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.row.id.to_string().into()
    }

    /// The commitment that it changes (cam kết).
    async fn commitment(&self, ctx: &Context<'_>) -> Option<Result<Commitment>> {
        Commitment::find(ctx, self.0.row.commitment_id).await
    }

    /// The document under which it was made (văn bản căn cứ); null if you may not see it.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        Document::find(ctx, self.0.row.document_id).await
    }

    /// Why (lý do).
    async fn reason(&self) -> &str {
        &self.0.row.reason
    }

    /// What was promised before it (trước điều chỉnh).
    async fn before(&self) -> Promise {
        Promise { promise: self.0.row.promise_before.clone(), precision: self.0.precision }
    }

    /// What is promised after it, once it holds (sau điều chỉnh).
    async fn after(&self) -> Promise {
        Promise { promise: self.0.row.promise_after.clone(), precision: self.0.precision }
    }

    /// Who amended (bên điều chỉnh).
    async fn amended_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.row.amended_by_id).await
    }

    /// When (thời điểm điều chỉnh).
    async fn amended_at(&self) -> DateTime {
        DateTime(self.0.row.amended_at)
    }

    /// State (trạng thái): raising or bringing forward holds at once, anything else waits for the
    /// receiver.
    async fn state(&self) -> AmendmentState {
        self.0.row.state.into()
    }

    /// Who accepted or declined it (bên quyết định); null where nobody had to, or has yet.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.row.decided_by_id?).await
    }

    /// When it was decided (thời điểm quyết định); null as long as it was not.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.row.decided_at.map(DateTime)
    }

    /// Why it was declined (lý do từ chối); null where it was not.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.row.decision_reason.as_deref()
    }
}

/// What an amendment can change of a commitment (nội dung cam kết).
#[derive(Description)]
pub struct Promise {
    promise: amendment::Promise,
    precision: i32,
}

#[Object(use_type_description)]
impl Promise {
    /// How much (số lượng), in the activity's unit; null for an open promise.
    async fn quantity(&self) -> Option<Decimal> {
        self.promise.quantity.map(|quantity| Decimal::of(quantity, self.precision))
    }

    /// By when how much (tiến độ); empty for an open promise.
    async fn schedule(&self) -> Vec<Due> {
        Due::list(&self.promise.schedule, self.precision)
    }

    /// To which place (địa bàn thụ hưởng).
    async fn place(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
        Place::find(ctx, self.promise.place_id.into()).await
    }
}
