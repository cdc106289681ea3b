//! An entry in the ledger of a commitment. What was entered never changes; its state does.

use sea_orm::entity::prelude::*;

use crate::{
    id::{CommitmentId, DeliveryId, PartyId, PlaceId},
    text_enum,
};

text_enum!(
    /// Which side wrote the entry; the other one verifies it.
    Side { Giver, Receiver }
);

text_enum!(Stage {
    Direct,
    /// Into the carrier's hands: names no commune and enters no sum.
    ToCarrier,
    /// Out of the carrier's hands.
    HandedOver,
});

text_enum!(State { Reported, Confirmed, Disputed, Settled, Reversed });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    pub commitment_id: CommitmentId,
    /// To whom it is credited.
    pub giver_id: PartyId,
    pub side: Side,
    pub stage: Stage,
    pub commune_id: Option<PlaceId>,
    /// In units of 10^−precision; negative for a removal from a stock and for a reversal.
    pub quantity: i64,
    /// The activity's, which never changes.
    pub precision: i32,
    pub delivered_on: Date,
    /// The carrier, of all that passes through its hands.
    pub via_id: Option<PartyId>,
    /// The entry into the carrier's hands that a hand-over is taken from.
    pub drawn_from_id: Option<DeliveryId>,
    /// The entry that this one takes back.
    pub reverses_id: Option<DeliveryId>,
    /// Why something was taken back or removed.
    pub reason: Option<String>,
    pub evidence_number: Option<String>,
    /// SHA-256 of a paper or file, lower-case hexadecimal.
    pub evidence_hash: Option<String>,
    pub evidence_url: Option<String>,
    /// Whose figure it is; `entered_by_id` may be its agent.
    pub reported_by_id: PartyId,
    pub entered_by_id: PartyId,
    pub external_reference: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub state: State,
    /// The other side's own figure, once it has disputed.
    pub received: Option<i64>,
    /// The figure both sides are held to, once it is settled.
    pub agreed: Option<i64>,
    /// How much was handed over out of this entry.
    pub drawn: i64,
    /// Who asks to take back what is confirmed or settled.
    pub reversal_requested_by_id: Option<PartyId>,
    /// Since when somebody is to act on it; null when nobody is.
    pub waiting_since: Option<Date>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
