//! Who can be assigned to what.

use entity::{
    party,
    place::{self, Level},
};

use crate::refusal::{Refusal, UserErrorCode};

/// Departments are assigned.
pub fn department(party: &party::Model) -> Result<(), Refusal> {
    if party.kind == party::Kind::Department {
        return Ok(());
    }
    Err(UserErrorCode::WrongKind.refuse().at("departmentId").with("expected", "DEPARTMENT"))
}

/// Communes are helped and enrolled.
pub fn commune(place: &place::Model) -> Result<(), Refusal> {
    if place.level == Level::Commune {
        return Ok(());
    }
    Err(UserErrorCode::WrongKind.refuse().at("communeId").with("expected", "COMMUNE"))
}
