//! What boards are summed from: one row per place, activity, half-month, giver, participants,
//! place of the commitment and disclosure. It follows from the ledger and is never typed.

use sea_orm::entity::prelude::*;

use crate::{
    commitment::Disclosure,
    id::{ActivityKindId, ParticipantSetId, PartyId, PlaceId},
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "board_cell")]
pub struct Model {
    /// The commune of deliveries, the commitment's place for what is promised.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub activity_id: ActivityKindId,
    /// Its first day: the 1st or the 15th.
    #[sea_orm(primary_key, auto_increment = false)]
    pub half_month: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub giver_id: PartyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub participants_id: ParticipantSetId,
    /// By which, with the participants and the disclosure, it is decided who sees the row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub commitment_place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub disclosure: Disclosure,
    /// By due date, of commitments that are active or closed; all in units of 10^−precision.
    pub promised: i64,
    /// By date of delivery, like the four below; defined as in `commitment`.
    pub reported: i64,
    pub confirmed: i64,
    pub unverified: i64,
    pub disputed: i64,
    pub difference: i64,
}

impl ActiveModelBehavior for ActiveModel {}
