//! What became of each place of the old list. Where the files say nothing of provinces, their
//! successions follow from those of the communes in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::{
    id::PlaceId,
    place::Level,
    place_succession::{self, Kind},
};
use sea_orm::EntityTrait;

use super::{
    Import, Report,
    changes::Changes,
    files::Row,
    places::{List, Places},
};
use crate::error::Result;

type Edge = (PlaceId, PlaceId);

/// Succession edges under way.
struct Run {
    stored: HashMap<Edge, place_succession::Model>,
    seen: HashSet<Edge>,
    changes: Changes<place_succession::Entity>,
}

pub async fn import(import: &Import<'_>, places: &Places, report: &mut Report) -> Result<()> {
    let stored = place_succession::Entity::find().all(&**import.tx).await?;
    let mut run = Run {
        stored: stored
            .into_iter()
            .map(|row| ((row.predecessor_id, row.successor_id), row))
            .collect(),
        seen: HashSet::new(),
        changes: Changes::<place_succession::Entity>::of("place successions"),
    };
    let files = import.files;
    for row in files.rows("province_successions.csv") {
        let edge = edge(&row, places, Level::Province)?;
        run.want(&row, edge, kind(&row)?)?;
    }
    let mut provinces: BTreeMap<PlaceId, BTreeSet<PlaceId>> = BTreeMap::new();
    for row in files.rows("successions.csv") {
        let edge = edge(&row, places, Level::Commune)?;
        run.want(&row, edge, kind(&row)?)?;
        if let (Some(old), Some(new)) = (places.province_of(edge.0), places.province_of(edge.1)) {
            provinces.entry(old).or_default().insert(new);
        }
    }
    if !files.has("provinces.csv") && !files.has("province_successions.csv") {
        for (old, new, kind) in derived(&provinces) {
            run.put((old, new), kind);
        }
    }
    report.add("place successions", run.changes.write(import.tx).await?);
    Ok(())
}

impl Run {
    fn want(&mut self, row: &Row, edge: Edge, kind: Kind) -> Result<()> {
        if !self.seen.insert(edge) {
            return Err(row.bad("this succession stands there twice"));
        }
        self.put(edge, kind);
        Ok(())
    }

    fn put(&mut self, (predecessor_id, successor_id): Edge, kind: Kind) {
        let stored = self.stored.get(&(predecessor_id, successor_id));
        let weight_ppm = stored.and_then(|stored| stored.weight_ppm);
        let row = place_succession::Model { predecessor_id, successor_id, kind, weight_ppm };
        self.changes.want(stored, row);
    }
}

fn edge(row: &Row, places: &Places, level: Level) -> Result<Edge> {
    let old = places.named(row, "old_code", level, List::Before)?;
    let new = places.named(row, "new_code", level, List::After)?;
    Ok((old.id, new.id))
}

/// The kind in the words of the conversion table, or in ours.
fn kind(row: &Row) -> Result<Kind> {
    match row.optional("relation").as_deref() {
        None => Ok(Kind::MergedWhole),
        Some("part_area_all_population") => Ok(Kind::PartWithAllPeople),
        Some(_) => row.word("relation"),
    }
}

/// Province edges: to several new ones, a part each; to one that has no other predecessor,
/// unchanged; else merged whole.
fn derived(
    provinces: &BTreeMap<PlaceId, BTreeSet<PlaceId>>,
) -> impl Iterator<Item = (PlaceId, PlaceId, Kind)> {
    let mut predecessors: HashMap<PlaceId, usize> = HashMap::new();
    for new in provinces.values().flatten() {
        *predecessors.entry(*new).or_default() += 1;
    }
    provinces.iter().flat_map(move |(old, targets)| {
        let kind = |new: &PlaceId| match (targets.len(), predecessors.get(new)) {
            (1, Some(1)) => Kind::Unchanged,
            (1, _) => Kind::MergedWhole,
            _ => Kind::Part,
        };
        targets.iter().map(|new| (*old, *new, kind(new))).collect::<Vec<_>>()
    })
}
