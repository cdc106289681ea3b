//! Selecting mandates. Managers of the principal and of the agent see them, and the coordinator.

use entity::{id::MandateId, mandate};
use sea_orm::{Condition, EntityTrait, QueryFilter, Select};

use crate::{
    authz::Viewer,
    domain::reach::read as reach,
    graphql::{context::loader, filter::nothing},
};

pub fn visible_to(viewer: &Viewer) -> Select<mandate::Entity> {
    let all = mandate::Entity::find();
    if viewer.coordinates() {
        all
    } else if viewer.manages() {
        all.filter(
            Condition::any()
                .add(reach::owns(viewer, mandate::Column::PrincipalId))
                .add(reach::owns(viewer, mandate::Column::AgentId)),
        )
    } else {
        all.filter(nothing())
    }
}

loader!(MandateById(MandateId): mandate by id);
