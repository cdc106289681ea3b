//! Checking and publishing versions.

use std::collections::HashSet;

use entity::{
    id::{SubgraphId, SubgraphVersionId},
    party, subgraph, subgraph_read,
    subgraph_version::{self, Need, State},
    supergraph::Reason,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{ATTEMPTS, Judged, Swap, count, in_state, overtaken, swap, told, turn, turn_into};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        party::{read as parties, rules as party_rules},
        subgraph::{
            graphql::{CheckSubgraphInput, PublishSubgraphInput},
            pipeline::{self, Candidate, Report},
            read::{
                self,
                ground::{self, Ground},
            },
            rules,
        },
    },
    error::Result,
    refusal::{Refusal, UserErrorCode},
    tx::{Done, Key, Tx, sha256},
};

/// What somebody would publish as whose.
struct Wanted<'a> {
    party_id: &'a async_graphql::ID,
    url: &'a str,
    sdl: &'a str,
    allow_breaking: bool,
}

impl PublishSubgraphInput {
    fn wanted(&self) -> Wanted<'_> {
        let (party_id, allow_breaking) = (&self.party_id, self.allow_breaking);
        Wanted { party_id, url: &self.url, sdl: &self.sdl, allow_breaking }
    }
}

/// Says what would become of a publication, and leaves no trace.
pub async fn check_subgraph(
    app: &App,
    viewer: &Viewer,
    input: CheckSubgraphInput,
) -> Judged<SubgraphId> {
    let checked = check(app, viewer, &input).await;
    match checked {
        Ok((known, report)) => {
            let done = Ok(Done::now(known.unwrap_or_else(|| uuid::Uuid::nil().into())));
            Judged { done, report: Some(report) }
        }
        Err(error) => Judged { done: Err(error), report: None },
    }
}

async fn check(
    app: &App,
    viewer: &Viewer,
    input: &CheckSubgraphInput,
) -> Result<(Option<SubgraphId>, Report)> {
    let (url, sdl, allow_breaking) = (&*input.url, &*input.sdl, input.allow_breaking);
    let wanted = Wanted { party_id: &input.party_id, url, sdl, allow_breaking };
    let tx = app.write(viewer).await?;
    let party = allowed(&tx, viewer, wanted.party_id).await?;
    tx.commit().await?;
    publishable(app, &party, sdl)?;
    let known = read::of_party(app.db.reader(), party.id).await?;
    let ground = Ground::read(app).await?;
    let candidate = candidate(app, &party, known.as_ref(), &wanted).await?;
    let report = pipeline::run(app, viewer, &candidate, &ground).await?;
    Ok((known.map(|known| known.id), report))
}

/// Publishes a version: live at once where nothing of it is new to the coordinator, else waiting.
pub async fn publish_subgraph(
    app: &App,
    viewer: &Viewer,
    input: PublishSubgraphInput,
    key: Key,
) -> Judged<SubgraphId> {
    let mut report = None;
    let done = publish(app, viewer, &input, &key, &mut report).await;
    Judged { done, report }
}

async fn publish(
    app: &App,
    viewer: &Viewer,
    input: &PublishSubgraphInput,
    key: &Key,
    found: &mut Option<Report>,
) -> Result<Done<SubgraphId>> {
    for _ in 0..ATTEMPTS {
        let mut tx = app.write_once(viewer, key.clone()).await?;
        let party = allowed(&tx, viewer, &input.party_id).await?;
        if let Some(done) = tx.replay().await? {
            return Ok(done);
        }
        let known = current(&tx, &party, input).await?;
        publishable(app, &party, &input.sdl)?;
        refuse_same(&tx, known.as_ref(), input).await?;
        // The key is free again: composing takes time, and may end in a refusal.
        drop(tx);

        let ground = Ground::read(app).await?;
        let candidate = candidate(app, &party, known.as_ref(), &input.wanted()).await?;
        let report = found.insert(pipeline::run(app, viewer, &candidate, &ground).await?);
        rules::passed(report)?;

        tx = app.write_once(viewer, key.clone()).await?;
        allowed(&tx, viewer, &input.party_id).await?;
        if let Some(done) = tx.replay().await? {
            *found = None;
            return Ok(done);
        }
        let Some(head) = turn(&tx, ground.revision).await? else { continue };
        let known = current(&tx, &party, input).await?;
        return store(tx, head, &party, known, &candidate, report).await;
    }
    Err(overtaken())
}

/// The party, if the viewer may publish for it.
async fn allowed(tx: &Tx, viewer: &Viewer, party: &async_graphql::ID) -> Result<party::Model> {
    let party = tx.find(parties::visible_to(viewer), "partyId", party).await?;
    viewer.require(Action::PublishSubgraph { party: party.id })?;
    Ok(party)
}

/// The party's subgraph as the publisher knows it: 0 stands for none.
async fn current(
    tx: &Tx,
    party: &party::Model,
    input: &PublishSubgraphInput,
) -> Result<Option<subgraph::Model>> {
    let known = read::of_party(&**tx, party.id).await?;
    let version = known.as_ref().map_or(0, |known| known.version);
    if version == input.expected_version {
        return Ok(known);
    }
    let refusal = UserErrorCode::StaleVersion.refuse().at("expectedVersion");
    let refusal = refusal.with("current", version);
    Err(match known {
        Some(known) => refusal.object(known.id),
        None => refusal,
    }
    .into())
}

