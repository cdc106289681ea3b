//! A graph composed of ours and of the parties' subgraphs, as it was or is served. Rows are never
//! changed: going back to an earlier graph makes a new row.

use sea_orm::entity::prelude::*;

use crate::{
    id::{SubgraphId, SupergraphId},
    text_enum,
};

text_enum!(
    /// Why it was composed.
    Reason {
        /// A server started whose own schema was not part of it yet.
        Started,
        /// A party published a version that needed no approval.
        Published,
        /// The coordinator approved a version.
        Approved,
        /// A subgraph was retired.
        Retired,
        /// The coordinator went back to an earlier graph.
        RolledBack,
    }
);

/// A change of what clients see, as the composition tells it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// Such as `FIELD_REMOVED`.
    pub kind: String,
    /// What changed, such as `Commune.vidutel`.
    pub path: String,
    pub message: String,
    /// `BREAKING`, `DANGEROUS` or `SAFE`.
    pub criticality: String,
}

/// Changes in one JSON column.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    sea_orm::FromJsonQueryResult,
)]
pub struct Changes(pub Vec<Change>);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supergraph")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SupergraphId,
    /// Counts the graphs of this installation, from 1.
    #[sea_orm(unique)]
    pub number: i32,
    /// For routers.
    pub supergraph: String,
    /// What clients see.
    pub api_schema: String,
    /// SHA-256 of `supergraph`, lower-case hexadecimal.
    pub hash: String,
    /// SHA-256 of our own SDL in it, lower-case hexadecimal.
    pub own_hash: String,
    pub reason: Reason,
    /// The subgraph that changed; null where it was none.
    pub subgraph_id: Option<SubgraphId>,
    /// The graph that it goes back to; null where it goes back to none.
    pub goes_back_to: Option<i32>,
    /// From the graph before it.
    #[sea_orm(column_type = "Json")]
    pub changes: Changes,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
