//! A commitment as clients see it.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object};
use entity::{
    commitment,
    id::{CommitmentId, PartyId},
};

use super::{Amendment, CommitmentHealth, CommitmentStatus, Disclosure, Due, Progress};
use crate::{
    domain::{
        activity_kind::graphql::ActivityKind,
        commitment::{
            health,
            read::{
                CommitmentById, DocumentsOfCommitment, IsShared, Joins, Listed,
                amendments::AmendmentsOfCommitment,
            },
        },
        delivery::{
            self,
            graphql::{Delivery, DeliveryFilter, DeliveryOrder},
        },
        document::graphql::Document,
        event::graphql::Event,
        funding_source::graphql::FundingSource,
        note::{graphql::Note, read::NotesOfCommitment},
        party::{graphql::Party, read::PartyById},
        place::graphql::Place,
        queue::graphql::CommitmentCan,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{Page, Paged},
        scalar::{Date, DateTime, Decimal},
    },
};

/// A party promises a quantity of one activity to one place (cam kết).
#[derive(Description)]
pub struct Commitment(pub Arc<Listed>);

impl Commitment {
    /// Batched lookup shared by query fields, payloads and other nouns. What is selected of place,
    /// activity and giver comes in the same statement.
    pub async fn find(ctx: &Context<'_>, id: CommitmentId) -> Option<Result<Self>> {
        let key = CommitmentById(id, Joins::of(&ctx.look_ahead()));
        let found = ctx.reader().load_one(key).await.transpose()?;
        Some(found.map(Self))
    }

    fn row(&self) -> &commitment::Model {
        &self.0.row
    }

    fn quantity_of(&self, raw: i64) -> Decimal {
        Decimal::of(raw, self.row().precision)
    }
}

