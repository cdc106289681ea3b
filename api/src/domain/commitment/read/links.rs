//! How parties and places lead to commitments: what a party owes, what is owed to it, what was
//! promised to a place. Whose a commitment is, for the page of a party, does not depend on who
//! looks at the page.

use entity::{
    commitment::{Column, Entity},
    participant_set_member as member, party,
    reach::{self, Role},
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoSimpleExpr, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select,
    prelude::Expr,
    sea_query::{CaseStatement, ExprTrait, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use crate::{authz::Viewer, domain::place::lineage, graphql::paging::Link};

/// As giver, joint giver or carrier: what it or a predecessor of it promised.
pub const OWED_BY_PARTY: Link<Entity> =
    Link { name: "owes", on: Column::ParticipantsId, keys: Some(sets_of_parties) };

/// What is promised to the place it is the authority of, or to a predecessor of that place.
pub const OWED_TO_PARTY: Link<Entity> =
    Link { name: "owed", on: Column::PlaceId, keys: Some(places_of_parties) };

/// What was promised to a place or to a predecessor of it.
pub const PROMISED_TO_LINE: Link<Entity> =
    Link { name: "promised", on: Column::PlaceId, keys: Some(lineage::with_predecessors) };

/// What was promised to a place itself.
pub const PROMISED_TO_PLACE: Link<Entity> =
    Link { name: "promised", on: Column::PlaceId, keys: None };

/// The sets of participants that each party or a predecessor of it is in.
fn sets_of_parties(viewer: &Viewer, parties: &[Uuid]) -> SelectStatement {
    let of = reach::Entity::belongs_to(member::Entity)
        .from(reach::Column::PrincipalId)
        .to(member::Column::PartyId);
    let is_own = Expr::col(reach::Column::PrincipalId.as_column_ref())
        .eq(reach::Column::PartyId.into_simple_expr());
    let rows = ever(viewer, parties, Role::Own).join(JoinType::InnerJoin, of.into());
    pairs(rows, member::Column::SetId.into_simple_expr(), is_own)
}

/// The places that each party is or was the authority of, with what these succeeded.
fn places_of_parties(viewer: &Viewer, parties: &[Uuid]) -> SelectStatement {
    let of =
        reach::Entity::belongs_to(party::Entity).from(reach::Column::PartyId).to(party::Column::Id);
    let place = reach::Column::PlaceId.into_simple_expr();
    let is_own = place.clone().eq(party::Column::PlaceId.into_simple_expr());
    let rows = ever(viewer, parties, Role::Authority).join(JoinType::InnerJoin, of.into());
    pairs(rows, place, is_own)
}

/// What parties have or had by right of their own until today: a party that has ended keeps its
/// page.
fn ever(viewer: &Viewer, parties: &[Uuid], role: Role) -> Select<reach::Entity> {
    reach::Entity::find()
        .filter(reach::Column::PartyId.is_in(parties.iter().copied()))
        .filter(reach::Column::Role.eq(role))
        .filter(reach::Column::Act.is_null())
        .filter(reach::Column::ValidFrom.lte(viewer.today))
}

fn pairs(rows: Select<reach::Entity>, key: SimpleExpr, is_own: SimpleExpr) -> SelectStatement {
    let party = reach::Column::PartyId.into_simple_expr();
    let inherited: SimpleExpr =
        CaseStatement::new().case(is_own, Expr::cust("0")).finally(Expr::cust("1")).into();
    let mut pairs = rows.select_only().into_query();
    pairs
        .expr_as(party.clone(), "parent")
        .expr_as(key.clone(), "key")
        .expr_as(inherited.min(), "inherited")
        .add_group_by([party, key]);
    pairs
}
