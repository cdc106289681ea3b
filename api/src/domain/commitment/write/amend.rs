//! Amendments: the giver changes a promise; what takes something away waits for the receiver.

use entity::{
    amendment::{self, Promise, State},
    commitment::{self, Status},
    delivery, document,
    id::{AmendmentId, CommitmentId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::{
    super::graphql::{AcceptAmendmentInput, AmendCommitmentInput, DeclineAmendmentInput},
    Receiver, event, promise_data, propose, put, read, receiver, rules, supersede,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        delivery::read as deliveries, document as documents, ledger::Ledger, place as places,
    },
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Done, Key, Tx, check_version},
};

pub async fn amend_commitment(
    app: &App,
    viewer: &Viewer,
    input: AmendCommitmentInput,
    key: Key,
) -> Result<Done<CommitmentId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let seen = documents::read::visible_to(viewer);
    let document = tx.find(seen, "documentId", &input.document_id).await?;
    viewer.require(Action::Promise { giver: before.giver_id })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Proposed, Status::Active])?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;
    let was = rules::promise(&before);
    let wanted = wanted(&tx, viewer, &input, &before).await?;
    if was == wanted {
        return Err(UserErrorCode::NoChange.refuse().into());
    }

    let mut after = commitment::Model { version: before.version + 1, ..before.clone() };
    let waits = before.status == Status::Active && !rules::holds_at_once(&was, &wanted);
    let superseded = supersede(&tx, viewer, &before).await?;
    let row = amendment(&tx, viewer, &before, &document, reason, (was, wanted), waits)?;
    let data = json!({ "amendmentId": row.id.to_string(), "documentId": document.id.to_string(),
        "reason": row.reason, "before": promise_data(&row.promise_before),
        "after": promise_data(&row.promise_after),
        "superseded": superseded.map(|id| id.to_string()) });
    // Who is to decide on a proposal has something new to decide on.
    let is_open = waits || before.status == Status::Proposed;
    after.waiting_since = is_open.then_some(viewer.today);
    if waits {
        tx.log(event("AMENDMENT_PROPOSED", &after, data));
        put(&tx, after).await?;
    } else {
        rules::put_in_force(&mut after, &row.promise_after);
        tx.log(event("COMMITMENT_AMENDED", &after, data));
        change(&tx, viewer, &before, after).await?;
    }
    row.into_active_model().insert(&*tx).await?;
    tx.done(before.id).await
}

pub async fn accept_amendment(
    app: &App,
    viewer: &Viewer,
    input: AcceptAmendmentInput,
) -> Result<Done<CommitmentId>> {
    let mut tx = app.write(viewer).await?;
    let (before, amendment, receiver) = found(&tx, viewer, &input.id).await?;
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Active])?;
    is_pending(&amendment)?;

    let mut after =
        commitment::Model { version: before.version + 1, waiting_since: None, ..before.clone() };
    rules::put_in_force(&mut after, &amendment.promise_after);
    let data = json!({ "amendmentId": amendment.id.to_string(), "by": receiver.party.to_string(),
        "capacity": receiver.capacity, "before": promise_data(&amendment.promise_before),
        "after": promise_data(&amendment.promise_after) });
    tx.log(event("AMENDMENT_ACCEPTED", &after, data));
    decide(&tx, amendment, State::InForce, &receiver, None).await?;
    change(&tx, viewer, &before, after).await?;
    tx.done(before.id).await
}

pub async fn decline_amendment(
    app: &App,
    viewer: &Viewer,
    input: DeclineAmendmentInput,
) -> Result<Done<CommitmentId>> {
    let mut tx = app.write(viewer).await?;
    let (before, amendment, receiver) = found(&tx, viewer, &input.id).await?;
    check_version(before.id, before.version, input.expected_version)?;
    is_pending(&amendment)?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let after =
        commitment::Model { version: before.version + 1, waiting_since: None, ..before.clone() };
    let data = json!({ "amendmentId": amendment.id.to_string(), "by": receiver.party.to_string(),
        "capacity": receiver.capacity, "reason": reason });
    tx.log(event("AMENDMENT_DECLINED", &after, data));
    decide(&tx, amendment, State::Declined, &receiver, Some(reason)).await?;
    put(&tx, after).await?;
    tx.done(before.id).await
}

