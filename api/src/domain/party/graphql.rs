//! Parties on the graph: the interface `Party` and its seven types.

use async_graphql::{Context, Description, ID, Interface, Object};
use entity::{
    id::PartyId,
    party::{self, Kind},
    party_mark,
};

use super::read::{self, PartyById};
use crate::{
    domain::{
        commitment::graphql::{Commitment, CommitmentFilter, CommitmentOrder},
        document::graphql::Document,
        place::graphql::Province,
    },
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, paging::nested::Inherited, scalar::Date},
    refusal::Language,
};

mod input;
mod root;
mod types;

pub use input::{
    DefinePartyInput, PartyBy, PartyFilter, PartyOrder, RecordPartySuccessionInput,
    RevisePartyInput,
};
pub use root::{PartyMutation, PartyQuery};
pub use types::{
    Bank, CommuneAuthority, Department, DistrictAuthority, MassOrganization, ProvincialAuthority,
    TelecomCompany,
};

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
        name = "prefix",
        ty = "Option<&str>",
        desc = "What every name begins with that it adds to the federated graph (tiền tố); null where it may add nothing."
    ),
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
    ),
    field(
        name = "owes",
        ty = "Inherited<Commitment>",
        desc = "What it owes (các cam kết của bên này), as giver, joint giver or carrier; what it has to carry on for a predecessor is marked.",
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
        name = "owed",
        ty = "Inherited<Commitment>",
        desc = "What it is owed (các cam kết dành cho địa bàn của bên này): promised to the place it is the authority of, or to a predecessor of that place, which is marked; empty for any other party.",
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
