//! A saved operation that a member wants at hand.

use sea_orm::entity::prelude::*;

use crate::id::{MemberId, SavedOperationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "favourite")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: MemberId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub saved_operation_id: SavedOperationId,
}

impl ActiveModelBehavior for ActiveModel {}
