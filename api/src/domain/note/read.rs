//! Selecting notes.

use entity::{commitment, need, note};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    authz::Viewer,
    domain::{commitment::read as commitments, need::read as needs, reach::read as reach},
};

/// Those on objects that concern the viewer, and those addressed to it.
pub fn visible_to(viewer: &Viewer) -> Select<note::Entity> {
    let all = note::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let commitments = commitment::Entity::find()
        .filter(commitments::concerning(viewer))
        .select_only()
        .column(commitment::Column::Id);
    let needs = need::Entity::find()
        .filter(needs::concerning(viewer))
        .select_only()
        .column(need::Column::Id);
    all.filter(
        Condition::any()
            .add(note::Column::CommitmentId.in_subquery(commitments.into_query()))
            .add(note::Column::NeedId.in_subquery(needs.into_query()))
            .add(reach::owns(viewer, note::Column::AddresseeId))
            .add(reach::owns(viewer, note::Column::WrittenById)),
    )
}
