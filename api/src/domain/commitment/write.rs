//! Changing commitments: one function per mutation, one transaction each.

use std::collections::HashSet;

use entity::{
    amendment, commitment,
    id::{AmendmentId, CommitmentId, PartyId, PlaceId},
    mandate::Act,
    verification::Capacity,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use serde_json::{Value, json};

use super::{read, rules};
use crate::{
    authz::{Action, Viewer},
    domain::{
        line::{self, LINE, Matter},
        place as places,
        standing::Standing,
    },
    error::Result,
    refusal::UserErrorCode,
    tx::{Audience, CHANGE, Draft, Tx},
};

mod amend;
mod close;
mod decide;
pub mod participants;
mod propose;
mod transfer;

pub use amend::{accept_amendment, amend_commitment, decline_amendment};
pub use close::{close_commitment, reopen_commitment, withdraw_commitment};
pub use decide::{accept_commitment, decline_commitment};
pub use propose::{blank, found, not_found, promises, propose_commitments, proposed};
pub use transfer::transfer_commitments;

/// Somebody who decides for the receiving side.
struct Receiver {
    party: PartyId,
    capacity: Capacity,
}

/// In which capacity the viewer decides for the receiving side of a commitment: refused to who has
/// none, whose own matter it is, and whose turn it is not yet. Whoever stands on the giving side is
/// told so, rather than that they may not.
async fn receiver(tx: &Tx, viewer: &Viewer, commitment: &commitment::Model) -> Result<Receiver> {
    let standing = Standing::load(tx, viewer, &[commitment.place_id]).await?;
    let receiver = in_line(tx, viewer, commitment, &standing).await?;
    let is_own = standing.barred(&rules::participants(commitment));
    viewer.require(Action::Accept { stands: receiver.is_some() || is_own })?;
    if is_own {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    let Some(receiver) = receiver else { return Err(UserErrorCode::Forbidden.refuse().into()) };
    let level = line::level(receiver.capacity);
    if level > 0 {
        let turn = line::is_turn_of(level, Matter::Acceptance, viewer.today);
        let same = read::visible_to(viewer).filter(commitment::Column::Id.eq(commitment.id));
        if same.filter(turn).one(&**tx).await?.is_none() {
            return Err(UserErrorCode::Forbidden.refuse().because(line::NOT_YET).into());
        }
    }
    Ok(receiver)
}

/// The first place in line that the viewer has.
async fn in_line(
    tx: &Tx,
    viewer: &Viewer,
    commitment: &commitment::Model,
    standing: &Standing,
) -> Result<Option<Receiver>> {
    let place = commitment.place_id;
    let held = LINE.into_iter().filter_map(|(capacity, role)| {
        let party = standing.holds(place, role, Act::Accept)?;
        Some(Receiver { party, capacity })
    });
    let may = |receiver: &Receiver| line::level(receiver.capacity) != 1;
    let held: Vec<Receiver> = held.filter(may).collect();
    if !held.iter().any(|receiver| receiver.capacity == Capacity::Authority) {
        return Ok(held.into_iter().next());
    }
    let is_governed = places::read::is_governed(tx, viewer, place).await?;
    Ok(held.into_iter().find(|held| is_governed || held.capacity != Capacity::Authority))
}

/// Of some commitments those about which the coordinator cannot decide.
async fn coordinators_own(
    tx: &Tx,
    viewer: &Viewer,
    ids: impl IntoIterator<Item = CommitmentId>,
) -> Result<HashSet<CommitmentId>> {
    let own = read::visible_to(viewer)
        .filter(commitment::Column::Id.is_in(ids))
        .filter(line::is_coordinators_own(viewer.today))
        .select_only()
        .column(commitment::Column::Id)
        .into_tuple()
        .all(&**tx)
        .await?;
    Ok(own.into_iter().collect())
}

/// An event about a commitment, for everybody whom it concerns.
fn event(r#type: &'static str, commitment: &commitment::Model, data: Value) -> Draft {
    let mut data = data;
    data["version"] = json!(commitment.version);
    Draft {
        r#type,
        subject: commitment.id.to_string(),
        giver: Some(commitment.giver_id),
        commune: Some(commitment.place_id),
        audience: audience(commitment),
        data,
    }
}

/// Whose feed what happens on a commitment may stand in.
pub fn audience(commitment: &commitment::Model) -> Audience {
    Audience::of(rules::participants(commitment))
        .at(commitment.place_id)
        .or_public(commitment.disclosure == commitment::Disclosure::Public)
}

/// What an event keeps of a promise.
fn promise_data(promise: &amendment::Promise) -> Value {
    json!({ "quantity": promise.quantity, "schedule": promise.schedule,
        "placeId": PlaceId::from(promise.place_id).to_string() })
}

/// What waits for the receiver of a commitment, if anything does, waits no longer; answers what
/// that was.
async fn supersede(
    tx: &Tx,
    viewer: &Viewer,
    of: &commitment::Model,
) -> Result<Option<AmendmentId>> {
    let pending = read::amendments::visible_to(viewer)
        .filter(amendment::Column::CommitmentId.eq(of.id))
        .filter(amendment::Column::State.eq(amendment::State::Pending));
    let Some(pending) = pending.lock(CHANGE).one(&**tx).await? else { return Ok(None) };
    let id = pending.id;
    let mut row = pending.into_active_model();
    row.state = Set(amendment::State::Superseded);
    row.update(&**tx).await?;
    Ok(Some(id))
}

/// Puts the row of a commitment as it is now.
async fn put(tx: &Tx, row: commitment::Model) -> Result<()> {
    let row = row.into_active_model().reset_all();
    commitment::Entity::update(row).exec(&**tx).await?;
    Ok(())
}
