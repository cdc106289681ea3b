//! A text on a need, a commitment or a delivery, perhaps with somebody to act on it.

use sea_orm::entity::prelude::*;

use crate::{
    id::{CommitmentId, DeliveryId, NeedId, NoteId, PartyId},
    text_enum,
};

text_enum!(Status { Open, Done });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoteId,
    /// Exactly one of `need_id` and `commitment_id` is set.
    pub need_id: Option<NeedId>,
    pub commitment_id: Option<CommitmentId>,
    /// Set with its commitment.
    pub delivery_id: Option<DeliveryId>,
    pub text: String,
    pub written_by_id: PartyId,
    pub addressee_id: Option<PartyId>,
    pub due_on: Option<Date>,
    pub written_at: DateTimeUtc,
    pub status: Status,
    pub answer: Option<String>,
    pub done_by_id: Option<PartyId>,
    pub done_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
