//! What places succeeded and what lies in them, in SQL, so that a list can follow it in its own
//! statement: pairs of a place and another that is reached from it, with whether a succession lies
//! between.

use entity::{place, place_succession};
use sea_orm::{
    ColumnTrait, IntoSimpleExpr,
    prelude::Expr,
    sea_query::{
        CaseStatement, CommonTableExpression, ExprTrait, JoinType, Query, SelectStatement,
        SimpleExpr, UnionType, WithClause,
    },
};
use uuid::Uuid;

use crate::authz::Viewer;

/// Each of these places and everything it succeeded, directly or not.
pub fn with_predecessors(_: &Viewer, places: &[Uuid]) -> SelectStatement {
    closure(places, successions())
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
    closure(places, successions().union(UnionType::All, inside).take())
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
fn closure(places: &[Uuid], steps: SelectStatement) -> SelectStatement {
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
        .and_where(id.is_in(places.iter().copied()))
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
