//! The graph that is served now. Its texts never change under their number, so a process keeps the
//! last ones and asks the database for the number alone.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use entity::{supergraph, supergraph_head};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    app::App,
    error::{Error, Result},
    tx::sha256,
};

/// The graph that was served last.
#[derive(Default)]
pub struct Kept(Mutex<Option<Arc<Served>>>);

/// A composed graph.
pub struct Served {
    /// Counts the graphs of this installation, from 1.
    pub number: i32,
    /// For routers.
    pub supergraph: Text,
    /// What clients see.
    pub api_schema: Text,
}

/// A text and what tells it from another, SHA-256 in hexadecimal.
#[derive(Clone)]
pub struct Text {
    pub hash: String,
    pub body: Bytes,
}

/// The graph that is served now; none before the first was composed.
pub async fn served(app: &App) -> Result<Option<Arc<Served>>> {
    let head = supergraph_head::Entity::find_by_id(1).one(app.db.reader()).await?;
    let Some(number) = head.and_then(|head| head.number) else { return Ok(None) };
    let kept = || app.served.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept().clone().filter(|served| served.number == number);
    if known.is_some() {
        return Ok(known);
    }
    let row = supergraph::Entity::find()
        .filter(supergraph::Column::Number.eq(number))
        .one(app.db.reader())
        .await?;
    let row = row.ok_or_else(|| Error::internal("the served graph is not there"))?;
    let served = Arc::new(Served {
        number,
        supergraph: Text { hash: row.hash, body: row.supergraph.into() },
        api_schema: Text { hash: sha256(&row.api_schema), body: row.api_schema.into() },
    });
    *kept() = Some(served.clone());
    Ok(Some(served))
}
