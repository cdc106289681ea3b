//! Arguments of queries and mutations about parties.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined, OneofObject};
use entity::{
    id::{PartyId, PlaceId},
    party,
};
use sea_orm::Condition;
use uuid::Uuid;

use super::{PartyKind, PartyKindFilter, TelecomSector};
use crate::graphql::{
    filter::{Filter, IdFilter, StringFilter, ids, search, valid_on},
    paging::{By, Order},
    scalar::Date,
};

/// How to name one party (cách chỉ một bên): exactly one of these.
#[derive(OneofObject)]
pub enum PartyBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its code (mã), which is unique for ever.
    Code(String),
}

/// Which parties (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct PartyFilter {
    /// Id (mã đối tượng).
    pub id: Option<IdFilter>,
    /// Code (mã).
    pub code: Option<StringFilter>,
    /// Kind (loại).
    pub kind: Option<PartyKindFilter>,
    /// An authority's own unit, a department's province, a mass organisation's area (địa bàn).
    pub place: Option<IdFilter>,
    /// Its head office (đơn vị cấp trên).
    pub parent: Option<IdFilter>,
    /// Parties that exist on this date (còn hiệu lực tại ngày).
    pub valid_on: Option<Date>,
    /// Words of the name or code, from the start of a word; case, diacritics and đ/Đ do not
    /// matter (tìm theo tên).
    pub search: Option<String>,
}

impl PartyFilter {
    pub fn condition(&self) -> Condition {
        use party::Column;
        let mut all = Condition::all()
            .add(ids::<PartyId>(&self.id, Column::Id))
            .add(self.code.on(Column::Code))
            .add(self.kind.on(Column::Kind))
            .add(ids::<PlaceId>(&self.place, Column::PlaceId))
            .add(ids::<PartyId>(&self.parent, Column::ParentId));
        if let Some(Date(on)) = self.valid_on {
            all = all.add(valid_on(Column::ValidFrom, Column::ValidTo, on));
        }
        all.add(search(&self.search, Column::SearchKey))
    }
}

/// In which order parties come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum PartyOrder {
    /// By code (theo mã).
    #[default]
    Code,
    /// By name without diacritics (theo tên).
    Name,
}

impl From<PartyOrder> for Order<party::Entity> {
    fn from(order: PartyOrder) -> Self {
        let descending = false;
        match order {
            PartyOrder::Code => Self {
                column: party::Column::Code,
                by: By::Text(|row| row.code.clone()),
                descending,
            },
            PartyOrder::Name => Self {
                column: party::Column::SearchKey,
                by: By::Text(|row| row.search_key.clone()),
                descending,
            },
        }
    }
}

/// A new party (bên tham gia mới).
#[derive(InputObject)]
pub struct DefinePartyInput {
    /// Kind (loại); it never changes.
    pub kind: PartyKind,
    /// Code (mã): 2 to 32 of A–Z, 0–9 and hyphen, a letter first. Unique for ever.
    pub code: String,
    /// Name in Vietnamese (tên), at most 200 characters.
    pub name: String,
    /// Name in English (tên tiếng Anh), at most 200 characters.
    pub name_en: Option<String>,
    /// An authority's own unit, a department's province, a mass organisation's area (địa bàn);
    /// none for companies and banks.
    pub place_id: Option<ID>,
    /// Head office (đơn vị cấp trên), of the same kind; only for companies, banks and mass
    /// organisations.
    pub parent_id: Option<ID>,
    /// What a telecom company does (lĩnh vực); required for it and for nobody else.
    pub sector: Option<TelecomSector>,
    /// Whether a mass organisation is a committee of the Front (Ủy ban MTTQ).
    #[graphql(default)]
    pub is_front: bool,
    /// What every name begins with that it adds to the federated graph (tiền tố): 3 to 16 of a–z
    /// and 0–9, a letter first. It never changes.
    pub prefix: Option<String>,
    /// First day of its existence (hiệu lực từ).
    pub valid_from: Date,
    /// First day on which it no longer exists (hết hiệu lực từ).
    pub valid_to: Option<Date>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// What changes in a party (nội dung chỉnh sửa); what is left out stays, null empties.
#[derive(InputObject)]
pub struct RevisePartyInput {
    /// The party (bên).
    pub id: ID,
    /// Name in Vietnamese (tên), at most 200 characters.
    pub name: Option<String>,
    /// Name in English (tên tiếng Anh), at most 200 characters.
    pub name_en: MaybeUndefined<String>,
    /// Head office (đơn vị cấp trên), of the same kind.
    pub parent_id: MaybeUndefined<ID>,
    /// First day on which it no longer exists (hết hiệu lực từ).
    pub valid_to: MaybeUndefined<Date>,
    /// What every name begins with that it adds to the federated graph (tiền tố): 3 to 16 of a–z
    /// and 0–9, a letter first. Once set, it never changes.
    pub prefix: Option<String>,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// That one party carries on for another (kế thừa). The predecessor ends on that day; a party may
/// have several successors, all from the same day.
#[derive(InputObject)]
pub struct RecordPartySuccessionInput {
    /// The party that ends (bên tiền nhiệm).
    pub predecessor_id: ID,
    /// The party that carries on (bên kế thừa).
    pub successor_id: ID,
    /// The day on which it takes over (ngày kế thừa).
    pub effective_on: Date,
    /// The document that says so (văn bản căn cứ).
    pub document_id: Option<ID>,
    /// The version of the predecessor this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}
