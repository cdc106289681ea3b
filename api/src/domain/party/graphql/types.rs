//! The seven types of party. Each has all fields of the interface, and its own.

use async_graphql::{Context, ID, Object};
use entity::party;

use super::{Party, PartyKind, PartyMark, PartySuccession, TelecomSector};
use crate::{
    domain::{
        assignment::{graphql::Assignment, read::AssignmentsOfDepartment},
        commitment::{
            self,
            graphql::{Commitment, CommitmentFilter, CommitmentOrder},
        },
        party::read::{BranchesOfParty, MarksOfParty, PredecessorsOfParty, SuccessorsOfParty},
        place::graphql::{Commune, District, Place, Province},
    },
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{Page, nested::Inherited},
        scalar::Date,
    },
    refusal::Language,
};

macro_rules! party_type {
    ($(#[$meta:meta])+ $name:ident { $($own:tt)* }) => {
        $(#[$meta])+
        pub struct $name(pub party::Model);

        // A macro for the reason given at `place_type!`.
        $(#[$meta])+
        #[Object]
        impl $name {
            /// Opaque stable id (mã đối tượng).
            pub async fn id(&self) -> ID {
                self.0.id.to_string().into()
            }

            /// Code of the party, unique for ever (mã).
            pub(super) async fn code(&self) -> &str {
                &self.0.code
            }

            /// Kind of party (loại).
            pub(super) async fn kind(&self) -> PartyKind {
                self.0.kind.into()
            }

            /// Name (tên); in English only where one is known.
            pub(super) async fn name(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
                    Language,
                >,
            ) -> &str {
                match language.unwrap_or_else(|| ctx.language()) {
                    Language::En => self.0.name_en.as_deref().unwrap_or(&self.0.name),
                    Language::Vi => &self.0.name,
                }
            }

            /// What every name begins with that it adds to the federated graph (tiền tố); null
            /// where it may add nothing.
            pub(super) async fn prefix(&self) -> Option<&str> {
                self.0.prefix.as_deref()
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

            /// Counts the changes of this object (phiên bản).
            pub(super) async fn version(&self) -> i32 {
                self.0.version
            }

            /// Its own marks as coordinator or leadership; they pass to its successors (vai trò).
            pub(super) async fn marks(&self, ctx: &Context<'_>) -> Result<Vec<PartyMark>> {
                let rows = ctx.reader().load_one(MarksOfParty(self.0.id)).await?;
                Ok(rows.unwrap_or_default().into_iter().map(PartyMark).collect())
            }

            /// The parties it carries on for (bên tiền nhiệm), in the order of their codes.
            pub(super) async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<PartySuccession>> {
                let edges = ctx.reader().load_one(PredecessorsOfParty(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PartySuccession).collect())
            }

            /// The parties that carry on for it (bên kế thừa), in the order of their codes.
            pub(super) async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<PartySuccession>> {
                let edges = ctx.reader().load_one(SuccessorsOfParty(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PartySuccession).collect())
            }

            /// What it owes (các cam kết của bên này), as giver, joint giver or carrier; what
            /// it has to carry on for a predecessor is marked.
            #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
            pub(super) async fn owes(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<CommitmentFilter>,
                #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
                order_by: Option<CommitmentOrder>,
                #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
                #[graphql(desc = "Cursor to start after.")] after: Option<String>,
                #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "Cursor to end before.")] before: Option<String>,
            ) -> Result<Inherited<Commitment>> {
                let page = Page { first, after, last, before };
                commitment::graphql::owes(ctx, self.0.id, filter, order_by, page).await
            }

            /// What it is owed (các cam kết dành cho địa bàn của bên này): promised to the
            /// place it is the authority of, or to a predecessor of that place, which is
            /// marked; empty for any other party.
            #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
            pub(super) async fn owed(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<CommitmentFilter>,
                #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
                order_by: Option<CommitmentOrder>,
                #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
                #[graphql(desc = "Cursor to start after.")] after: Option<String>,
                #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "Cursor to end before.")] before: Option<String>,
            ) -> Result<Inherited<Commitment>> {
                let page = Page { first, after, last, before };
                commitment::graphql::owed(ctx, self.0.id, filter, order_by, page).await
            }

            $($own)*
        }
    };
}

party_type! {
    /// People's Committee of a province (Ủy ban nhân dân cấp tỉnh).
    ProvincialAuthority {
        /// The province whose authority it is (tỉnh).
        async fn province(&self, ctx: &Context<'_>) -> Option<Result<Province>> {
            Province::find(ctx, self.0.place_id?).await
        }
    }
}

party_type! {
    /// Provincial department or agency (sở, ban, ngành).
    Department {
        /// The province it is a department of (tỉnh).
        async fn province(&self, ctx: &Context<'_>) -> Option<Result<Province>> {
            Province::find(ctx, self.0.place_id?).await
        }

        /// The communes it is or was assigned to help (phân công giúp đỡ), oldest first.
        async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
            let rows = ctx.reader().load_one(AssignmentsOfDepartment(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Assignment).collect())
        }
    }
}

party_type! {
    /// People's Committee of a district (Ủy ban nhân dân cấp huyện), until 2025-06-30.
    DistrictAuthority {
        /// The district whose authority it was (huyện).
        async fn district(&self, ctx: &Context<'_>) -> Option<Result<District>> {
            District::find(ctx, self.0.place_id?).await
        }
    }
}

party_type! {
    /// People's Committee of a commune (Ủy ban nhân dân cấp xã).
    CommuneAuthority {
        /// The commune whose authority it is (xã, phường, thị trấn).
        async fn commune(&self, ctx: &Context<'_>) -> Option<Result<Commune>> {
            Commune::find(ctx, self.0.place_id?).await
        }
    }
}

party_type! {
    /// Fatherland Front, union or association (MTTQ và các đoàn thể).
    MassOrganization {
        /// Its head office (đơn vị cấp trên); null for a head office.
        async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
            Party::find(ctx, self.0.parent_id?).await
        }

        /// Its branches (chi nhánh), in the order of their codes.
        async fn branches(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
            let rows = ctx.reader().load_one(BranchesOfParty(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Party::from).collect())
        }

        /// The place it is organised for (địa bàn).
        async fn place(&self, ctx: &Context<'_>) -> Option<Result<Place>> {
            Place::find(ctx, self.0.place_id?).await
        }

        /// Whether it is a committee of the Fatherland Front (Ủy ban MTTQ).
        async fn is_front(&self) -> bool {
            self.0.is_front
        }
    }
}

party_type! {
    /// Postal, telecom or IT company (doanh nghiệp bưu chính, viễn thông, công nghệ thông tin).
    TelecomCompany {
        /// Its head office (đơn vị cấp trên); null for a head office.
        async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
            Party::find(ctx, self.0.parent_id?).await
        }

        /// Its branches (chi nhánh), in the order of their codes.
        async fn branches(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
            let rows = ctx.reader().load_one(BranchesOfParty(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Party::from).collect())
        }

        /// What the company does (lĩnh vực); null only if the registry does not know.
        async fn sector(&self) -> Option<TelecomSector> {
            self.0.sector.map(Into::into)
        }
    }
}

party_type! {
    /// Commercial bank (ngân hàng thương mại).
    Bank {
        /// Its head office (đơn vị cấp trên); null for a head office.
        async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
            Party::find(ctx, self.0.parent_id?).await
        }

        /// Its branches (chi nhánh), in the order of their codes.
        async fn branches(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
            let rows = ctx.reader().load_one(BranchesOfParty(self.0.id)).await?;
            Ok(rows.unwrap_or_default().into_iter().map(Party::from).collect())
        }
    }
}
