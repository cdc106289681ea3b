//! That the router may send the value of a field of ours to a party's subgraph.

use sea_orm::entity::prelude::*;

use crate::id::{FieldGrantId, PartyId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "field_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FieldGrantId,
    pub party_id: PartyId,
    /// Type and field, such as `Commune.code`.
    pub coordinate: String,
    pub granted_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
