//! One state change. The log is append-only and chained: each hash covers the one before it.

use sea_orm::entity::prelude::*;

use crate::id::{ApiTokenId, EventId, MemberId, PartyId, PlaceId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// From 1, without gaps; commit order is log order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    #[sea_orm(unique)]
    pub id: EventId,
    /// Such as `PARTY_DEFINED`.
    pub r#type: String,
    /// TypeID of the object that changed.
    pub subject: String,
    pub giver_id: Option<PartyId>,
    pub commune_id: Option<PlaceId>,
    /// The party that acted; null for the operator at the command line.
    pub actor_id: Option<PartyId>,
    pub member_id: Option<MemberId>,
    pub token_id: Option<ApiTokenId>,
    pub recorded_at: DateTimeUtc,
    /// Before and after of the changed fields: the exact JSON text that was hashed.
    #[sea_orm(column_type = "Text")]
    pub data: String,
    /// SHA-256 over the previous hash and this row, lower-case hexadecimal.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
