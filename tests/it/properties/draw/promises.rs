//! Acts on promises.

use entity::{amendment, commitment, commitment::Status};
use serde_json::{Value, json};

use super::{Draw, Kind};

impl Draw<'_> {
    pub(super) fn propose(&mut self) -> (usize, Value) {
        let by = self.dice.below(8);
        let rows: Vec<Value> = (0..=self.dice.below(3)).map(|_| self.proposal()).collect();
        (by, json!({ "commitments": rows }))
    }

    pub(super) fn proposal(&mut self) -> Value {
        let (place, activity) = (self.place(), self.dice.pick(&self.world.activities).clone());
        let mut row =
            json!({ "placeId": place.to_string(), "activityId": activity.id.to_string() });
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

    /// A promise in the state that an act asks for, mostly.
    pub(super) fn commitment(&mut self, kind: Kind) -> Option<commitment::Model> {
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
        let fitting: Vec<&commitment::Model> = self.rows.commitments.iter().filter(fits).collect();
        if self.dice.chance(93)
            && let Some(row) = self.dice.pick_any(&fitting)
        {
            return Some((*row).clone());
        }
        self.dice.pick_any(&self.rows.commitments).cloned()
    }

    pub(super) fn on_commitment(&mut self, kind: Kind) -> Option<(usize, Value)> {
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

    pub(super) fn amend(
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

    pub(super) fn decide_amendment(&mut self) -> Option<(usize, Value)> {
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
    pub(super) fn transfer(&mut self) -> Option<(usize, Value)> {
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
}
