//! Ends: the giver withdraws, either side closes what is done, the coordinator closes and reopens; in
//! what is the coordinator's own matter the leadership does.

use entity::{
    commitment::{self, Status},
    id::{AmendmentId, CommitmentId},
    mandate::Act,
};
use serde_json::json;

use super::{super::graphql, coordinators_own, event, put, read, rules, supersede};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{ledger::Ledger, place as places, standing::Standing},
    error::Result,
    refusal::UserErrorCode,
    text,
    tx::{Done, Tx, check_version},
};

pub async fn withdraw_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::WithdrawCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::Promise { giver: before.giver_id })?;
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Proposed, Status::Active])?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let superseded = supersede(&tx, viewer, &before).await?;
    let after = commitment::Model {
        status: Status::Withdrawn,
        reason: Some(reason),
        waiting_since: None,
        open_year: None,
        version: before.version + 1,
        ..before.clone()
    };
    end(tx, "COMMITMENT_WITHDRAWN", &before, after, superseded).await
}

pub async fn close_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::CloseCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let standing = Standing::load(&tx, viewer, &[before.place_id]).await?;
    let participants = rules::participants(&before);
    let place = before.place_id;
    let receives = standing.authority(place, Act::Accept).is_some()
        && places::read::is_governed(&tx, viewer, place).await?;
    let takes_part = receives || standing.gives(&participants, place, Act::Accept).is_some();
    let oversees = oversees(&tx, viewer, &before).await?;
    viewer.require(Action::Close { may: takes_part || oversees.is_ok() })?;
    let done = rules::is_done(&before);
    let oversees = oversees.is_ok();
    if done.is_err() && oversees && standing.barred(&participants) {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Active])?;
    let reason = match (done, oversees) {
        (Ok(()), _) => text::optional_label("reason", &input.reason, rules::MAX_TEXT)?,
        (Err(_), true) => text::label("reason", &input.reason, rules::MAX_TEXT)?,
        (Err(refusal), false) => return Err(refusal.into()),
    };

    let superseded = supersede(&tx, viewer, &before).await?;
    let after = commitment::Model {
        status: Status::Closed,
        reason: (!reason.is_empty()).then_some(reason),
        waiting_since: None,
        closed_at: Some(tx.now()),
        open_year: None,
        version: before.version + 1,
        ..before.clone()
    };
    end(tx, "COMMITMENT_CLOSED", &before, after, superseded).await
}

pub async fn reopen_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::ReopenCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    oversees(&tx, viewer, &before).await??;
    let standing = Standing::load(&tx, viewer, &[before.place_id]).await?;
    if standing.barred(&rules::participants(&before)) {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Closed])?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let after = commitment::Model {
        status: Status::Active,
        reason: Some(reason),
        closed_at: None,
        version: before.version + 1,
        ..before.clone()
    };
    end(tx, "COMMITMENT_REOPENED", &before, after, None).await
}

/// Whether the viewer may decide as the coordinator, or in its place.
async fn oversees(tx: &Tx, viewer: &Viewer, row: &commitment::Model) -> Result<Result<()>> {
    let own = coordinators_own(tx, viewer, [row.id]).await?;
    Ok(viewer.require(Action::Oversee { is_coordinators: own.contains(&row.id) }))
}

/// Writes a change of state with what it changes on the board.
async fn end(
    mut tx: Tx,
    r#type: &'static str,
    before: &commitment::Model,
    after: commitment::Model,
    superseded: Option<AmendmentId>,
) -> Result<Done<CommitmentId>> {
    let mut ledger = Ledger::default();
    ledger.promise(Some(before), &after);
    let data = json!({ "before": { "status": before.status },
        "after": { "status": after.status, "reason": after.reason },
        "superseded": superseded.map(|id| id.to_string()) });
    tx.log(event(r#type, &after, data));
    put(&tx, after).await?;
    ledger.save(&tx).await?;
    tx.done(before.id).await
}
