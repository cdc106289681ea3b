//! Provinces, districts and communes with their other spellings. The files hold two lists: the
//! old one, from a floor date (nobody published the first days of its units) until it ended, and
//! the new one. Every unit has a row in each list that carries it, unchanged ones too.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    id::PlaceId,
    place::{self, Kind, Level},
};
use sea_orm::EntityTrait;

use super::{Import, Report, changes::Changes, files::Row};
use crate::error::Result;
use spelling::same_spelling;

mod aliases;
mod spelling;
mod units;

/// The first day the registry vouches for the old list.
pub const FLOOR: NaiveDate = day(2023, 1, 1);

/// The first day of the new list, on which every unit of the old one has ended.
pub const CHANGE: NaiveDate = day(2025, 7, 1);

const MAX_NAME: usize = 100;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => unreachable!(),
    }
}

/// Which of the two lists a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Before,
    After,
}

impl List {
    pub const fn since(self) -> NaiveDate {
        match self {
            Self::Before => FLOOR,
            Self::After => CHANGE,
        }
    }

    pub fn of(row: &Row, column: &str) -> Result<Self> {
        match row.text(column)?.as_str() {
            "before" => Ok(Self::Before),
            "after" => Ok(Self::After),
            other => Err(row.bad(format!("{column} {other} is neither before nor after"))),
        }
    }
}

/// The digits of a code, level by level.
const fn width(level: Level) -> usize {
    match level {
        Level::Province => 2,
        Level::District => 3,
        Level::Commune => 5,
    }
}

/// All places as they will be stored.
pub struct Places {
    rows: HashMap<PlaceId, place::Model>,
    by_code: HashMap<String, Vec<(NaiveDate, PlaceId)>>,
}

/// A place as a file has it.
struct Draft {
    level: Level,
    kind: Kind,
    code: String,
    name: String,
    parent: Option<PlaceId>,
    province: Option<PlaceId>,
    from: NaiveDate,
    /// Null keeps an end that is stored already.
    to: Option<NaiveDate>,
}

impl Places {
    async fn load(import: &Import<'_>) -> Result<Self> {
        let mut places = Self { rows: HashMap::new(), by_code: HashMap::new() };
        for row in place::Entity::find().all(&**import.tx).await? {
            places.put(row);
        }
        Ok(places)
    }

    fn put(&mut self, row: place::Model) {
        let known = self.by_code.entry(row.code.clone()).or_default();
        if !known.iter().any(|(_, id)| *id == row.id) {
            known.push((row.valid_from, row.id));
        }
        self.rows.insert(row.id, row);
    }

    fn at(&self, code: &str, from: NaiveDate) -> Option<&place::Model> {
        let (_, id) = self.by_code.get(code)?.iter().find(|(since, _)| *since == from)?;
        self.rows.get(id)
    }

    /// Another place that has the code on a day of the draft's.
    fn overlapping(&self, id: PlaceId, draft: &Draft) -> Option<&place::Model> {
        let before = |day: NaiveDate, end: Option<NaiveDate>| end.is_none_or(|end| day < end);
        let others = self.by_code.get(&draft.code)?.iter().filter(|(_, other)| *other != id);
        let mut others = others.filter_map(|(_, other)| self.rows.get(other));
        others
            .find(|other| before(other.valid_from, draft.to) && before(draft.from, other.valid_to))
    }

    /// The place that a column names in one of the lists.
    pub fn named(
        &self,
        row: &Row,
        column: &str,
        level: Level,
        list: List,
    ) -> Result<&place::Model> {
        let code = row.code(column, width(level))?;
        self.at(&code, list.since()).ok_or_else(|| {
            let list = match list {
                List::Before => "old list",
                List::After => "new list",
            };
            row.bad(format!("{column} {code} is not in the {list}"))
        })
    }

    pub fn province_of(&self, place: PlaceId) -> Option<PlaceId> {
        self.rows.get(&place)?.province_id
    }

    /// The same as `named`, where the code's length says the level.
    pub fn of_any_level(&self, row: &Row, column: &str, list: List) -> Result<&place::Model> {
        let level = match row.text(column)?.len() {
            2 => Level::Province,
            3 => Level::District,
            _ => Level::Commune,
        };
        self.named(row, column, level, list)
    }
}

/// An import of places under way.
struct Run<'a> {
    import: &'a Import<'a>,
    stored: HashMap<PlaceId, place::Model>,
    places: Places,
    /// In the order of the files, so that nothing is inserted before what it lies in.
    order: Vec<PlaceId>,
    seen: HashSet<PlaceId>,
}

pub async fn import(import: &Import<'_>, report: &mut Report) -> Result<Places> {
    let places = Places::load(import).await?;
    let mut run = Run {
        import,
        stored: places.rows.clone(),
        places,
        order: Vec::new(),
        seen: HashSet::new(),
    };
    run.provinces()?;
    run.districts()?;
    run.communes("communes_before.csv", List::Before)?;
    run.communes("communes_after.csv", List::After)?;
    let aliases = run.aliases().await?;

    let mut changes = Changes::<place::Entity>::of("places");
    for id in &run.order {
        if let Some(row) = run.places.rows.get(id) {
            changes.want(run.stored.get(id), row.clone());
        }
    }
    report.add("places", changes.write(import.tx).await?);
    report.add("place aliases", aliases.write(import.tx).await?);
    Ok(run.places)
}

impl Run<'_> {
    fn draft(&mut self, row: &Row, draft: Draft) -> Result<()> {
        let stored = self.places.at(&draft.code, draft.from);
        let id = stored.map_or_else(|| self.import.id(), |stored| stored.id);
        if !self.seen.insert(id) {
            return Err(row.bad(format!("{} stands there twice", draft.code)));
        }
        if let Some(other) = self.places.overlapping(id, &draft) {
            let (from, code) = (other.valid_from, &draft.code);
            return Err(row.bad(format!("{code} overlaps the {code} that is valid from {from}")));
        }
        let name = match stored {
            Some(stored) if same_spelling(&stored.name, &draft.name) => stored.name.clone(),
            _ => draft.name,
        };
        let place = place::Model {
            id,
            level: draft.level,
            kind: draft.kind,
            search_key: stored.map_or_else(String::new, |stored| stored.search_key.clone()),
            code: draft.code,
            name,
            parent_id: draft.parent,
            province_id: draft.province,
            valid_from: draft.from,
            valid_from_is_floor: draft.from == FLOOR,
            valid_to: draft.to.or(stored.and_then(|stored| stored.valid_to)),
        };
        self.order.push(id);
        self.places.put(place);
        Ok(())
    }
}
