//! Draws the next act: somebody, who mostly but not always may, tries something, that mostly but
//! not always can be done, with what stands there now.

use chrono::{Days, NaiveDate};
use entity::{
    commitment,
    id::{PartyId, PlaceId},
};
use serde_json::{Value, json};
use uuid::Uuid;

mod entries;
mod promises;

use super::{
    acts::{Act, KINDS, Kind},
    dice::Dice,
    rows::Rows,
    world::{Person, World},
};

/// How often, in a hundred, the actor is one of those who most likely may.
const LIKELY: usize = 85;
/// How often a version is the one that stands.
const FRESH: usize = 93;

pub struct Draw<'a> {
    pub world: &'a World,
    pub rows: &'a Rows,
    pub today: NaiveDate,
    pub dice: &'a mut Dice,
}

impl Draw<'_> {
    /// The next act; none where there is nothing to try it on.
    pub fn act(&mut self) -> Option<Act> {
        let all: usize = KINDS.iter().map(|(_, often)| often).sum();
        let mut at = self.dice.below(all);
        let kind = KINDS.iter().find(|(_, often)| {
            let here = at < *often;
            at = at.saturating_sub(*often);
            here
        });
        let kind = kind.unwrap().0;
        let (by, mut input) = match kind {
            Kind::Propose => self.propose(),
            Kind::RecordSilent => self.record_silent(),
            Kind::SilentReceipt => self.receipt(None),
            Kind::Transfer => self.transfer()?,
            Kind::AcceptAmendment | Kind::DeclineAmendment => self.decide_amendment()?,
            Kind::Confirm
            | Kind::Dispute
            | Kind::Agree
            | Kind::Settle
            | Kind::Reverse
            | Kind::Consent
            | Kind::Refuse => self.on_entry(kind)?,
            _ => self.on_commitment(kind)?,
        };
        self.fill(kind, &mut input);
        Some(Act { kind, by, input })
    }

    /// Keys, reasons and how batches are done.
    fn fill(&mut self, kind: Kind, input: &mut Value) {
        let answer = kind.mutation().2;
        if answer.starts_with("replayed") {
            input["idempotencyKey"] = json!(self.world.app.key());
        }
        if answer.contains("deliveries") || answer.contains("commitments") {
            if self.dice.chance(4) {
                input["dryRun"] = json!(true);
            }
            if self.dice.chance(50) {
                input["errorPolicy"] = json!("REJECT_FAILED_ROWS");
            }
        }
        let reasoned = matches!(
            kind,
            Kind::Decline
                | Kind::AmendUp
                | Kind::AmendDown
                | Kind::AmendMove
                | Kind::DeclineAmendment
                | Kind::Withdraw
                | Kind::Close
                | Kind::Reopen
                | Kind::Transfer
                | Kind::Dispute
                | Kind::Settle
                | Kind::Reverse
                | Kind::Refuse
        );
        if reasoned {
            input["reason"] = json!("Theo biên bản làm việc");
        }
    }

    /// One of those who most likely may, or anybody.
    pub fn someone(&mut self, likely: impl Fn(&Person) -> bool) -> usize {
        let people = &self.world.people;
        let today = self.today;
        let fits = |person: &Person| person.exists(today) && likely(person);
        let any: Vec<usize> = (0..people.len()).filter(|at| fits(&people[*at])).collect();
        match self.dice.pick_any(&any) {
            Some(at) if self.dice.chance(LIKELY) => *at,
            _ => self.dice.below(people.len()),
        }
    }

    fn gives(&mut self, row: &commitment::Model) -> usize {
        let givers = participants(row);
        self.someone(|person| person.stands_for.iter().any(|party| givers.contains(party)))
    }

    fn receives(&mut self, place: PlaceId) -> usize {
        let runs = self.dice.chance(20);
        self.someone(|person| person.governs.contains(&place) || runs && person.runs_programme)
    }

    fn version(&mut self, version: i32) -> i32 {
        if self.dice.chance(FRESH) { version } else { version + 1 - 2 * i32::from(version > 1) }
    }

    fn decimal(raw: i64, precision: i32) -> String {
        let unit = 10_i64.pow(precision.unsigned_abs());
        let (sign, size) = (if raw < 0 { "-" } else { "" }, raw.abs());
        match precision {
            0 => raw.to_string(),
            _ => {
                let digits = usize::try_from(precision).unwrap();
                format!("{sign}{}.{:0digits$}", size / unit, size % unit)
            }
        }
    }

    /// A place that is there today, mostly.
    fn place(&mut self) -> PlaceId {
        let places = &self.world.places;
        let today = self.today;
        let there: Vec<_> = places
            .iter()
            .filter(|row| row.valid_from <= today && row.valid_to.is_none_or(|end| today < end))
            .collect();
        if self.dice.chance(90) { self.dice.pick(&there).id } else { self.dice.pick(places).id }
    }

    /// A quantity between two numbers, and up to three due dates that rise to it.
    fn schedule(&mut self, precision: i32, min: i64, max: i64) -> (Value, Value) {
        let quantity = self.dice.between(min.max(3), max.max(4));
        let steps = self.dice.between(1, 3);
        let mut due_on = self.today - Days::new(20) + Days::new(self.dice.below(60) as u64);
        let mut dues = Vec::new();
        for step in 1..=steps {
            let part = Self::decimal(quantity * step / steps, precision);
            dues.push(json!({ "dueOn": due_on.to_string(), "quantity": part }));
            due_on = due_on + Days::new(1 + self.dice.below(40) as u64);
        }
        (json!(Self::decimal(quantity, precision)), json!(dues))
    }

    /// A commune that lies in a place, mostly, and a day on which it was there, mostly.
    fn commune(&mut self, place: PlaceId) -> (PlaceId, NaiveDate) {
        let on = self.today - Days::new(self.dice.below(20) as u64);
        let there = |row: &&entity::place::Model| {
            row.level == entity::place::Level::Commune
                && row.valid_from <= on
                && row.valid_to.is_none_or(|end| on < end)
        };
        let all: Vec<_> = self.world.places.iter().filter(there).collect();
        let inside: Vec<_> = all.iter().filter(|row| self.world.lies_in(row, place)).collect();
        match self.dice.pick_any(&inside) {
            Some(row) if self.dice.chance(92) => (row.id, on),
            _ => (self.dice.pick(&all).id, on),
        }
    }
}

fn participants(row: &commitment::Model) -> Vec<PartyId> {
    let mut all = vec![row.giver_id];
    all.extend(row.joint_ids.0.iter().copied().map(|id: Uuid| PartyId::from(id)));
    all.extend(row.carrier_id);
    all
}
