//! Issuing and revoking keys, at the command line alone.

use entity::router_key;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use serde_json::json;

use super::rules;
use crate::{
    app::App,
    domain::token::secret,
    error::{Error, Result},
    tx::{Actor, CHANGE, Tx, sha256},
};

/// Makes a key for a router and answers it, this once.
pub async fn issue(app: &App, name: &str) -> Result<String> {
    rules::check_name(name)?;
    let mut tx = app.write_as(Actor::default()).await?;
    let issued = insert(app, &mut tx, name).await;
    let issued = issued.map_err(|error| if error.is_duplicate() { taken(name) } else { error })?;
    tx.commit().await?;
    Ok(issued)
}

/// Ends a key; routers that show it are refused within seconds.
pub async fn revoke(app: &App, name: &str) -> Result<()> {
    let mut tx = app.write_as(Actor::default()).await?;
    if !end(&mut tx, name).await? {
        return Err(Error::BadInput(format!("there is no router key {name} that is good")));
    }
    tx.commit().await
}

/// Makes a key in the place of the one that a router had, if it had one.
pub async fn renew(app: &App, name: &str) -> Result<String> {
    let mut tx = app.write_as(Actor::default()).await?;
    end(&mut tx, name).await?;
    let key = insert(app, &mut tx, name).await?;
    tx.commit().await?;
    Ok(key)
}

async fn insert(app: &App, tx: &mut Tx, name: &str) -> Result<String> {
    let key = secret::router_key(&*app.clock);
    let row = router_key::Model {
        id: tx.id(),
        name: name.to_owned(),
        hash: sha256(&key),
        created_at: tx.now(),
        revoked_at: None,
        version: 1,
    };
    let data = json!({ "version": 1, "after": { "name": name } });
    tx.record_for("ROUTER_KEY_ISSUED", row.id, [], data);
    row.into_active_model().insert(&**tx).await?;
    Ok(key)
}

async fn end(tx: &mut Tx, name: &str) -> Result<bool> {
    let key = router_key::Entity::find()
        .filter(router_key::Column::Name.eq(name))
        .filter(router_key::Column::RevokedAt.is_null())
        .lock(CHANGE)
        .one(&**tx)
        .await?;
    let Some(key) = key else { return Ok(false) };
    let (now, version) = (tx.now(), key.version + 1);
    let data = json!({ "version": version, "after": { "revokedAt": now } });
    tx.record_for("ROUTER_KEY_REVOKED", key.id, [], data);
    let mut row = key.into_active_model();
    row.revoked_at = Set(Some(now));
    row.version = Set(version);
    row.update(&**tx).await?;
    Ok(true)
}

fn taken(name: &str) -> Error {
    Error::BadInput(format!("there is a router key {name}: revoke it, or choose another name"))
}
