//! The parties on the giving side of commitments: lead, joint givers and carrier, one row per
//! distinct set, so that what a board is summed from has few rows.

use sea_orm::entity::prelude::*;

use crate::id::ParticipantSetId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_set")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ParticipantSetId,
    /// SHA-256 over the sorted ids.
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
