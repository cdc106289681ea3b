//! The receiver's decision on a proposal.

use entity::{
    commitment::{self, Status},
    id::CommitmentId,
};
use serde_json::json;

use super::{super::graphql, event, put, read, receiver, rules};
use crate::{
    app::App,
    authz::Viewer,
    domain::ledger::Ledger,
    error::Result,
    text,
    tx::{Done, check_version},
};

pub async fn accept_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::AcceptCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let mut tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let receiver = receiver(&tx, viewer, &before).await?;
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Proposed])?;

    let after = commitment::Model {
        status: Status::Active,
        accepted_at: Some(tx.now()),
        waiting_since: None,
        version: before.version + 1,
        ..before.clone()
    };
    let mut ledger = Ledger::default();
    ledger.promise(Some(&before), &after);
    let data = json!({ "by": receiver.party.to_string(), "capacity": receiver.capacity,
        "before": { "status": before.status }, "after": { "status": after.status } });
    tx.log(event("COMMITMENT_ACCEPTED", &after, data));
    put(&tx, after).await?;
    ledger.save(&tx).await?;
    tx.done(before.id).await
}

pub async fn decline_commitment(
    app: &App,
    viewer: &Viewer,
    input: graphql::DeclineCommitmentInput,
) -> Result<Done<CommitmentId>> {
    let mut tx = app.write(viewer).await?;
    let before = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let receiver = receiver(&tx, viewer, &before).await?;
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[Status::Proposed])?;
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;

    let after = commitment::Model {
        status: Status::Declined,
        reason: Some(reason.clone()),
        waiting_since: None,
        version: before.version + 1,
        ..before.clone()
    };
    let data = json!({ "by": receiver.party.to_string(), "capacity": receiver.capacity,
        "before": { "status": before.status },
        "after": { "status": after.status, "reason": reason } });
    tx.log(event("COMMITMENT_DECLINED", &after, data));
    put(&tx, after).await?;
    tx.done(before.id).await
}
