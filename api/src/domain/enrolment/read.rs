//! Selecting enrolments. They are public: everybody sees all of them.

use entity::{
    enrolment,
    id::{EnrolmentId, PlaceId},
};
use sea_orm::{EntityTrait, Select};

use crate::{authz::Viewer, graphql::context::loader};

pub fn visible_to(_: &Viewer) -> Select<enrolment::Entity> {
    enrolment::Entity::find()
}

loader!(EnrolmentById(EnrolmentId): enrolment by id);
loader!(EnrolmentsOfCommune(PlaceId): each enrolment by commune_id in valid_from);
