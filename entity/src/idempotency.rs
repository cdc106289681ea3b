//! What one idempotency key made: the hash of the input as sent and the ids, never the answer.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// The party that acts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub party_id: crate::id::PartyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mutation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Uuid,
    /// SHA-256 of the input, lower-case hexadecimal.
    pub input_hash: String,
    /// For each input row the id made, or the refusal's code, path and params.
    #[sea_orm(column_type = "Json")]
    pub outcome: Json,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
