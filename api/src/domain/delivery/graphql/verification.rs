//! A verification as clients see it.

use async_graphql::{Context, Description, ID, Object};
use entity::id::VerificationId;

use super::{Delivery, VerificationAct, VerificationCapacity};
use crate::{
    domain::{
        delivery::read::verifications::{VerificationById, Verified},
        party::graphql::Party,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        scalar::{DateTime, Decimal},
    },
};

/// What the other side, or who stands in for it, says about a delivery (xác nhận, đề nghị đối
/// soát).
#[derive(Description)]
pub struct Verification(pub Verified);

impl Verification {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: VerificationId) -> Option<Result<Self>> {
        let found = ctx.reader().load_one(VerificationById(id)).await.transpose()?;
        Some(found.map(Self))
    }
}

#[Object(use_type_description)]
impl Verification {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.row.id.to_string().into()
    }

    /// The delivery (kết quả thực hiện).
    async fn delivery(&self, ctx: &Context<'_>) -> Option<Result<Delivery>> {
        Delivery::find(ctx, self.0.row.delivery_id).await
    }

    /// What was said (nội dung).
    async fn act(&self) -> VerificationAct {
        self.0.row.act.into()
    }

    /// The figure it names (số liệu), in the activity's unit; null for what is said about a
    /// reversal.
    async fn figure(&self) -> Option<Decimal> {
        self.0.row.figure.map(|figure| Decimal::of(figure, self.0.precision))
    }

    /// Why (lý do); null where none was needed.
    async fn reason(&self) -> Option<&str> {
        self.0.row.reason.as_deref()
    }

    /// In which capacity (tư cách xác nhận).
    async fn capacity(&self) -> VerificationCapacity {
        self.0.row.capacity.into()
    }

    /// Whose word it is (bên xác nhận).
    async fn verified_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.row.verified_by_id).await
    }

    /// Who entered it (bên nhập liệu): the one whose word it is, or its agent.
    async fn entered_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.row.entered_by_id).await
    }

    /// When (thời điểm xác nhận).
    async fn verified_at(&self) -> DateTime {
        DateTime(self.0.row.verified_at)
    }
}
