//! Who carries on for whom, and who coordinates or leads the programme of a province.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    id::{PartyId, PlaceId},
    party_mark::{self, Mark},
    party_succession,
    place::Level,
};
use sea_orm::EntityTrait;

use super::{
    Import, Report,
    changes::Changes,
    parties::Parties,
    places::{List, Places},
};
use crate::{domain::party::rules, error::Result};

pub async fn import(
    import: &Import<'_>,
    places: &Places,
    parties: &Parties,
    report: &mut Report,
) -> Result<()> {
    successions(import, parties, report).await?;
    marks(import, places, parties, report).await
}

async fn successions(import: &Import<'_>, parties: &Parties, report: &mut Report) -> Result<()> {
    let stored = party_succession::Entity::find().all(&**import.tx).await?;
    let mut next: HashMap<PartyId, Vec<PartyId>> = HashMap::new();
    for edge in &stored {
        next.entry(edge.predecessor_id).or_default().push(edge.successor_id);
    }
    let stored: HashMap<(PartyId, PartyId), party_succession::Model> =
        stored.into_iter().map(|row| ((row.predecessor_id, row.successor_id), row)).collect();
    let mut seen = HashSet::new();
    let mut changes = Changes::<party_succession::Entity>::of("party successions");
    for row in import.files.rows("party_successions.csv") {
        let predecessor = parties.named(&row, "predecessor")?;
        let successor = parties.named(&row, "successor")?;
        let effective_on = row.date("effective_on")?;
        let edge = (predecessor.id, successor.id);
        if !seen.insert(edge) {
            return Err(row.bad("this succession stands there twice"));
        }
        let refused = |refusal| row.refused(&refusal);
        rules::succession(predecessor, successor, effective_on).map_err(refused)?;
        rules::no_cycle(predecessor.id, &heirs(&next, successor.id)).map_err(refused)?;
        if predecessor.valid_to != Some(effective_on) {
            let code = &predecessor.code;
            return Err(row.bad(format!("parties.csv does not end {code} on {effective_on}")));
        }
        next.entry(predecessor.id).or_default().push(successor.id);
        let known = stored.get(&edge);
        let wanted = party_succession::Model {
            predecessor_id: predecessor.id,
            successor_id: successor.id,
            effective_on,
            document_id: known.and_then(|known| known.document_id),
        };
        changes.want(known, wanted);
    }
    report.add("party successions", changes.write(import.tx).await?);
    Ok(())
}

/// Everybody who carries on for a party, over any number of steps, itself included.
fn heirs(next: &HashMap<PartyId, Vec<PartyId>>, party: PartyId) -> Vec<PartyId> {
    let mut heirs = vec![party];
    let mut at = 0;
    while let Some(party) = heirs.get(at) {
        let new = next.get(party).into_iter().flatten().filter(|heir| !heirs.contains(heir));
        let new: Vec<PartyId> = new.copied().collect();
        heirs.extend(new);
        at += 1;
    }
    heirs
}

async fn marks(
    import: &Import<'_>,
    places: &Places,
    parties: &Parties,
    report: &mut Report,
) -> Result<()> {
    type Key = (PartyId, Mark, PlaceId, NaiveDate);
    let stored = party_mark::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<Key, party_mark::Model> = stored
        .into_iter()
        .map(|row| ((row.party_id, row.mark, row.province_id, row.valid_from), row))
        .collect();
    let mut seen = HashSet::new();
    let mut changes = Changes::<party_mark::Entity>::of("party marks");
    for row in import.files.rows("party_marks.csv") {
        let list = List::of(&row, "place_list")?;
        let (valid_from, valid_to) = row.validity()?;
        let party_id = parties.named(&row, "party")?.id;
        let mark = row.word("mark")?;
        let province_id = places.named(&row, "province_code", Level::Province, list)?.id;
        let key = (party_id, mark, province_id, valid_from);
        if !seen.insert(key) {
            return Err(row.bad("this mark stands there twice"));
        }
        let known = stored.get(&key);
        let id = known.map_or_else(|| import.id(), |known| known.id);
        let wanted = party_mark::Model { id, party_id, mark, province_id, valid_from, valid_to };
        changes.want(known, wanted);
    }
    report.add("party marks", changes.write(import.tx).await?);
    Ok(())
}
