//! What a party was last told that it reaches, so that a change can be told too.

use sea_orm::entity::prelude::*;

use crate::id::PartyId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub party_id: PartyId,
    /// TypeID of a place, or of a party whose rows are also one's own; followed by `#` and how where
    /// that is less than all of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
}

impl ActiveModelBehavior for ActiveModel {}
