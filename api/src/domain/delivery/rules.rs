//! What an entry must look like, and how figures on both sides come together (DESIGN §4). Pure.

use chrono::NaiveDate;
use entity::{
    commitment,
    delivery::{self, Side, Stage, State},
    place,
};
use sea_orm::ActiveEnum;

use super::graphql::EvidenceInput;
use crate::{
    graphql::scalar::{Decimal, MAX_RAW},
    refusal::{Refusal, UserErrorCode},
    text,
};

/// The most characters of a reason.
pub const MAX_TEXT: usize = 2_000;
const MAX_NUMBER: usize = 60;
const MAX_URL: usize = 500;

/// What was delivered was delivered by today.
pub fn delivered_on(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on <= today {
        return Ok(());
    }
    let refusal = UserErrorCode::OutOfRange.refuse().at("deliveredOn");
    Err(refusal.with("min", "…").with("max", today))
}

/// A commune, with all that it succeeded, lies in the place of a commitment, or succeeds one that
/// does; and it is there on the day.
pub fn commune(
    lineage: &[place::Model],
    commune: &place::Model,
    within: &commitment::Model,
    on: NaiveDate,
) -> Result<(), Refusal> {
    if commune.level != place::Level::Commune {
        let refusal = UserErrorCode::WrongKind.refuse().at("communeId");
        return Err(refusal.with("expected", "COMMUNE"));
    }
    if on < commune.valid_from || commune.valid_to.is_some_and(|end| end <= on) {
        let to = commune.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string());
        let refusal = UserErrorCode::OutsideValidity.refuse().at("communeId");
        let refusal = refusal.with("what", &commune.name).with("from", commune.valid_from);
        return Err(refusal.with("to", to));
    }
    let at = within.place_id;
    let inside = |place: &place::Model| {
        place.id == at || place.parent_id == Some(at) || place.province_id == Some(at)
    };
    if lineage.iter().any(inside) {
        return Ok(());
    }
    Err(UserErrorCode::OutsidePlace.refuse().at("communeId"))
}

/// Entries add something, and need no reason; what can be removed again is removed with one.
pub fn quantity(
    quantity: i64,
    precision: i32,
    removable: bool,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    match (quantity.signum(), reason) {
        (1, None) => Ok(()),
        (1, Some(_)) => {
            Err(UserErrorCode::NotApplicable.refuse().at("reason").with("kind", "INCREMENT"))
        }
        (-1, Some(_)) if removable => Ok(()),
        (-1, None) if removable => {
            Err(UserErrorCode::Required.refuse().at("reason").with("kind", "STOCK"))
        }
        _ => Err(out_of_range("quantity", 1, precision)),
    }
}

/// That a figure must be at least so many units of the last digit, and no more than a row holds.
fn out_of_range(field: &str, min: i64, precision: i32) -> Refusal {
    let printed = |raw| Decimal::of(raw, precision).0;
    let refusal = UserErrorCode::OutOfRange.refuse().at(field);
    refusal.with("min", printed(min)).with("max", printed(MAX_RAW))
}

/// What is left of an entry in a carrier's hands.
pub const fn available(entry: &delivery::Model) -> i64 {
    let held = match (entry.state, entry.agreed) {
        (State::Confirmed, _) => entry.quantity,
        (State::Settled, Some(agreed)) => agreed,
        _ => 0,
    };
    match entry.reversal_requested_by_id {
        Some(_) => 0,
        None => held - entry.drawn,
    }
}

/// References that can be checked, without a number of a person.
pub fn evidence(evidence: Option<EvidenceInput>) -> Result<EvidenceInput, Refusal> {
    let EvidenceInput { number, hash, url } = evidence.unwrap_or_default();
    let label = |text: Option<String>, max| {
        text.map(|text| text::label("evidence", &text, max)).transpose()
    };
    let invalid = |expected: &str| {
        UserErrorCode::InvalidFormat.refuse().at("evidence").with("expected", expected)
    };
    let hash = hash.map(|hash| hash.trim().to_ascii_lowercase());
    if let Some(hash) = &hash
        && (hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Err(invalid("SHA256"));
    }
    let url = label(url, MAX_URL)?;
    if let Some(url) = &url
        && (!url.starts_with("https://") || url.len() < 12 || url.contains(char::is_whitespace))
    {
        return Err(invalid("HTTPS"));
    }
    Ok(EvidenceInput { number: label(number, MAX_NUMBER)?, hash, url })
}

/// An act is possible in these states only, and not while a reversal is asked for.
pub fn stands_in(entry: &delivery::Model, states: &[State]) -> Result<(), Refusal> {
    let refuse = |state: String| {
        let refusal = UserErrorCode::WrongState.refuse().at("id").with("state", state);
        Err(refusal.object(entry.id))
    };
    if entry.reversal_requested_by_id.is_some() {
        return refuse("REVERSAL_REQUESTED".to_owned());
    }
    if states.contains(&entry.state) { Ok(()) } else { refuse(entry.state.to_value()) }
}

/// A dispute names another figure than the one reported.
pub fn disputes(entry: &delivery::Model, figure: i64) -> Result<(), Refusal> {
    if figure == entry.quantity {
        return Err(UserErrorCode::SameFigure.refuse().at("figure"));
    }
    // Of something delivered at least nothing arrived; of something removed at most nothing.
    if figure.signum() * entry.quantity.signum() < 0 {
        return Err(out_of_range("figure", 0, entry.precision));
    }
    Ok(())
}

/// Which side of an entry somebody stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Whose figure was reported.
    Reporting,
    /// Whose figure it is held against.
    Verifying,
}

/// The figure that one side takes from the other.
pub fn agreed(entry: &delivery::Model, stand: Stand) -> i64 {
    match stand {
        Stand::Reporting => entry.received.unwrap_or(entry.quantity),
        Stand::Verifying => entry.quantity,
    }
}

/// Whether the receiving side of the commitment verifies an entry, as it does all that givers
/// report in a commune.
pub fn is_arrival(entry: &delivery::Model) -> bool {
    entry.side == Side::Giver && entry.stage != Stage::ToCarrier
}
