//! Coordinator and leadership of the programme: marks on a party for a province, from–to.
//! They follow the successions of the party and of the province.

use sea_orm::entity::prelude::*;

use crate::{
    id::{PartyId, PartyMarkId, PlaceId},
    text_enum,
};

text_enum!(Mark { Coordinator, Leadership });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party_mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartyMarkId,
    pub party_id: PartyId,
    pub mark: Mark,
    pub province_id: PlaceId,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
