//! Selecting assignments. They are public: everybody sees all of them.

use entity::{
    assignment,
    id::{AssignmentId, PartyId, PlaceId},
};
use sea_orm::{EntityTrait, Select};

use crate::{authz::Viewer, graphql::context::loader};

pub fn visible_to(_: &Viewer) -> Select<assignment::Entity> {
    assignment::Entity::find()
}

loader!(AssignmentById(AssignmentId): assignment by id);
loader!(AssignmentsOfDepartment(PartyId): each assignment by department_id in valid_from);
loader!(AssignmentsOfCommune(PlaceId): each assignment by commune_id in valid_from);
