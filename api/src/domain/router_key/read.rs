//! Finding the key that a router shows, and listing keys for the operator.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use entity::router_key;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select};

use crate::{
    app::App, authz::Viewer, domain::token::secret, error::Result, graphql::filter::nothing,
    recent::Recent, tx::sha256,
};

/// For so long a process goes by what it knows of a key; so late a revocation takes effect.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// What this process knows of the keys that were shown to it lately, by their hashes: a router
/// shows its key with every request.
#[derive(Default)]
pub struct Shown(Mutex<Recent<String, Known>>);

#[derive(Clone, Copy)]
struct Known {
    is_good: bool,
    since: DateTime<Utc>,
}

/// For the coordinator's managers, who read of them in the log.
pub fn visible_to(viewer: &Viewer) -> Select<router_key::Entity> {
    let all = router_key::Entity::find();
    if viewer.coordinates() { all } else { all.filter(nothing()) }
}

/// Every key there was, the latest first.
pub async fn all(app: &App) -> Result<Vec<router_key::Model>> {
    let all = router_key::Entity::find().order_by_desc(router_key::Column::Id);
    Ok(all.all(app.db.reader()).await?)
}

/// Whether a text is a router's key that is good today, or was a moment ago. It is looked up by its
/// hash, so that nobody learns from the time that takes how much of a key is right.
pub async fn is_good(app: &App, key: &str) -> Result<bool> {
    if !secret::is_router_key(key) {
        return Ok(false);
    }
    let (hash, now) = (sha256(key), app.clock.now());
    let known = app.routers.shown().get(&hash).copied();
    if let Some(known) = known
        && (TimeDelta::zero()..FRESH).contains(&(now - known.since))
    {
        return Ok(known.is_good);
    }
    let rows = router_key::Entity::find()
        .filter(router_key::Column::Hash.eq(hash.as_str()))
        .filter(router_key::Column::RevokedAt.is_null());
    let is_good = rows.count(app.db.reader()).await? > 0;
    app.routers.shown().put(hash, Known { is_good, since: now });
    Ok(is_good)
}

impl Shown {
    fn shown(&self) -> std::sync::MutexGuard<'_, Recent<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
