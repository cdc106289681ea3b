//! Which communes take part in the programme, and which departments help them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    assignment, enrolment,
    id::{PartyId, PlaceId},
    place::Level,
};
use sea_orm::EntityTrait;

use super::{
    Import, Report,
    changes::Changes,
    documents::Documents,
    files::Row,
    parties::Parties,
    places::{List, Places},
};
use crate::{domain::assignment::rules, error::Result};

pub async fn import(
    import: &Import<'_>,
    places: &Places,
    parties: &Parties,
    documents: &Documents,
    report: &mut Report,
) -> Result<()> {
    enrolments(import, places, parties, documents, report).await?;
    assignments(import, places, parties, documents, report).await
}

/// The validities of what must not overlap, by what they are of.
struct Calendar<K> {
    validities: HashMap<K, HashMap<NaiveDate, Option<NaiveDate>>>,
    seen: HashSet<(K, NaiveDate)>,
}

impl<K: std::hash::Hash + Eq + Copy> Calendar<K> {
    fn of(rows: impl Iterator<Item = (K, NaiveDate, Option<NaiveDate>)>) -> Self {
        let mut calendar = Self { validities: HashMap::new(), seen: HashSet::new() };
        for (key, from, to) in rows {
            calendar.validities.entry(key).or_default().insert(from, to);
        }
        calendar
    }

    /// Enters a validity in place of the one that began on the same day.
    fn enter(&mut self, row: &Row, key: K, from: NaiveDate, to: Option<NaiveDate>) -> Result<()> {
        if !self.seen.insert((key, from)) {
            return Err(row.bad("it stands there twice"));
        }
        let known = self.validities.entry(key).or_default();
        let before = |day: NaiveDate, end: Option<NaiveDate>| end.is_none_or(|end| day < end);
        let overlaps = |(f, t): (&NaiveDate, &Option<NaiveDate>)| {
            *f != from && before(*f, to) && before(from, *t)
        };
        if known.iter().any(overlaps) {
            return Err(row.bad("it overlaps another one of the same"));
        }
        known.insert(from, to);
        Ok(())
    }
}

async fn enrolments(
    import: &Import<'_>,
    places: &Places,
    parties: &Parties,
    documents: &Documents,
    report: &mut Report,
) -> Result<()> {
    let stored = enrolment::Entity::find().all(&**import.tx).await?;
    let mut calendar =
        Calendar::of(stored.iter().map(|row| (row.commune_id, row.valid_from, row.valid_to)));
    let stored: HashMap<(PlaceId, NaiveDate), enrolment::Model> =
        stored.into_iter().map(|row| ((row.commune_id, row.valid_from), row)).collect();
    let mut changes = Changes::<enrolment::Entity>::versioned("enrolments", |row| row.version += 1);
    for row in import.files.rows("enrolments.csv") {
        let list = List::of(&row, "place_list")?;
        let commune_id = places.named(&row, "commune_code", Level::Commune, list)?.id;
        let (valid_from, valid_to) = row.validity()?;
        calendar.enter(&row, commune_id, valid_from, valid_to)?;
        let known = stored.get(&(commune_id, valid_from));
        let wanted = enrolment::Model {
            id: known.map_or_else(|| import.id(), |known| known.id),
            commune_id,
            stage: row.word("stage")?,
            document_id: documents.cited(&row, parties)?,
            valid_from,
            valid_to,
            version: known.map_or(1, |known| known.version),
        };
        changes.want(known, wanted);
    }
    report.add("enrolments", changes.write(import.tx).await?);
    Ok(())
}

async fn assignments(
    import: &Import<'_>,
    places: &Places,
    parties: &Parties,
    documents: &Documents,
    report: &mut Report,
) -> Result<()> {
    let stored = assignment::Entity::find().all(&**import.tx).await?;
    let of = |row: &assignment::Model| (row.department_id, row.commune_id);
    let mut calendar =
        Calendar::of(stored.iter().map(|row| (of(row), row.valid_from, row.valid_to)));
    let stored: HashMap<((PartyId, PlaceId), NaiveDate), assignment::Model> =
        stored.into_iter().map(|row| ((of(&row), row.valid_from), row)).collect();
    let mut changes =
        Changes::<assignment::Entity>::versioned("assignments", |row| row.version += 1);
    for row in import.files.rows("assignments.csv") {
        let department = parties.named(&row, "department")?;
        rules::department(department).map_err(|refusal| row.refused(&refusal))?;
        let list = List::of(&row, "place_list")?;
        let commune_id = places.named(&row, "commune_code", Level::Commune, list)?.id;
        let (valid_from, valid_to) = row.validity()?;
        let key = (department.id, commune_id);
        calendar.enter(&row, key, valid_from, valid_to)?;
        let known = stored.get(&(key, valid_from));
        let wanted = assignment::Model {
            id: known.map_or_else(|| import.id(), |known| known.id),
            department_id: department.id,
            commune_id,
            document_id: documents.cited(&row, parties)?,
            valid_from,
            valid_to,
            version: known.map_or(1, |known| known.version),
        };
        changes.want(known, wanted);
    }
    report.add("assignments", changes.write(import.tx).await?);
    Ok(())
}
