//! A row as it was sent, by either side.

use async_graphql::ID;
use chrono::NaiveDate;
use entity::delivery::{Side, Stage};

use super::super::super::graphql::{EvidenceInput, RecordDeliveryInput, RecordReceiptInput};
use crate::{
    authz::Viewer,
    domain::delivery::write::silent::Key as Open,
    graphql::scalar::Decimal,
    refusal::{Refusal, UserErrorCode},
};

#[derive(Clone)]
pub struct Sent {
    pub side: Side,
    pub commitment: Option<ID>,
    pub giver: Option<ID>,
    pub activity: Option<ID>,
    pub commune: Option<ID>,
    pub quantity: Decimal,
    pub delivered_on: NaiveDate,
    pub stage: Stage,
    pub drawn_from: Option<ID>,
    pub reason: Option<String>,
    pub evidence: Option<EvidenceInput>,
    pub reference: Option<String>,
}

impl Sent {
    pub fn by_giver(row: RecordDeliveryInput) -> Self {
        Self {
            side: Side::Giver,
            commitment: row.commitment_id,
            giver: row.giver_id,
            activity: row.activity_id,
            commune: row.commune_id,
            quantity: row.quantity,
            delivered_on: row.delivered_on.0,
            stage: row.stage.map_or(Stage::Direct, Into::into),
            drawn_from: row.drawn_from_id,
            reason: row.reason,
            evidence: row.evidence,
            reference: row.external_reference,
        }
    }

    pub fn by_receiver(row: RecordReceiptInput) -> Self {
        Self {
            side: Side::Receiver,
            commitment: row.commitment_id,
            giver: row.giver_id,
            activity: row.activity_id,
            commune: Some(row.commune_id),
            quantity: row.quantity,
            delivered_on: row.delivered_on.0,
            stage: Stage::Direct,
            drawn_from: None,
            reason: None,
            evidence: row.evidence,
            reference: row.external_reference,
        }
    }

    /// The open promise that it belongs to, where it names nothing else to belong to. A giver need
    /// not name itself.
    pub fn open(&self, viewer: &Viewer) -> Option<Open> {
        if self.commitment.is_some() || self.drawn_from.is_some() {
            return None;
        }
        let giver = match (&self.giver, self.side) {
            (Some(giver), _) => giver.parse().ok()?,
            (None, Side::Giver) => viewer.party()?,
            (None, Side::Receiver) => return None,
        };
        let commune = self.commune.as_ref()?.parse().ok()?;
        let activity = self.activity.as_ref()?.parse().ok()?;
        Some(Open::new(giver, commune, activity, self.delivered_on))
    }

    /// A row says in one way what it belongs to: it names a commitment, or what it is taken from
    /// and perhaps its commitment too, or an activity and perhaps a giver.
    pub fn belongs_somewhere(&self) -> Result<(), Refusal> {
        if (self.stage == Stage::HandedOver) != self.drawn_from.is_some() {
            let refusal = UserErrorCode::Required.refuse().at("drawnFromId");
            return Err(refusal.with("kind", "HANDED_OVER"));
        }
        let named = self.commitment.is_some() || self.drawn_from.is_some();
        let open = self.activity.is_some() || self.giver.is_some();
        match (named, open, self.side) {
            (true, false, _) => Ok(()),
            (false, true, Side::Giver) if self.activity.is_some() => Ok(()),
            (false, true, Side::Receiver) if self.activity.is_some() && self.giver.is_some() => {
                Ok(())
            }
            (_, _, side) => {
                let fields = match side {
                    Side::Giver => "commitmentId, activityId",
                    Side::Receiver => "commitmentId, giverId + activityId",
                };
                let refusal = UserErrorCode::ExactlyOne.refuse().at("commitmentId");
                Err(refusal.with("fields", fields))
            }
        }
    }
}
