//! Parties on the graph: the interface `Party` and its seven types.

use async_graphql::{Context, Description, ID, Interface, Object};
use entity::{
    id::PartyId,
    party::{self, Kind},
    party_mark,
};

use super::read::{
    self, BranchesOfParty, MarksOfParty, PartyById, PredecessorsOfParty, SuccessorsOfParty,
};
use crate::{
    domain::{
        assignment::{graphql::Assignment, read::AssignmentsOfDepartment},
        document::graphql::Document,
        place::graphql::{Commune, District, Place, Province},
    },
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, scalar::Date},
    refusal::Language,
};

mod input;
mod root;

pub use input::{
    DefinePartyInput, PartyBy, PartyFilter, PartyOrder, RecordPartySuccessionInput,
    RevisePartyInput,
};
pub use root::{PartyMutation, PartyQuery};

row_enum! {
    /// Kind of party (loại bên tham gia).
    PartyKind, PartyKindFilter = party::Kind {
        /// People's Committee of a province (UBND cấp tỉnh).
        ProvincialAuthority,
        /// Provincial department or agency (sở, ban, ngành).
        Department,
        /// People's Committee of a district (UBND cấp huyện), until 2025-06-30.
        DistrictAuthority,
        /// People's Committee of a commune (UBND cấp xã).
        CommuneAuthority,
        /// Fatherland Front, union or association (MTTQ và các đoàn thể).
        MassOrganization,
        /// Postal, telecom or IT company (doanh nghiệp bưu chính, viễn thông, CNTT).
        TelecomCompany,
        /// Commercial bank (ngân hàng thương mại).
        Bank,
    }
}

row_enum! {
    /// What a company of the telecom kind does (lĩnh vực).
    TelecomSector, TelecomSectorFilter = party::Sector {
        /// Postal services (bưu chính).
        Post,
        /// Telecommunications (viễn thông).
        Telecom,
        /// Information technology (công nghệ thông tin).
        It,
    }
}

row_enum! {
    /// A part in running the programme (vai trò trong chương trình).
    PartyMarkKind, PartyMarkKindFilter = party_mark::Mark {
        /// Runs the programme and keeps its registry (đơn vị điều phối).
        Coordinator,
        /// Leads the programme (lãnh đạo).
        Leadership,
    }
}

/// Whoever can owe something (bên tham gia). Its code is unique for ever.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Opaque stable id (mã đối tượng)."),
    field(name = "code", ty = "&str", desc = "Code of the party, unique for ever (mã)."),
    field(name = "kind", ty = "PartyKind", desc = "Kind of party (loại)."),
    field(
        name = "name",
        ty = "&str",
        desc = "Name (tên); in English only where one is known.",
        arg(
            name = "language",
            ty = "Option<Language>",
            desc = "Language; that of the request if it is left out."
        ),
    ),
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
    field(name = "version", ty = "i32", desc = "Counts the changes of this object (phiên bản)."),
    field(
        name = "marks",
        ty = "Vec<PartyMark>",
        desc = "Its own marks as coordinator or leadership; they pass to its successors (vai trò)."
    ),
    field(
        name = "predecessors",
        ty = "Vec<PartySuccession>",
        desc = "The parties it carries on for (bên tiền nhiệm)."
    ),
    field(
        name = "successors",
        ty = "Vec<PartySuccession>",
        desc = "The parties that carry on for it (bên kế thừa)."
    )
)]
pub enum Party {
    ProvincialAuthority(ProvincialAuthority),
    Department(Department),
    DistrictAuthority(DistrictAuthority),
    CommuneAuthority(CommuneAuthority),
    MassOrganization(MassOrganization),
    TelecomCompany(TelecomCompany),
    Bank(Bank),
}

impl From<party::Model> for Party {
    fn from(row: party::Model) -> Self {
        match row.kind {
            Kind::ProvincialAuthority => Self::ProvincialAuthority(ProvincialAuthority(row)),
            Kind::Department => Self::Department(Department(row)),
            Kind::DistrictAuthority => Self::DistrictAuthority(DistrictAuthority(row)),
            Kind::CommuneAuthority => Self::CommuneAuthority(CommuneAuthority(row)),
            Kind::MassOrganization => Self::MassOrganization(MassOrganization(row)),
            Kind::TelecomCompany => Self::TelecomCompany(TelecomCompany(row)),
            Kind::Bank => Self::Bank(Bank(row)),
        }
    }
}

impl Party {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: PartyId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(PartyById(id)).await.transpose()?;
        Some(row.map(Self::from))
    }
}

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
            async fn code(&self) -> &str {
                &self.0.code
            }

            /// Kind of party (loại).
            async fn kind(&self) -> PartyKind {
                self.0.kind.into()
            }

            /// Name (tên); in English only where one is known.
            async fn name(
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

            /// Counts the changes of this object (phiên bản).
            async fn version(&self) -> i32 {
                self.0.version
            }

            /// Its own marks as coordinator or leadership; they pass to its successors (vai trò).
            async fn marks(&self, ctx: &Context<'_>) -> Result<Vec<PartyMark>> {
                let rows = ctx.reader().load_one(MarksOfParty(self.0.id)).await?;
                Ok(rows.unwrap_or_default().into_iter().map(PartyMark).collect())
            }

            /// The parties it carries on for (bên tiền nhiệm), in the order of their codes.
            async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<PartySuccession>> {
                let edges = ctx.reader().load_one(PredecessorsOfParty(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PartySuccession).collect())
            }

            /// The parties that carry on for it (bên kế thừa), in the order of their codes.
            async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<PartySuccession>> {
                let edges = ctx.reader().load_one(SuccessorsOfParty(self.0.id)).await?;
                Ok(edges.unwrap_or_default().into_iter().map(PartySuccession).collect())
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

/// A mark as coordinator or leadership of the programme in a province (vai trò).
#[derive(Description)]
pub struct PartyMark(party_mark::Model);

#[Object(use_type_description)]
impl PartyMark {
    /// Which part (vai trò).
    async fn mark(&self) -> PartyMarkKind {
        self.0.mark.into()
    }

    /// The province it was made for (tỉnh); it follows that province's successions.
    async fn province(&self, ctx: &Context<'_>) -> Option<Result<Province>> {
        Province::find(ctx, self.0.province_id).await
    }

    /// First day (từ ngày).
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day on which it no longer holds (đến trước ngày); null while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }
}

/// One edge between a party and one that carries on for it (quan hệ kế thừa).
#[derive(Description)]
pub struct PartySuccession(read::Succession);

#[Object(use_type_description)]
impl PartySuccession {
    /// The day on which the successor took over (ngày kế thừa).
    async fn effective_on(&self) -> Date {
        Date(self.0.0.effective_on)
    }

    /// The document that says so (văn bản căn cứ); null if none is given or you may not see it.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        Document::find(ctx, self.0.0.document_id?).await
    }

    /// The party at the other end of the edge (bên ở đầu kia).
    async fn party(&self) -> Party {
        self.0.1.clone().into()
    }
}
