//! What a promise must look like, and what may become of it (DESIGN §4). Pure.

use chrono::NaiveDate;
use entity::{
    amendment::Promise,
    commitment::{self, Disclosure, Due, Schedule, Status},
    id::PartyId,
    party::Kind,
};
use sea_orm::ActiveEnum;

use crate::{
    graphql::scalar::{Decimal, MAX_RAW},
    refusal::{Refusal, UserErrorCode},
};

/// The most characters of a text in one's own words.
pub const MAX_TEXT: usize = 2_000;
/// The most due dates of a schedule.
pub const MAX_DUES: usize = 60;
/// The most joint givers.
pub const MAX_JOINT: usize = 10;
/// The most documents that a commitment rests on.
pub const MAX_DOCUMENTS: usize = 20;

/// Everybody on the giving side: lead, joint givers, carrier.
pub fn participants(commitment: &commitment::Model) -> Vec<PartyId> {
    let mut all = vec![commitment.giver_id];
    all.extend(commitment.joint_ids.iter());
    all.extend(commitment.carrier_id);
    all
}

/// A quantity is promised by due dates that rise to it; an open promise has neither.
pub fn schedule(
    quantity: Option<i64>,
    dues: Vec<Due>,
    precision: i32,
) -> Result<Schedule, Refusal> {
    let at = |code: UserErrorCode| code.refuse().at("schedule");
    let Some(quantity) = quantity else {
        let expected = "OPEN_PROMISE";
        return match dues.is_empty() {
            true => Ok(Schedule::default()),
            false => Err(at(UserErrorCode::NotApplicable).with("kind", expected)),
        };
    };
    if quantity <= 0 {
        let (min, max) = (Decimal::of(1, precision).0, Decimal::of(MAX_RAW, precision).0);
        let refusal = UserErrorCode::OutOfRange.refuse().at("quantity");
        return Err(refusal.with("min", min).with("max", max));
    }
    if dues.is_empty() || dues.len() > MAX_DUES {
        return Err(at(UserErrorCode::WrongCount).with("min", 1).with("max", MAX_DUES));
    }
    let rises = dues
        .windows(2)
        .all(|two| two[0].due_on < two[1].due_on && two[0].quantity < two[1].quantity);
    let ends_there = dues.last().is_some_and(|last| last.quantity == quantity);
    if rises && ends_there && dues[0].quantity > 0 {
        return Ok(Schedule(dues));
    }
    Err(at(UserErrorCode::InvalidFormat).with("expected", "RISING_SCHEDULE"))
}

/// State bodies, the Front and mass organisations promise in public, companies and banks among the
/// parties, unless they choose; some activities are for the parties only.
pub fn disclosure(
    giver: Kind,
    forces_parties: bool,
    chosen: Option<Disclosure>,
) -> Result<Disclosure, Refusal> {
    match (forces_parties, chosen) {
        (true, Some(Disclosure::Public)) => {
            let refusal = UserErrorCode::NotApplicable.refuse().at("disclosure");
            Err(refusal.with("kind", "PARTIES_ONLY"))
        }
        (true, _) => Ok(Disclosure::Parties),
        (false, Some(chosen)) => Ok(chosen),
        (false, None) => Ok(default_disclosure(giver)),
    }
}

/// What holds where a giver says nothing.
pub const fn default_disclosure(giver: Kind) -> Disclosure {
    match giver {
        Kind::TelecomCompany | Kind::Bank => Disclosure::Parties,
        _ => Disclosure::Public,
    }
}

pub const fn is_state_body(kind: Kind) -> bool {
    !matches!(kind, Kind::MassOrganization | Kind::TelecomCompany | Kind::Bank)
}

/// An act is possible in these states only.
pub fn stands_in(commitment: &commitment::Model, states: &[Status]) -> Result<(), Refusal> {
    if states.contains(&commitment.status) {
        return Ok(());
    }
    let state = commitment.status.to_value();
    Err(UserErrorCode::WrongState.refuse().at("id").with("state", state).object(commitment.id))
}

/// What an amendment could change, as it stands.
pub fn promise(commitment: &commitment::Model) -> Promise {
    Promise {
        quantity: commitment.quantity,
        schedule: commitment.schedule.clone(),
        place_id: commitment.place_id.into(),
    }
}

/// Puts a promise into force. An open promise that gets a quantity, or another place, is no longer
/// the one that deliveries without a commitment belong to.
pub fn put_in_force(commitment: &mut commitment::Model, promise: &Promise) {
    let moves = commitment.place_id != promise.place_id.into();
    commitment.open_year = commitment.open_year.filter(|_| promise.quantity.is_none() && !moves);
    commitment.quantity = promise.quantity;
    commitment.schedule = promise.schedule.clone();
    commitment.place_id = promise.place_id.into();
    commitment.last_due_on = promise.schedule.0.last().map(|due| due.due_on);
    commitment.unmet_on =
        crate::domain::ledger::rules::unmet_on(&promise.schedule, commitment.reported);
}

/// Whether the receiver has nothing to lose: the place stays, and on no day is less promised than
/// before. Lowering, postponing and moving wait for the receiver.
pub fn holds_at_once(before: &Promise, after: &Promise) -> bool {
    let days = before.schedule.0.iter().chain(&after.schedule.0).map(|due| due.due_on);
    let no_less = |day| promised_by(&after.schedule, day) >= promised_by(&before.schedule, day);
    let is_open = |promise: &Promise| promise.quantity.is_none();
    before.place_id == after.place_id
        && (is_open(before) || !is_open(after))
        && days.into_iter().all(no_less)
}

fn promised_by(schedule: &Schedule, day: NaiveDate) -> i64 {
    let due = schedule.0.iter().take_while(|due| due.due_on <= day);
    due.last().map_or(0, |due| due.quantity)
}

/// Either side closes what is fulfilled with nothing open.
pub fn is_done(commitment: &commitment::Model) -> Result<(), Refusal> {
    nothing_open(commitment)?;
    match commitment.quantity {
        Some(promised) if commitment.confirmed >= promised => Ok(()),
        promised => Err(UserErrorCode::NotFulfilled
            .refuse()
            .with("confirmed", printed(commitment.confirmed, commitment))
            .with("promised", promised.map_or_else(|| "…".to_owned(), |q| printed(q, commitment)))),
    }
}

fn nothing_open(commitment: &commitment::Model) -> Result<(), Refusal> {
    let pending = i32::from(commitment.waiting_since.is_some());
    match commitment.open_entries + pending {
        0 => Ok(()),
        open => Err(UserErrorCode::StillOpen.refuse().with("count", open)),
    }
}

fn printed(raw: i64, commitment: &commitment::Model) -> String {
    Decimal::of(raw, commitment.precision).0.to_string()
}

#[cfg(test)]
mod tests;
