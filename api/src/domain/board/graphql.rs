//! The board on the graph.

use async_graphql::{Context, Description, ID, InputObject, Object};
use chrono::{Datelike, NaiveDate};
use entity::{id::TypedId, party};

use super::read::{self, MAX_ROWS, Part, Places, Row, Sums};
use crate::{
    domain::{activity_kind::graphql::ActivityKind, party::graphql::Party, place::graphql::Place},
    error::{Error, Result},
    graphql::{
        context::ContextExt,
        scalar::{Date, Decimal},
    },
};

/// The most places, activities or givers that are asked for by name.
const MAX_NAMED: usize = 500;

/// Which part of the board (phạm vi bảng tổng hợp).
#[derive(InputObject)]
pub struct BoardFilter {
    /// Places with a row (đơn vị), at most 500. If they are left out: the communes that have taken
    /// part in the programme or what became of them, and the districts and provinces around them.
    pub place_ids: Option<Vec<ID>>,
    /// Whether the predecessors of these places have rows too, marked as such (cả đơn vị cũ).
    #[graphql(default = true)]
    pub include_predecessors: bool,
    /// The day on which the places of the programme are looked up (tại ngày), where none are named;
    /// today if it is left out.
    pub as_of: Option<Date>,
    /// Activities (loại hoạt động), at most 500; all of them if they are left out.
    pub activity_ids: Option<Vec<ID>>,
    /// Givers whose rows count (bên cam kết), at most 500; all of them if they are left out. Needs
    /// are nobody's in particular and count as ever.
    pub giver_ids: Option<Vec<ID>>,
    /// First day of the time that counts (từ ngày): the 1st or the 15th of a month. Promises and
    /// needs count by their due dates, deliveries by their own.
    pub from: Option<Date>,
    /// Last day of the time that counts (đến ngày): the 14th or the last day of a month.
    pub to: Option<Date>,
}

impl Default for BoardFilter {
    fn default() -> Self {
        let (place_ids, activity_ids, giver_ids) = (None, None, None);
        let (as_of, from, to) = (None, None, None);
        let include_predecessors = true;
        Self { place_ids, include_predecessors, as_of, activity_ids, giver_ids, from, to }
    }
}

impl BoardFilter {
    fn part(self, today: NaiveDate) -> Result<Part> {
        let from = self.from.map(|date| date.0);
        let to = self.to.map(|date| date.0);
        let is_first = |day: NaiveDate| matches!(day.day(), 1 | 15);
        let next_is_first = |day: NaiveDate| day.succ_opt().is_some_and(is_first);
        if !from.is_none_or(is_first) || !to.is_none_or(next_is_first) {
            let what = "`from` is the 1st or 15th of a month, `to` the 14th or the last day of one";
            return Err(Error::BadInput(what.to_owned()));
        }
        let places = match named(self.place_ids)? {
            Some(places) => Places::These(places),
            None => Places::OfProgramme(self.as_of.map_or(today, |date| date.0)),
        };
        Ok(Part {
            places,
            predecessors: self.include_predecessors,
            activities: named(self.activity_ids)?,
            givers: named(self.giver_ids)?,
            from,
            to,
        })
    }
}

fn named<Id: TypedId + std::str::FromStr>(ids: Option<Vec<ID>>) -> Result<Option<Vec<Id>>> {
    let Some(ids) = ids else { return Ok(None) };
    if ids.len() > MAX_NAMED {
        return Err(Error::BadInput(format!("name at most {MAX_NAMED} of them")));
    }
    Ok(Some(ids.into_iter().filter_map(|id| id.parse().ok()).collect()))
}

/// One place and one activity on the board (ô của bảng tổng hợp). Every figure counts the rows that
/// you may see, and nothing else.
#[derive(Description)]
pub struct BoardCell(Row);

impl BoardCell {
    fn of(&self, raw: i128) -> Decimal {
        Decimal::of_sum(raw, self.0.activity.precision)
    }
}

#[Object(use_type_description)]
impl BoardCell {
    /// The commune, or a wider place that something was promised to (đơn vị).
    async fn place(&self) -> Place {
        self.0.place.clone().into()
    }

