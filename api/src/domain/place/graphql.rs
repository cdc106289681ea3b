//! Places on the graph: the interface `Place` and its three types.

use std::ops::Deref;

use async_graphql::{Context, Enum, ID, InputObject, Interface, MergedObject, Object, OneofObject};
use entity::{
    id::PlaceId,
    place::{self, Level},
    place_succession,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::read::{
    self, AliasesOfPlace, AuthorityOfPlace, ChildrenOfPlace, PlaceByCode, PlaceById,
    PredecessorsOfPlace, SuccessorsOfPlace,
};
use crate::{
    domain::{
        assignment::{graphql::Assignment, read::AssignmentsOfCommune},
        enrolment::{graphql::Enrolment, read::EnrolmentsOfCommune},
        party::{graphql::Party, read::HoldersOfMark},
    },
    error::Result,
    graphql::{
        context::ContextExt,
        filter::{Filter, IdFilter, StringFilter, ids, row_enum},
        paging::{self, By, Order, Page, Paged},
        scalar::Date,
    },
    text,
};

row_enum! {
    /// Level of an administrative unit (cấp hành chính).
    PlaceLevel, PlaceLevelFilter = place::Level {
        /// Province or centrally run city (cấp tỉnh), code of 2 digits.
        Province,
        /// District (cấp huyện), code of 3 digits; none exists since 2025-07-01.
        District,
        /// Commune (cấp xã), code of 5 digits.
        Commune,
    }
}

row_enum! {
    /// What an administrative unit is called (loại đơn vị hành chính).
    PlaceKind, PlaceKindFilter = place::Kind {
        /// Province (tỉnh).
        Tinh,
        /// City (thành phố), of either the province or the district level.
        ThanhPho,
        /// Rural district (huyện).
        Huyen,
        /// Urban district (quận).
        Quan,
        /// Town (thị xã).
        ThiXa,
        /// Rural commune (xã).
        Xa,
        /// Ward (phường).
        Phuong,
        /// Township (thị trấn), until 2025-06-30.
        ThiTran,
        /// Special zone (đặc khu), since 2025-07-01.
        DacKhu,
    }
}

row_enum! {
    /// How an old unit went into a new one (hình thức kế thừa).
    PlaceSuccessionKind, PlaceSuccessionKindFilter = place_succession::Kind {
        /// All of it did (nhập toàn bộ).
        MergedWhole,
        /// A part of it did (nhập một phần).
        Part,
        /// A part of its area did, with all of its people (một phần diện tích, toàn bộ dân số).
        PartWithAllPeople,
        /// The new list carries the same unit (giữ nguyên).
        Unchanged,
        /// The same unit carries a new name (đổi tên).
        Renamed,
    }
}

/// Province or centrally run city (tỉnh, thành phố trực thuộc trung ương).
#[derive(MergedObject)]
pub struct Province(PlaceFields, ProvinceFields);

/// District (huyện, quận, thị xã, thành phố thuộc tỉnh); the level ended on 2025-07-01.
#[derive(MergedObject)]
pub struct District(PlaceFields, DistrictFields);

/// Commune, ward, township or special zone (xã, phường, thị trấn, đặc khu).
#[derive(MergedObject)]
pub struct Commune(PlaceFields, CommuneFields);

/// Administrative unit (đơn vị hành chính). It has its own id and validity; a code means
/// something only together with a date.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Opaque stable id (mã đối tượng)."),
    field(
        name = "code",
        ty = "&str",
        desc = "Official code with its leading zeros (mã số): 2, 3 or 5 digits."
    ),
    field(name = "level", ty = "PlaceLevel", desc = "Level (cấp)."),
    field(name = "kind", ty = "PlaceKind", desc = "What the unit is called (loại)."),
    field(
        name = "name",
        ty = "&str",
        desc = "Full official name (tên đầy đủ), such as Xã Nghĩa Tá."
    ),
    field(name = "aliases", ty = "Vec<String>", desc = "Other spellings in use (cách viết khác)."),
    field(
        name = "valid_from",
        ty = "Date",
        desc = "First day of its existence, or of what the registry vouches for (hiệu lực từ)."
    ),
    field(
        name = "valid_from_is_floor",
        ty = "bool",
        desc = "Whether `validFrom` is only the first day that the registry vouches for."
    ),
    field(
        name = "valid_to",
        ty = "Option<Date>",
        desc = "First day on which it no longer exists (hết hiệu lực từ); null while it does."
    ),
    field(
        name = "parent",
        ty = "Option<Result<Place>>",
        desc = "The unit it lies in directly (cấp trên trực tiếp); null for a province."
    ),
    field(
        name = "province",
        ty = "Option<Result<Province>>",
        desc = "The province it lies in (tỉnh); null for a province."
    ),
    field(
        name = "authority",
        ty = "Option<Result<Party>>",
        desc = "Its People's Committee (Ủy ban nhân dân); null where the registry has none."
    ),
    field(
        name = "predecessors",
        ty = "Vec<PlaceSuccession>",
        desc = "The units that went into it (đơn vị cũ)."
    ),
    field(
        name = "successors",
        ty = "Vec<PlaceSuccession>",
        desc = "The units it went into (đơn vị mới)."
    )
)]
pub enum Place {
    Province(Province),
    District(District),
    Commune(Commune),
}

