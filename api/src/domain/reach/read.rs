//! Conditions on reach for the `visible_to` of each noun: one indexed EXISTS.

use entity::{
    id::PartyId,
    reach::{Column, Entity, Role},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, prelude::Expr,
    sea_query::ExprTrait,
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
