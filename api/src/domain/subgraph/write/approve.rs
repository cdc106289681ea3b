//! The coordinator's decision on a version that waits.

use entity::{
    id::SubgraphId,
    subgraph, subgraph_approval,
    subgraph_version::{self, Needs, State},
    supergraph::Reason,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{ATTEMPTS, Judged, Swap, count, go_live, in_state, overtaken, swap, told, turn};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::subgraph::{
        graphql::{ApproveSubgraphInput, SubgraphDecision},
        pipeline::{self, Candidate, Report},
        read::{
            self,
            ground::{self, Ground},
        },
        rules,
    },
    error::Result,
    refusal::UserErrorCode,
    text,
    tx::{Done, Tx, check_version},
};

pub async fn approve_subgraph(
    app: &App,
    viewer: &Viewer,
    input: ApproveSubgraphInput,
) -> Judged<SubgraphId> {
    let mut report = None;
    let done = match input.decision {
        SubgraphDecision::Approve => approve(app, viewer, &input, &mut report).await,
        SubgraphDecision::Decline => decline(app, viewer, &input).await,
    };
    Judged { done, report }
}

async fn approve(
    app: &App,
    viewer: &Viewer,
    input: &ApproveSubgraphInput,
    found: &mut Option<Report>,
) -> Result<Done<SubgraphId>> {
    for _ in 0..ATTEMPTS {
        let mut tx = app.write(viewer).await?;
        let (subgraph, version) = waiting(&tx, viewer, input).await?;
        drop(tx);

        let ground = Ground::read(app).await?;
        let db = app.db.reader();
        let candidate = Candidate {
            party: subgraph.party_id,
            owner: ground::owner(db, subgraph.party_id, &subgraph.name).await?,
            url: version.url,
            sdl: version.sdl,
            allow_breaking: version.allow_breaking,
            approved: ground::approved(db, subgraph.id).await?,
        };
        let report = found.insert(pipeline::run(app, viewer, &candidate, &ground).await?);
        rules::passed(report)?;

        tx = app.write(viewer).await?;
        let Some(head) = turn(&tx, ground.revision).await? else { continue };
        let (subgraph, version) = waiting(&tx, viewer, input).await?;
        return store(tx, head, subgraph, version, report).await;
    }
    Err(overtaken())
}

async fn store(
    mut tx: Tx,
    head: entity::supergraph_head::Model,
    subgraph: subgraph::Model,
    version: subgraph_version::Model,
    report: &mut Report,
) -> Result<Done<SubgraphId>> {
    let id = subgraph.id;
    // What it needed is approved by this.
    let needs = std::mem::take(&mut report.needs);
    tx.record_for(
        "SUBGRAPH_APPROVED",
        id,
        told(subgraph.party_id),
        json!({ "version": subgraph.version + 1,
            "before": { "state": version.state },
            "after": { "state": State::Live, "number": version.number, "approved": needs } }),
    );
    keep_approvals(&tx, &version, &needs).await?;
    let decided = subgraph_version::Model { decided_at: Some(tx.now()), ..version };
    decide(&tx, &decided).await?;
    go_live(&tx, decided).await?;
    next_version(&tx, subgraph).await?;
    if let Some(composed) = &report.composed {
        let (reason, subgraph) = (Reason::Approved, Some(id));
        let graph =
            Swap { composed, changes: &report.changes, reason, subgraph, goes_back_to: None };
        swap(&mut tx, head, graph).await?;
    }
    tx.done(id).await
}

async fn decline(
    app: &App,
    viewer: &Viewer,
    input: &ApproveSubgraphInput,
) -> Result<Done<SubgraphId>> {
    let mut tx = app.write(viewer).await?;
    waiting(&tx, viewer, input).await?;
    let head = ground::locked_head(&*tx).await?;
    let (subgraph, version) = waiting(&tx, viewer, input).await?;
    let reason =
        text::label("reason", input.reason.as_deref().unwrap_or_default(), text::MAX_TEXT)?;
    let id = subgraph.id;
    tx.record_for(
        "SUBGRAPH_DECLINED",
        id,
        told(subgraph.party_id),
        json!({ "version": subgraph.version + 1, "before": { "state": version.state },
            "after": { "state": State::Declined, "number": version.number, "reason": reason } }),
    );
    let now = tx.now();
    let mut version = version.into_active_model();
    version.state = Set(State::Declined);
    version.decided_at = Set(Some(now));
    version.reason = Set(Some(reason));
    version.update(&*tx).await?;
    next_version(&tx, subgraph).await?;
    count(&tx, head).await?;
    tx.done(id).await
}

/// The subgraph and the version that waits, if the viewer may decide on it.
async fn waiting(
    tx: &Tx,
    viewer: &Viewer,
    input: &ApproveSubgraphInput,
) -> Result<(subgraph::Model, subgraph_version::Model)> {
    let subgraph = tx.find(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::GovernGraph)?;
    check_version(subgraph.id, subgraph.version, input.expected_version)?;
    rules::not_retired(&subgraph)?;
    match in_state(tx, subgraph.id, State::AwaitingApproval).await? {
        Some(version) => Ok((subgraph, version)),
        None => {
            let state = match in_state(tx, subgraph.id, State::Live).await? {
                Some(_) => "LIVE",
                None => "DECLINED",
            };
            Err(UserErrorCode::WrongState.refuse().at("id").with("state", state).into())
        }
    }
}

async fn keep_approvals(tx: &Tx, version: &subgraph_version::Model, needs: &Needs) -> Result<()> {
    let rows = needs.0.iter().map(|need| subgraph_approval::ActiveModel {
        subgraph_id: Set(version.subgraph_id),
        kind: Set(need.kind),
        value: Set(need.value.clone()),
        version_id: Set(version.id),
        approved_at: Set(tx.now()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        subgraph_approval::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

async fn decide(tx: &Tx, version: &subgraph_version::Model) -> Result<()> {
    let mut row = version.clone().into_active_model();
    row.decided_at = Set(version.decided_at);
    row.update(&**tx).await?;
    Ok(())
}

/// Counts a change of a subgraph.
pub async fn next_version(tx: &Tx, subgraph: subgraph::Model) -> Result<()> {
    let version = subgraph.version + 1;
    let mut row = subgraph.into_active_model();
    row.version = Set(version);
    row.update(&**tx).await?;
    Ok(())
}
