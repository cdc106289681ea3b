//! A party in a set of participants.

use sea_orm::entity::prelude::*;

use crate::id::{ParticipantSetId, PartyId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_set_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub set_id: ParticipantSetId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub party_id: PartyId,
}

impl ActiveModelBehavior for ActiveModel {}
