//! Selecting commitments and their amendments.

use entity::{amendment, commitment, commitment::Disclosure};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    authz::Viewer,
    domain::reach::read::{self as reach, LEDGER_ACTS},
};

/// Public ones, and those that concern the viewer.
pub fn visible_to(viewer: &Viewer) -> Select<commitment::Entity> {
    let all = commitment::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let public = commitment::Column::Disclosure.eq(Disclosure::Public);
    all.filter(Condition::any().add(public).add(concerning(viewer)))
}

/// That a commitment concerns the viewer: as a participant, by its place, or as an agent of
/// somebody whom it concerns.
pub fn concerning(viewer: &Viewer) -> Condition {
    use commitment::Column::{ParticipantsId, PlaceId};
    Condition::any()
        .add(reach::takes_part(viewer, ParticipantsId, PlaceId, &LEDGER_ACTS))
        .add(reach::reaches(viewer, PlaceId, &LEDGER_ACTS))
}

pub mod amendments {
    //! Seen with their commitment.

    use super::{
        ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, Viewer, amendment,
        commitment,
    };

    pub fn visible_to(viewer: &Viewer) -> Select<amendment::Entity> {
        let seen = super::visible_to(viewer).select_only().column(commitment::Column::Id);
        amendment::Entity::find()
            .filter(amendment::Column::CommitmentId.in_subquery(seen.into_query()))
    }
}
