//! Needs of communes, and notes on what is promised to them.

use api::clock::Clock;
use entity::{activity_kind, commitment, delivery, need, note, party};

use super::Build;
use crate::{TestApp, day};

impl TestApp {
    /// An open need of 40 by the end of the year, raised by the authority of a commune.
    pub fn need(
        &self,
        authority: &party::Model,
        activity: &activity_kind::Model,
    ) -> Build<'_, need::Model> {
        let row = need::Model {
            id: self.clock.uuid().into(),
            commune_id: authority.place_id.expect("an authority has a place"),
            activity_id: activity.id,
            quantity: 40 * 10_i64.pow(activity.precision.unsigned_abs()),
            precision: activity.precision,
            due_on: day("2026-12-31"),
            text: "Còn thiếu".to_owned(),
            status: need::Status::Open,
            reason: None,
            raised_by_id: authority.id,
            entered_by_id: authority.id,
            external_reference: None,
            raised_at: self.clock.now(),
            version: 1,
        };
        Build::new(self, row)
    }

    /// An open note to nobody, on what the test says.
    pub fn note(&self, by: &party::Model) -> Build<'_, note::Model> {
        let row = note::Model {
            id: self.clock.uuid().into(),
            need_id: None,
            commitment_id: None,
            delivery_id: None,
            text: format!("Bước tiếp theo {}", self.next()),
            written_by_id: by.id,
            addressee_id: None,
            due_on: None,
            written_at: self.clock.now(),
            status: note::Status::Open,
            answer: None,
            done_by_id: None,
            done_at: None,
            version: 1,
        };
        Build::new(self, row)
    }
}

impl Build<'_, need::Model> {
    pub fn withdrawn(self) -> Self {
        self.with(|row| {
            (row.status, row.reason) = (need::Status::Withdrawn, Some("Đã đủ".to_owned()));
        })
    }

    /// Under the authority's own reference.
    pub fn referred_to_as(self, reference: &str) -> Self {
        self.with(|row| row.external_reference = Some(reference.to_owned()))
    }
}

impl Build<'_, note::Model> {
    pub fn on_need(self, need: &need::Model) -> Self {
        self.with(|row| row.need_id = Some(need.id))
    }

    pub fn on_commitment(self, commitment: &commitment::Model) -> Self {
        self.with(|row| row.commitment_id = Some(commitment.id))
    }

    pub fn on_delivery(self, delivery: &delivery::Model) -> Self {
        self.with(|row| {
            row.commitment_id = Some(delivery.commitment_id);
            row.delivery_id = Some(delivery.id);
        })
    }

    pub fn to(self, addressee: &party::Model) -> Self {
        self.with(|row| row.addressee_id = Some(addressee.id))
    }
}
