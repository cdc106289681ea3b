//! Who reaches what: the one table behind visibility. Nobody types a row of it; it follows from
//! places, parties, their successions, marks, assignments and mandates (`rules`), and is rebuilt
//! in the transaction that changes any of them.

use std::collections::{BTreeSet, HashMap};

use entity::{
    assignment, mandate, party, party_mark, party_succession, place, place_succession, reach,
};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    app::App,
    clock::civil_day,
    error::Result,
    tx::{Actor, Tx},
};

pub mod read;
pub mod rules;
pub mod scope;

/// Rows in one statement; SQLite takes 32,766 parameters.
const CHUNK: usize = 2_000;

/// Brings the table up to date without a change of the registry: after a migration, after a new
/// release whose rules differ, and each day, since rights begin and end by date.
pub async fn refresh(app: &App) -> Result<()> {
    let mut tx = app.write_as(Actor::default()).await?;
    tx.lock_registry().await?;
    rebuild(&mut tx).await?;
    tx.commit().await
}

/// Fills the table where a migration has made it anew and nobody has filled it since: with it empty
/// there are parties without a right.
pub async fn ensure(app: &App) -> Result<()> {
    let db = app.db.reader();
    let is_empty = reach::Entity::find().one(db).await?.is_none();
    if is_empty && party::Entity::find().one(db).await?.is_some() {
        refresh(app).await?;
    }
    Ok(())
}

/// Brings the table up to date with what it is derived from, touching only rows that differ, and
/// tells each party what it gained and lost. The transaction must hold the registry's lock
/// ([`Tx::lock_registry`]).
pub async fn rebuild(tx: &mut Tx) -> Result<()> {
    derive_anew(tx).await?;
    let today = civil_day(tx.now());
    scope::tell(tx, today).await
}

async fn derive_anew(tx: &Tx) -> Result<()> {
    let wanted = rules::derive(&rules::Facts {
        places: place::Entity::find().all(&**tx).await?,
        place_successions: place_succession::Entity::find().all(&**tx).await?,
        parties: party::Entity::find().all(&**tx).await?,
        party_successions: party_succession::Entity::find().all(&**tx).await?,
        marks: party_mark::Entity::find().all(&**tx).await?,
        assignments: assignment::Entity::find().all(&**tx).await?,
        mandates: mandate::Entity::find().all(&**tx).await?,
    });
    let present: HashMap<rules::Reach, i64> = reach::Entity::find()
        .all(&**tx)
        .await?
        .into_iter()
        .map(|row| (rules::Reach::from(&row), row.id))
        .collect();

    let gone: Vec<i64> =
        present.iter().filter(|(row, _)| !wanted.contains(row)).map(|(_, id)| *id).collect();
    for ids in gone.chunks(CHUNK) {
        let gone = reach::Column::Id.is_in(ids.iter().copied());
        reach::Entity::delete_many().filter(gone).exec(&**tx).await?;
    }
    let present: BTreeSet<&rules::Reach> = present.keys().collect();
    let new: Vec<&rules::Reach> = wanted.iter().filter(|row| !present.contains(row)).collect();
    for rows in new.chunks(CHUNK) {
        let rows = rows.iter().map(|row| active(row));
        reach::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

fn active(row: &rules::Reach) -> reach::ActiveModel {
    use ActiveValue::Set;
    reach::ActiveModel {
        id: ActiveValue::NotSet,
        party_id: Set(row.party),
        role: Set(row.role),
        principal_id: Set(row.principal),
        place_id: Set(row.place),
        act: Set(row.act),
        valid_from: Set(row.from),
        valid_to: Set(row.to),
    }
}
