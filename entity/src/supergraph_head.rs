//! The graph that is served: one row, locked by whoever changes what the graph is made of.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supergraph_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Its number; null before the first was composed.
    pub number: Option<i32>,
    /// Counts the changes of versions, approvals and grants, so that nobody decides on what has
    /// changed meanwhile.
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
