//! Parties, with the rules that mutations hold too.

use std::collections::{HashMap, HashSet};

use entity::{
    id::{PartyId, PlaceId},
    party::{self, Kind},
};
use sea_orm::EntityTrait;

use super::{
    Import, Report,
    changes::Changes,
    files::Row,
    places::{List, Places},
};
use crate::{domain::party::rules, error::Result, graphql, text};

/// All parties as they will be stored.
pub struct Parties {
    rows: HashMap<String, party::Model>,
}

impl Parties {
    /// The party whose code a column holds.
    pub fn named(&self, row: &Row, column: &str) -> Result<&party::Model> {
        self.by_code(row, column, &row.text(column)?)
    }

    /// The same, where the cell may be empty.
    pub fn optional(&self, row: &Row, column: &str) -> Result<Option<&party::Model>> {
        row.optional(column).map(|code| self.by_code(row, column, &code)).transpose()
    }

    pub fn by_code(&self, row: &Row, column: &str, code: &str) -> Result<&party::Model> {
        self.rows.get(code).ok_or_else(|| row.bad(format!("{column} {code} is not a known party")))
    }
}

pub async fn import(import: &Import<'_>, places: &Places, report: &mut Report) -> Result<Parties> {
    let stored = party::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<String, party::Model> =
        stored.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut authorities: HashMap<PlaceId, PartyId> =
        stored.values().filter_map(|row| Some((authority_of(row)?, row.id))).collect();
    let mut parties = Parties { rows: stored.clone() };
    let mut seen = HashSet::new();
    let mut changes = Changes::<party::Entity>::versioned("parties", |row| row.version += 1);
    for row in import.files.rows("parties.csv") {
        let code = row.text("code")?;
        if !seen.insert(code.clone()) {
            return Err(row.bad(format!("{code} stands there twice")));
        }
        let known = stored.get(&code);
        let (id, version) =
            known.map_or_else(|| (import.id(), 1), |known| (known.id, known.version));
        let mut party = party(&row, places, &parties, id, version)?;
        // A file without the column says nothing of it.
        party.prefix = party.prefix.or_else(|| known.and_then(|known| known.prefix.clone()));
        if let Some(known) = known.filter(|known| known.kind != party.kind) {
            return Err(row.bad(format!("{code} is a {:?} already", known.kind)));
        }
        prefix(&row, known, &parties, &party)?;
        if authority_of(&party).is_some_and(|at| *authorities.entry(at).or_insert(id) != id) {
            return Err(row.bad("the place has an authority already"));
        }
        changes.want(known, party.clone());
        parties.rows.insert(code, party);
    }
    report.add("parties", changes.write(import.tx).await?);
    Ok(parties)
}

/// The place of which a party is the one authority.
fn authority_of(party: &party::Model) -> Option<PlaceId> {
    let is_authority = matches!(
        party.kind,
        Kind::ProvincialAuthority | Kind::DistrictAuthority | Kind::CommuneAuthority
    );
    party.place_id.filter(|_| is_authority)
}

/// A prefix is the party's own for ever, and nobody else's.
fn prefix(
    row: &Row,
    known: Option<&party::Model>,
    parties: &Parties,
    party: &party::Model,
) -> Result<()> {
    let Some(prefix) = &party.prefix else { return Ok(()) };
    let judge = || {
        rules::prefix::form(prefix)?;
        known.map_or(Ok(()), |known| rules::prefix::kept(prefix, known))?;
        rules::prefix::free(prefix, graphql::registry())?;
        let mut others = parties.rows.values().filter(|other| other.id != party.id);
        others.try_for_each(|other| rules::prefix::apart(prefix, other))
    };
    judge().map_err(|refusal| row.refused(&refusal))
}

fn party(
    row: &Row,
    places: &Places,
    parties: &Parties,
    id: PartyId,
    version: i32,
) -> Result<party::Model> {
    let refused = |refusal| row.refused(&refusal);
    let (kind, code) = (row.word("kind")?, row.text("code")?);
    let place = match row.optional("place_code") {
        Some(_) => Some(places.of_any_level(row, "place_code", List::of(row, "place_list")?)?),
        None => None,
    };
    // A branch stands after its head office.
    let parent = parties.optional(row, "parent_code")?;
    let (sector, is_front) = (row.optional_word("sector")?, row.flag("is_front")?);
    rules::code(&code).map_err(refused)?;
    rules::place(kind, place).map_err(refused)?;
    rules::parent(kind, parent).map_err(refused)?;
    rules::particulars(kind, sector.is_some(), is_front).map_err(refused)?;
    if parent.is_some_and(|parent| parent.id == id) {
        return Err(row.bad(format!("{code} is its own head office")));
    }

    let (valid_from, valid_to) = row.validity()?;
    let name = row.label("name", rules::MAX_NAME)?;
    let name_en = row.optional_label("name_en", rules::MAX_NAME)?;
    Ok(party::Model {
        id,
        kind,
        search_key: text::search_key([&*name, name_en.as_deref().unwrap_or_default(), &code]),
        code,
        name,
        name_en,
        place_id: place.map(|place| place.id),
        parent_id: parent.map(|parent| parent.id),
        sector,
        is_front,
        prefix: row.optional("prefix"),
        valid_from,
        valid_from_is_floor: row.flag("valid_from_is_floor")?,
        valid_to,
        version,
    })
}
