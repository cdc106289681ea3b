//! Other spellings of a place's name that folding does not catch (Sĩ/Sỹ) or that papers use.

use sea_orm::entity::prelude::*;

use crate::id::{PlaceAliasId, PlaceId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlaceAliasId,
    pub place_id: PlaceId,
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
