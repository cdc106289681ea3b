//! Selecting needs.

use entity::{mandate::Act, need, need::Status};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};

use crate::{authz::Viewer, domain::reach::read as reach};

/// Acts that need a sight of the needs of a commune.
const NEED_ACTS: [Act; 5] = [Act::RaiseNeed, Act::Record, Act::Verify, Act::Accept, Act::Report];

/// Open ones, and all of the communes that the viewer reaches.
pub fn visible_to(viewer: &Viewer) -> Select<need::Entity> {
    let all = need::Entity::find();
    if viewer.oversees() {
        return all;
    }
    all.filter(Condition::any().add(need::Column::Status.eq(Status::Open)).add(concerning(viewer)))
}

/// That a need is of a commune which the viewer governs, helps, or acts for.
pub fn concerning(viewer: &Viewer) -> Condition {
    reach::reaches(viewer, need::Column::CommuneId, &NEED_ACTS)
}
