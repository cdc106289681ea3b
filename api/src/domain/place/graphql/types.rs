//! The three types of place. Each has all fields of the interface, and its own.

use async_graphql::{Context, ID, Object};
use entity::{id::PlaceId, place};

use super::{Place, PlaceKind, PlaceLevel, PlaceSuccession};
use crate::{
    domain::{
        assignment::{graphql::Assignment, read::AssignmentsOfCommune},
        commitment::{
            self,
            graphql::{Commitment, CommitmentFilter, CommitmentOrder},
        },
        delivery::{
            self,
            graphql::{Delivery, DeliveryFilter, DeliveryOrder},
        },
        enrolment::{graphql::Enrolment, read::EnrolmentsOfCommune},
        party::{graphql::Party, read::HoldersOfMark},
        place::read::{
            AliasesOfPlace, AuthorityOfPlace, ChildrenOfPlace, PlaceById, PredecessorsOfPlace,
            SuccessorsOfPlace,
        },
    },
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{Page, nested::Inherited},
        scalar::Date,
    },
};

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
            pub(super) async fn code(&self) -> &str {
                &self.0.code
            }

            /// Level (cấp).
            pub(super) async fn level(&self) -> PlaceLevel {
                self.0.level.into()
            }

            /// What the unit is called (loại).
            pub(super) async fn kind(&self) -> PlaceKind {
                self.0.kind.into()
            }

            /// Full official name (tên đầy đủ), such as Xã Nghĩa Tá.
            pub(super) async fn name(&self) -> &str {
                &self.0.name
            }

            /// Other spellings in use (cách viết khác).
            pub(super) async fn aliases(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
                let rows = ctx.reader().load_one(AliasesOfPlace(self.0.id)).await?;
                Ok(rows.unwrap_or_default().into_iter().map(|row| row.name).collect())
            }

            /// First day of its existence, or of what the registry vouches for (hiệu lực từ).
            pub(super) async fn valid_from(&self) -> Date {
                Date(self.0.valid_from)
            }

            /// Whether `validFrom` is only the first day that the registry vouches for (chỉ là mốc đầu).
            pub(super) async fn valid_from_is_floor(&self) -> bool {
                self.0.valid_from_is_floor
            }

            /// First day on which it no longer exists (hết hiệu lực từ); null while it does.
            pub(super) async fn valid_to(&self) -> Option<Date> {
                self.0.valid_to.map(Date)
            }

            /// The unit it lies in directly (cấp trên trực tiếp); null for a province.
            pub(super) async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
                Place::find(ctx, self.0.parent_id?).await
            }

            /// The province it lies in (tỉnh); null for a province.
            pub(super) async fn province(&self, ctx: &Context<'_>) -> Option<Result<Province>> {
                Province::find(ctx, self.0.province_id?).await
            }

            /// Its People's Committee (Ủy ban nhân dân); null where the registry has none.
            pub(super) async fn authority(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
                let row = ctx.reader().load_one(AuthorityOfPlace(self.0.id)).await.transpose()?;
                Some(row.map(Party::from))
            }

            /// The units that went into it (đơn vị cũ), in the order of their codes.
            pub(super) async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<PlaceSuccession>> {
                let edges = ctx.reader().load_one(PredecessorsOfPlace(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PlaceSuccession).collect())
            }

            /// The units it went into (đơn vị mới), in the order of their codes.
            pub(super) async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<PlaceSuccession>> {
                let edges = ctx.reader().load_one(SuccessorsOfPlace(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PlaceSuccession).collect())
            }

            /// What was promised to it (các cam kết dành cho địa bàn này); what was promised to
            /// a predecessor is marked. What is promised to a wider place is not there.
            #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
            pub(super) async fn promised(
                &self,
                ctx: &Context<'_>,
                #[graphql(
                    default = true,
                    desc = "Whether what concerns its predecessors is there too (cả đơn vị cũ)."
                )]
                include_predecessors: bool,
                #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<CommitmentFilter>,
                #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
                order_by: Option<CommitmentOrder>,
                #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
                #[graphql(desc = "Cursor to start after.")] after: Option<String>,
                #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "Cursor to end before.")] before: Option<String>,
            ) -> Result<Inherited<Commitment>> {
                let page = Page { first, after, last, before };
                commitment::graphql::promised(ctx, self.0.id, include_predecessors, filter, order_by, page).await
            }

            /// What arrived in it (các kết quả trên địa bàn này), for a province or district in
            /// its communes; what arrived in a predecessor is marked.
            #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
            pub(super) async fn arrived(
                &self,
                ctx: &Context<'_>,
                #[graphql(
                    default = true,
                    desc = "Whether what concerns its predecessors is there too (cả đơn vị cũ)."
                )]
                include_predecessors: bool,
                #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<DeliveryFilter>,
                #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
                order_by: Option<DeliveryOrder>,
                #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
                #[graphql(desc = "Cursor to start after.")] after: Option<String>,
                #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "Cursor to end before.")] before: Option<String>,
            ) -> Result<Inherited<Delivery>> {
                let page = Page { first, after, last, before };
                delivery::graphql::arrived(ctx, self.0.id, include_predecessors, filter, order_by, page).await
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
