//! Changing what the graph is made of. Composing happens outside of any transaction, on the graph as it
//! was at some instant; each write then takes its turn at the head of the registry, finds whether
//! anything has changed since, and begins again if so. So a graph is served whole or not at all, and
//! every graph follows from the one before it.

use composer::Composed;
use entity::{
    id::{PartyId, SubgraphId, SupergraphId},
    subgraph_version::{self, State},
    supergraph::{self, Changes, Reason},
    supergraph_head, supergraph_part,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{own, pipeline::Report, read::ground};
use crate::{
    error::{Error, Result},
    tx::{Done, Tx, sha256},
};

mod approve;
mod grant;
mod publish;
mod retire;
mod roll_back;
mod start;

pub use approve::approve_subgraph;
pub use grant::{grant_fields, revoke_grant};
pub use publish::{check_subgraph, publish_subgraph};
pub use retire::retire_subgraph;
pub use roll_back::roll_back_supergraph;
pub use start::compose_at_start;

/// How often something is composed anew because the graph has changed meanwhile.
const ATTEMPTS: u8 = 4;

/// What became of a change, and what the checks found where they were made.
pub struct Judged<Id> {
    pub done: Result<Done<Id>>,
    pub report: Option<Report>,
}

/// That the graph went on changing while something was composed.
const fn overtaken() -> Error {
    Error::Unavailable("what others are publishing")
}

/// The head of the registry, locked, if nothing has changed since a revision of it was read.
async fn turn(tx: &Tx, revision: i64) -> Result<Option<supergraph_head::Model>> {
    let head = ground::locked_head(&**tx).await?;
    Ok((head.revision == revision).then_some(head))
}

/// Counts a change of what the graph is made of.
async fn count(tx: &Tx, head: supergraph_head::Model) -> Result<()> {
    let revision = head.revision + 1;
    let mut head = head.into_active_model();
    head.revision = Set(revision);
    head.update(&**tx).await?;
    Ok(())
}

/// A graph that is to be served.
struct Swap<'a> {
    composed: &'a Composed,
    changes: &'a Changes,
    reason: Reason,
    subgraph: Option<SubgraphId>,
    goes_back_to: Option<i32>,
}

/// Serves a graph from the commit on: a new row, with the versions that are live now as its parts.
async fn swap(tx: &mut Tx, head: supergraph_head::Model, swap: Swap<'_>) -> Result<SupergraphId> {
    let newest: Option<i32> = supergraph::Entity::find()
        .select_only()
        .column(supergraph::Column::Number)
        .order_by_desc(supergraph::Column::Number)
        .into_tuple()
        .one(&**tx)
        .await?;
    let row = supergraph::Model {
        id: tx.id(),
        number: newest.map_or(1, |newest| newest + 1),
        supergraph: swap.composed.supergraph.clone(),
        api_schema: swap.composed.api_schema.clone(),
        hash: sha256(&swap.composed.supergraph),
        own_hash: own::hash().to_owned(),
        reason: swap.reason,
        subgraph_id: swap.subgraph,
        goes_back_to: swap.goes_back_to,
        changes: swap.changes.clone(),
        created_at: tx.now(),
    };
    let (id, number) = (row.id, row.number);
    let parts = live(tx).await?;
    let data = json!({ "before": { "number": head.number }, "after": { "number": number,
        "hash": row.hash, "reason": row.reason, "goesBackTo": row.goes_back_to,
        "versions": parts.iter().map(|part| part.id.to_string()).collect::<Vec<_>>() } });
    // Coordinator and leadership read the whole log.
    tx.record_for("SUPERGRAPH_COMPOSED", id, [], data);
    row.into_active_model().insert(&**tx).await?;
    for part in parts {
        let part = supergraph_part::ActiveModel {
            supergraph_id: Set(id),
            subgraph_id: Set(part.subgraph_id),
            version_id: Set(part.id),
        };
        supergraph_part::Entity::insert(part).exec_without_returning(&**tx).await?;
    }
    let revision = head.revision + 1;
    let mut head = head.into_active_model();
    head.number = Set(Some(number));
    head.revision = Set(revision);
    head.update(&**tx).await?;
    Ok(id)
}

/// The versions that are live.
async fn live(tx: &Tx) -> Result<Vec<subgraph_version::Model>> {
    let live = subgraph_version::Entity::find()
        .filter(subgraph_version::Column::State.eq(State::Live))
        .order_by_asc(subgraph_version::Column::SubgraphId);
    Ok(live.all(&**tx).await?)
}

/// The version of a subgraph in a state, if there is one.
async fn in_state(
    tx: &Tx,
    subgraph: SubgraphId,
    state: State,
) -> Result<Option<subgraph_version::Model>> {
    let version = subgraph_version::Entity::find()
        .filter(subgraph_version::Column::SubgraphId.eq(subgraph))
        .filter(subgraph_version::Column::State.eq(state));
    Ok(version.one(&**tx).await?)
}

/// Brings the version of a subgraph in one state into another, and answers its number.
async fn turn_into(tx: &Tx, subgraph: SubgraphId, from: State, to: State) -> Result<Option<i32>> {
    let Some(version) = in_state(tx, subgraph, from).await? else { return Ok(None) };
    let number = version.number;
    let mut version = version.into_active_model();
    version.state = Set(to);
    version.update(&**tx).await?;
    Ok(Some(number))
}

/// Makes a version the live one of its subgraph.
async fn go_live(tx: &Tx, version: subgraph_version::Model) -> Result<()> {
    turn_into(tx, version.subgraph_id, State::Live, State::Replaced).await?;
    let mut version = version.into_active_model();
    version.state = Set(State::Live);
    version.update(&**tx).await?;
    Ok(())
}

/// Who is told of what happens to a subgraph, beside those who read the whole log.
const fn told(party: PartyId) -> [PartyId; 1] {
    [party]
}
