//! Selecting subgraphs, their versions, grants, and the graphs composed of them.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    field_grant,
    id::{PartyId, SubgraphId, SubgraphVersionId, SupergraphId},
    party, subgraph, subgraph_approval, subgraph_read,
    subgraph_version::{self, State},
    supergraph, supergraph_part,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};

use crate::{
    app::App,
    authz::Viewer,
    domain::reach::read as reach,
    error::{Error, Result},
    graphql::{
        self,
        context::{Reader, loader, many},
    },
};

pub mod ground;

/// All for coordinator and leadership, one's own party's for everybody else.
pub fn visible_to(viewer: &Viewer) -> Select<subgraph::Entity> {
    let all = subgraph::Entity::find();
    if viewer.oversees() {
        return all;
    }
    all.filter(reach::owns(viewer, subgraph::Column::PartyId))
}

loader!(SubgraphById(SubgraphId): subgraph by id);

/// The live one of a party; it has no other.
pub async fn of_party(
    db: &impl ConnectionTrait,
    party: PartyId,
) -> Result<Option<subgraph::Model>> {
    let live = subgraph::Entity::find()
        .filter(subgraph::Column::PartyId.eq(party))
        .filter(subgraph::Column::RetiredAt.is_null());
    Ok(live.one(db).await?)
}

/// Versions of subgraphs: whoever sees the one sees the others.
pub mod versions {
    use entity::{id::SubgraphVersionId, subgraph_version};
    use sea_orm::{EntityTrait, Iterable, QueryFilter, QuerySelect, Select, prelude::Expr};

    use crate::{authz::Viewer, domain::reach::read as reach, graphql::context::loader};

    /// Without the schemas, which may be large: [`super::SdlOfVersion`].
    pub fn visible_to(viewer: &Viewer) -> Select<subgraph_version::Entity> {
        use subgraph_version::Column;
        let all = subgraph_version::Entity::find().select_only();
        let all = all.columns(Column::iter().filter(|column| !matches!(column, Column::Sdl)));
        let all = all.expr_as(Expr::cust("''"), "sdl");
        if viewer.oversees() {
            return all;
        }
        all.filter(reach::owns(viewer, subgraph_version::Column::PartyId))
    }

    loader!(VersionById(SubgraphVersionId): subgraph_version by id);
}

/// The version of a subgraph that is in this state: live, or waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionInState(pub SubgraphId, pub State);

impl Loader<VersionInState> for Reader {
    type Value = subgraph_version::Model;
    type Error = Error;

    async fn load(
        &self,
        keys: &[VersionInState],
    ) -> Result<HashMap<VersionInState, subgraph_version::Model>> {
        use subgraph_version::Column;
        let rows = versions::visible_to(&self.viewer)
            .filter(Column::SubgraphId.is_in(keys.iter().map(|key| key.0)))
            .filter(Column::State.is_in(keys.iter().map(|key| key.1)))
            .order_by_asc(Column::Number)
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (VersionInState(row.subgraph_id, row.state), row)).collect())
    }
}

/// The schema of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SdlOfVersion(pub SubgraphVersionId);

impl Loader<SdlOfVersion> for Reader {
    type Value = String;
    type Error = Error;

    async fn load(&self, keys: &[SdlOfVersion]) -> Result<HashMap<SdlOfVersion, String>> {
        use subgraph_version::Column;
        let rows: Vec<(SubgraphVersionId, String)> = versions::visible_to(&self.viewer)
            .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column(Column::Id)
            .column(Column::Sdl)
            .into_tuple()
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|(id, sdl)| (SdlOfVersion(id), sdl)).collect())
    }
}

/// What the coordinator approved of a subgraph, in the order of kind and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApprovalsOfSubgraph(pub SubgraphId);

impl Loader<ApprovalsOfSubgraph> for Reader {
    type Value = Vec<subgraph_approval::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[ApprovalsOfSubgraph],
    ) -> Result<HashMap<ApprovalsOfSubgraph, Vec<subgraph_approval::Model>>> {
        use subgraph_approval::Column;
        let seen = visible_to(&self.viewer).select_only().column(subgraph::Column::Id);
        let rows = subgraph_approval::Entity::find()
            .filter(Column::SubgraphId.is_in(keys.iter().map(|key| key.0)))
            .filter(Column::SubgraphId.in_subquery(seen.into_query()))
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::Value)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| ApprovalsOfSubgraph(row.subgraph_id)))
    }
}

/// Fields of ours that a version is sent or gives, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadsOfVersion(pub SubgraphVersionId);

impl Loader<ReadsOfVersion> for Reader {
    type Value = Vec<subgraph_read::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[ReadsOfVersion],
    ) -> Result<HashMap<ReadsOfVersion, Vec<subgraph_read::Model>>> {
        use subgraph_read::Column;
        let seen =
            versions::visible_to(&self.viewer).select_only().column(subgraph_version::Column::Id);
        let rows = subgraph_read::Entity::find()
            .filter(Column::VersionId.is_in(keys.iter().map(|key| key.0)))
            .filter(Column::VersionId.in_subquery(seen.into_query()))
            .order_by_asc(Column::Coordinate)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| ReadsOfVersion(row.version_id)))
    }
}

/// The live versions that are sent a field of ours, as far as a viewer may see them.
pub fn readers(viewer: &Viewer, coordinate: &str) -> Select<subgraph::Entity> {
    let reading = subgraph_read::Entity::find()
        .filter(subgraph_read::Column::Coordinate.eq(coordinate))
        .select_only()
        .column(subgraph_read::Column::VersionId);
    let live = subgraph_version::Entity::find()
        .filter(subgraph_version::Column::State.eq(State::Live))
        .filter(subgraph_version::Column::Id.in_subquery(reading.into_query()))
        .select_only()
        .column(subgraph_version::Column::SubgraphId);
    visible_to(viewer)
        .filter(subgraph::Column::Id.in_subquery(live.into_query()))
        .order_by_asc(subgraph::Column::Name)
}

