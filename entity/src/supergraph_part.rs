//! A party's version that is part of a composed graph. Ours is in every one.

use sea_orm::entity::prelude::*;

use crate::id::{SubgraphId, SubgraphVersionId, SupergraphId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supergraph_part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub supergraph_id: SupergraphId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subgraph_id: SubgraphId,
    pub version_id: SubgraphVersionId,
}

impl ActiveModelBehavior for ActiveModel {}
