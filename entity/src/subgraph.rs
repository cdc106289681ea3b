//! A part of the federated graph that a party runs. Its versions, and which of them is served, are
//! in [`super::subgraph_version`].

use sea_orm::entity::prelude::*;

use crate::id::{PartyId, SubgraphId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subgraph")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubgraphId,
    pub party_id: PartyId,
    /// What routers know it by: the party's prefix.
    pub name: String,
    pub created_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
