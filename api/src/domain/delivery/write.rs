//! Writing in the ledger: one function per mutation, one transaction each.

use entity::{
    commitment, delivery,
    id::{PartyId, VerificationId},
    verification::{self, Act, Capacity},
};
use sea_orm::{EntityTrait, IntoActiveModel, Value};
use serde_json::{Value as Json, json};

use crate::{
    authz::Viewer,
    domain::commitment::write::audience,
    error::{Error, Result},
    tx::{Draft, Tx},
};

mod agree;
mod confirm;
mod entries;
mod record;
mod reverse;
mod silent;

pub use agree::{agree_delivery, settle_delivery};
pub use confirm::{confirm_deliveries, dispute_delivery};
pub use record::{record_deliveries, record_receipt};
pub use reverse::{consent_to_reversals, refuse_reversals, reverse_deliveries};

/// What changes of an entry; everything else is for ever.
const STATE: [&str; 7] = [
    "state",
    "received",
    "agreed",
    "drawn",
    "reversal_requested_by_id",
    "waiting_since",
    "version",
];

fn state(entry: &delivery::Model) -> Vec<Value> {
    vec![
        sea_orm::ActiveEnum::to_value(&entry.state).into(),
        entry.received.into(),
        entry.agreed.into(),
        entry.drawn.into(),
        entry.reversal_requested_by_id.map(uuid::Uuid::from).into(),
        entry.waiting_since.into(),
        entry.version.into(),
    ]
}

/// Writes the state of entries as it is now, in one statement.
async fn put_all<'a>(
    tx: &Tx,
    entries: impl IntoIterator<Item = &'a delivery::Model>,
) -> Result<()> {
    let rows = entries.into_iter().map(|entry| (entry.id.into(), state(entry)));
    tx.update_each("delivery", &STATE, rows.collect()).await
}

/// An event about an entry, for everybody whom it concerns.
fn event(
    r#type: &'static str,
    entry: &delivery::Model,
    commitment: &commitment::Model,
    data: Json,
) -> Draft {
    let mut data = data;
    data["version"] = json!(entry.version);
    let audience = audience(commitment);
    Draft {
        r#type,
        subject: entry.id.to_string(),
        giver: Some(entry.giver_id),
        commune: entry.commune_id,
        audience: match entry.commune_id {
            Some(commune) => audience.at(commune),
            None => audience,
        },
        data,
    }
}

/// Somebody's word about an entry.
struct Word {
    act: Act,
    figure: Option<i64>,
    reason: Option<String>,
    capacity: Capacity,
    party: PartyId,
}

fn said(
    tx: &Tx,
    viewer: &Viewer,
    entry: &delivery::Model,
    word: Word,
) -> Result<verification::ActiveModel> {
    let entered_by_id = viewer.party().ok_or_else(|| Error::internal("verified by nobody"))?;
    let row = verification::Model {
        id: tx.id::<VerificationId>(),
        delivery_id: entry.id,
        act: word.act,
        figure: word.figure,
        reason: word.reason,
        capacity: word.capacity,
        verified_by_id: word.party,
        entered_by_id,
        verified_at: tx.now(),
    };
    Ok(row.into_active_model())
}

async fn say_all(tx: &Tx, words: Vec<verification::ActiveModel>) -> Result<()> {
    if !words.is_empty() {
        verification::Entity::insert_many(words).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
