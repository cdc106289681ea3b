//! Conditions on reach for the `visible_to` of each noun: one indexed EXISTS.

use entity::{
    id::PartyId,
    mandate::Act,
    participant_set_member as member,
    reach::{Column, Entity, Role},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, Select,
    prelude::Expr, sea_query::ExprTrait,
};

use crate::{
    authz::Viewer,
    error::Result,
    graphql::filter::{nothing, valid_on},
};

/// That the party in a column is the viewer's own: itself or a predecessor. A mandate does not
/// make another's papers one's own.
pub fn owns(viewer: &Viewer, principal: impl ColumnTrait) -> Condition {
    let Some(party) = viewer.party() else {
        return nothing();
    };
    let of = Expr::col(principal.as_column_ref());
    let rows = Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Column::PartyId.eq(party))
        .filter(Column::Role.eq(Role::Own))
        .filter(Column::Act.is_null())
        .filter(Expr::col(Column::PrincipalId.as_column_ref()).eq(of))
        .filter(valid_on(Column::ValidFrom, Column::ValidTo, viewer.today));
    Condition::all().add(Expr::exists(rows.into_query()))
}

/// Roles that a party has at a place.
pub const AT_PLACE: [Role; 6] = [
    Role::Authority,
    Role::District,
    Role::Assigned,
    Role::Inside,
    Role::Leadership,
    Role::Coordinator,
];

/// Acts that need a sight of commitments and what was delivered on them.
pub const LEDGER_ACTS: [Act; 4] = [Act::Record, Act::Verify, Act::Accept, Act::Report];

/// That the viewer reaches the place in a column by its own right, or by a mandate for one of
/// these acts.
pub fn reaches(viewer: &Viewer, place: impl ColumnTrait, acts: &[Act]) -> Condition {
    let Some(rows) = rows_of(viewer) else { return nothing() };
    let of = Expr::col(place.as_column_ref());
    let rows = rows
        .filter(Column::Role.is_in(AT_PLACE))
        .filter(Expr::col(Column::PlaceId.as_column_ref()).eq(of))
        .filter(by_right_or(acts));
    Condition::all().add(Expr::exists(rows.into_query()))
}

/// That the viewer governs the place in a column, by right or by a mandate for an act.
pub fn governs(viewer: &Viewer, place: impl ColumnTrait, act: Act) -> Condition {
    let Some(rows) = rows_of(viewer) else { return nothing() };
    let of = Expr::col(place.as_column_ref());
    let rows = rows
        .filter(Column::Role.eq(Role::Authority))
        .filter(Expr::col(Column::PlaceId.as_column_ref()).eq(of))
        .filter(by_right_or(&[act]));
    Condition::all().add(Expr::exists(rows.into_query()))
}

/// That one of the set of participants in a column is the viewer's own, or lends it one of these
/// acts at the place in the other column.
pub fn takes_part(
    viewer: &Viewer,
    set: impl ColumnTrait,
    place: impl ColumnTrait,
    acts: &[Act],
) -> Condition {
    match participating(viewer, set, place, acts) {
        Some(rows) => Condition::all().add(Expr::exists(rows.into_query())),
        None => nothing(),
    }
}

/// The same of the participants beside the one in a third column.
pub fn takes_part_beside(
    viewer: &Viewer,
    set: impl ColumnTrait,
    beside: impl ColumnTrait,
    place: impl ColumnTrait,
    acts: &[Act],
) -> Condition {
    let Some(rows) = participating(viewer, set, place, acts) else { return nothing() };
    let another = Expr::col(Column::PrincipalId.as_column_ref())
        .ne(Expr::col(beside.as_column_ref()))
        .or(beside.is_null());
    Condition::all().add(Expr::exists(rows.filter(another).into_query()))
}

/// That the party in a column is the viewer's own, or lends it one of these acts at the place in
/// the other column.
pub fn owns_at(
    viewer: &Viewer,
    principal: impl ColumnTrait,
    place: impl ColumnTrait,
    acts: &[Act],
) -> Condition {
    let Some(rows) = own_at(viewer, place, acts) else { return nothing() };
    let of = Expr::col(principal.as_column_ref());
    let rows = rows.filter(Expr::col(Column::PrincipalId.as_column_ref()).eq(of));
    Condition::all().add(Expr::exists(rows.into_query()))
}

fn participating(
    viewer: &Viewer,
    set: impl ColumnTrait,
    place: impl ColumnTrait,
    acts: &[Act],
) -> Option<Select<Entity>> {
    let participant =
        Entity::belongs_to(member::Entity).from(Column::PrincipalId).to(member::Column::PartyId);
    let of = Expr::col(member::Column::SetId.as_column_ref()).eq(Expr::col(set.as_column_ref()));
    let rows = own_at(viewer, place, acts)?;
    Some(rows.join(JoinType::InnerJoin, participant.into()).filter(of))
}

/// Whose rows are the viewer's own, or lent to it for one of these acts, at the place in a column.
fn own_at(viewer: &Viewer, place: impl ColumnTrait, acts: &[Act]) -> Option<Select<Entity>> {
    let here = Condition::any()
        .add(Column::PlaceId.is_null())
        .add(Expr::col(Column::PlaceId.as_column_ref()).eq(Expr::col(place.as_column_ref())));
    let rows = rows_of(viewer)?.filter(Column::Role.eq(Role::Own));
    Some(rows.filter(here).filter(by_right_or(acts)))
}

fn by_right_or(acts: &[Act]) -> Condition {
    Condition::any().add(Column::Act.is_null()).add(Column::Act.is_in(acts.iter().copied()))
}

/// What the viewer's party reaches today, for an EXISTS.
fn rows_of(viewer: &Viewer) -> Option<Select<Entity>> {
    let party = viewer.party()?;
    let rows = Entity::find().select_only().expr(Expr::val(1));
    let today = valid_on(Column::ValidFrom, Column::ValidTo, viewer.today);
    Some(rows.filter(Column::PartyId.eq(party)).filter(today))
}

/// The rights of a party today that do not depend on a row: whose rows are its own, and whether
/// it coordinates or leads.
pub async fn standing(
    db: &sea_orm::DatabaseConnection,
    party: PartyId,
    today: chrono::NaiveDate,
) -> Result<Vec<(Role, PartyId)>> {
    Ok(Entity::find()
        .select_only()
        .distinct()
        .column(Column::Role)
        .column(Column::PrincipalId)
        .filter(Column::PartyId.eq(party))
        .filter(Column::Role.is_in([Role::Own, Role::Coordinator, Role::Leadership]))
        .filter(Column::Act.is_null())
        .filter(valid_on(Column::ValidFrom, Column::ValidTo, today))
        .into_tuple()
        .all(db)
        .await?)
}
