//! The statement of the board: which places have a row, the sums of the cells that the viewer may
//! see, and the needs.

use entity::{
    activity_kind,
    board_cell::{self, Column as Cell},
    commitment::Disclosure,
    need, party, place,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IdenStatic, IntoSimpleExpr, Iterable, QueryFilter,
    QuerySelect, QueryTrait,
    prelude::Expr,
    sea_query::{
        Alias, CommonTableExpression, ExprTrait, JoinType, NullOrdering, Order, Query,
        SelectStatement, UnionType, WithClause,
    },
};
use uuid::Uuid;

use super::{MAX_ROWS, Part, Places};
use crate::{
    authz::Viewer,
    domain::{
        need::read as needs,
        place::lineage,
        reach::read::{self as reach, LEDGER_ACTS},
    },
};

const SUMS: [Cell; 6] = [
    Cell::Promised,
    Cell::Reported,
    Cell::Confirmed,
    Cell::Unverified,
    Cell::Disputed,
    Cell::Difference,
];

pub const NEED: &str = "need";

/// Where the upper half of a figure begins. Halves are added up each for itself, so that no sum of
/// figures, however large, leaves the 64 bits of the database.
pub const UPPER: i64 = 1 << 32;

/// The places with a row, as the statement calls them.
const SHOWN: &str = "shown";

/// 1 where a place is there only because another one succeeded it.
pub const INHERITED: &str = "inherited";

/// The sums with the rows of what they are about.
pub fn of(viewer: &Viewer, part: &Part) -> SelectStatement {
    let mut select = Query::select();
    let at = |name: &str| Expr::col(("sums", Alias::new(name)));
    for name in SUMS.iter().map(IdenStatic::as_str).chain([NEED]).flat_map(halves) {
        select.expr(at(&name));
    }
    let shown_place = Expr::col((SHOWN, "place_id"));
    select
        .expr_as(Expr::col((SHOWN, INHERITED)), INHERITED)
        .from_subquery(summed(viewer, part), "sums")
        .join(JoinType::InnerJoin, SHOWN, shown_place.eq(at("place_id")));
    let inner = JoinType::InnerJoin;
    let activity = activity_kind::Column::Id;
    join::<place::Entity>(&mut select, inner, at("place_id"), place::Column::Id, "p_");
    join::<activity_kind::Entity>(&mut select, inner, at("activity_id"), activity, "a_");
    join::<party::Entity>(&mut select, JoinType::LeftJoin, at("giver_id"), party::Column::Id, "g_");
    let order = [
        place::Column::Code.into_simple_expr(),
        place::Column::Id.into_simple_expr(),
        activity_kind::Column::Code.into_simple_expr(),
    ];
    for by in order {
        select.order_by_expr(by, Order::Asc);
    }
    let giver = party::Column::Code.into_simple_expr();
    select.order_by_expr_with_nulls(giver, Order::Asc, NullOrdering::First);
    select.limit(MAX_ROWS as u64 + 1);
    let shown =
        CommonTableExpression::new().table_name(SHOWN).query(shown(viewer, part)).to_owned();
    select.with_cte(WithClause::new().cte(shown).to_owned());
    select
}

fn join<E: EntityTrait>(
    select: &mut SelectStatement,
    ty: JoinType,
    from: Expr,
    id: E::Column,
    prefix: &str,
) {
    select.join(ty, E::default(), from.eq(Expr::col(id.as_column_ref())));
    for column in E::Column::iter() {
        select.expr_as(column.into_simple_expr(), format!("{prefix}{}", column.as_str()));
    }
}

/// Names of the halves of a sum.
pub fn halves(name: &str) -> [String; 2] {
    [format!("{name}_upper"), format!("{name}_lower")]
}

/// The sums of both halves of a column.
fn sums_of(column: impl ColumnTrait) -> [Expr; 2] {
    let figure = || column.into_simple_expr();
    [figure().div(UPPER), figure().modulo(UPPER)].map(|half| half.sum().cast_as("bigint"))
}