/// Grants of fields: the party's own, and all for coordinator and leadership.
pub mod grants {
    use entity::{field_grant, id::FieldGrantId};
    use sea_orm::{EntityTrait, QueryFilter, Select};

    use crate::{authz::Viewer, domain::reach::read as reach, graphql::context::loader};

    pub fn visible_to(viewer: &Viewer) -> Select<field_grant::Entity> {
        let all = field_grant::Entity::find();
        if viewer.oversees() {
            return all;
        }
        all.filter(reach::owns(viewer, field_grant::Column::PartyId))
    }

    loader!(GrantById(FieldGrantId): field_grant by id);
}

/// The grants of a party that hold.
pub async fn granted(db: &impl ConnectionTrait, party: PartyId) -> Result<Vec<field_grant::Model>> {
    let held = field_grant::Entity::find()
        .filter(field_grant::Column::PartyId.eq(party))
        .filter(field_grant::Column::RevokedAt.is_null());
    Ok(held.all(db).await?)
}

/// Graphs as they were composed, for coordinator and leadership.
pub mod supergraphs {
    use entity::{id::SupergraphId, supergraph};
    use sea_orm::{EntityTrait, Iterable, QueryFilter, QuerySelect, Select, prelude::Expr};

    use crate::{
        authz::Viewer,
        graphql::{context::loader, filter::nothing},
    };

    /// Without the graphs themselves, which are large.
    pub fn visible_to(viewer: &Viewer) -> Select<supergraph::Entity> {
        use supergraph::Column::{ApiSchema, Supergraph};
        let columns = supergraph::Column::iter();
        let columns = columns.filter(|column| !matches!(column, ApiSchema | Supergraph));
        let all = supergraph::Entity::find().select_only().columns(columns);
        let all = all.expr_as(Expr::cust("''"), "supergraph");
        let all = all.expr_as(Expr::cust("''"), "api_schema");
        if viewer.oversees() { all } else { all.filter(nothing()) }
    }

    loader!(SupergraphById(SupergraphId): supergraph by id);
}

/// The versions that are part of a graph, the oldest subgraph first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartsOfSupergraph(pub SupergraphId);

impl Loader<PartsOfSupergraph> for Reader {
    type Value = Vec<subgraph_version::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PartsOfSupergraph],
    ) -> Result<HashMap<PartsOfSupergraph, Vec<subgraph_version::Model>>> {
        let seen =
            supergraphs::visible_to(&self.viewer).select_only().column(supergraph::Column::Id);
        let rows = supergraph_part::Entity::find()
            .filter(supergraph_part::Column::SupergraphId.is_in(keys.iter().map(|key| key.0)))
            .filter(supergraph_part::Column::SupergraphId.in_subquery(seen.into_query()))
            .order_by_asc(supergraph_part::Column::SubgraphId)
            .all(self.app.db.reader())
            .await?;
        let versions = versions::visible_to(&self.viewer)
            .filter(subgraph_version::Column::Id.is_in(rows.iter().map(|row| row.version_id)))
            .all(self.app.db.reader())
            .await?;
        let versions: HashMap<_, _> = versions.into_iter().map(|row| (row.id, row)).collect();
        let mut parts: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            let version = versions.get(&row.version_id).cloned();
            parts.entry(PartsOfSupergraph(row.supergraph_id)).or_default().extend(version);
        }
        Ok(parts)
    }
}

/// Whose a field is: the party whose subgraph answers it, or none where it is our own. No answer where
/// there is no such field.
pub async fn field_owner(app: &App, coordinate: &str) -> Result<Option<Option<party::Model>>> {
    let Some((of, field)) = coordinate.split_once('.') else { return Ok(None) };
    let ours = graphql::registry().types.get(of).filter(|ours| !ours.name().starts_with("__"));
    if ours.is_some_and(|ours| ours.field_by_name(field).is_some()) {
        return Ok(Some(None));
    }
    let db = app.db.reader();
    let live = subgraph::Entity::find().filter(subgraph::Column::RetiredAt.is_null());
    let begins = |text: &str, name: &str| text.to_ascii_lowercase().starts_with(name);
    let known = live.all(db).await?.into_iter();
    let known = known.filter(|row| begins(of, &row.name) || begins(field, &row.name));
    for row in known {
        let version = subgraph_version::Entity::find()
            .filter(subgraph_version::Column::SubgraphId.eq(row.id))
            .filter(subgraph_version::Column::State.eq(State::Live))
            .one(db)
            .await?;
        if version.is_some_and(|version| declares(&version.sdl, of, field)) {
            return Ok(party::Entity::find_by_id(row.party_id).one(db).await?.map(Some));
        }
    }
    Ok(None)
}

/// Whether a schema gives a type a field. It was accepted, so it is no deeper than a schema should be.
fn declares(sdl: &str, of: &str, field: &str) -> bool {
    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };
    let Ok(document) = parse_schema(sdl) else { return false };
    document.definitions.iter().any(|definition| match definition {
        TypeSystemDefinition::Type(known) if known.node.name.node == of => match &known.node.kind {
            TypeKind::Object(object) => object.fields.iter().any(|own| own.node.name.node == field),
            TypeKind::Interface(own) => own.fields.iter().any(|own| own.node.name.node == field),
            TypeKind::InputObject(own) => own.fields.iter().any(|own| own.node.name.node == field),
            _ => false,
        },
        _ => false,
    })
}
