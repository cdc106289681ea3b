//! Activity kinds on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, OneofObject};
use entity::{activity_kind, id::ActivityKindId};
use sea_orm::{Condition, QueryFilter};
use uuid::Uuid;

use super::{
    read::{self, ActivityKindByCode, ActivityKindById},
    write,
};
use crate::{
    domain::party::graphql::PartyKind,
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{Filter, IdFilter, StringFilter, ids, row_enum, search},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
    },
    refusal::Language,
};

row_enum! {
    /// How a sum of quantities is read (cách cộng số liệu).
    Measure, MeasureFilter = activity_kind::Measure {
        /// An amount in a period (số phát sinh).
        Flow,
        /// A level at a date (số hiện có).
        Stock,
    }
}

row_enum! {
    /// Pillar of digital transformation (trụ cột).
    Pillar, PillarFilter = activity_kind::Pillar {
        /// Digital government (chính quyền số).
        DigitalGovernment,
        /// Digital economy (kinh tế số).
        DigitalEconomy,
        /// Digital society (xã hội số).
        DigitalSociety,
    }
}

/// What is counted (loại hoạt động), with its unit and who may promise it.
#[derive(Description)]
pub struct ActivityKind(pub activity_kind::Model);

impl ActivityKind {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: ActivityKindId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(ActivityKindById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl ActivityKind {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Code, unique for ever (mã).
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name (tên).
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        match language.unwrap_or_else(|| ctx.language()) {
            Language::Vi => &self.0.name,
            Language::En => &self.0.name_en,
        }
    }

    /// Unit of its quantities (đơn vị tính).
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        match language.unwrap_or_else(|| ctx.language()) {
            Language::Vi => &self.0.unit,
            Language::En => &self.0.unit_en,
        }
    }

    /// Digits after the decimal point of its quantities, 0 to 6 (số chữ số thập phân). It never
    /// changes.
    async fn precision(&self) -> i32 {
        self.0.precision
    }

    /// How a sum is read (cách cộng số liệu). It never changes.
    async fn measure(&self) -> Measure {
        self.0.measure.into()
    }

    /// Pillar of digital transformation (trụ cột).
    async fn pillar(&self) -> Pillar {
        self.0.pillar.into()
    }

    /// The kinds of party that may promise it (bên được cam kết).
    async fn promisers(&self) -> Vec<PartyKind> {
        self.0.promisers.iter().map(Into::into).collect()
    }

    /// Whether what is promised and delivered of it is always for the parties only (chỉ các bên
    /// liên quan được xem).
    async fn forces_parties(&self) -> bool {
        self.0.forces_parties
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// How to name one activity kind (cách chỉ một loại hoạt động): exactly one of these.
#[derive(OneofObject)]
pub enum ActivityKindBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its code (mã).
    Code(String),
}

/// Which activity kinds (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct ActivityKindFilter {
    /// Id (mã đối tượng).
    pub id: Option<IdFilter>,
    /// Code (mã).
    pub code: Option<StringFilter>,
    /// How a sum is read (cách cộng số liệu).
    pub measure: Option<MeasureFilter>,
    /// Pillar (trụ cột).
    pub pillar: Option<PillarFilter>,
    /// Words of the name or code, from the start of a word; case, diacritics and đ/Đ do not
    /// matter (tìm theo tên).
    pub search: Option<String>,
}

impl ActivityKindFilter {
    pub fn condition(&self) -> Condition {
        use activity_kind::Column;
        Condition::all()
            .add(ids::<ActivityKindId>(&self.id, Column::Id))
            .add(self.code.on(Column::Code))
            .add(self.measure.on(Column::Measure))
            .add(self.pillar.on(Column::Pillar))
            .add(search(&self.search, Column::SearchKey))
    }
}

/// In which order activity kinds come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum ActivityKindOrder {
    /// By code (theo mã).
    #[default]
    Code,
    /// By name without diacritics (theo tên).
    Name,
}

