//! An agent acts for a principal: which acts, where, from–to.

use sea_orm::entity::prelude::*;

use crate::{
    id::{DocumentId, MandateId, PartyId, PlaceId},
    json_set, text_enum,
};

text_enum!(Act { Record, Verify, Accept, RaiseNeed, Report });

json_set!(Acts of Act);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MandateId,
    pub principal_id: PartyId,
    pub agent_id: PartyId,
    #[sea_orm(column_type = "Json")]
    pub acts: Acts,
    /// Where; null for wherever the principal may.
    pub place_id: Option<PlaceId>,
    pub document_id: Option<DocumentId>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    /// Who made it: the principal, its successor, or the coordinator.
    pub made_by_id: PartyId,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
