//! What the other side, or who stands in for it, says about a delivery. Append-only.

use sea_orm::entity::prelude::*;

use crate::{
    id::{DeliveryId, PartyId, VerificationId},
    text_enum,
};

text_enum!(Act {
    Confirmed,
    Disputed,
    /// One side takes the other's figure.
    Agreed,
    /// Somebody above both decides.
    Settled,
    ReversalRequested,
    ReversalConsented,
    ReversalRefused,
});

text_enum!(
    /// In which capacity somebody verified.
    Capacity { Giver, Carrier, Authority, Assigned, District, Coordinator, Leadership }
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VerificationId,
    pub delivery_id: DeliveryId,
    pub act: Act,
    /// In units of 10^−precision of the delivery; null for acts on a reversal.
    pub figure: Option<i64>,
    pub reason: Option<String>,
    pub capacity: Capacity,
    /// Whose word it is; `entered_by_id` may be its agent.
    pub verified_by_id: PartyId,
    pub entered_by_id: PartyId,
    pub verified_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
