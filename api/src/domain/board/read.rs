//! Reading the board: one statement, with the names of what it shows.

use chrono::NaiveDate;
use entity::{
    activity_kind,
    board_cell::Column as Cell,
    id::{ActivityKindId, PartyId, PlaceId},
    party, place,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, IdenStatic, QueryResult};

use crate::{app::App, authz::Viewer, error::Result};

mod statement;

use statement::{INHERITED, NEED, UPPER, halves};

/// The most sums of one giver in one cell that one board shows; names and all, some ten megabytes.
pub const MAX_ROWS: usize = 20_000;

/// Which part of the board.
#[derive(Clone, Debug)]
pub struct Part {
    pub places: Places,
    /// Whether what these places succeeded has rows as well.
    pub predecessors: bool,
    /// Activities with a column; all of them if there are none.
    pub activities: Option<Vec<ActivityKindId>>,
    /// The givers that count; all of them if there are none.
    pub givers: Option<Vec<PartyId>>,
    /// First day, the 1st or 15th of a month.
    pub from: Option<NaiveDate>,
    /// Last day, the 14th or the end of a month.
    pub to: Option<NaiveDate>,
}

/// The places with a row.
#[derive(Clone, Debug)]
pub enum Places {
    These(Vec<PlaceId>),
    /// Those of the programme on a day, and what lies around them.
    OfProgramme(NaiveDate),
}

/// Sums in units of 10^−precision of the activity. A row holds 64 bits, a sum of rows may not fit
/// them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub promised: i128,
    pub reported: i128,
    pub confirmed: i128,
    pub unverified: i128,
    pub disputed: i128,
    pub difference: i128,
}

/// One cell with the part that each giver has in it.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: place::Model,
    /// Whether the place is there only because another one succeeded it.
    pub of_predecessor: bool,
    pub activity: activity_kind::Model,
    /// None where no need stands open.
    pub need: Option<i128>,
    pub sums: Sums,
    pub givers: Vec<(party::Model, Sums)>,
}

/// The cells of a part, in the order of the codes of places and activities; none where there are
/// too many.
pub async fn board(app: &App, viewer: &Viewer, part: &Part) -> Result<Option<Vec<Row>>> {
    let found = app.db.reader().query_all(&statement::of(viewer, part)).await?;
    if found.len() > MAX_ROWS {
        return Ok(None);
    }
    let mut rows: Vec<Row> = Vec::new();
    for row in found {
        collect(&mut rows, &row)?;
    }
    rows.retain(|row| row.need.is_some() || !row.givers.is_empty());
    Ok(Some(rows))
}

/// Adds a row of the statement to the cell it belongs to: the last one, or a new one.
fn collect(rows: &mut Vec<Row>, row: &QueryResult) -> Result<(), DbErr> {
    let place = place::Model::from_query_result(row, "p_")?;
    let activity = activity_kind::Model::from_query_result(row, "a_")?;
    let same = |last: &Row| last.place.id == place.id && last.activity.id == activity.id;
    if !rows.last().is_some_and(same) {
        let of_predecessor = row.try_get::<i32>("", INHERITED)? != 0;
        let (need, sums) = (None, Sums::default());
        rows.push(Row { place, of_predecessor, activity, need, sums, givers: Vec::new() });
    }
    let Some(cell) = rows.last_mut() else { return Ok(()) };
    if let Some(need) = sum(row, NEED)? {
        cell.need = Some(need);
        return Ok(());
    }
    let sums = read(row)?;
    let giver = party::Model::from_query_result(row, "g_")?;
    cell.sums = plus(cell.sums, sums);
    if sums != Sums::default() {
        cell.givers.push((giver, sums));
    }
    Ok(())
}

fn read(row: &QueryResult) -> Result<Sums, DbErr> {
    let sum = |column: Cell| Ok::<_, DbErr>(sum(row, column.as_str())?.unwrap_or_default());
    Ok(Sums {
        promised: sum(Cell::Promised)?,
        reported: sum(Cell::Reported)?,
        confirmed: sum(Cell::Confirmed)?,
        unverified: sum(Cell::Unverified)?,
        disputed: sum(Cell::Disputed)?,
        difference: sum(Cell::Difference)?,
    })
}

/// A sum of which the statement has both halves; none where it has none.
fn sum(row: &QueryResult, name: &str) -> Result<Option<i128>, DbErr> {
    let [upper, lower] = halves(name);
    let upper: Option<i64> = row.try_get("", &upper)?;
    let lower: Option<i64> = row.try_get("", &lower)?;
    Ok(upper
        .zip(lower)
        .map(|(upper, lower)| i128::from(upper) * i128::from(UPPER) + i128::from(lower)))
}

const fn plus(a: Sums, b: Sums) -> Sums {
    Sums {
        promised: a.promised + b.promised,
        reported: a.reported + b.reported,
        confirmed: a.confirmed + b.confirmed,
        unverified: a.unverified + b.unverified,
        disputed: a.disputed + b.disputed,
        difference: a.difference + b.difference,
    }
}
