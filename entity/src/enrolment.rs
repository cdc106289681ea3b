//! A commune takes part in the programme, from–to, under a document.

use sea_orm::entity::prelude::*;

use crate::{
    id::{DocumentId, EnrolmentId, PlaceId},
    text_enum,
};

text_enum!(Stage { Pilot, Replicated });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnrolmentId,
    pub commune_id: PlaceId,
    pub stage: Stage,
    pub document_id: DocumentId,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
