//! Places on the graph: the interface `Place` and its three types.

use async_graphql::{Context, Description, ID, Interface, Object};
use entity::{
    id::PlaceId,
    place::{self, Level},
    place_succession,
};

use super::read::{
    self, AliasesOfPlace, AuthorityOfPlace, ChildrenOfPlace, PlaceById, PredecessorsOfPlace,
    SuccessorsOfPlace,
};
use crate::{
    domain::{
        assignment::{graphql::Assignment, read::AssignmentsOfCommune},
        enrolment::{graphql::Enrolment, read::EnrolmentsOfCommune},
        party::{graphql::Party, read::HoldersOfMark},
    },
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, scalar::Date},
};

mod input;
mod root;

pub use input::{PlaceBy, PlaceFilter, PlaceOrder};
pub use root::PlaceQuery;

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

macro_rules! place_type {
    ($(#[$meta:meta])+ $name:ident { $($own:tt)* }) => {
        $(#[$meta])+
        pub struct $name(pub place::Model);

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

        // A macro and not `MergedObject`: the library copies the fields of a merged part when it
        // registers the whole, and loses those of a part whose types lead back to the whole.
        $(#[$meta])+
        #[Object]
        impl $name {
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

            $($own)*
        }
    };
}

place_type! {
    /// Province or centrally run city (tỉnh, thành phố trực thuộc trung ương).
    Province {
        /// The parties that coordinate the programme here today (đơn vị điều phối).
        async fn coordinators(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
            self.holders(ctx, entity::reach::Role::Coordinator).await
        }

        /// The parties that lead the programme here today (lãnh đạo).
        async fn leadership(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
            self.holders(ctx, entity::reach::Role::Leadership).await
        }
    }
}

place_type! {
    /// District (huyện, quận, thị xã, thành phố thuộc tỉnh); the level ended on 2025-07-01.
    District {
        /// The communes that lay in it (các xã trực thuộc), in the order of their codes.
        async fn communes(&self, ctx: &Context<'_>) -> Result<Vec<Commune>> {
            let rows = ctx.reader().load_one(ChildrenOfPlace(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().filter_map(Commune::of).collect())
        }
    }
}

place_type! {
    /// Commune, ward, township or special zone (xã, phường, thị trấn, đặc khu).
    Commune {
        /// Its part in the programme (tham gia thí điểm, nhân rộng), oldest first.
        async fn enrolments(&self, ctx: &Context<'_>) -> Result<Vec<Enrolment>> {
            let rows = ctx.reader().load_one(EnrolmentsOfCommune(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Enrolment).collect())
        }

        /// The departments assigned to help it (phân công giúp đỡ), oldest first.
        async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
            let rows = ctx.reader().load_one(AssignmentsOfCommune(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Assignment).collect())
        }
    }
}

impl Province {
    async fn holders(&self, ctx: &Context<'_>, role: entity::reach::Role) -> Result<Vec<Party>> {
        let rows = ctx.reader().load_one(HoldersOfMark(self.0.id, role)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Party::from).collect())
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
