//! A key that a federation router shows to us. The secret is shown once; the row keeps its hash.

use sea_orm::entity::prelude::*;

use crate::id::RouterKeyId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "router_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RouterKeyId,
    /// What the operator calls the router; of keys that are not revoked, one has it.
    pub name: String,
    /// SHA-256 of the whole key, lower-case hexadecimal.
    #[sea_orm(unique)]
    pub hash: String,
    pub created_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
