//! Entries of the ledger and what is said about them.

use std::collections::BTreeSet;

use api::clock::Clock;
use entity::{
    commitment,
    delivery::{self, Side, Stage, State},
    party, place,
    verification::{self, Act, Capacity},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::{Build, Row, inserts, open};
use crate::{TestApp, day, ledger};

impl TestApp {
    /// 10 of what was promised, today, in the commitment's commune or in one of its place, as the
    /// giver reports and nobody has verified.
    pub fn delivery(&self, commitment: &commitment::Model) -> Build<'_, delivery::Model> {
        let row = delivery::Model {
            id: self.clock.uuid().into(),
            commitment_id: commitment.id,
            giver_id: commitment.giver_id,
            side: Side::Giver,
            stage: Stage::Direct,
            commune_id: Some(open()),
            quantity: 10,
            precision: commitment.precision,
            delivered_on: self.clock.today(),
            via_id: None,
            drawn_from_id: None,
            reverses_id: None,
            reason: None,
            evidence_number: None,
            evidence_hash: None,
            evidence_url: None,
            reported_by_id: commitment.giver_id,
            entered_by_id: commitment.giver_id,
            external_reference: None,
            recorded_at: self.clock.now(),
            state: State::Reported,
            received: None,
            agreed: None,
            drawn: 0,
            reversal_requested_by_id: None,
            waiting_since: Some(self.clock.today()),
            version: 1,
        };
        Build::new(self, row)
    }

    /// What a party says about a delivery: that the figure is right, unless a test says otherwise.
    pub fn verification(
        &self,
        delivery: &delivery::Model,
        party: &party::Model,
    ) -> Build<'_, verification::Model> {
        let row = verification::Model {
            id: self.clock.uuid().into(),
            delivery_id: delivery.id,
            act: Act::Confirmed,
            figure: Some(delivery.quantity),
            reason: None,
            capacity: Capacity::Authority,
            verified_by_id: party.id,
            entered_by_id: party.id,
            verified_at: self.clock.now(),
        };
        Build::new(self, row)
    }

    /// Takes an entry back; answers the row that does.
    pub async fn reverse(&self, entry: &delivery::Model) -> delivery::Model {
        let mut active = entry.clone().into_active_model();
        (active.state, active.waiting_since) = (Set(State::Reversed), Set(None));
        active.update(self.db().writer()).await.expect("an entry's state may change");
        let row = delivery::Model {
            id: self.clock.uuid().into(),
            quantity: -entry.quantity,
            reverses_id: Some(entry.id),
            reason: Some("Nhập nhầm".to_owned()),
            external_reference: None,
            state: State::Reversed,
            received: None,
            agreed: None,
            drawn: 0,
            waiting_since: None,
            version: 1,
            ..entry.clone()
        };
        Build::new(self, row).await
    }
}

impl Build<'_, delivery::Model> {
    /// So much, in units of the last digit.
    pub fn quantity(self, quantity: i64) -> Self {
        self.with(|row| row.quantity = quantity)
    }

    pub fn on(self, date: &str) -> Self {
        self.with(|row| row.delivered_on = day(date))
    }

    pub fn at(self, commune: &place::Model) -> Self {
        self.with(|row| row.commune_id = Some(commune.id))
    }

    /// As this party reports.
    pub fn by(self, party: &party::Model) -> Self {
        self.with(|row| (row.reported_by_id, row.entered_by_id) = (party.id, party.id))
    }

    /// The receiver wrote it down first.
    pub fn receipt(self, receiver: &party::Model) -> Self {
        self.by(receiver).with(|row| row.side = Side::Receiver)
    }

    pub fn confirmed(self) -> Self {
        self.with(|row| (row.state, row.waiting_since) = (State::Confirmed, None))
    }

    /// The other side has this figure.
    pub fn disputed(self, received: i64) -> Self {
        self.with(|row| (row.state, row.received) = (State::Disputed, Some(received)))
    }

    /// Both sides are held to this figure, which the other side had named.
    pub fn settled(self, figure: i64) -> Self {
        self.with(|row| {
            (row.received, row.agreed) = (Some(figure), Some(figure));
            (row.state, row.waiting_since) = (State::Settled, None);
        })
    }

    /// Into the carrier's hands.
    pub fn to_carrier(self, carrier: &party::Model) -> Self {
        self.with(|row| {
            (row.stage, row.commune_id, row.via_id) = (Stage::ToCarrier, None, Some(carrier.id));
        })
    }

    /// Out of the carrier's hands.
    pub fn drawn_from(self, held: &delivery::Model) -> Self {
        self.with(|row| {
            (row.stage, row.via_id) = (Stage::HandedOver, held.via_id);
            row.drawn_from_id = Some(held.id);
        })
    }
}

impl Row for delivery::Model {
    async fn prepare(&mut self, app: &TestApp) {
        if self.commune_id == Some(open()) {
            let commitment = commitment::Entity::find_by_id(self.commitment_id);
            let commitment = commitment.one(app.db().reader()).await.expect("it can be read");
            let place = commitment.expect("the commitment is there").place_id;
            let itself = Condition::any().add(place::Column::Id.eq(place));
            let communes = place::Entity::find()
                .filter(itself.add(place::Column::ParentId.eq(place)))
                .filter(place::Column::Level.eq(place::Level::Commune));
            let commune = communes.one(app.db().reader()).await.expect("places can be read");
            self.commune_id = commune.map(|commune| commune.id);
        }
    }

    inserts!(delivery);

    async fn follow(rows: &[Self], app: &TestApp) {
        let touched = rows.iter().map(|row| row.commitment_id).collect::<BTreeSet<_>>();
        ledger::settle(app.db().writer(), &touched).await.expect("sums follow from the ledger");
    }
}

super::super::plain!(verification);
