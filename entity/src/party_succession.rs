//! Which party carries on for another, and from which day.

use sea_orm::entity::prelude::*;

use crate::id::{DocumentId, PartyId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party_succession")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub predecessor_id: PartyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub successor_id: PartyId,
    pub effective_on: Date,
    pub document_id: Option<DocumentId>,
}

impl ActiveModelBehavior for ActiveModel {}
