//! What a party must look like, kind by kind, and which successions make sense.

use chrono::NaiveDate;
use entity::{
    id::PartyId,
    party::{self, Kind},
    party_succession,
    place::{self, Level},
};

use crate::refusal::{Refusal, UserErrorCode};

pub mod prefix;

/// The most characters of a name.
pub const MAX_NAME: usize = 200;

/// A code: 2 to 32 capital letters, digits and hyphens, with a letter first.
pub fn code(code: &str) -> Result<(), Refusal> {
    let mut chars = code.chars();
    let well_formed = chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        && (2..=32).contains(&code.len());
    if well_formed {
        Ok(())
    } else {
        Err(UserErrorCode::InvalidFormat.refuse().at("code").with("expected", "PARTY_CODE"))
    }
}

/// The place that a party of a kind has: an authority its own unit, a department its province, a
/// mass organisation any, a company or bank none.
pub fn place(kind: Kind, place: Option<&place::Model>) -> Result<(), Refusal> {
    let level = match kind {
        Kind::ProvincialAuthority | Kind::Department => Some(Level::Province),
        Kind::DistrictAuthority => Some(Level::District),
        Kind::CommuneAuthority => Some(Level::Commune),
        Kind::MassOrganization => None,
        Kind::TelecomCompany | Kind::Bank => {
            return match place {
                None => Ok(()),
                Some(_) => Err(not_applicable("placeId", kind)),
            };
        }
    };
    match (place, level) {
        (None, _) => Err(required("placeId", kind)),
        (Some(place), Some(level)) if place.level != level => {
            Err(UserErrorCode::WrongKind.refuse().at("placeId").with("expected", word(&level)))
        }
        _ => Ok(()),
    }
}

/// Only companies, banks and mass organisations are branches, and of their own kind.
pub fn parent(kind: Kind, parent: Option<&party::Model>) -> Result<(), Refusal> {
    let Some(parent) = parent else { return Ok(()) };
    if !matches!(kind, Kind::MassOrganization | Kind::TelecomCompany | Kind::Bank) {
        return Err(not_applicable("parentId", kind));
    }
    if parent.kind != kind {
        return Err(UserErrorCode::WrongKind.refuse().at("parentId").with("expected", word(&kind)));
    }
    Ok(())
}

/// A telecom company has a sector, and nobody else; only a mass organisation is the Front.
pub fn particulars(kind: Kind, has_sector: bool, is_front: bool) -> Result<(), Refusal> {
    match (kind == Kind::TelecomCompany, has_sector) {
        (true, false) => return Err(required("sector", kind)),
        (false, true) => return Err(not_applicable("sector", kind)),
        _ => {}
    }
    if is_front && kind != Kind::MassOrganization {
        return Err(not_applicable("isFront", kind));
    }
    Ok(())
}

/// A party exists on a date; `field` is where the refusal points.
pub fn exists(party: &party::Model, on: NaiveDate, field: &str) -> Result<(), Refusal> {
    if party.valid_from <= on && party.valid_to.is_none_or(|end| on < end) {
        return Ok(());
    }
    Err(outside(field, party))
}

/// A successor takes over while it exists; the predecessor has not ended on another day.
pub fn succession(
    predecessor: &party::Model,
    successor: &party::Model,
    on: NaiveDate,
) -> Result<(), Refusal> {
    if !carries_on(predecessor.kind, successor.kind) {
        let expected = if is_state(predecessor.kind) {
            "STATE_BODY".to_owned()
        } else {
            word(&predecessor.kind)
        };
        return Err(UserErrorCode::WrongKind.refuse().at("successorId").with("expected", expected));
    }
    exists(successor, on, "effectiveOn")?;
    if on <= predecessor.valid_from {
        return Err(outside("effectiveOn", predecessor));
    }
    match predecessor.valid_to {
        Some(ended) if ended != on => {
            Err(UserErrorCode::AlreadyEnded.refuse().at("effectiveOn").with("on", ended))
        }
        _ => Ok(()),
    }
}

/// Why the end of a party cannot move over one of its successions: a predecessor ends on that day,
/// a successor exists on it.
pub fn bound_by_succession(party: &party::Model, edge: &party_succession::Model) -> Refusal {
    let on = edge.effective_on;
    if edge.predecessor_id == party.id {
        return UserErrorCode::AlreadyEnded.refuse().at("validTo").with("on", on);
    }
    let refusal = UserErrorCode::OutsideValidity.refuse().at("validTo");
    refusal.with("what", &party.code).with("from", on).with("to", "…")
}

/// State bodies carry on for state bodies; companies, banks and mass organisations for their kind.
fn carries_on(predecessor: Kind, successor: Kind) -> bool {
    predecessor == successor || is_state(predecessor) && is_state(successor)
}

fn is_state(kind: Kind) -> bool {
    !matches!(kind, Kind::MassOrganization | Kind::TelecomCompany | Kind::Bank)
}

/// Nobody becomes its own successor, over however many steps: `heirs` are the parties that carry
/// on for the successor already.
pub fn no_cycle(predecessor: PartyId, heirs: &[PartyId]) -> Result<(), Refusal> {
    if heirs.contains(&predecessor) {
        return Err(UserErrorCode::SuccessionCycle.refuse().at("successorId"));
    }
    Ok(())
}

fn outside(field: &str, party: &party::Model) -> Refusal {
    UserErrorCode::OutsideValidity
        .refuse()
        .at(field)
        .with("what", &party.code)
        .with("from", party.valid_from)
        .with("to", party.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string()))
}

fn required(field: &str, kind: Kind) -> Refusal {
    UserErrorCode::Required.refuse().at(field).with("kind", word(&kind))
}

fn not_applicable(field: &str, kind: Kind) -> Refusal {
    UserErrorCode::NotApplicable.refuse().at(field).with("kind", word(&kind))
}

fn word(value: &impl sea_orm::ActiveEnum<Value = String>) -> String {
    value.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_capitals_digits_and_hyphens() {
        for good in ["VT-MAU-1", "UBND-02014-2025", "NH"] {
            assert!(code(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "vt-mau", "1A", "VT MAU", "VT_MAU", "ĐT-1", &"A".repeat(33)] {
            assert!(code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn particulars_belong_to_their_kind() {
        assert!(particulars(Kind::TelecomCompany, true, false).is_ok());
        assert!(particulars(Kind::TelecomCompany, false, false).is_err());
        assert!(particulars(Kind::Bank, true, false).is_err());
        assert!(particulars(Kind::Bank, false, true).is_err());
        assert!(particulars(Kind::MassOrganization, false, true).is_ok());
    }
}
