//! A change of a promise: what stood before and what stands after, under a document.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    commitment::Schedule,
    id::{AmendmentId, CommitmentId, DocumentId, PartyId},
    text_enum,
};

text_enum!(State {
    /// Waits for the receiver.
    Pending,
    InForce,
    Declined,
    /// The giver amended again before the receiver decided.
    Superseded,
});

/// What an amendment can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Promise {
    pub quantity: Option<i64>,
    pub schedule: Schedule,
    pub place_id: Uuid,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "amendment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AmendmentId,
    pub commitment_id: CommitmentId,
    pub document_id: DocumentId,
    pub reason: String,
    #[sea_orm(column_type = "Json")]
    pub promise_before: Promise,
    #[sea_orm(column_type = "Json")]
    pub promise_after: Promise,
    pub amended_by_id: PartyId,
    pub amended_at: DateTimeUtc,
    pub state: State,
    pub decided_by_id: Option<PartyId>,
    pub decided_at: Option<DateTimeUtc>,
    pub decision_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