/// The promise that an input asks for.
async fn wanted(
    tx: &Tx,
    viewer: &Viewer,
    input: &AmendCommitmentInput,
    before: &commitment::Model,
) -> Result<Promise> {
    let place_id = match &input.place_id {
        None => before.place_id,
        Some(id) => {
            let place = tx.find(places::read::visible_to(viewer), "placeId", id).await?;
            propose::exists_today(&place, viewer.today)?;
            place.id
        }
    };
    let quantity = match input.quantity {
        None => before.quantity,
        Some(quantity) => {
            Some(quantity.to_raw(before.precision).map_err(|refusal| refusal.at("quantity"))?)
        }
    };
    let schedule = match &input.schedule {
        Some(dues) => {
            let dues = propose::dues(dues, before.precision)?;
            rules::schedule(quantity, dues, before.precision)?
        }
        None if quantity == before.quantity => before.schedule.clone(),
        None => {
            let refusal = UserErrorCode::Required.refuse().at("schedule");
            return Err(refusal.with("kind", "RISING_SCHEDULE").into());
        }
    };
    Ok(Promise { quantity, schedule, place_id: place_id.into() })
}

fn amendment(
    tx: &Tx,
    viewer: &Viewer,
    of: &commitment::Model,
    document: &document::Model,
    reason: String,
    (promise_before, promise_after): (Promise, Promise),
    waits: bool,
) -> Result<amendment::Model> {
    let amended_by_id = viewer.party().ok_or_else(|| Error::internal("amended by nobody"))?;
    Ok(amendment::Model {
        id: tx.id::<AmendmentId>(),
        commitment_id: of.id,
        document_id: document.id,
        reason,
        promise_before,
        promise_after,
        amended_by_id,
        amended_at: tx.now(),
        state: if waits { State::Pending } else { State::InForce },
        decided_by_id: None,
        decided_at: None,
        decision_reason: None,
    })
}

/// The commitment first, which is what everybody locks, then the amendment, then who decides.
async fn found(
    tx: &Tx,
    viewer: &Viewer,
    id: &async_graphql::ID,
) -> Result<(commitment::Model, amendment::Model, Receiver)> {
    let seen = || read::amendments::visible_to(viewer);
    let amendment = tx.find(seen(), "id", id).await?;
    let commitment = read::visible_to(viewer);
    let commitment = tx.lock(commitment, "id", &amendment.commitment_id.to_string().into()).await?;
    let amendment = tx.lock(seen(), "id", id).await?;
    let receiver = receiver(tx, viewer, &commitment).await?;
    Ok((commitment, amendment, receiver))
}

fn is_pending(amendment: &amendment::Model) -> Result<()> {
    use sea_orm::ActiveEnum;
    if amendment.state == State::Pending {
        return Ok(());
    }
    let state = amendment.state.to_value();
    let refusal = UserErrorCode::WrongState.refuse().at("id").with("state", state);
    Err(refusal.object(amendment.commitment_id).into())
}

async fn decide(
    tx: &Tx,
    amendment: amendment::Model,
    state: State,
    by: &Receiver,
    reason: Option<String>,
) -> Result<()> {
    let mut row = amendment.into_active_model();
    row.state = Set(state);
    row.decided_by_id = Set(Some(by.party));
    row.decided_at = Set(Some(tx.now()));
    row.decision_reason = Set(reason);
    row.update(&**tx).await?;
    Ok(())
}

/// Writes a promise that changed, and what it changes on the board.
async fn change(
    tx: &Tx,
    viewer: &Viewer,
    before: &commitment::Model,
    after: commitment::Model,
) -> Result<()> {
    let mut ledger = Ledger::default();
    ledger.promise(Some(before), &after);
    if before.place_id != after.place_id {
        let entries = deliveries::visible_to(viewer)
            .filter(delivery::Column::CommitmentId.eq(before.id))
            .all(&**tx)
            .await?;
        ledger.regroup(before, &after, &entries);
    }
    put(tx, after).await?;
    ledger.save(tx).await
}
