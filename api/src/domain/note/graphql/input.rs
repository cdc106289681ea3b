//! What goes in about notes: filters, orders, and the inputs of mutations.

use async_graphql::{Enum, ID, InputObject};
use entity::{
    commitment, delivery,
    id::{CommitmentId, DeliveryId, NeedId, PartyId},
    need, note,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::NoteStatusFilter;
use crate::{
    authz::Viewer,
    domain::{commitment::read as commitments, delivery::read as deliveries, need::read as needs},
    graphql::{
        filter::{DateFilter, Filter, IdFilter, ids},
        paging::{By, Order},
        scalar::Date,
    },
};

/// Which notes (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct NoteFilter {
    /// The need it is on (nhu cầu); only needs that you may see count.
    pub need: Option<IdFilter>,
    /// The commitment it is on, itself or by a delivery (cam kết); only commitments that you may
    /// see count.
    pub commitment: Option<IdFilter>,
    /// The delivery it is on (kết quả thực hiện); only deliveries that you may see count.
    pub delivery: Option<IdFilter>,
    /// Who wrote it (bên viết).
    pub written_by: Option<IdFilter>,
    /// Who is to act on it (bên nhận).
    pub addressee: Option<IdFilter>,
    /// Whether something is left to do (trạng thái).
    pub status: Option<NoteStatusFilter>,
    /// Day by which the addressee is to act (thời hạn).
    pub due_on: Option<DateFilter>,
}

impl NoteFilter {
    pub fn condition(&self, viewer: &Viewer) -> Condition {
        use note::Column;
        let mut all = Condition::all()
            .add(ids::<PartyId>(&self.written_by, Column::WrittenById))
            .add(ids::<PartyId>(&self.addressee, Column::AddresseeId))
            .add(self.status.on(Column::Status))
            .add(self.due_on.on(Column::DueOn));
        if let Some(wanted) = &self.need {
            let id = need::Column::Id;
            let needs = needs::visible_to(viewer).filter(wanted.on::<NeedId>(id));
            let needs = needs.select_only().column(id);
            all = all.add(Column::NeedId.in_subquery(needs.into_query()));
        }
        if let Some(wanted) = &self.commitment {
            let id = commitment::Column::Id;
            let commitments = commitments::visible_to(viewer).filter(wanted.on::<CommitmentId>(id));
            let commitments = commitments.select_only().column(id);
            all = all.add(Column::CommitmentId.in_subquery(commitments.into_query()));
        }
        if let Some(wanted) = &self.delivery {
            let id = delivery::Column::Id;
            let deliveries = deliveries::visible_to(viewer).filter(wanted.on::<DeliveryId>(id));
            let deliveries = deliveries.select_only().column(id);
            all = all.add(Column::DeliveryId.in_subquery(deliveries.into_query()));
        }
        all
    }
}

/// In which order notes come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoteOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

impl From<NoteOrder> for Order<note::Entity> {
    fn from(order: NoteOrder) -> Self {
        Self { column: note::Column::Id, by: By::Id, descending: order == NoteOrder::Newest }
    }
}

/// A new note (ghi chú mới), on exactly one of a need, a commitment and a delivery.
#[derive(InputObject)]
pub struct WriteNoteInput {
    /// The need it is on (nhu cầu).
    pub need_id: Option<ID>,
    /// The commitment it is on (cam kết).
    pub commitment_id: Option<ID>,
    /// The delivery it is on (kết quả thực hiện).
    pub delivery_id: Option<ID>,
    /// What it says (nội dung), at most 2,000 characters, without any resident's data.
    pub text: String,
    /// Who is to act on it (bên nhận): any party that exists today, which may then read the note
    /// even where it may not see the object.
    pub addressee_id: Option<ID>,
    /// Day by which the addressee is to act (thời hạn), today or later; only with an addressee.
    pub due_on: Option<Date>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// That nothing is left to do about a note (hoàn thành ghi chú).
#[derive(InputObject)]
pub struct DoneNoteInput {
    /// The note (ghi chú).
    pub id: ID,
    /// What to say to it (trả lời), at most 2,000 characters.
    #[graphql(default)]
    pub answer: String,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}
