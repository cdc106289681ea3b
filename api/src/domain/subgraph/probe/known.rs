//! What is public of some of our rows, as representations need it: places and parties, to which
//! partners add their fields.

use std::collections::HashMap;

use composer::Document;
use entity::{party, place};
use sea_orm::{
    ActiveEnum, ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    authz::Viewer,
    domain::{party::read as parties, place::read as places, subgraph::problem::screaming},
    error::Result,
};

/// How many of a type.
const ROWS: u64 = 2;

/// By the name of the type, some of its rows.
pub type Rows = HashMap<String, Vec<Value>>;

/// Rows of the types of ours that a document adds to.
pub async fn rows(app: &App, document: &Document) -> Result<Rows> {
    let mut rows = Rows::new();
    let public = Viewer::public(app.clock.today());
    for name in document.definitions.iter().map(|definition| &definition.name) {
        let word = screaming(name);
        let level = place::Level::iter().find(|level| level.to_value() == word);
        let kind = party::Kind::iter().find(|kind| kind.to_value() == word);
        let found: Vec<Value> = if let Some(level) = level {
            let of_level = places::visible_to(&public).filter(place::Column::Level.eq(level));
            first(app, of_level, place::Column::Id).await?.iter().map(of_place).collect()
        } else if let Some(kind) = kind {
            let of_kind = parties::visible_to(&public).filter(party::Column::Kind.eq(kind));
            first(app, of_kind, party::Column::Id).await?.iter().map(of_party).collect()
        } else {
            continue;
        };
        rows.insert(name.clone(), found);
    }
    Ok(rows)
}

async fn first<E: EntityTrait>(
    app: &App,
    visible: Select<E>,
    id: E::Column,
) -> Result<Vec<E::Model>> {
    Ok(visible.order_by_asc(id).limit(ROWS).all(app.db.reader()).await?)
}

fn of_place(row: &place::Model) -> Value {
    json!({
        "id": row.id.to_string(), "code": row.code, "name": row.name, "level": row.level,
        "kind": row.kind, "validFrom": row.valid_from, "validTo": row.valid_to,
        "validFromIsFloor": row.valid_from_is_floor,
    })
}

fn of_party(row: &party::Model) -> Value {
    json!({
        "id": row.id.to_string(), "code": row.code, "name": row.name,
        "kind": row.kind, "validFrom": row.valid_from, "validTo": row.valid_to,
        "validFromIsFloor": row.valid_from_is_floor,
    })
}
