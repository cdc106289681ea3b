//! What places succeeded and what lies in them, in SQL, so that a list can follow it in its own
//! statement: pairs of a place and another that is reached from it, with whether a succession lies
//! between.

use chrono::NaiveDate;
use entity::{enrolment, place, place_succession};
use sea_orm::{
    ColumnTrait, Condition, IntoSimpleExpr,
    prelude::Expr,
    sea_query::{
        CaseStatement, CommonTableExpression, ExprTrait, JoinType, Query, SelectStatement,
        SimpleExpr, UnionType, WithClause,
    },
};
use uuid::Uuid;

use crate::{authz::Viewer, graphql::filter::valid_on};

/// Each of these places and everything it succeeded, directly or not.
pub fn with_predecessors(_: &Viewer, places: &[Uuid]) -> SelectStatement {
    closure(these(places), successions())
}

/// Each of these places, everything in it, and what any of these succeeded.
pub fn with_inside(_: &Viewer, places: &[Uuid]) -> SelectStatement {
    let inside = Query::select()
        .expr_as(place::Column::ParentId.into_simple_expr(), "place")
        .expr_as(place::Column::Id.into_simple_expr(), "key")
        .expr_as(Expr::cust("0"), "inherited")
        .from(place::Entity)
        .and_where(place::Column::ParentId.is_not_null())
        .take();
    closure(these(places), successions().union(UnionType::All, inside).take())
}

/// The places of the programme that exist on a day: the communes that took part by then or what
/// became of them, and the districts and provinces around those. With each, what it succeeded and
/// what lay around that.
pub fn of_programme(on: NaiveDate) -> SelectStatement {
    use place::Column::{Id, ParentId, ProvinceId, ValidFrom, ValidTo};
    let outwards = |around: place::Column| {
        Query::select()
            .expr_as(Id.into_simple_expr(), "place")
            .expr_as(around.into_simple_expr(), "key")
            .expr_as(Expr::cust("0"), "inherited")
            .from(place::Entity)
            .and_where(around.is_not_null())
            .take()
    };
    let start = Condition::all()
        .add(valid_on(ValidFrom, ValidTo, on))
        .add(Id.in_subquery(heirs_of_enrolled(on)));
    let steps = successions()
        .union(UnionType::All, outwards(ParentId))
        .union(UnionType::All, outwards(ProvinceId))
        .take();
    closure(start, steps)
}

/// The communes that took part by a day, and what became of them.
fn heirs_of_enrolled(on: NaiveDate) -> SelectStatement {
    use enrolment::Column::{CommuneId, ValidFrom};
    let step = |column| Expr::col(("step", column));
    let further = Query::select()
        .expr(step("place"))
        .from("heir")
        .join_subquery(
            JoinType::InnerJoin,
            successions(),
            "step",
            step("key").eq(Expr::col(("heir", "id"))),
        )
        .take();
    let heirs = Query::select()
        .expr(CommuneId.into_simple_expr())
        .from(enrolment::Entity)
        .and_where(ValidFrom.lte(on))
        .union(UnionType::Distinct, further)
        .take();
    let heirs =
        CommonTableExpression::new().table_name("heir").columns(["id"]).query(heirs).to_owned();
    Query::select()
        .column("id")
        .from("heir")
        .with_cte(WithClause::new().recursive(true).cte(heirs).to_owned())
        .take()
}

fn these(places: &[Uuid]) -> Condition {
    Condition::all().add(place::Column::Id.is_in(places.iter().copied()))
}

/// The ids of everything in a place and of what any of it succeeded, the place included.
pub fn ids_inside(viewer: &Viewer, place: Uuid) -> SelectStatement {
    let inside = with_inside(viewer, &[place]);
    Query::select().column("key").from_subquery(inside, "inside").take()
}

fn successions() -> SelectStatement {
    use place_succession::Column::{PredecessorId, SuccessorId};
    Query::select()
        .expr_as(SuccessorId.into_simple_expr(), "place")
        .expr_as(PredecessorId.into_simple_expr(), "key")
        .expr_as(Expr::cust("1"), "inherited")
        .from(place_succession::Entity)
        .take()
}

/// All that is reached along steps from `place` to `key`, each pair once: as inherited only where
/// no way without a succession leads there.
fn closure(start: Condition, steps: SelectStatement) -> SelectStatement {
    let (line, step) = (|column| Expr::col(("line", column)), |column| Expr::col(("step", column)));
    let inherited: SimpleExpr = CaseStatement::new()
        .case(line("inherited").eq(Expr::cust("1")), Expr::cust("1"))
        .finally(step("inherited"))
        .into();
    let further = Query::select()
        .expr(line("parent"))
        .expr(step("key"))
        .expr(inherited)
        .from("line")
        .join_subquery(JoinType::InnerJoin, steps, "step", step("place").eq(line("key")))
        .take();
    let id = place::Column::Id;
    let reached = Query::select()
        .expr(id.into_simple_expr())
        .expr(id.into_simple_expr())
        .expr(Expr::cust("0"))
        .from(place::Entity)
        .cond_where(start)
        .union(UnionType::Distinct, further)
        .take();
    let reached = CommonTableExpression::new()
        .table_name("line")
        .columns(["parent", "key", "inherited"])
        .query(reached)
        .to_owned();
    Query::select()
        .columns([("line", "parent"), ("line", "key")])
        .expr_as(line("inherited").min(), "inherited")
        .from("line")
        .group_by_columns([("line", "parent"), ("line", "key")])
        .with_cte(WithClause::new().recursive(true).cte(reached).to_owned())
        .take()
}
