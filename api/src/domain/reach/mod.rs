//! Who reaches what: the one table behind visibility. Nobody types a row of it; it follows from
//! places, parties, their successions, marks, assignments and mandates (`rules`), and is rebuilt
//! in the transaction that changes any of them.

use std::collections::{BTreeSet, HashMap};

use entity::{
    assignment, mandate, party, party_mark, party_succession, place, place_succession, reach,
};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};

use crate::{error::Result, tx::Tx};

pub mod read;
pub mod rules;

/// Rows in one statement; SQLite takes 32,766 parameters.
const CHUNK: usize = 2_000;

/// Brings the table up to date with what it is derived from, touching only rows that differ. The
/// transaction must hold the registry's lock ([`Tx::lock_registry`]).
pub async fn rebuild(tx: &Tx) -> Result<()> {
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
