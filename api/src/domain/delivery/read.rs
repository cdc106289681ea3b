//! Selecting deliveries and their verifications.

use entity::{commitment, delivery, id::DeliveryId, party};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::graphql::DeliveryByReference;
use crate::{
    app::App,
    authz::Viewer,
    domain::{commitment::read as commitments, party::read as parties},
    error::Result,
    graphql::context::loader,
};

pub mod links;
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

/// The one delivery with this reference of who reported it, if the viewer shares its commitment.
pub async fn by_reference(
    app: &App,
    viewer: &Viewer,
    by: &DeliveryByReference,
) -> Result<Option<delivery::Model>> {
    use delivery::Column::{CommitmentId, ExternalReference, ReportedById};
    let shared = commitments::visible_to(viewer)
        .filter(commitments::shared_with(viewer))
        .select_only()
        .column(commitment::Column::Id);
    let reporters = parties::visible_to(viewer)
        .filter(party::Column::Code.eq(by.reported_by_code.as_str()))
        .select_only()
        .column(party::Column::Id);
    let row = visible_to(viewer)
        .filter(CommitmentId.in_subquery(shared.into_query()))
        .filter(ReportedById.in_subquery(reporters.into_query()))
        .filter(ExternalReference.eq(by.reference.as_str()))
        .one(app.db.reader())
        .await?;
    Ok(row)
}