impl From<place::Model> for Place {
    fn from(row: place::Model) -> Self {
        let (id, fields) = (row.id, PlaceFields(row));
        match fields.0.level {
            Level::Province => Self::Province(Province(fields, ProvinceFields(id))),
            Level::District => Self::District(District(fields, DistrictFields(id))),
            Level::Commune => Self::Commune(Commune(fields, CommuneFields(id))),
        }
    }
}

/// What the three types of place have in common.
pub struct PlaceFields(pub place::Model);

macro_rules! shares_fields {
    ($($name:ident)+) => {$(
        impl Deref for $name {
            type Target = PlaceFields;

            fn deref(&self) -> &PlaceFields {
                &self.0
            }
        }

        impl $name {
            /// A row that is known to be of this level; none if it is not.
            pub fn of(row: place::Model) -> Option<Self> {
                match Place::from(row) {
                    Place::$name(place) => Some(place),
                    _ => None,
                }
            }

            /// Loads one by id, whoever asks.
            pub async fn find(ctx: &Context<'_>, id: PlaceId) -> Option<Result<Self>> {
                let row = ctx.reader().load_one(PlaceById(id)).await.transpose()?;
                row.map(Self::of).transpose()
            }
        }
    )+};
}

shares_fields!(Province District Commune);

impl Place {
    pub async fn find(ctx: &Context<'_>, id: PlaceId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(PlaceById(id)).await.transpose()?;
        Some(row.map(Self::from))
    }
}

#[Object]
impl PlaceFields {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Official code with its leading zeros (mã số): 2, 3 or 5 digits.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Level (cấp).
    async fn level(&self) -> PlaceLevel {
        self.0.level.into()
    }

    /// What the unit is called (loại).
    async fn kind(&self) -> PlaceKind {
        self.0.kind.into()
    }

    /// Full official name (tên đầy đủ), such as Xã Nghĩa Tá.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Other spellings in use (cách viết khác).
    async fn aliases(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let rows = ctx.reader().load_one(AliasesOfPlace(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(|row| row.name).collect())
    }

    /// First day of its existence, or of what the registry vouches for (hiệu lực từ).
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Whether `validFrom` is only the first day that the registry vouches for.
    async fn valid_from_is_floor(&self) -> bool {
        self.0.valid_from_is_floor
    }

    /// First day on which it no longer exists (hết hiệu lực từ); null while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// The unit it lies in directly (cấp trên trực tiếp); null for a province.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
        Place::find(ctx, self.0.parent_id?).await
    }

    /// The province it lies in (tỉnh); null for a province.
    async fn province(&self, ctx: &Context<'_>) -> Option<Result<Province>> {
        Province::find(ctx, self.0.province_id?).await
    }

    /// Its People's Committee (Ủy ban nhân dân); null where the registry has none.
    async fn authority(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        let row = ctx.reader().load_one(AuthorityOfPlace(self.0.id)).await.transpose()?;
        Some(row.map(Party::from))
    }

    /// The units that went into it (đơn vị cũ), in the order of their codes.
    async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<PlaceSuccession>> {
        let edges = ctx.reader().load_one(PredecessorsOfPlace(self.0.id)).await?;
        Ok(edges.unwrap_or_default().into_iter().map(PlaceSuccession).collect())
    }

    /// The units it went into (đơn vị mới), in the order of their codes.
    async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<PlaceSuccession>> {
        let edges = ctx.reader().load_one(SuccessorsOfPlace(self.0.id)).await?;
        Ok(edges.unwrap_or_default().into_iter().map(PlaceSuccession).collect())
    }
}

/// What only a province has.
pub struct ProvinceFields(PlaceId);

#[Object]
impl ProvinceFields {
    /// The parties that coordinate the programme here today (đơn vị điều phối).
    async fn coordinators(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
        self.holders(ctx, entity::reach::Role::Coordinator).await
    }

    /// The parties that lead the programme here today (lãnh đạo).
    async fn leadership(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
        self.holders(ctx, entity::reach::Role::Leadership).await
    }
}

impl ProvinceFields {
    async fn holders(&self, ctx: &Context<'_>, role: entity::reach::Role) -> Result<Vec<Party>> {
        let rows = ctx.reader().load_one(HoldersOfMark(self.0, role)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Party::from).collect())
    }
}

/// What only a district has.
pub struct DistrictFields(PlaceId);

#[Object]
impl DistrictFields {
    /// The communes that lay in it (các xã trực thuộc), in the order of their codes.
    async fn communes(&self, ctx: &Context<'_>) -> Result<Vec<Commune>> {
        let rows = ctx.reader().load_one(ChildrenOfPlace(self.0)).await?;
        Ok(rows.unwrap_or_default().into_iter().filter_map(Commune::of).collect())
    }
}

