//! How commitments and places lead to deliveries.

use entity::delivery::{Column, Entity};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use crate::{authz::Viewer, domain::place::lineage, graphql::paging::Link};

/// The ledger of a commitment.
pub const ON_COMMITMENT: Link<Entity> =
    Link { name: "deliveries", on: Column::CommitmentId, keys: None };

/// What arrived in a place, in what lies in it, and in what any of these succeeded.
pub const ARRIVED_IN_LINE: Link<Entity> =
    Link { name: "arrived", on: Column::CommuneId, keys: Some(lineage::with_inside) };

/// What arrived in a place and in what lies in it.
pub const ARRIVED_IN_PLACE: Link<Entity> =
    Link { name: "arrived", on: Column::CommuneId, keys: Some(own) };

fn own(viewer: &Viewer, places: &[Uuid]) -> SelectStatement {
    let all = lineage::with_inside(viewer, places);
    Query::select()
        .columns(["parent", "key", "inherited"])
        .from_subquery(all, "line")
        .and_where(Expr::col("inherited").eq(Expr::cust("0")))
        .take()
}