impl From<ActivityKindOrder> for Order<activity_kind::Entity> {
    fn from(order: ActivityKindOrder) -> Self {
        let descending = false;
        match order {
            ActivityKindOrder::Code => Self {
                column: activity_kind::Column::Code,
                by: By::Text(|row| row.code.clone()),
                descending,
            },
            ActivityKindOrder::Name => Self {
                column: activity_kind::Column::SearchKey,
                by: By::Text(|row| row.search_key.clone()),
                descending,
            },
        }
    }
}

/// A new activity kind (loại hoạt động mới).
#[derive(InputObject)]
pub struct DefineActivityKindInput {
    /// Code (mã): 2 to 64 of a–z, 0–9 and underscore, a letter first. Unique for ever.
    pub code: String,
    /// Name in Vietnamese (tên), at most 120 characters.
    pub name: String,
    /// Name in English (tên tiếng Anh), at most 120 characters.
    pub name_en: String,
    /// Unit in Vietnamese (đơn vị tính), at most 40 characters.
    pub unit: String,
    /// Unit in English (đơn vị tính tiếng Anh), at most 40 characters.
    pub unit_en: String,
    /// Digits after the decimal point, 0 to 6 (số chữ số thập phân). It never changes.
    pub precision: i32,
    /// How a sum is read (cách cộng số liệu). It never changes.
    pub measure: Measure,
    /// Pillar (trụ cột).
    pub pillar: Pillar,
    /// The kinds of party that may promise it, at least one (bên được cam kết).
    pub promisers: Vec<PartyKind>,
    /// Whether rows of it are always for the parties only (chỉ các bên liên quan được xem).
    #[graphql(default)]
    pub forces_parties: bool,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// The whole of what may change in an activity kind (nội dung chỉnh sửa).
#[derive(InputObject)]
pub struct ReviseActivityKindInput {
    /// The activity kind (loại hoạt động).
    pub id: ID,
    /// Name in Vietnamese (tên), at most 120 characters.
    pub name: String,
    /// Name in English (tên tiếng Anh), at most 120 characters.
    pub name_en: String,
    /// Pillar (trụ cột).
    pub pillar: Pillar,
    /// The kinds of party that may promise it, at least one (bên được cam kết).
    pub promisers: Vec<PartyKind>,
    /// Whether rows of it are always for the parties only (chỉ các bên liên quan được xem).
    pub forces_parties: bool,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

payload! {
    /// What `defineActivityKind` answers.
    DefineActivityKindPayload { activity_kind: ActivityKind } made
}

payload! {
    /// What `reviseActivityKind` answers.
    ReviseActivityKindPayload { activity_kind: ActivityKind } changed
}

#[derive(Default)]
pub struct ActivityKindQuery;

#[Object]
impl ActivityKindQuery {
    /// One activity kind (một loại hoạt động); null if there is none.
    async fn activity_kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: ActivityKindBy,
    ) -> Option<Result<ActivityKind>> {
        match by {
            ActivityKindBy::Id(id) => ActivityKind::find(ctx, id.parse().ok()?).await,
            ActivityKindBy::Code(code) => {
                let row = ctx.reader().load_one(ActivityKindByCode(code)).await.transpose()?;
                Some(row.map(ActivityKind))
            }
        }
    }

    /// Activity kinds (danh mục loại hoạt động).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn activity_kinds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<ActivityKindFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<ActivityKindOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<ActivityKind>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, ActivityKind)
            .await
    }
}

#[derive(Default)]
pub struct ActivityKindMutation;

#[Object]
impl ActivityKindMutation {
    /// Defines what can be promised and counted (thêm loại hoạt động). For managers of the
    /// coordinator.
    async fn define_activity_kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity kind (nội dung).")] input: DefineActivityKindInput,
    ) -> Option<Result<DefineActivityKindPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::define_activity_kind(ctx.app(), ctx.viewer(), input, key).await;
        DefineActivityKindPayload::of(done)
    }

    /// Corrects an activity kind (chỉnh sửa loại hoạt động). For managers of the coordinator.
    async fn revise_activity_kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change (nội dung).")] input: ReviseActivityKindInput,
    ) -> Option<Result<ReviseActivityKindPayload>> {
        let done = write::revise_activity_kind(ctx.app(), ctx.viewer(), input).await;
        ReviseActivityKindPayload::of(done)
    }
}