    /// Whether the row is there only because of a place that succeeded this one (của đơn vị tiền
    /// nhiệm): its figures are the old unit's and are in no other row.
    async fn of_predecessor(&self) -> bool {
        self.0.of_predecessor
    }

    /// The activity (loại hoạt động).
    async fn activity(&self) -> ActivityKind {
        ActivityKind(self.0.activity.clone())
    }

    /// What is needed (nhu cầu), in the activity's unit; null where no need stands open.
    async fn need(&self) -> Option<Decimal> {
        self.0.need.map(|need| self.of(need))
    }

    /// What is promised (đã cam kết), in the activity's unit, by commitments that hold or are
    /// closed.
    async fn promised(&self) -> Decimal {
        self.of(self.0.sums.promised)
    }

    /// What is reported (đã báo cáo), in the activity's unit.
    async fn reported(&self) -> Decimal {
        self.of(self.0.sums.reported)
    }

    /// What is confirmed or agreed (đã xác nhận), in the activity's unit.
    async fn confirmed(&self) -> Decimal {
        self.of(self.0.sums.confirmed)
    }

    /// What is reported and not verified yet (chờ xác nhận), in the activity's unit.
    async fn unverified(&self) -> Decimal {
        self.of(self.0.sums.unverified)
    }

    /// What is in dispute, as reported (đang đối soát), in the activity's unit.
    async fn disputed(&self) -> Decimal {
        self.of(self.0.sums.disputed)
    }

    /// By how much reports exceed what was received or agreed (chênh lệch), in the activity's unit.
    async fn difference(&self) -> Decimal {
        self.of(self.0.sums.difference)
    }

    /// Need less promised (chưa có cam kết), in the activity's unit; negative where more is promised
    /// than needed, null where no need stands open.
    async fn uncovered(&self) -> Option<Decimal> {
        self.0.need.map(|need| self.of(need - self.0.sums.promised))
    }

    /// Need less confirmed (còn thiếu), in the activity's unit; null where no need stands open.
    async fn gap(&self) -> Option<Decimal> {
        self.0.need.map(|need| self.of(need - self.0.sums.confirmed))
    }

    /// Who has a part in it (các bên cam kết), in the order of their codes: those whose rows you may
    /// see.
    async fn givers(&self) -> Vec<BoardGiver> {
        let precision = self.0.activity.precision;
        let givers = self.0.givers.iter();
        givers.map(|(party, sums)| BoardGiver(party.clone(), *sums, precision)).collect()
    }
}

/// The part of one giver in a cell (phần của một bên).
#[derive(Description)]
pub struct BoardGiver(party::Model, Sums, i32);

#[Object(use_type_description)]
impl BoardGiver {
    /// The giver that everything is credited to (bên cam kết).
    async fn giver(&self) -> Party {
        self.0.clone().into()
    }

    /// What it promised (đã cam kết), in the activity's unit.
    async fn promised(&self) -> Decimal {
        Decimal::of_sum(self.1.promised, self.2)
    }

    /// What is reported as its deliveries (đã báo cáo), in the activity's unit.
    async fn reported(&self) -> Decimal {
        Decimal::of_sum(self.1.reported, self.2)
    }

    /// What is confirmed or agreed (đã xác nhận), in the activity's unit.
    async fn confirmed(&self) -> Decimal {
        Decimal::of_sum(self.1.confirmed, self.2)
    }
}

#[derive(Default)]
pub struct BoardQuery;

#[Object]
impl BoardQuery {
    /// What is needed, promised, reported and confirmed, by place and activity (bảng tổng hợp), in
    /// the order of their codes; places and activities without any of it are left out. What is
    /// promised to a wider place than a commune has a row of its own. A part of the board with more
    /// than 20,000 figures of givers is refused: ask for fewer places or activities.
    async fn board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part (phạm vi).")] filter: Option<BoardFilter>,
    ) -> Result<Vec<BoardCell>> {
        let part = filter.unwrap_or_default().part(ctx.viewer().today)?;
        let rows = read::board(ctx.app(), ctx.viewer(), &part).await?;
        let rows = rows.ok_or_else(|| {
            let what = format!("more than {MAX_ROWS} figures: name fewer places or activities");
            Error::BadInput(what)
        })?;
        Ok(rows.into_iter().map(BoardCell).collect())
    }
}
