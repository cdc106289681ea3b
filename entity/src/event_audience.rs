//! Whose feed an event may stand in: parties, places, and the nil id for everybody.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_audience")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
}

impl ActiveModelBehavior for ActiveModel {}