/// What is asked of a publication before anything of it is read.
fn publishable(app: &App, party: &party::Model, sdl: &str) -> Result<(), Refusal> {
    rules::prefix(party)?;
    // A successor goes on with what its predecessor began.
    if party.valid_to.is_none() {
        party_rules::exists(party, app.clock.today(), "partyId")?;
    }
    rules::size(sdl)
}

/// Refuses the very text that waits, or is live where nothing waits.
async fn refuse_same(
    tx: &Tx,
    known: Option<&subgraph::Model>,
    input: &PublishSubgraphInput,
) -> Result<()> {
    let Some(known) = known else { return Ok(()) };
    let waiting = in_state(tx, known.id, State::AwaitingApproval).await?;
    let newest = match waiting {
        Some(waiting) => Some(waiting),
        None => in_state(tx, known.id, State::Live).await?,
    };
    match newest {
        Some(newest) if newest.sdl == input.sdl && newest.url == input.url => {
            Err(UserErrorCode::NoChange.refuse().at("sdl").into())
        }
        _ => Ok(()),
    }
}

async fn candidate(
    app: &App,
    party: &party::Model,
    known: Option<&subgraph::Model>,
    wanted: &Wanted<'_>,
) -> Result<Candidate> {
    let db = app.db.reader();
    let approved = match known {
        Some(known) => ground::approved(db, known.id).await?,
        None => HashSet::<Need>::new(),
    };
    Ok(Candidate {
        party: party.id,
        owner: ground::owner(db, party.id, rules::prefix(party)?).await?,
        url: wanted.url.to_owned(),
        sdl: wanted.sdl.to_owned(),
        allow_breaking: wanted.allow_breaking,
        approved,
    })
}

/// Keeps the version, and serves it where it needs no approval.
async fn store(
    mut tx: Tx,
    head: entity::supergraph_head::Model,
    party: &party::Model,
    known: Option<subgraph::Model>,
    candidate: &Candidate,
    report: &Report,
) -> Result<Done<SubgraphId>> {
    let subgraph = keep_subgraph(&tx, party, known, &candidate.owner.prefix).await?;
    let waiting = State::AwaitingApproval;
    let withdrawn = turn_into(&tx, subgraph.id, waiting, State::Withdrawn).await?;
    let state = if report.needs.0.is_empty() { State::Live } else { waiting };
    if state == State::Live {
        turn_into(&tx, subgraph.id, State::Live, State::Replaced).await?;
    }
    let number = next_number(&tx, subgraph.id).await?;
    let row = subgraph_version::Model {
        id: tx.id(),
        subgraph_id: subgraph.id,
        party_id: party.id,
        number,
        url: candidate.url.clone(),
        sdl: candidate.sdl.clone(),
        hash: sha256(&candidate.sdl),
        allow_breaking: candidate.allow_breaking,
        state,
        needs: report.needs.clone(),
        changes: report.changes.clone(),
        created_at: tx.now(),
        member_id: tx.actor().member,
        token_id: tx.actor().token,
        decided_at: None,
        reason: None,
    };
    tx.record_for(
        "SUBGRAPH_PUBLISHED",
        subgraph.id,
        told(party.id),
        json!({ "version": subgraph.version, "after": { "name": subgraph.name, "number": number,
            "url": row.url, "hash": row.hash, "state": state, "needs": row.needs,
            "withdrawn": withdrawn } }),
    );
    let id = row.id;
    row.into_active_model().insert(&*tx).await?;
    keep_reads(&tx, id, report).await?;
    match (&report.composed, state) {
        (Some(composed), State::Live) => {
            let (subgraph, reason) = (Some(subgraph.id), Reason::Published);
            let changes = &report.changes;
            let graph = Swap { composed, changes, reason, subgraph, goes_back_to: None };
            swap(&mut tx, head, graph).await?;
        }
        _ => count(&tx, head).await?,
    }
    tx.done(subgraph.id).await
}

/// A new subgraph, or the known one with its next version.
async fn keep_subgraph(
    tx: &Tx,
    party: &party::Model,
    known: Option<subgraph::Model>,
    name: &str,
) -> Result<subgraph::Model> {
    let Some(known) = known else {
        let row = subgraph::Model {
            id: tx.id(),
            party_id: party.id,
            name: name.to_owned(),
            created_at: tx.now(),
            retired_at: None,
            version: 1,
        };
        return Ok(row.into_active_model().insert(&**tx).await?);
    };
    let version = known.version + 1;
    let mut row = known.into_active_model();
    row.version = Set(version);
    Ok(row.update(&**tx).await?)
}

async fn next_number(tx: &Tx, subgraph: SubgraphId) -> Result<i32> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
    let newest = subgraph_version::Entity::find()
        .filter(subgraph_version::Column::SubgraphId.eq(subgraph))
        .order_by_desc(subgraph_version::Column::Number)
        .one(&**tx)
        .await?;
    Ok(newest.map_or(1, |newest| newest.number + 1))
}

async fn keep_reads(tx: &Tx, version: SubgraphVersionId, report: &Report) -> Result<()> {
    let reads = report.claims.reads.iter().map(|coordinate| subgraph_read::ActiveModel {
        version_id: Set(version),
        coordinate: Set(coordinate.clone()),
    });
    let reads: Vec<_> = reads.collect();
    if !reads.is_empty() {
        subgraph_read::Entity::insert_many(reads).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
