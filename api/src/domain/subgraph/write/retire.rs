//! Retiring a subgraph: the graph goes on without it.

use entity::{id::SubgraphId, subgraph, subgraph_version::State, supergraph::Reason};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{ATTEMPTS, Judged, Swap, count, overtaken, swap, told, turn, turn_into};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::subgraph::{
        graphql::RetireSubgraphInput,
        pipeline::{self, Report, compose},
        read::{
            self,
            ground::{Ground, Part},
        },
        rules,
    },
    error::Result,
    tx::{Done, Tx, check_version},
};

pub async fn retire_subgraph(
    app: &App,
    viewer: &Viewer,
    input: RetireSubgraphInput,
) -> Judged<SubgraphId> {
    let mut report = None;
    let done = retire(app, viewer, &input, &mut report).await;
    Judged { done, report }
}

async fn retire(
    app: &App,
    viewer: &Viewer,
    input: &RetireSubgraphInput,
    found: &mut Option<Report>,
) -> Result<Done<SubgraphId>> {
    for _ in 0..ATTEMPTS {
        let tx = app.write(viewer).await?;
        let subgraph = allowed(&tx, viewer, input).await?;
        drop(tx);

        let ground = Ground::read(app).await?;
        let report = found.insert(without(app, viewer, &ground, subgraph.id).await?);
        rules::passed(report)?;

        let tx = app.write(viewer).await?;
        let Some(head) = turn(&tx, ground.revision).await? else { continue };
        let subgraph = allowed(&tx, viewer, input).await?;
        return store(tx, head, subgraph, report).await;
    }
    Err(overtaken())
}

async fn allowed(tx: &Tx, viewer: &Viewer, input: &RetireSubgraphInput) -> Result<subgraph::Model> {
    let subgraph = tx.find(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::RetireSubgraph { party: subgraph.party_id })?;
    check_version(subgraph.id, subgraph.version, input.expected_version)?;
    rules::not_retired(&subgraph)?;
    Ok(subgraph)
}

/// The graph without one of its parts. What breaks by that is told, and does not hold anybody back.
async fn without(
    app: &App,
    viewer: &Viewer,
    ground: &Ground,
    subgraph: SubgraphId,
) -> Result<Report> {
    if !ground.parts.iter().any(|part| part.subgraph == subgraph) {
        return Ok(Report::default());
    }
    let rest: Vec<Part> =
        ground.parts.iter().filter(|part| part.subgraph != subgraph).cloned().collect();
    let others = rest.iter().map(|part| part.name.clone()).collect();
    match compose::compose(app, rest, others, Default::default()).await? {
        Ok(composed) => {
            let report = pipeline::against_served(app, viewer, ground, composed, true).await?;
            Ok(Report { problems: Vec::new(), ..report })
        }
        Err(problems) => Ok(Report { problems, ..Report::default() }),
    }
}

async fn store(
    mut tx: Tx,
    head: entity::supergraph_head::Model,
    subgraph: subgraph::Model,
    report: &Report,
) -> Result<Done<SubgraphId>> {
    let (id, now, version) = (subgraph.id, tx.now(), subgraph.version + 1);
    turn_into(&tx, id, State::AwaitingApproval, State::Withdrawn).await?;
    let live = turn_into(&tx, id, State::Live, State::Retired).await?;
    tx.record_for(
        "SUBGRAPH_RETIRED",
        id,
        told(subgraph.party_id),
        json!({ "version": version, "before": { "number": live }, "after": { "retiredAt": now } }),
    );
    let mut row = subgraph.into_active_model();
    row.retired_at = Set(Some(now));
    row.version = Set(version);
    row.update(&*tx).await?;
    match &report.composed {
        Some(composed) => {
            let (reason, subgraph) = (Reason::Retired, Some(id));
            let changes = &report.changes;
            let graph = Swap { composed, changes, reason, subgraph, goes_back_to: None };
            swap(&mut tx, head, graph).await?;
        }
        None => count(&tx, head).await?,
    }
    tx.done(id).await
}
