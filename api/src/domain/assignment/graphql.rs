//! Assignments on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object};
use entity::{
    assignment,
    id::{AssignmentId, DocumentId, PartyId, PlaceId},
};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use super::{
    read::{self, AssignmentById},
    write,
};
use crate::{
    domain::{document::graphql::Document, party::graphql::Party, place::graphql::Commune},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{DateFilter, Filter, IdFilter, ids, valid_on},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::Date,
    },
};

/// A department helps a commune (phân công đơn vị phụ trách, giúp đỡ).
#[derive(Description)]
pub struct Assignment(pub assignment::Model);

impl Assignment {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: AssignmentId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(AssignmentById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Assignment {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The department that helps (sở, ban, ngành phụ trách).
    async fn department(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.department_id).await
    }

    /// The commune that is helped (xã được giúp đỡ).
    async fn commune(&self, ctx: &Context<'_>) -> Option<Result<Commune>> {
        Commune::find(ctx, self.0.commune_id).await
    }

    /// The document that assigns (văn bản phân công); null if you may not see it.
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

/// Which assignments (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct AssignmentFilter {
    /// The department (sở, ban, ngành).
    pub department: Option<IdFilter>,
    /// The commune (xã).
    pub commune: Option<IdFilter>,
    /// The document that assigns (văn bản).
    pub document: Option<IdFilter>,
    /// First day (từ ngày).
    pub valid_from: Option<DateFilter>,
    /// Assignments in force on this date (còn hiệu lực tại ngày).
    pub valid_on: Option<Date>,
}

impl AssignmentFilter {
    fn condition(&self) -> Condition {
        use assignment::Column;
        let all = Condition::all()
            .add(ids::<PartyId>(&self.department, Column::DepartmentId))
            .add(ids::<PlaceId>(&self.commune, Column::CommuneId))
            .add(ids::<DocumentId>(&self.document, Column::DocumentId))
            .add(self.valid_from.on(Column::ValidFrom));
        match self.valid_on {
            Some(Date(on)) => all.add(valid_on(Column::ValidFrom, Column::ValidTo, on)),
            None => all,
        }
    }
}

/// In which order assignments come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum AssignmentOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

impl From<AssignmentOrder> for Order<assignment::Entity> {
    fn from(order: AssignmentOrder) -> Self {
        Self {
            column: assignment::Column::ValidFrom,
            by: By::Date(|row| row.valid_from),
            descending: order == AssignmentOrder::Newest,
        }
    }
}

/// A new assignment (phân công mới).
#[derive(InputObject)]
pub struct AssignDepartmentInput {
    /// The department (sở, ban, ngành).
    pub department_id: ID,
    /// The commune (xã).
    pub commune_id: ID,
    /// The document that assigns (văn bản phân công).
    pub document_id: ID,
    /// First day (từ ngày), while department and commune exist.
    pub valid_from: Date,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Option<Date>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// The end of an assignment (kết thúc phân công).
#[derive(InputObject)]
pub struct EndAssignmentInput {
    /// The assignment (phân công).
    pub id: ID,
    /// First day on which it no longer holds (đến trước ngày).
    pub valid_to: Date,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

payload! {
    /// What `assignDepartment` answers.
    AssignDepartmentPayload { assignment: Assignment } made
}

payload! {
    /// What `endAssignment` answers.
    EndAssignmentPayload { assignment: Assignment } changed
}

#[derive(Default)]
pub struct AssignmentQuery;

#[Object]
impl AssignmentQuery {
    /// Assignments of departments to communes, ended ones too (danh sách phân công).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<AssignmentFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<AssignmentOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Assignment>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Assignment)
            .await
    }
}

#[derive(Default)]
pub struct AssignmentMutation;

#[Object]
impl AssignmentMutation {
    /// Assigns a department to a commune (phân công). For managers of the coordinator.
    async fn assign_department(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment (nội dung).")] input: AssignDepartmentInput,
    ) -> Option<Result<AssignDepartmentPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::assign_department(ctx.app(), ctx.viewer(), input, key).await;
        AssignDepartmentPayload::of(done)
    }

    /// Ends an assignment (kết thúc phân công). For managers of the coordinator.
    async fn end_assignment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end (nội dung).")] input: EndAssignmentInput,
    ) -> Option<Result<EndAssignmentPayload>> {
        EndAssignmentPayload::of(write::end_assignment(ctx.app(), ctx.viewer(), input).await)
    }
}
