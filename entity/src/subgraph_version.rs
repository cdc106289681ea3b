//! What a party published as its subgraph, word for word. At most one version of a subgraph is live
//! and at most one waits; what was published never changes.

use sea_orm::entity::prelude::*;

use crate::{
    id::{ApiTokenId, MemberId, PartyId, SubgraphId, SubgraphVersionId},
    subgraph_approval::Kind,
    supergraph::Changes,
    text_enum,
};

text_enum!(State {
    /// The coordinator has to approve something of it.
    AwaitingApproval,
    /// Part of the graph that is served.
    Live,
    /// Another version took its place, or the graph went back to one without it.
    Replaced,
    /// The coordinator declined it.
    Declined,
    /// Another version was published, or the subgraph retired, while it waited.
    Withdrawn,
    /// The subgraph was retired while it was live.
    Retired,
});

/// Something that the coordinator has to approve.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Need {
    pub kind: Kind,
    pub value: String,
}

/// What the coordinator has to approve, in one JSON column.
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
pub struct Needs(pub Vec<Need>);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subgraph_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubgraphVersionId,
    pub subgraph_id: SubgraphId,
    /// Whose the subgraph is.
    pub party_id: PartyId,
    /// Counts the versions of the subgraph, from 1.
    pub number: i32,
    pub url: String,
    pub sdl: String,
    /// SHA-256 of the SDL, lower-case hexadecimal.
    pub hash: String,
    /// Whether it may take away what is not in use.
    pub allow_breaking: bool,
    pub state: State,
    /// What of it nobody had approved when it was published.
    #[sea_orm(column_type = "Json")]
    pub needs: Needs,
    /// What clients see change by it.
    #[sea_orm(column_type = "Json")]
    pub changes: Changes,
    pub created_at: DateTimeUtc,
    /// The person who published it; null for a token.
    pub member_id: Option<MemberId>,
    pub token_id: Option<ApiTokenId>,
    /// When the coordinator approved or declined it.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was declined.
    pub reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
