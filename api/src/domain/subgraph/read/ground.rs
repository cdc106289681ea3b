//! What a publication is decided on: the graph that is served and what it is made of, read as of one
//! instant. [`Ground::revision`] tells later whether any of it has changed.

use std::collections::{HashMap, HashSet};

use entity::{
    id::{PartyId, SubgraphId, SubgraphVersionId, SupergraphId},
    subgraph, subgraph_approval,
    subgraph_version::{self, Need, State},
    supergraph, supergraph_head, supergraph_part,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::{
    app::App,
    domain::subgraph::ownership::Owner,
    error::{Error, Result},
};

/// A version that is part of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub subgraph: SubgraphId,
    pub version: SubgraphVersionId,
    pub party: PartyId,
    pub name: String,
    pub url: String,
    pub sdl: String,
}

/// The graph that is served.
#[derive(Clone, Debug)]
pub struct Served {
    pub id: SupergraphId,
    pub number: i32,
    pub api_schema: String,
    pub own_hash: String,
}

#[derive(Clone, Debug)]
pub struct Ground {
    pub revision: i64,
    /// None before the first was composed.
    pub served: Option<Served>,
    /// The live versions of all subgraphs, in the order of their names.
    pub parts: Vec<Part>,
}

impl Ground {
    pub async fn read(app: &App) -> Result<Self> {
        let db = app.db.snapshot().await?;
        let ground = Self::of(&db).await;
        db.rollback().await?;
        ground
    }

    async fn of(db: &impl ConnectionTrait) -> Result<Self> {
        let head = head(db).await?;
        let served = match head.number {
            Some(number) => by_number(db, number).await?,
            None => None,
        };
        let served = served.map(|row| Served {
            id: row.id,
            number: row.number,
            api_schema: row.api_schema,
            own_hash: row.own_hash,
        });
        let live = subgraph_version::Entity::find()
            .filter(subgraph_version::Column::State.eq(State::Live));
        let parts = parts(db, live).await?.into_iter().map(|(part, _)| part);
        Ok(Self { revision: head.revision, served, parts: parts.collect() })
    }
}

/// Versions with their subgraphs, in the order of these's names.
async fn parts(
    db: &impl ConnectionTrait,
    versions: Select<subgraph_version::Entity>,
) -> Result<Vec<(Part, subgraph::Model)>> {
    let versions = versions.all(db).await?;
    let subgraphs = subgraph::Entity::find()
        .filter(subgraph::Column::Id.is_in(versions.iter().map(|row| row.subgraph_id)))
        .order_by_asc(subgraph::Column::Name)
        .all(db)
        .await?;
    let mut versions: HashMap<_, _> =
        versions.into_iter().map(|row| (row.subgraph_id, row)).collect();
    let part = |subgraph: subgraph::Model| {
        let version = versions.remove(&subgraph.id)?;
        let part = Part {
            subgraph: subgraph.id,
            version: version.id,
            party: version.party_id,
            name: subgraph.name.clone(),
            url: version.url,
            sdl: version.sdl,
        };
        Some((part, subgraph))
    };
    Ok(subgraphs.into_iter().filter_map(part).collect())
}

/// The one row that says what is served.
pub async fn head(db: &impl ConnectionTrait) -> Result<supergraph_head::Model> {
    let head = supergraph_head::Entity::find_by_id(1).one(db).await?;
    head.ok_or_else(|| Error::internal("the registry of subgraphs has no head"))
}

/// The same, locked until the end of the transaction: whoever changes what the graph is made of takes
/// turns.
pub async fn locked_head(db: &impl ConnectionTrait) -> Result<supergraph_head::Model> {
    let head = supergraph_head::Entity::find_by_id(1).lock_exclusive().one(db).await?;
    head.ok_or_else(|| Error::internal("the registry of subgraphs has no head"))
}

pub async fn by_number(
    db: &impl ConnectionTrait,
    number: i32,
) -> Result<Option<supergraph::Model>> {
    Ok(supergraph::Entity::find().filter(supergraph::Column::Number.eq(number)).one(db).await?)
}

/// The versions that a graph was composed of, with their subgraphs.
pub async fn parts_of(
    db: &impl ConnectionTrait,
    graph: SupergraphId,
) -> Result<Vec<(Part, subgraph::Model)>> {
    let versions = supergraph_part::Entity::find()
        .filter(supergraph_part::Column::SupergraphId.eq(graph))
        .select_only()
        .column(supergraph_part::Column::VersionId)
        .into_tuple::<SubgraphVersionId>()
        .all(db)
        .await?;
    let versions =
        subgraph_version::Entity::find().filter(subgraph_version::Column::Id.is_in(versions));
    parts(db, versions).await
}

/// Whose a publication is, with what it was granted today.
pub async fn owner(db: &impl ConnectionTrait, party: PartyId, prefix: &str) -> Result<Owner> {
    let grants = super::granted(db, party).await?;
    let grants = grants.into_iter().map(|grant| grant.coordinate).collect();
    Ok(Owner { prefix: prefix.to_owned(), grants })
}

/// What the coordinator has approved of a subgraph.
pub async fn approved(db: &impl ConnectionTrait, subgraph: SubgraphId) -> Result<HashSet<Need>> {
    let rows = subgraph_approval::Entity::find()
        .filter(subgraph_approval::Column::SubgraphId.eq(subgraph))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Need { kind: row.kind, value: row.value }).collect())
}
