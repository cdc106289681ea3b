//! Selecting deliveries and their verifications.

use entity::{commitment, delivery, verification};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{authz::Viewer, domain::commitment::read as commitments};

/// Those of commitments that the viewer sees.
pub fn visible_to(viewer: &Viewer) -> Select<delivery::Entity> {
    let all = delivery::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let seen = commitments::visible_to(viewer).select_only().column(commitment::Column::Id);
    all.filter(delivery::Column::CommitmentId.in_subquery(seen.into_query()))
}

pub mod verifications {
    //! Seen with their delivery.

    use super::{
        ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, Viewer, delivery,
        verification,
    };

    pub fn visible_to(viewer: &Viewer) -> Select<verification::Entity> {
        let seen = super::visible_to(viewer).select_only().column(delivery::Column::Id);
        verification::Entity::find()
            .filter(verification::Column::DeliveryId.in_subquery(seen.into_query()))
    }
}
