//! What goes in about needs: filters, orders, and the inputs of mutations.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::{
    id::{ActivityKindId, PartyId, PlaceId},
    need,
};
use sea_orm::Condition;
use uuid::Uuid;

use super::NeedStatusFilter;
use crate::{
    authz::Viewer,
    domain::need::read,
    graphql::{
        filter::{DateFilter, Filter, IdFilter, ids},
        paging::{By, Order},
        scalar::{Date, Decimal},
    },
};

/// How to name one need (cách chỉ một nhu cầu): exactly one of these.
#[derive(OneofObject)]
pub enum NeedBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By the reference that its authority gave it (theo mã tham chiếu).
    ExternalReference(NeedByExternalReference),
}

/// A need as its authority refers to it (mã tham chiếu của đơn vị).
#[derive(InputObject)]
pub struct NeedByExternalReference {
    /// Code of the authority whose need it is (mã bên nêu nhu cầu).
    pub raised_by_code: String,
    /// The reference as it was given (mã tham chiếu).
    pub reference: String,
}

/// Which needs (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct NeedFilter {
    /// The commune that lacks it (xã có nhu cầu).
    pub commune: Option<IdFilter>,
    /// What it lacks (loại hoạt động).
    pub activity: Option<IdFilter>,
    /// Whether it still stands (trạng thái).
    pub status: Option<NeedStatusFilter>,
    /// Whether it is met (đã được đáp ứng), by the commitments that you may see.
    pub met: Option<bool>,
    /// The authority whose need it is (bên nêu nhu cầu).
    pub raised_by: Option<IdFilter>,
    /// Day by which it is needed (thời hạn).
    pub due_on: Option<DateFilter>,
}

impl NeedFilter {
    pub fn condition(&self, viewer: &Viewer) -> Condition {
        use need::Column;
        let all = Condition::all()
            .add(ids::<PlaceId>(&self.commune, Column::CommuneId))
            .add(ids::<ActivityKindId>(&self.activity, Column::ActivityId))
            .add(self.status.on(Column::Status))
            .add(ids::<PartyId>(&self.raised_by, Column::RaisedById))
            .add(self.due_on.on(Column::DueOn));
        match self.met {
            Some(true) => all.add(read::met(viewer)),
            Some(false) => all.add(read::met(viewer).not()),
            None => all,
        }
    }
}

/// In which order needs come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum NeedOrder {
    /// The first due first (đến hạn trước).
    #[default]
    Due,
    /// The latest raised first (mới nêu trước).
    Newest,
    /// The earliest raised first (nêu sớm trước).
    Oldest,
}

impl From<NeedOrder> for Order<need::Entity> {
    fn from(order: NeedOrder) -> Self {
        let raised = |descending| Self { column: need::Column::Id, by: By::Id, descending };
        match order {
            NeedOrder::Due => Self {
                column: need::Column::DueOn,
                by: By::Date(|row| row.due_on),
                descending: false,
            },
            NeedOrder::Newest => raised(true),
            NeedOrder::Oldest => raised(false),
        }
    }
}

/// A new need (nhu cầu mới).
#[derive(InputObject)]
pub struct RaiseNeedInput {
    /// The commune that lacks it (xã có nhu cầu), which exists today.
    pub commune_id: ID,
    /// What it lacks (loại hoạt động).
    pub activity_id: ID,
    /// How much of it (số lượng): more than 0, in the activity's unit, with no more digits after
    /// the point than the activity has.
    pub quantity: Decimal,
    /// Day by which it is needed (thời hạn), today or later.
    pub due_on: Date,
    /// In the commune's own words (nội dung), at most 2,000 characters, without any resident's data.
    #[graphql(default)]
    pub text: String,
    /// The authority's own reference (mã tham chiếu của đơn vị): at most 64 of `A–Z`, `a–z`, `0–9`,
    /// `.`, `_`, `/` and `-`, a letter first, no more than 8 digits in a row; unique among its needs.
    pub external_reference: Option<String>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// Taking a need back (rút nhu cầu).
#[derive(InputObject)]
pub struct WithdrawNeedInput {
    /// The need (nhu cầu).
    pub id: ID,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}
