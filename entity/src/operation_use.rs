//! How often a persisted operation was run on a day: a party's own for that party, whoever ran it; a
//! shared one for the party that ran it.

use sea_orm::entity::prelude::*;

use crate::id::PartyId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operation_use")]
pub struct Model {
    /// SHA-256 of the document, lower-case hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub party_id: PartyId,
    /// The day in Vietnam.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub uses: i64,
    pub last_used_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
