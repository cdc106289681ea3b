//! Mandates on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object};
use entity::{
    id::{MandateId, PartyId, PlaceId},
    mandate,
};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use super::{
    read::{self, MandateById},
    write,
};
use crate::{
    domain::{document::graphql::Document, party::graphql::Party, place::graphql::Place},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{IdFilter, ids, row_enum, valid_on},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::Date,
    },
};

row_enum! {
    /// An act that a mandate lends (việc được uỷ quyền).
    MandateAct, MandateActFilter = mandate::Act {
        /// Record and reverse deliveries (nhập kết quả).
        Record,
        /// Confirm and dispute deliveries (xác nhận).
        Verify,
        /// Accept and decline commitments (chấp nhận cam kết).
        Accept,
        /// Raise and withdraw needs (nêu nhu cầu).
        RaiseNeed,
        /// Prepare reports (lập báo cáo).
        Report,
    }
}

/// An agent acts for a principal (uỷ quyền nhập liệu).
#[derive(Description)]
pub struct Mandate(pub mandate::Model);

impl Mandate {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: MandateId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(MandateById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Mandate {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party that is acted for (bên uỷ quyền).
    async fn principal(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.principal_id).await
    }

    /// The party that acts (bên được uỷ quyền).
    async fn agent(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.agent_id).await
    }

    /// What the agent may do (việc được uỷ quyền).
    async fn acts(&self) -> Vec<MandateAct> {
        self.0.acts.iter().map(Into::into).collect()
    }

    /// Where (địa bàn); null for wherever the principal may.
    async fn place(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
        Place::find(ctx, self.0.place_id?).await
    }

    /// The document it rests on (văn bản căn cứ); null if none is given or you may not see it.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        Document::find(ctx, self.0.document_id?).await
    }

    /// Who made it (bên lập): the principal, its successor, or the coordinator.
    async fn made_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.made_by_id).await
    }

    /// First day (từ ngày).
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day on which it no longer holds (đến trước ngày); null while no end is known.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Which mandates (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct MandateFilter {
    /// The party that is acted for (bên uỷ quyền).
    pub principal: Option<IdFilter>,
    /// The party that acts (bên được uỷ quyền).
    pub agent: Option<IdFilter>,
    /// Where (địa bàn).
    pub place: Option<IdFilter>,
    /// Mandates in force on this date (còn hiệu lực tại ngày).
    pub valid_on: Option<Date>,
}

impl MandateFilter {
    fn condition(&self) -> Condition {
        use mandate::Column;
        let all = Condition::all()
            .add(ids::<PartyId>(&self.principal, Column::PrincipalId))
            .add(ids::<PartyId>(&self.agent, Column::AgentId))
            .add(ids::<PlaceId>(&self.place, Column::PlaceId));
        match self.valid_on {
            Some(Date(on)) => all.add(valid_on(Column::ValidFrom, Column::ValidTo, on)),
            None => all,
        }
    }
}

/// In which order mandates come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum MandateOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

impl From<MandateOrder> for Order<mandate::Entity> {
    fn from(order: MandateOrder) -> Self {
        Self {
            column: mandate::Column::ValidFrom,
            by: By::Date(|row| row.valid_from),
            descending: order == MandateOrder::Newest,
        }
    }
}

/// A new mandate (uỷ quyền mới).
#[derive(InputObject)]
pub struct MakeMandateInput {
    /// The party that is acted for (bên uỷ quyền): your own, or as coordinator one that has no
    /// active member.
    pub principal_id: ID,
    /// The party that acts (bên được uỷ quyền).
    pub agent_id: ID,
    /// What the agent may do, at least one act (việc được uỷ quyền).
    pub acts: Vec<MandateAct>,
    /// Where (địa bàn); left out for wherever the principal may.
    pub place_id: Option<ID>,
    /// The document it rests on (văn bản căn cứ).
    pub document_id: Option<ID>,
    /// First day (từ ngày), while both parties exist.
    pub valid_from: Date,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Option<Date>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// The end of a mandate (chấm dứt uỷ quyền).
#[derive(InputObject)]
pub struct EndMandateInput {
    /// The mandate (uỷ quyền).
    pub id: ID,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Date,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

payload! {
    /// What `makeMandate` answers.
    MakeMandatePayload { mandate: Mandate } made
}

payload! {
    /// What `endMandate` answers.
    EndMandatePayload { mandate: Mandate } changed
}

#[derive(Default)]
pub struct MandateQuery;

#[Object]
impl MandateQuery {
    /// Mandates of your party as principal or agent, for its managers; all of them for the
    /// coordinator (danh sách uỷ quyền).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn mandates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<MandateFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<MandateOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Mandate>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Mandate)
            .await
    }
}

#[derive(Default)]
pub struct MandateMutation;

#[Object]
impl MandateMutation {
    /// Lets another party act for yours (lập uỷ quyền). For managers of the principal; of the
    /// coordinator while the principal has no active member.
    async fn make_mandate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The mandate (nội dung).")] input: MakeMandateInput,
    ) -> Option<Result<MakeMandatePayload>> {
        let key = key(ctx, input.idempotency_key);
        MakeMandatePayload::of(write::make_mandate(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Ends a mandate (chấm dứt uỷ quyền). For managers of the principal; of the coordinator
    /// while the principal has no active member.
    async fn end_mandate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end (nội dung).")] input: EndMandateInput,
    ) -> Option<Result<EndMandatePayload>> {
        EndMandatePayload::of(write::end_mandate(ctx.app(), ctx.viewer(), input).await)
    }
}
