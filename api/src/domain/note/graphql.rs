//! Notes on the graph.

use async_graphql::{Context, Description, ID, Object};
use entity::{id::NoteId, note};

use super::read::NoteById;
use crate::{
    domain::{
        commitment::graphql::Commitment, delivery::graphql::Delivery, need::graphql::Need,
        party::graphql::Party, queue::graphql::NoteCan,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        filter::row_enum,
        scalar::{Date, DateTime},
    },
};

mod input;
mod root;

pub use input::{DoneNoteInput, NoteFilter, NoteOrder, WriteNoteInput};
pub use root::{NoteMutation, NoteQuery};

row_enum! {
    /// Whether something is left to do about a note (trạng thái ghi chú).
    NoteStatus, NoteStatusFilter = note::Status {
        /// Yes (đang mở).
        Open,
        /// No (đã xong).
        Done,
    }
}

/// A text on a need, a commitment or a delivery, perhaps with somebody to act on it (ghi chú).
#[derive(Description)]
pub struct Note(pub note::Model);

impl Note {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: NoteId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(NoteById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Note {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The need it is on (nhu cầu); null if it is on something else, or on a need that you may not
    /// see.
    async fn need(&self, ctx: &Context<'_>) -> Option<Result<Need>> {
        Need::find(ctx, self.0.need_id?).await
    }

    /// The commitment it is on, itself or by a delivery (cam kết); null if it is on a need, or on a
    /// commitment that you may not see.
    async fn commitment(&self, ctx: &Context<'_>) -> Option<Result<Commitment>> {
        Commitment::find(ctx, self.0.commitment_id?).await
    }

    /// The delivery it is on (kết quả thực hiện); null if it is on something else, or on a delivery
    /// that you may not see.
    async fn delivery(&self, ctx: &Context<'_>) -> Option<Result<Delivery>> {
        Delivery::find(ctx, self.0.delivery_id?).await
    }

    /// What it says (nội dung).
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Who wrote it (bên viết).
    async fn written_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.written_by_id).await
    }

    /// Who is to act on it (bên nhận); null for a note to everybody whom the object concerns.
    async fn addressee(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.addressee_id?).await
    }

    /// Day by which the addressee is to act (thời hạn); null if there is none.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// When it was written (thời điểm viết).
    async fn written_at(&self) -> DateTime {
        DateTime(self.0.written_at)
    }

    /// Whether something is left to do (trạng thái).
    async fn status(&self) -> NoteStatus {
        self.0.status.into()
    }

    /// What was said when it was done (trả lời); null while it is open, and where nothing was said.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }

    /// Who had done with it (bên hoàn thành): the addressee, the writer, or a successor; null while
    /// it is open.
    async fn done_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.done_by_id?).await
    }

    /// When it was done (thời điểm hoàn thành); null while it is open.
    async fn done_at(&self) -> Option<DateTime> {
        self.0.done_at.map(DateTime)
    }

    /// What you may do with it now (quyền thao tác).
    async fn viewer_can(&self, ctx: &Context<'_>) -> NoteCan {
        NoteCan::on(ctx, &self.0)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}
