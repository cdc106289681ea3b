//! Going back to an earlier graph. That makes a new one of the same parts, so that history only grows:
//! composed anew where our own part has changed since, else the very text that was served then.

use composer::Composed;
use entity::{
    id::{SubgraphId, SupergraphId},
    subgraph,
    subgraph_version::{self, State},
    supergraph::{self, Reason},
    supergraph_head,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    ATTEMPTS, Judged, Swap, approve::next_version, go_live, live, overtaken, swap, told, turn,
    turn_into,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::subgraph::{
        graphql::RollBackSupergraphInput,
        own,
        pipeline::{self, Report, compose},
        read::{
            self,
            ground::{self, Ground, Part},
        },
        rules,
    },
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::{Done, Key, Tx},
};

pub async fn roll_back_supergraph(
    app: &App,
    viewer: &Viewer,
    input: RollBackSupergraphInput,
    key: Key,
) -> Judged<SupergraphId> {
    let mut report = None;
    let done = roll_back(app, viewer, &input, &key, &mut report).await;
    Judged { done, report }
}

async fn roll_back(
    app: &App,
    viewer: &Viewer,
    input: &RollBackSupergraphInput,
    key: &Key,
    found: &mut Option<Report>,
) -> Result<Done<SupergraphId>> {
    for _ in 0..ATTEMPTS {
        let tx = app.write_once(viewer, key.clone()).await?;
        let target = allowed(&tx, viewer, input).await?;
        if let Some(done) = tx.replay().await? {
            return Ok(done);
        }
        judge(&tx, &target, input).await?;
        let parts = ground::parts_of(&*tx, target.id).await?;
        drop(tx);

        let ground = Ground::read(app).await?;
        let parts = standing(parts)?;
        let report = found.insert(again(app, viewer, &ground, &target, &parts).await?);
        rules::passed(report)?;

        let tx = app.write_once(viewer, key.clone()).await?;
        allowed(&tx, viewer, input).await?;
        if let Some(done) = tx.replay().await? {
            *found = None;
            return Ok(done);
        }
        let Some(head) = turn(&tx, ground.revision).await? else { continue };
        judge(&tx, &target, input).await?;
        return store(tx, head, &target, &parts, report).await;
    }
    Err(overtaken())
}

async fn allowed(
    tx: &Tx,
    viewer: &Viewer,
    input: &RollBackSupergraphInput,
) -> Result<supergraph::Model> {
    let same = supergraph::Column::Number.eq(input.number);
    let target = read::supergraphs::visible_to(viewer).filter(same).one(&**tx).await?;
    target.ok_or_else(|| UserErrorCode::NotFound.refuse().at("number"))?;
    viewer.require(Action::GovernGraph)?;
    let whole = ground::by_number(&**tx, input.number).await?;
    whole.ok_or_else(|| Error::internal("a graph that is gone"))
}

/// That the graph which is served is the one that the coordinator saw, and another than it wants.
async fn judge(tx: &Tx, target: &supergraph::Model, input: &RollBackSupergraphInput) -> Result<()> {
    let served = ground::head(&**tx).await?.number.unwrap_or_default();
    if served != input.expected_number {
        let refusal = UserErrorCode::StaleVersion.refuse().at("expectedNumber");
        let refusal = refusal.with("current", served);
        let served = ground::by_number(&**tx, served).await?;
        return Err(match served {
            Some(served) => refusal.object(served.id),
            None => refusal,
        }
        .into());
    }
    if target.number == served {
        return Err(UserErrorCode::NoChange.refuse().at("number").into());
    }
    Ok(())
}

/// The parts, if none of them was retired since: nobody's subgraph comes back without them.
fn standing(parts: Vec<(Part, subgraph::Model)>) -> Result<Vec<Part>, Refusal> {
    let stands = |(part, subgraph): (Part, subgraph::Model)| match subgraph.retired_at {
        None => Ok(part),
        Some(on) => {
            let refusal = UserErrorCode::AlreadyEnded.refuse().at("number");
            Err(refusal.with("on", crate::clock::civil_day(on)).object(subgraph.id))
        }
    };
    parts.into_iter().map(stands).collect()
}

/// The earlier graph as it would be served now.
async fn again(
    app: &App,
    viewer: &Viewer,
    ground: &Ground,
    target: &supergraph::Model,
    parts: &[Part],
) -> Result<Report> {
    let mut problems = Vec::new();
    for part in parts {
        // What was granted then may have been taken back.
        let owner = ground::owner(app.db.reader(), part.party, &part.name).await?;
        let sdl = part.sdl.clone();
        let judged = app.composer.run(move |composer| pipeline::judged(composer, &sdl, &owner));
        problems.extend(judged.await??.2);
    }
    if !problems.is_empty() {
        return Ok(Report { problems, ..Report::default() });
    }
    let composed = if target.own_hash == own::hash() {
        let (supergraph, api_schema) = (target.supergraph.clone(), target.api_schema.clone());
        Ok(Composed { supergraph, api_schema })
    } else {
        compose::compose(app, parts.to_vec(), Vec::new(), Default::default()).await?
    };
    match composed {
        Ok(composed) => {
            let report = pipeline::against_served(app, viewer, ground, composed, true).await?;
            Ok(Report { problems: Vec::new(), ..report })
        }
        Err(problems) => Ok(Report { problems, ..Report::default() }),
    }
}

async fn store(
    mut tx: Tx,
    head: supergraph_head::Model,
    target: &supergraph::Model,
    parts: &[Part],
    report: &Report,
) -> Result<Done<SupergraphId>> {
    let before = live(&tx).await?;
    for version in &before {
        let after = parts.iter().find(|part| part.subgraph == version.subgraph_id);
        if after.is_none_or(|part| part.version != version.id) {
            turn_into(&tx, version.subgraph_id, State::Live, State::Replaced).await?;
            moved(&mut tx, version.subgraph_id, Some(version.number), after).await?;
        }
    }
    for part in parts.iter().filter(|part| !before.iter().any(|live| live.id == part.version)) {
        let version = subgraph_version::Entity::find_by_id(part.version).one(&*tx).await?;
        if let Some(version) = version {
            go_live(&tx, version).await?;
        }
        if !before.iter().any(|live| live.subgraph_id == part.subgraph) {
            moved(&mut tx, part.subgraph, None, Some(part)).await?;
        }
    }
    let id = match &report.composed {
        Some(composed) => {
            let (reason, goes_back_to) = (Reason::RolledBack, Some(target.number));
            let changes = &report.changes;
            let graph = Swap { composed, changes, reason, subgraph: None, goes_back_to };
            swap(&mut tx, head, graph).await?
        }
        None => return Err(Error::internal("a graph that passed was not composed")),
    };
    tx.done(id).await
}

/// Tells the owner that another version of its subgraph is live, or none.
async fn moved(
    tx: &mut Tx,
    subgraph: SubgraphId,
    before: Option<i32>,
    after: Option<&Part>,
) -> Result<()> {
    let row = subgraph::Entity::find_by_id(subgraph).one(&**tx).await?;
    let row = row.ok_or_else(|| Error::internal("a version without its subgraph"))?;
    let now = match after {
        Some(part) => subgraph_version::Entity::find_by_id(part.version).one(&**tx).await?,
        None => None,
    };
    tx.record_for(
        "SUBGRAPH_ROLLED_BACK",
        subgraph,
        told(row.party_id),
        json!({ "version": row.version + 1, "before": { "number": before },
            "after": { "number": now.map(|now| now.number) } }),
    );
    next_version(tx, row).await
}