#[Object(use_type_description)]
impl Commitment {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.row().id.to_string().into()
    }

    /// Who promises, and to whom everything is credited (bên cam kết chính).
    async fn giver(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        match &self.0.giver {
            Some(row) => Some(Ok(row.clone().into())),
            None => Party::find(ctx, self.row().giver_id).await,
        }
    }

    /// Who promises with it (các bên cùng cam kết), in the order of their codes. Each may record
    /// its own deliveries; everything is counted once.
    async fn joint_givers(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
        let ids: Vec<PartyId> = self.row().joint_ids.iter().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = ctx.reader().load_many(ids.into_iter().map(PartyById)).await?;
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(rows.into_iter().map(Party::from).collect())
    }

    /// Through whose hands the goods pass (bên trung chuyển), such as the Front's fund; null where
    /// nobody stands between.
    async fn carrier(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.row().carrier_id?).await
    }

    /// To which place it is promised (địa bàn thụ hưởng): a commune, or wider. It keeps the place
    /// it was promised to, also after that place was merged into another.
    async fn place(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
        match &self.0.place {
            Some(row) => Some(Ok(row.clone().into())),
            None => Place::find(ctx, self.row().place_id).await,
        }
    }

    /// What is promised (loại hoạt động); its unit is the unit of all quantities here.
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<ActivityKind>> {
        match &self.0.activity {
            Some(row) => Some(Ok(ActivityKind(row.clone()))),
            None => ActivityKind::find(ctx, self.row().activity_id).await,
        }
    }

    /// How much is promised (số lượng cam kết), in the activity's unit; null for an open promise.
    async fn quantity(&self) -> Option<Decimal> {
        self.row().quantity.map(|quantity| self.quantity_of(quantity))
    }

    /// Whether it names no quantity (cam kết mở): what is delivered is counted, and it is never
    /// fulfilled.
    async fn is_open(&self) -> bool {
        self.row().quantity.is_none()
    }

    /// The civil year of an open promise that stands for deliveries recorded without a commitment
    /// (năm); null for every other one.
    async fn open_year(&self) -> Option<i32> {
        self.row().open_year
    }

    /// By when how much, in the order of the dates (tiến độ cam kết); empty for an open promise.
    async fn schedule(&self) -> Vec<Due> {
        Due::list(&self.row().schedule, self.row().precision)
    }

    /// The last due date (hạn cuối); null for an open promise.
    async fn last_due_on(&self) -> Option<Date> {
        self.row().last_due_on.map(Date)
    }

    /// Who may see it (phạm vi công khai).
    async fn disclosure(&self) -> Disclosure {
        self.row().disclosure.into()
    }

    /// State (trạng thái).
    async fn status(&self) -> CommitmentStatus {
        self.row().status.into()
    }

    /// Why it was declined or withdrawn, or closed or reopened by the coordinator (lý do); null
    /// where none of these happened.
    async fn reason(&self) -> Option<&str> {
        self.row().reason.as_deref()
    }

    /// Where its means come from (nguồn kinh phí); null where nobody said.
    async fn funding_source(&self, ctx: &Context<'_>) -> Option<Result<FundingSource>> {
        FundingSource::find(ctx, self.row().funding_source_id?).await
    }

    /// The declined proposal that it comes after (cam kết được thay); null where there is none.
    async fn replaces(&self, ctx: &Context<'_>) -> Option<Result<Commitment>> {
        Self::find(ctx, self.row().replaces_id?).await
    }

    /// The giver's own name of an agreement, shared by all commitments of it (gói thoả thuận);
    /// null where it gave none.
    async fn bundle(&self) -> Option<&str> {
        self.row().bundle.as_deref()
    }

    /// In the giver's own words (nội dung); may be empty.
    async fn text(&self) -> &str {
        &self.row().text
    }

    /// The documents that it rests on, of those that you may see, the earliest first (văn bản
    /// căn cứ).
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        let rows = ctx.reader().load_one(DocumentsOfCommitment(self.row().id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Document).collect())
    }

    /// Who entered it (bên nhập liệu): the giver, or its agent.
    async fn entered_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.row().entered_by_id).await
    }

    /// The giver's own reference (mã tham chiếu của bên cam kết); null where it gave none, and for
    /// everybody whom the commitment does not concern.
    async fn external_reference(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        let reference = self.row().external_reference.as_deref()?;
        match ctx.reader().load_one(IsShared(self.row().id)).await.transpose()? {
            Ok(()) => Some(Ok(reference)),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// When it was proposed (thời điểm đề xuất).
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.row().proposed_at)
    }

    /// Since when it holds (thời điểm có hiệu lực); null while it was never accepted.
    async fn accepted_at(&self) -> Option<DateTime> {
        self.row().accepted_at.map(DateTime)
    }

    /// When it was closed last (thời điểm kết thúc); null while it is not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.row().closed_at.map(DateTime)
    }

    /// Since when the receiver has something to accept (chờ chấp thuận từ ngày): the proposal or
    /// an amendment; null when there is nothing.
    async fn waiting_since(&self) -> Option<Date> {
        self.row().waiting_since.map(Date)
    }

    /// What was delivered on it so far, as both sides see it (tiến độ thực hiện).
    async fn progress(&self) -> Progress {
        Progress::of(self.row())
    }

    /// How it stands today (tình trạng tiến độ); null unless it is active or closed.
    async fn health(&self, ctx: &Context<'_>) -> Option<CommitmentHealth> {
        health::of(self.row(), ctx.viewer().today).map(Into::into)
    }

    /// How the promise was changed, the earliest first (các lần điều chỉnh cam kết).
    async fn amendments(&self, ctx: &Context<'_>) -> Result<Vec<Amendment>> {
        let rows = ctx.reader().load_one(AmendmentsOfCommitment(self.row().id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Amendment).collect())
    }

    /// What was delivered on it (các kết quả thực hiện).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<DeliveryFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<DeliveryOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Delivery>> {
        let page = Page { first, after, last, before };
        delivery::graphql::on_commitment(ctx, self.row().id, filter, order_by, page).await
    }

    /// Notes on it as a whole that you may see, oldest first (ghi chú).
    async fn notes(&self, ctx: &Context<'_>) -> Result<Vec<Note>> {
        let rows = ctx.reader().load_one(NotesOfCommitment(self.row().id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Note).collect())
    }

    /// What happened to it, the earliest first (lịch sử).
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        Event::history(ctx, self.row().id).await
    }

    /// What you may do with it now (quyền thao tác).
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<CommitmentCan> {
        CommitmentCan::on(ctx, self.row()).await
    }

    /// Counts the changes of the promise (phiên bản); recording a delivery does not touch it.
    async fn version(&self) -> i32 {
        self.row().version
    }
}
