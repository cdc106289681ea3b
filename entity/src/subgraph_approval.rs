//! Something of a subgraph that the coordinator has approved, once and for all.

use sea_orm::entity::prelude::*;

use crate::{
    id::{SubgraphId, SubgraphVersionId},
    text_enum,
};

text_enum!(Kind {
    /// That there is such a subgraph at all; the value is its name.
    Subgraph,
    /// Where it is asked.
    Url,
    /// A type of ours that it adds its field to.
    ExtendedType,
    /// A field of `Mutation` or `Subscription`.
    RootField,
});

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subgraph_approval")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subgraph_id: SubgraphId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    /// The version that asked for it.
    pub version_id: SubgraphVersionId,
    pub approved_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
