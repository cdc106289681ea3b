//! Telling a party that what it reaches has changed, so that its systems read again: `SCOPE_GAINED`
//! and `SCOPE_LOST`, each about a place, or about a party whose rows it now sees as its own or no
//! longer does. The table `scope` is what each party was told last.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{
    id::{PartyId, PlaceId},
    mandate::Act,
    place::{self, Level},
    reach::{Column, Entity, Role},
    scope,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::read::LEDGER_ACTS;
use crate::{
    error::Result,
    graphql::filter::valid_on,
    tx::{CHUNK, Tx, sha256},
};

/// The subject has come into sight, or more of it.
pub const GAINED: &str = "SCOPE_GAINED";

/// The subject has gone out of sight, or a part of it.
pub const LOST: &str = "SCOPE_LOST";

/// What a party reaches: TypeIDs of places and of other parties, each followed by `#` and how
/// where that is less than all of it.
type Scopes = BTreeMap<PartyId, BTreeSet<String>>;

/// Logs what has changed for each party since it was told last. The transaction must hold the
/// registry's lock. Whoever keeps a subject and sees less or more of it than before loses and
/// gains it.
pub async fn tell(tx: &mut Tx, today: NaiveDate) -> Result<()> {
    let mut told = Scopes::new();
    for row in scope::Entity::find().all(&**tx).await? {
        told.entry(row.party_id).or_default().insert(row.subject);
    }
    let now = reached(tx, today).await?;
    let parties: BTreeSet<PartyId> = told.keys().chain(now.keys()).copied().collect();
    let none = BTreeSet::new();
    let mut changed = Vec::new();
    for party in parties {
        let before = told.get(&party).unwrap_or(&none);
        let after = now.get(&party).unwrap_or(&none);
        for subject in before.difference(after) {
            log(tx, LOST, subject, party);
        }
        for subject in after.difference(before) {
            log(tx, GAINED, subject, party);
        }
        if before != after {
            changed.push((party, after));
        }
    }
    note(tx, &changed).await
}

fn log(tx: &mut Tx, r#type: &'static str, subject: &str, party: PartyId) {
    let subject = subject.split_once('#').map_or(subject, |(subject, _)| subject);
    tx.record_for(r#type, subject, [party], json!({}));
}

/// Writes down what some parties have now been told.
async fn note(tx: &Tx, changed: &[(PartyId, &BTreeSet<String>)]) -> Result<()> {
    for parties in changed.chunks(CHUNK) {
        let these = scope::Column::PartyId.is_in(parties.iter().map(|(party, _)| *party));
        scope::Entity::delete_many().filter(these).exec(&**tx).await?;
    }
    let rows = changed.iter().flat_map(|(party, subjects)| {
        subjects.iter().map(|subject| scope::ActiveModel {
            party_id: Set(*party),
            subject: Set(subject.clone()),
        })
    });
    let rows: Vec<scope::ActiveModel> = rows.collect();
    for rows in rows.chunks(CHUNK) {
        scope::Entity::insert_many(rows.to_vec()).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// What each party reaches today.
async fn reached(tx: &Tx, today: NaiveDate) -> Result<Scopes> {
    let mut scopes = Scopes::new();
    for ((party, subject), how) in
        places(tx, today).await?.into_iter().chain(parties(tx, today).await?)
    {
        let subject = if how.is_empty() { subject } else { format!("{subject}#{how}") };
        scopes.entry(party).or_default().insert(subject);
    }
    Ok(scopes)
}

type Reached = BTreeMap<(PartyId, String), String>;

/// Places, and whether their needs are all that is lent of them. What a right at a place shows of
/// the district and province around it comes and goes with that right; a mark is told as its
/// province.
async fn places(tx: &Tx, today: NaiveDate) -> Result<Reached> {
    let place = Entity::belongs_to(place::Entity).from(Column::PlaceId).to(place::Column::Id);
    let marks = [Role::Coordinator, Role::Leadership];
    let rights = [Role::Authority, Role::District, Role::Assigned];
    let told = Condition::any().add(Column::Role.is_in(rights)).add(
        Condition::all()
            .add(Column::Role.is_in(marks))
            .add(place::Column::Level.eq(Level::Province)),
    );
    let rows: Vec<(PartyId, PlaceId, Option<Act>)> = Entity::find()
        .select_only()
        .distinct()
        .columns([Column::PartyId, Column::PlaceId, Column::Act])
        .join(JoinType::InnerJoin, place.into())
        .filter(told)
        .filter(valid_on(Column::ValidFrom, Column::ValidTo, today))
        .into_tuple()
        .all(&**tx)
        .await?;
    let mut reached = Reached::new();
    for (party, place, act) in rows {
        let in_part = act.is_some_and(|act| !LEDGER_ACTS.contains(&act));
        let how = reached.entry((party, place.to_string())).or_insert_with(|| "needs".to_owned());
        if !in_part {
            how.clear();
        }
    }
    Ok(reached)
}

/// Parties whose rows one sees as one's own, and where that is only lent, at which places.
async fn parties(tx: &Tx, today: NaiveDate) -> Result<Reached> {
    let acts = Condition::any().add(Column::Act.is_null()).add(Column::Act.is_in(LEDGER_ACTS));
    let rows: Vec<(PartyId, PartyId, Option<PlaceId>, Option<Act>)> = Entity::find()
        .select_only()
        .distinct()
        .columns([Column::PartyId, Column::PrincipalId, Column::PlaceId, Column::Act])
        .filter(Column::Role.eq(Role::Own))
        .filter(acts)
        .filter(valid_on(Column::ValidFrom, Column::ValidTo, today))
        .into_tuple()
        .all(&**tx)
        .await?;
    let mut lent: BTreeMap<(PartyId, PartyId), BTreeSet<Option<Uuid>>> = BTreeMap::new();
    let mut reached = Reached::new();
    for (party, principal, place, act) in rows.into_iter().filter(|row| row.0 != row.1) {
        match act {
            None => _ = reached.insert((party, principal.to_string()), String::new()),
            Some(_) => {
                lent.entry((party, principal)).or_default().insert(place.map(Into::into));
            }
        }
    }
    for ((party, principal), places) in lent {
        reached.entry((party, principal.to_string())).or_insert_with(|| how_lent(&places));
    }
    Ok(reached)
}

/// One word for the places at which something is lent.
fn how_lent(places: &BTreeSet<Option<Uuid>>) -> String {
    if places.contains(&None) {
        return "lent".to_owned();
    }
    let places: Vec<u8> = places.iter().flatten().flat_map(|id| *id.as_bytes()).collect();
    format!("lent-{}", sha256(places))
}
