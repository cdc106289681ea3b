//! Selecting deliveries and their verifications.

use entity::{commitment, delivery, id::DeliveryId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{authz::Viewer, domain::commitment::read as commitments, graphql::context::loader};

pub mod verifications;

/// Those of commitments that the viewer sees.
pub fn visible_to(viewer: &Viewer) -> Select<delivery::Entity> {
    let all = delivery::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let seen = commitments::visible_to(viewer).select_only().column(commitment::Column::Id);
    all.filter(delivery::Column::CommitmentId.in_subquery(seen.into_query()))
}

loader!(DeliveryById(DeliveryId): delivery by id);
loader!(
    /// The entry that takes another one back.
    ReversalOf(DeliveryId): delivery by reverses_id
);
