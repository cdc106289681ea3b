//! Selecting the keys of statements, and whose subgraphs their audiences are.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{id::PartyId, installation, statement_key, subgraph, subgraph_version};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{
    keys::Keys,
    rules::{Asker, MAX_AUDIENCES},
};
use crate::{
    app::App,
    authz::Viewer,
    error::{Error, Result},
    graphql::filter::nothing,
};

/// For so long a key is published after it was replaced.
const PUBLISHED: TimeDelta = TimeDelta::days(1);

/// Why there is no statement about whoever sees through another party's eyes.
const NOT_TOLD: &str = "partners are told nothing while you see what another party sees";

/// For the coordinator's managers, who read of them in the log.
pub fn visible_to(viewer: &Viewer) -> Select<statement_key::Entity> {
    let all = statement_key::Entity::find();
    if viewer.coordinates() { all } else { all.filter(nothing()) }
}

/// The keys that partners verify with: the one in use, and those before it for a day.
pub async fn published(app: &App, now: DateTime<Utc>) -> Result<Vec<statement_key::Model>> {
    let retired = statement_key::Column::RetiredAt;
    let rows = statement_key::Entity::find()
        .filter(Condition::any().add(retired.is_null()).add(retired.gt(now - PUBLISHED)))
        .order_by_desc(statement_key::Column::Id);
    Ok(rows.all(app.db.reader()).await?)
}

/// What the subjects of statements are made with.
pub async fn subject_key(app: &App) -> Result<String> {
    let row = installation::Entity::find_by_id(1).one(app.db.reader()).await?;
    let key = row.map(|row| row.subject_key).filter(|key| !key.is_empty());
    key.ok_or_else(|| Error::internal("the installation has no key for subjects"))
}

/// A statement about the viewer for each audience that has a live subgraph; what is no audience is
/// left out.
pub async fn statements(
    app: &App,
    viewer: &Viewer,
    audiences: &[String],
) -> Result<BTreeMap<String, String>> {
    if viewer.is_viewing() {
        return Err(Error::BadInput(NOT_TOLD.to_owned()));
    }
    if audiences.len() > MAX_AUDIENCES {
        return Err(Error::BadInput(format!("at most {MAX_AUDIENCES} audiences at once")));
    }
    let keys = Keys::of(app).await?;
    let owners = owners(app, audiences).await?;
    let statement = |(audience, party): (String, PartyId)| {
        let asker = Asker::Viewer { viewer, own: viewer.owns_any(&[party]) };
        let statement = keys.sign(&keys.claims(app, &audience, asker, app.clock.now()))?;
        Ok((audience, statement))
    };
    owners.into_iter().map(statement).collect()
}

/// Whose the live subgraphs with these names are.
async fn owners(app: &App, names: &[String]) -> Result<Vec<(String, PartyId)>> {
    let version = subgraph::Entity::belongs_to(subgraph_version::Entity)
        .from(subgraph::Column::Id)
        .to(subgraph_version::Column::SubgraphId);
    let rows = subgraph::Entity::find()
        .join(JoinType::InnerJoin, version.into())
        .filter(subgraph_version::Column::State.eq(subgraph_version::State::Live))
        .filter(subgraph::Column::RetiredAt.is_null())
        .filter(subgraph::Column::Name.is_in(names.iter().map(String::as_str)))
        .select_only()
        .columns([subgraph::Column::Name, subgraph::Column::PartyId]);
    Ok(rows.into_tuple().all(app.db.reader()).await?)
}
