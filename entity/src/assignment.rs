//! A department helps a commune, from–to, under a document.

use sea_orm::entity::prelude::*;

use crate::id::{AssignmentId, DocumentId, PartyId, PlaceId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    pub department_id: PartyId,
    pub commune_id: PlaceId,
    pub document_id: DocumentId,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