/// Sums by place, activity and giver, and the needs by place and activity.
fn summed(viewer: &Viewer, part: &Part) -> SelectStatement {
    let mut cells = board_cell::Entity::find().select_only().columns([
        Cell::PlaceId,
        Cell::ActivityId,
        Cell::GiverId,
    ]);
    for name in halves(NEED) {
        cells = cells.expr_as(nothing(), name);
    }
    for column in SUMS {
        for (sum, name) in sums_of(column).into_iter().zip(halves(column.as_str())) {
            cells = cells.expr_as(sum, name);
        }
    }
    let mut cells = cells
        .filter(visible(viewer))
        .filter(Cell::PlaceId.in_subquery(shown_ids()))
        .filter(among(&part.activities, Cell::ActivityId))
        .filter(among(&part.givers, Cell::GiverId))
        .filter(days(part, Cell::HalfMonth))
        .group_by(Cell::PlaceId)
        .group_by(Cell::ActivityId)
        .group_by(Cell::GiverId)
        .into_query();
    cells.union(UnionType::All, needed(viewer, part)).take()
}

fn needed(viewer: &Viewer, part: &Part) -> SelectStatement {
    use need::Column as Need;
    let mut needs = needs::visible_to(viewer)
        .select_only()
        .columns([Need::CommuneId, Need::ActivityId])
        .expr_as(null_like_giver(), "giver_id");
    for (sum, name) in sums_of(Need::Quantity).into_iter().zip(halves(NEED)) {
        needs = needs.expr_as(sum, name);
    }
    for name in SUMS.iter().flat_map(|column| halves(column.as_str())) {
        needs = needs.expr_as(nothing(), name);
    }
    needs
        .filter(Need::Status.eq(need::Status::Open))
        .filter(Need::CommuneId.in_subquery(shown_ids()))
        .filter(among(&part.activities, Need::ActivityId))
        .filter(days(part, Need::DueOn))
        .group_by(Need::CommuneId)
        .group_by(Need::ActivityId)
        .into_query()
}

fn nothing() -> Expr {
    Expr::cust("NULL").cast_as("bigint")
}

/// A null of the type of a giver's id: the giver of no party.
fn null_like_giver() -> Expr {
    let nobody =
        party::Entity::find().select_only().column(party::Column::Id).filter(Expr::cust("1 = 0"));
    Expr::from(nobody.into_query())
}

/// Cells of commitments that the viewer sees (DESIGN §5).
fn visible(viewer: &Viewer) -> Condition {
    if viewer.oversees() {
        return Condition::all();
    }
    Condition::any()
        .add(Cell::Disclosure.eq(Disclosure::Public))
        .add(reach::takes_part(viewer, Cell::ParticipantsId, Cell::CommitmentPlaceId, &LEDGER_ACTS))
        .add(reach::reaches(viewer, Cell::CommitmentPlaceId, &LEDGER_ACTS))
}

/// The places with a row, and whether each is there only because another one succeeded it.
fn shown(viewer: &Viewer, part: &Part) -> SelectStatement {
    let line = match &part.places {
        Places::These(places) => {
            let places: Vec<Uuid> = places.iter().copied().map(Into::into).collect();
            lineage::with_predecessors(viewer, &places)
        }
        Places::OfProgramme(on) => lineage::of_programme(*on),
    };
    let inherited = || Expr::col(INHERITED).min();
    let mut shown = Query::select();
    shown
        .expr_as(Expr::col("key"), "place_id")
        .expr_as(inherited(), INHERITED)
        .from_subquery(line, "line")
        .group_by_col("key");
    if !part.predecessors {
        shown.and_having(inherited().eq(Expr::cust("0")));
    }
    shown
}

fn shown_ids() -> SelectStatement {
    Query::select().column("place_id").from(SHOWN).take()
}

fn among<Id: Copy + Into<uuid::Uuid>>(
    ids: &Option<Vec<Id>>,
    column: impl ColumnTrait,
) -> Condition {
    let ids = ids.as_ref().map(|ids| column.is_in(ids.iter().map(|id| (*id).into())));
    ids.into_iter().fold(Condition::all(), Condition::add)
}

fn days(part: &Part, column: impl ColumnTrait) -> Condition {
    let from = part.from.map(|from| column.gte(from));
    let to = part.to.map(|to| column.lte(to));
    from.into_iter().chain(to).fold(Condition::all(), Condition::add)
}
