//! Draws the next act: somebody, who mostly but not always may, tries something, that mostly but
//! not always can be done, with what stands there now.

use chrono::{Days, NaiveDate};
use entity::{
    activity_kind::Measure,
    amendment, commitment,
    commitment::Status,
    delivery,
    delivery::{Side, Stage, State},
    id::{PartyId, PlaceId},
};
use serde_json::{Value, json};
use uuid::Uuid;

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

    fn propose(&mut self) -> (usize, Value) {
        let by = self.dice.below(8);
        let rows: Vec<Value> = (0..=self.dice.below(3)).map(|_| self.proposal()).collect();
        (by, json!({ "commitments": rows }))
    }

    fn proposal(&mut self) -> Value {
        let (place, activity) = (self.place(), self.dice.pick(&self.world.activities).clone());
        let mut row = json!({ "placeId": place.to_string(), "activityId": activity.id.to_string() });
        if self.dice.chance(85) {
            let (quantity, schedule) = self.schedule(activity.precision, 1, 60);
            (row["quantity"], row["schedule"]) = (quantity, schedule);
        }
        let party = |name: &str| self.world.person(name).party.as_ref().unwrap().id.to_string();
        let (fund, telecom, bank) = (party("fund"), party("telecom"), party("bank"));
        if self.dice.chance(45) {
            row["carrierId"] = json!(fund);
        }
        if self.dice.chance(20) {
            row["jointGiverIds"] = json!([if self.dice.chance(50) { telecom } else { bank }]);
        }
        if self.dice.chance(30) {
            row["disclosure"] = json!(self.dice.pick(&["PUBLIC", "PARTIES"]));
        }
        if self.dice.chance(15) {
            row["externalReference"] = json!(format!("CK-{}", self.dice.below(6)));
        }
        row
    }

    /// A place that is there today, mostly.
    fn place(&mut self) -> PlaceId {
        let places = &self.world.places;
        let today = self.today;
        let there: Vec<_> = places
            .iter()
            .filter(|row| {
                row.valid_from <= today && row.valid_to.is_none_or(|end| today < end)
            })
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

    /// A promise in the state that an act asks for, mostly.
    fn commitment(&mut self, kind: Kind) -> Option<commitment::Model> {
        let fits = |row: &&commitment::Model| match kind {
            Kind::Accept | Kind::Decline => row.status == Status::Proposed,
            Kind::Reopen => row.status == Status::Closed,
            Kind::Close => row.status == Status::Active,
            Kind::AmendUp | Kind::AmendDown | Kind::AmendMove => row.status == Status::Active,
            Kind::Withdraw => matches!(row.status, Status::Active | Status::Proposed),
            Kind::RecordToCarrier => row.status == Status::Active && row.carrier_id.is_some(),
            Kind::RecordRemoval => row.status == Status::Active && row.precision == 1,
            _ => row.status == Status::Active,
        };
        let fitting: Vec<&commitment::Model> =
            self.rows.commitments.iter().filter(fits).collect();
        if self.dice.chance(93)
            && let Some(row) = self.dice.pick_any(&fitting)
        {
            return Some((*row).clone());
        }
        self.dice.pick_any(&self.rows.commitments).cloned()
    }

    fn on_commitment(&mut self, kind: Kind) -> Option<(usize, Value)> {
        if kind == Kind::RecordHandedOver {
            return self.hand_over();
        }
        let row = self.commitment(kind)?;
        let version = self.version(row.version);
        let one = json!({ "id": row.id.to_string(), "expectedVersion": version });
        Some(match kind {
            Kind::Accept | Kind::Decline => (self.receives(row.place_id), one),
            Kind::Withdraw => (self.gives(&row), one),
            Kind::Close if self.dice.chance(50) => (self.gives(&row), one),
            Kind::Close | Kind::Reopen => (self.someone(|person| person.runs_programme), one),
            Kind::AmendUp | Kind::AmendDown | Kind::AmendMove => self.amend(kind, &row, one),
            Kind::Receipt => self.receipt(Some(&row)),
            _ => self.record(kind, &row),
        })
    }

    fn amend(
        &mut self,
        kind: Kind,
        row: &commitment::Model,
        mut input: Value,
    ) -> (usize, Value) {
        let by = self.someone(|person| person.stands_for.contains(&row.giver_id));
        let paper = self.world.people[by].paper.as_ref().map(|paper| paper.id.to_string());
        input["documentId"] = json!(paper.unwrap_or_else(|| row.id.to_string()));
        let now = row.quantity.unwrap_or(20);
        let (min, max) = match kind {
            Kind::AmendUp => (now + 1, now + 20),
            _ => (1, now - 1),
        };
        if kind == Kind::AmendMove {
            input["placeId"] = json!(self.place().to_string());
        } else {
            let (quantity, schedule) = self.schedule(row.precision, min, max);
            (input["quantity"], input["schedule"]) = (quantity, schedule);
        }
        (by, input)
    }

    fn decide_amendment(&mut self) -> Option<(usize, Value)> {
        let pending: Vec<&amendment::Model> = self
            .rows
            .amendments
            .iter()
            .filter(|row| row.state == amendment::State::Pending)
            .collect();
        let row = match self.dice.pick_any(&pending) {
            Some(row) if self.dice.chance(93) => *row,
            _ => self.dice.pick_any(&self.rows.amendments)?,
        };
        let of = self.rows.commitment(row.commitment_id).clone();
        let version = self.version(of.version);
        let input = json!({ "id": row.id.to_string(), "expectedVersion": version });
        Some((self.receives(of.place_id), input))
    }

    /// To the heir, once the company has ended; before, and of others, in vain.
    fn transfer(&mut self) -> Option<(usize, Value)> {
        let ending = self.world.person("ending").party.as_ref().unwrap().id;
        let of: Vec<&commitment::Model> =
            self.rows.commitments.iter().filter(|row| row.giver_id == ending).collect();
        let row = match self.dice.pick_any(&of) {
            Some(row) if self.dice.chance(90) => *row,
            _ => self.dice.pick_any(&self.rows.commitments)?,
        };
        let version = self.version(row.version);
        let to = if self.dice.chance(70) { "heir" } else { "fund" };
        let to = self.world.person(to).party.as_ref().unwrap().id.to_string();
        let rows = json!([{ "id": row.id.to_string(), "expectedVersion": version }]);
        let by = self.someone(|person| person.runs_programme);
        Some((by, json!({ "toPartyId": to, "commitments": rows })))
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
        let inside: Vec<_> = all
            .iter()
            .filter(|row| self.world.lies_in(row, place))
            .collect();
        match self.dice.pick_any(&inside) {
            Some(row) if self.dice.chance(92) => (row.id, on),
            _ => (self.dice.pick(&all).id, on),
        }
    }

    fn record(&mut self, kind: Kind, row: &commitment::Model) -> (usize, Value) {
        let by = self.gives(row);
        let count = 1 + self.dice.below(3);
        let rows: Vec<Value> = (0..count).map(|_| self.entry(kind, row)).collect();
        (by, json!({ "deliveries": rows }))
    }

    fn entry(&mut self, kind: Kind, row: &commitment::Model) -> Value {
        let (commune, on) = self.commune(row.place_id);
        let mut quantity = self.dice.between(1, 25);
        let mut entry = json!({ "commitmentId": row.id.to_string(), "deliveredOn": on.to_string() });
        if kind == Kind::RecordToCarrier {
            entry["stage"] = json!("TO_CARRIER");
        } else {
            entry["communeId"] = json!(commune.to_string());
        }
        if kind == Kind::RecordRemoval {
            quantity = -quantity;
            entry["reason"] = json!("Thu hồi thiết bị hỏng");
        }
        entry["quantity"] = json!(Self::decimal(quantity, row.precision));
        self.refer(&mut entry);
        entry
    }

    /// A reference that may be taken already.
    fn refer(&mut self, entry: &mut Value) {
        if self.dice.chance(15) {
            entry["externalReference"] = json!(format!("KQ-{}", self.dice.below(12)));
        }
    }

    /// Out of what a carrier holds, which may not suffice for all rows.
    fn hand_over(&mut self) -> Option<(usize, Value)> {
        let held = |row: &&delivery::Model| {
            row.stage == Stage::ToCarrier
                && matches!(row.state, State::Confirmed | State::Settled)
                && row.reverses_id.is_none()
        };
        let held: Vec<&delivery::Model> = self.rows.deliveries.iter().filter(held).collect();
        let of: Vec<&delivery::Model> = self.rows.deliveries.iter().collect();
        let from = match self.dice.pick_any(&held) {
            Some(row) if self.dice.chance(93) => (*row).clone(),
            _ => (*self.dice.pick_any(&of)?).clone(),
        };
        let of = self.rows.commitment(from.commitment_id).clone();
        let carrier = of.carrier_id;
        let by = self.someone(|person| carrier.is_some_and(|id| person.stands_for.contains(&id)));
        let rows: Vec<Value> = (0..=self.dice.below(3))
            .map(|_| {
                let (commune, on) = self.commune(of.place_id);
                let most = from.quantity.abs().max(4) / 4;
                let mut row = json!({ "drawnFromId": from.id.to_string(), "stage": "HANDED_OVER",
                    "communeId": commune.to_string(), "deliveredOn": on.to_string(),
                    "quantity": Self::decimal(self.dice.between(1, most), from.precision) });
                if self.dice.chance(30) {
                    row["externalReference"] = json!(format!("KQ-{}", self.dice.below(12)));
                }
                row
            })
            .collect();
        Some((by, json!({ "deliveries": rows })))
    }

    fn record_silent(&mut self) -> (usize, Value) {
        let by = self.dice.below(8);
        let rows: Vec<Value> = (0..=self.dice.below(2)).map(|_| self.silent_entry()).collect();
        (by, json!({ "deliveries": rows }))
    }

    fn silent_entry(&mut self) -> Value {
        let place = self.place();
        let (commune, on) = self.commune(place);
        let activity = self.dice.pick(&self.world.activities);
        let (id, precision) = (activity.id, activity.precision);
        let mut quantity = self.dice.between(1, 25);
        let mut row = json!({ "activityId": id.to_string(), "communeId": commune.to_string(),
            "deliveredOn": on.to_string() });
        if activity.measure == Measure::Stock && self.dice.chance(30) {
            quantity = -quantity;
            row["reason"] = json!("Thu hồi");
        }
        row["quantity"] = json!(Self::decimal(quantity, precision));
        self.refer(&mut row);
        row
    }

    /// By the commune that received something, on a promise or without one.
    fn receipt(&mut self, of: Option<&commitment::Model>) -> (usize, Value) {
        let mut input = match of {
            Some(row) => self.entry(Kind::Receipt, row),
            None => {
                let mut input = self.silent_entry();
                let giver = self.dice.below(5);
                let giver = self.world.people[giver].party.as_ref().unwrap().id;
                input["giverId"] = json!(giver.to_string());
                input
            }
        };
        input.as_object_mut().unwrap().remove("reason");
        let commune: PlaceId = input["communeId"].as_str().unwrap().parse().unwrap();
        (self.someone(|person| person.governs.contains(&commune)), input)
    }

    /// An entry in the state that an act asks for, mostly, with others beside it in a batch.
    fn on_entry(&mut self, kind: Kind) -> Option<(usize, Value)> {
        let fits = |row: &&delivery::Model| {
            let asked = row.reversal_requested_by_id.is_some();
            match kind {
                Kind::Confirm | Kind::Dispute => row.state == State::Reported,
                Kind::Agree | Kind::Settle => row.state == State::Disputed,
                Kind::Consent | Kind::Refuse => asked,
                _ => row.state != State::Reversed && !asked,
            }
        };
        let fitting: Vec<&delivery::Model> = self.rows.deliveries.iter().filter(fits).collect();
        let row = match self.dice.pick_any(&fitting) {
            Some(row) if self.dice.chance(93) => (*row).clone(),
            _ => self.dice.pick_any(&self.rows.deliveries)?.clone(),
        };
        let by = self.judge(kind, &row);
        let one = |draw: &mut Self, row: &delivery::Model| {
            let version = draw.version(row.version);
            json!({ "id": row.id.to_string(), "expectedVersion": version })
        };
        let mut input = one(self, &row);
        if matches!(kind, Kind::Dispute | Kind::Settle) {
            let figure = (row.quantity.abs() + self.dice.between(-3, 3)).max(0);
            let figure = figure * row.quantity.signum();
            input["figure"] = json!(Self::decimal(figure, row.precision));
        }
        if matches!(kind, Kind::Confirm | Kind::Reverse | Kind::Consent | Kind::Refuse) {
            let mut rows = vec![input];
            for _ in 0..self.dice.below(3) {
                let Some(other) = self.dice.pick_any(&fitting) else { break };
                let other = (*other).clone();
                rows.push(one(self, &other));
            }
            input = json!({ "deliveries": rows });
        }
        Some((by, input))
    }

    /// Who most likely does this to an entry.
    fn judge(&mut self, kind: Kind, row: &delivery::Model) -> usize {
        let of = self.rows.commitment(row.commitment_id).clone();
        let decides = kind == Kind::Settle || self.dice.chance(8);
        if decides {
            return self.someone(|person| person.runs_programme);
        }
        let reports = kind == Kind::Reverse || kind == Kind::Agree && self.dice.chance(50);
        match (row.side, row.stage, row.commune_id) {
            _ if reports => {
                self.someone(|person| person.stands_for.contains(&row.reported_by_id))
            }
            (Side::Giver, Stage::ToCarrier, _) => {
                let carrier = of.carrier_id.unwrap_or(of.giver_id);
                self.someone(|person| person.stands_for.contains(&carrier))
            }
            (Side::Giver, _, Some(commune)) => self.receives(commune),
            _ => self.gives(&of),
        }
    }
}

fn participants(row: &commitment::Model) -> Vec<PartyId> {
    let mut all = vec![row.giver_id];
    all.extend(row.joint_ids.0.iter().copied().map(|id: Uuid| PartyId::from(id)));
    all.extend(row.carrier_id);
    all
}