/// What only a commune has.
pub struct CommuneFields(PlaceId);

#[Object]
impl CommuneFields {
    /// Its part in the programme (tham gia thí điểm, nhân rộng), oldest first.
    async fn enrolments(&self, ctx: &Context<'_>) -> Result<Vec<Enrolment>> {
        let rows = ctx.reader().load_one(EnrolmentsOfCommune(self.0)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Enrolment).collect())
    }

    /// The departments assigned to help it (phân công giúp đỡ), oldest first.
    async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
        let rows = ctx.reader().load_one(AssignmentsOfCommune(self.0)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Assignment).collect())
    }
}

/// One edge between an old unit and a new one (quan hệ kế thừa).
pub struct PlaceSuccession(read::Succession);

#[Object]
impl PlaceSuccession {
    /// How the old unit went into the new one (hình thức).
    async fn kind(&self) -> PlaceSuccessionKind {
        self.0.0.kind.into()
    }

    /// Share of the old unit that went into the new one, in millionths (tỷ trọng); null while
    /// nobody has published one.
    async fn weight_ppm(&self) -> Option<i32> {
        self.0.0.weight_ppm
    }

    /// The unit at the other end of the edge (đơn vị ở đầu kia).
    async fn place(&self) -> Place {
        self.0.1.clone().into()
    }
}

/// How to name one place (cách chỉ một đơn vị hành chính): exactly one of these.
#[derive(OneofObject)]
pub enum PlaceBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its code on a date (mã số tại một ngày).
    Code(PlaceByCodeInput),
}

/// A code on a date (mã số tại một ngày).
#[derive(InputObject)]
pub struct PlaceByCodeInput {
    /// Official code with its leading zeros (mã số): 2, 3 or 5 digits.
    pub code: String,
    /// The date on which the code is read (tại ngày); today if it is left out.
    pub as_of: Option<Date>,
}

/// Which places (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct PlaceFilter {
    /// Level (cấp).
    pub level: Option<PlaceLevelFilter>,
    /// What the unit is called (loại).
    pub kind: Option<PlaceKindFilter>,
    /// Official code (mã số).
    pub code: Option<StringFilter>,
    /// The unit it lies in directly (cấp trên trực tiếp).
    pub parent: Option<IdFilter>,
    /// The province it lies in (tỉnh).
    pub province: Option<IdFilter>,
    /// Words of the name or of another spelling, from the start of a word; case, diacritics and
    /// đ/Đ do not matter (tìm theo tên).
    pub search: Option<String>,
}

impl PlaceFilter {
    pub fn condition(&self) -> Condition {
        use place::Column;
        let all = Condition::all()
            .add(self.level.on(Column::Level))
            .add(self.kind.on(Column::Kind))
            .add(self.code.on(Column::Code))
            .add(ids::<PlaceId>(&self.parent, Column::ParentId))
            .add(ids::<PlaceId>(&self.province, Column::ProvinceId));
        match self.search.as_deref().map(text::search_pattern) {
            Some(Some(pattern)) => all.add(Column::SearchKey.like(pattern)),
            _ => all,
        }
    }
}

/// In which order places come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlaceOrder {
    /// By code (theo mã số).
    #[default]
    Code,
    /// By name without diacritics (theo tên).
    Name,
}

impl From<PlaceOrder> for Order<place::Entity> {
    fn from(order: PlaceOrder) -> Self {
        let descending = false;
        match order {
            PlaceOrder::Code => Self {
                column: place::Column::Code,
                by: By::Text(|row| row.code.clone()),
                descending,
            },
            PlaceOrder::Name => Self {
                column: place::Column::SearchKey,
                by: By::Text(|row| row.search_key.clone()),
                descending,
            },
        }
    }
}

#[derive(Default)]
pub struct PlaceQuery;

#[Object]
impl PlaceQuery {
    /// One administrative unit (một đơn vị hành chính); null if there is none.
    async fn place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: PlaceBy,
    ) -> Option<Result<Place>> {
        match by {
            PlaceBy::Id(id) => Place::find(ctx, id.parse().ok()?).await,
            PlaceBy::Code(PlaceByCodeInput { code, as_of }) => {
                let on = as_of.map_or(ctx.viewer().today, |date| date.0);
                let row = ctx.reader().load_one(PlaceByCode(code, on)).await.transpose()?;
                Some(row.map(Place::from))
            }
        }
    }

    /// Administrative units that exist on a date (danh sách đơn vị hành chính tại một ngày).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The date (tại ngày); today if it is left out.")] as_of: Option<Date>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<PlaceFilter>,
        #[graphql(desc = "In which order (thứ tự).", default)] order_by: PlaceOrder,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Place>> {
        let on = as_of.map_or(ctx.viewer().today, |date| date.0);
        let select = read::as_of(ctx.viewer(), on).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.into(), page, Place::from).await
    }
}
