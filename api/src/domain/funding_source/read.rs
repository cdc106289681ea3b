//! Selecting funding sources. They are public: everybody sees all of them.

use entity::{funding_source, id::FundingSourceId};
use sea_orm::{EntityTrait, Select};

use crate::{authz::Viewer, graphql::context::loader};

pub fn visible_to(_: &Viewer) -> Select<funding_source::Entity> {
    funding_source::Entity::find()
}

loader!(FundingSourceById(FundingSourceId): funding_source by id);
