//! Ends: the giver withdraws, either side closes what is done, the coordinator closes and reopens.

use entity::{
    commitment::{self, Status},
    id::CommitmentId,
    mandate::Act,
};
use serde_json::json;

use super::{super::graphql, event, put, read, rules, supersede};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{ledger::Ledger, standing::Standing},
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

    supersede(&tx, viewer, &before).await?;
    let after = commitment::Model {
        status: Status::Withdrawn,
        reason: Some(reason),
        waiting_since: None,
        open_year: None,
        version: before.version + 1,
        ..before.clone()
    };
    end(tx, "COMMITMENT_WITHDRAWN", &before, after).await
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
    let takes_part = standing.gives(&participants, before.place_id, Act::Accept).is_some()
        || standing.authority(before.place_id, Act::Accept).is_some();
    viewer.require(Action::Close { takes_part })?;
    let done = rules::is_done(&before);
    let coordinates = viewer.require(Action::Oversee).is_ok();
    if done.is_err() && coordinates && standing.barred(&participants) {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Active])?;
    let reason = match (done, coordinates) {
        (Ok(()), _) => text::optional_label("reason", &input.reason, rules::MAX_TEXT)?,
        (Err(_), true) => text::label("reason", &input.reason, rules::MAX_TEXT)?,
        (Err(refusal), false) => return Err(refusal.into()),
    };

    supersede(&tx, viewer, &before).await?;
    let after = commitment::Model {
        status: Status::Closed,
        reason: (!reason.is_empty()).then_some(reason),
        waiting_since: None,
        closed_at: Some(tx.now()),
        open_year: None,
        version: before.version + 1,
        ..before.clone()
    };
    end(tx, "COMMITMENT_CLOSED", &before, after).await
}

pub async fn reopen_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::ReopenCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::Oversee)?;
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
    end(tx, "COMMITMENT_REOPENED", &before, after).await
}

/// Writes a change of state with what it changes on the board.
async fn end(
    mut tx: Tx,
    r#type: &'static str,
    before: &commitment::Model,
    after: commitment::Model,
) -> Result<Done<CommitmentId>> {
    let mut ledger = Ledger::default();
    ledger.promise(Some(before), &after);
    let data = json!({ "before": { "status": before.status },
        "after": { "status": after.status, "reason": after.reason } });
    tx.log(event(r#type, &after, data));
    put(&tx, after).await?;
    ledger.save(&tx).await?;
    tx.done(before.id).await
}
