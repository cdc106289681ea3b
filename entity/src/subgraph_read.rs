//! A field of ours whose value a version of a subgraph is sent, as a key or by `@requires`, or gives
//! itself by `@provides`.

use sea_orm::entity::prelude::*;

use crate::id::SubgraphVersionId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subgraph_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: SubgraphVersionId,
    /// Type and field, such as `Commune.code`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub coordinate: String,
}

impl ActiveModelBehavior for ActiveModel {}
