//! Places on the graph: the interface `Place` and its three types.

use async_graphql::{Context, Description, ID, Interface, Object};
use entity::{
    id::PlaceId,
    place::{self, Level},
    place_succession,
};

use super::read::{self, PlaceById};
use crate::{
    domain::{
        commitment::graphql::{Commitment, CommitmentFilter, CommitmentOrder},
        delivery::graphql::{Delivery, DeliveryFilter, DeliveryOrder},
        party::graphql::Party,
    },
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, paging::nested::Inherited, scalar::Date},
};

mod input;
mod root;
mod types;

pub use input::{PlaceBy, PlaceFilter, PlaceOrder};
pub use root::PlaceQuery;
pub use types::{Commune, District, Province};

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
        desc = "Whether `validFrom` is only the first day that the registry vouches for (chỉ là mốc đầu)."
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
    ),
    field(
        name = "promised",
        ty = "Inherited<Commitment>",
        desc = "What was promised to it (các cam kết dành cho địa bàn này); what was promised to a predecessor is marked. What is promised to a wider place is not there.",
        arg(
            name = "include_predecessors",
            ty = "bool",
            default = true,
            desc = "Whether what concerns its predecessors is there too (cả đơn vị cũ)."
        ),
        arg(
            name = "filter",
            ty = "Option<CommitmentFilter>",
            desc = "Which ones (điều kiện lọc)."
        ),
        arg(
            name = "order_by",
            ty = "Option<CommitmentOrder>",
            desc = "In which order (thứ tự); the first of its values by default."
        ),
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Size of a page from the start, at most 100."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Cursor to start after."),
        arg(name = "last", ty = "Option<i32>", desc = "Size of a page from the end, at most 100."),
        arg(name = "before", ty = "Option<String>", desc = "Cursor to end before."),
    ),
    field(
        name = "arrived",
        ty = "Inherited<Delivery>",
        desc = "What arrived in it (các kết quả trên địa bàn này), for a province or district in its communes; what arrived in a predecessor is marked.",
        arg(
            name = "include_predecessors",
            ty = "bool",
            default = true,
            desc = "Whether what concerns its predecessors is there too (cả đơn vị cũ)."
        ),
        arg(name = "filter", ty = "Option<DeliveryFilter>", desc = "Which ones (điều kiện lọc)."),
        arg(
            name = "order_by",
            ty = "Option<DeliveryOrder>",
            desc = "In which order (thứ tự); the first of its values by default."
        ),
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Size of a page from the start, at most 100."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Cursor to start after."),
        arg(name = "last", ty = "Option<i32>", desc = "Size of a page from the end, at most 100."),
        arg(name = "before", ty = "Option<String>", desc = "Cursor to end before."),
    )
)]
pub enum Place {
    Province(Province),
    District(District),
    Commune(Commune),
}

impl From<place::Model> for Place {
    fn from(row: place::Model) -> Self {
        match row.level {
            Level::Province => Self::Province(Province(row)),
            Level::District => Self::District(District(row)),
            Level::Commune => Self::Commune(Commune(row)),
        }
    }
}

impl Place {
    pub async fn find(ctx: &Context<'_>, id: PlaceId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(PlaceById(id)).await.transpose()?;
        Some(row.map(Self::from))
    }
}

/// One edge between an old unit and a new one (quan hệ kế thừa).
#[derive(Description)]
pub struct PlaceSuccession(read::Succession);

#[Object(use_type_description)]
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
