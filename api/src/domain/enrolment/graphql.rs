//! Enrolments on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object};
use entity::{
    enrolment,
    id::{DocumentId, EnrolmentId, PlaceId},
};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use super::{
    read::{self, EnrolmentById},
    write,
};
use crate::{
    domain::{document::graphql::Document, place::graphql::Commune},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{DateFilter, Filter, IdFilter, ids, row_enum, valid_on},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::Date,
    },
};

row_enum! {
    /// How a commune takes part (giai đoạn tham gia).
    EnrolmentStage, EnrolmentStageFilter = enrolment::Stage {
        /// In the pilot (thí điểm).
        Pilot,
        /// In the replication of the model (nhân rộng).
        Replicated,
    }
}

/// A commune takes part in the programme (xã tham gia thí điểm hoặc nhân rộng).
#[derive(Description)]
pub struct Enrolment(pub enrolment::Model);

impl Enrolment {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: EnrolmentId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(EnrolmentById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Enrolment {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Whether as a pilot or as a replication (giai đoạn).
    async fn stage(&self) -> EnrolmentStage {
        self.0.stage.into()
    }

    /// The commune that takes part (xã tham gia).
    async fn commune(&self, ctx: &Context<'_>) -> Option<Result<Commune>> {
        Commune::find(ctx, self.0.commune_id).await
    }

    /// The document that enrols it (văn bản căn cứ); null if you may not see it.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        Document::find(ctx, self.0.document_id).await
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

/// Which enrolments (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct EnrolmentFilter {
    /// Pilot or replication (giai đoạn).
    pub stage: Option<EnrolmentStageFilter>,
    /// The commune (xã).
    pub commune: Option<IdFilter>,
    /// The document that enrols it (văn bản).
    pub document: Option<IdFilter>,
    /// First day (từ ngày).
    pub valid_from: Option<DateFilter>,
    /// Enrolments in force on this date (còn hiệu lực tại ngày).
    pub valid_on: Option<Date>,
}

impl EnrolmentFilter {
    fn condition(&self) -> Condition {
        use enrolment::Column;
        let all = Condition::all()
            .add(self.stage.on(Column::Stage))
            .add(ids::<PlaceId>(&self.commune, Column::CommuneId))
            .add(ids::<DocumentId>(&self.document, Column::DocumentId))
            .add(self.valid_from.on(Column::ValidFrom));
        match self.valid_on {
            Some(Date(on)) => all.add(valid_on(Column::ValidFrom, Column::ValidTo, on)),
            None => all,
        }
    }
}

/// In which order enrolments come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum EnrolmentOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

impl From<EnrolmentOrder> for Order<enrolment::Entity> {
    fn from(order: EnrolmentOrder) -> Self {
        Self {
            column: enrolment::Column::ValidFrom,
            by: By::Date(|row| row.valid_from),
            descending: order == EnrolmentOrder::Newest,
        }
    }
}

/// A new enrolment (ghi danh mới).
#[derive(InputObject)]
pub struct EnrolCommuneInput {
    /// Pilot or replication (giai đoạn).
    pub stage: EnrolmentStage,
    /// The commune (xã).
    pub commune_id: ID,
    /// The document that enrols it (văn bản căn cứ).
    pub document_id: ID,
    /// First day (từ ngày), while the commune exists.
    pub valid_from: Date,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Option<Date>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// The end of an enrolment (kết thúc tham gia).
#[derive(InputObject)]
pub struct EndEnrolmentInput {
    /// The enrolment (lượt tham gia).
    pub id: ID,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Date,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

payload! {
    /// What `enrolCommune` answers.
    EnrolCommunePayload { enrolment: Enrolment } made
}

payload! {
    /// What `endEnrolment` answers.
    EndEnrolmentPayload { enrolment: Enrolment } changed
}

#[derive(Default)]
pub struct EnrolmentQuery;

#[Object]
impl EnrolmentQuery {
    /// Communes in the programme, ended enrolments too (danh sách xã tham gia).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<EnrolmentFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<EnrolmentOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Enrolment>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Enrolment)
            .await
    }
}

#[derive(Default)]
pub struct EnrolmentMutation;

#[Object]
impl EnrolmentMutation {
    /// Enrols a commune in the programme (đưa xã vào chương trình). For managers of the coordinator.
    async fn enrol_commune(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The enrolment (nội dung).")] input: EnrolCommuneInput,
    ) -> Option<Result<EnrolCommunePayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::enrol_commune(ctx.app(), ctx.viewer(), input, key).await;
        EnrolCommunePayload::of(done)
    }

    /// Ends an enrolment (kết thúc tham gia). For managers of the coordinator.
    async fn end_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end (nội dung).")] input: EndEnrolmentInput,
    ) -> Option<Result<EndEnrolmentPayload>> {
        EndEnrolmentPayload::of(write::end_enrolment(ctx.app(), ctx.viewer(), input).await)
    }
}
