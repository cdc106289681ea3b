//! Selecting activity kinds. They are public: everybody sees all of them.

use entity::{activity_kind, id::ActivityKindId};
use sea_orm::{EntityTrait, Select};

use crate::{authz::Viewer, graphql::context::loader};

pub fn visible_to(_: &Viewer) -> Select<activity_kind::Entity> {
    activity_kind::Entity::find()
}

loader!(ActivityKindById(ActivityKindId): activity_kind by id);
loader!(ActivityKindByCode(String): activity_kind by code);
