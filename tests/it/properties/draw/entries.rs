//! Acts on what was delivered.

use entity::{
    activity_kind::Measure,
    commitment, delivery,
    delivery::{Side, Stage, State},
    id::PlaceId,
};
use serde_json::{Value, json};

use super::{Draw, Kind};

impl Draw<'_> {
    pub(super) fn record(&mut self, kind: Kind, row: &commitment::Model) -> (usize, Value) {
        let by = self.gives(row);
        let count = 1 + self.dice.below(3);
        let rows: Vec<Value> = (0..count).map(|_| self.entry(kind, row)).collect();
        (by, json!({ "deliveries": rows }))
    }

    pub(super) fn entry(&mut self, kind: Kind, row: &commitment::Model) -> Value {
        let (commune, on) = self.commune(row.place_id);
        let mut quantity = self.dice.between(1, 25);
        let mut entry =
            json!({ "commitmentId": row.id.to_string(), "deliveredOn": on.to_string() });
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
    pub(super) fn refer(&mut self, entry: &mut Value) {
        if self.dice.chance(15) {
            entry["externalReference"] = json!(format!("KQ-{}", self.dice.below(12)));
        }
    }

    /// Out of what a carrier holds, which may not suffice for all rows.
    pub(super) fn hand_over(&mut self) -> Option<(usize, Value)> {
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

    pub(super) fn record_silent(&mut self) -> (usize, Value) {
        let by = self.dice.below(8);
        let rows: Vec<Value> = (0..=self.dice.below(2)).map(|_| self.silent_entry()).collect();
        (by, json!({ "deliveries": rows }))
    }

    pub(super) fn silent_entry(&mut self) -> Value {
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
    pub(super) fn receipt(&mut self, of: Option<&commitment::Model>) -> (usize, Value) {
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
    pub(super) fn on_entry(&mut self, kind: Kind) -> Option<(usize, Value)> {
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
    pub(super) fn judge(&mut self, kind: Kind, row: &delivery::Model) -> usize {
        let of = self.rows.commitment(row.commitment_id).clone();
        let decides = kind == Kind::Settle || self.dice.chance(8);
        if decides {
            return self.someone(|person| person.runs_programme);
        }
        let reports = kind == Kind::Reverse || kind == Kind::Agree && self.dice.chance(50);
        match (row.side, row.stage, row.commune_id) {
            _ if reports => self.someone(|person| person.stands_for.contains(&row.reported_by_id)),
            (Side::Giver, Stage::ToCarrier, _) => {
                let carrier = of.carrier_id.unwrap_or(of.giver_id);
                self.someone(|person| person.stands_for.contains(&carrier))
            }
            (Side::Giver, _, Some(commune)) => self.receives(commune),
            _ => self.gives(&of),
        }
    }
}
