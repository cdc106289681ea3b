//! Changing parties: one function per mutation, one transaction each.

use std::collections::HashSet;

use async_graphql::{ID, MaybeUndefined};
use entity::{id::PartyId, party, party_succession, place};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter,
};
use serde_json::json;

use super::{
    graphql::{DefinePartyInput, RecordPartySuccessionInput, RevisePartyInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{document as documents, place as places, reach},
    error::Result,
    graphql, period,
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{Done, Key, Tx, check_version},
};

pub async fn define_party(
    app: &App,
    viewer: &Viewer,
    input: DefinePartyInput,
    key: Key,
) -> Result<Done<PartyId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    let place = match &input.place_id {
        Some(id) => Some(tx.find(places::read::visible_to(viewer), "placeId", id).await?),
        None => None,
    };
    let parent = parent_at(&tx, viewer, input.parent_id.as_ref()).await?;
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    let kind = input.kind.into();
    rules::code(&input.code)?;
    rules::place(kind, place.as_ref())?;
    rules::parent(kind, parent.as_ref())?;
    rules::particulars(kind, input.sector.is_some(), input.is_front)?;
    let (from, to) = (input.valid_from.0, input.valid_to.map(|date| date.0));
    period::holds_a_day(from, to)?;
    let (name, name_en) = names(&input.name, input.name_en.as_deref())?;
    refuse_known(&tx, viewer, &input.code, kind, place.as_ref()).await?;
    if let Some(prefix) = &input.prefix {
        refuse_prefix(&tx, viewer, prefix, None).await?;
    }

    let row = party::Model {
        id: app.clock.uuid().into(),
        kind,
        search_key: text::search_key([&*name, name_en.as_deref().unwrap_or_default(), &input.code]),
        code: input.code,
        name,
        name_en,
        place_id: place.map(|place| place.id),
        parent_id: parent.map(|parent| parent.id),
        sector: input.sector.map(Into::into),
        is_front: input.is_front,
        prefix: input.prefix,
        valid_from: from,
        valid_from_is_floor: false,
        valid_to: to,
        version: 1,
    };
    let id = row.id;
    tx.record(
        "PARTY_DEFINED",
        id,
        json!({ "after": { "code": row.code, "name": row.name,
        "kind": row.kind, "nameEn": row.name_en,
        "placeId": row.place_id.map(|id| id.to_string()), "parentId": row.parent_id.map(|id| id.to_string()),
        "sector": row.sector, "isFront": row.is_front, "prefix": row.prefix, "validFrom": row.valid_from, "validTo": row.valid_to } }),
    );
    row.into_active_model().insert(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

pub async fn revise_party(
    app: &App,
    viewer: &Viewer,
    input: RevisePartyInput,
) -> Result<Done<PartyId>> {
    let mut tx = app.write(viewer).await?;
    tx.lock_registry_for(viewer).await?;
    let party = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let parent = match &input.parent_id {
        MaybeUndefined::Undefined => match party.parent_id {
            Some(id) => party::Entity::find_by_id(id).one(&*tx).await?,
            None => None,
        },
        given => parent_at(&tx, viewer, given.value()).await?,
    };
    viewer.require(Action::DefineRegistry)?;
    check_version(party.id, party.version, input.expected_version)?;

    rules::parent(party.kind, parent.as_ref())?;
    refuse_circular_branch(&tx, party.id, parent.as_ref()).await?;
    let to = match input.valid_to {
        MaybeUndefined::Undefined => party.valid_to,
        given => given.value().map(|date| date.0),
    };
    period::holds_a_day(party.valid_from, to)?;
    refuse_moved_end(&tx, &party, to).await?;
    let name_en = match &input.name_en {
        MaybeUndefined::Undefined => party.name_en.as_deref(),
        given => given.value().map(String::as_str),
    };
    let (name, name_en) = names(input.name.as_deref().unwrap_or(&party.name), name_en)?;
    if let Some(prefix) = &input.prefix {
        refuse_prefix(&tx, viewer, prefix, Some(&party)).await?;
    }
    let prefix = input.prefix.or_else(|| party.prefix.clone());

    tx.record("PARTY_REVISED", party.id, json!({
        "before": { "name": party.name, "nameEn": party.name_en, "parentId": party.parent_id.map(|id| id.to_string()), "validTo": party.valid_to, "prefix": party.prefix },
        "after": { "name": name, "nameEn": name_en, "parentId": parent.as_ref().map(|p| p.id.to_string()), "validTo": to, "prefix": prefix },
    }));
    let (id, version) = (party.id, party.version + 1);
    let search_key =
        text::search_key([&*name, name_en.as_deref().unwrap_or_default(), &party.code]);
    let mut row = party.into_active_model();
    row.search_key = Set(search_key);
    row.name = Set(name);
    row.name_en = Set(name_en);
    row.parent_id = Set(parent.map(|parent| parent.id));
    row.valid_to = Set(to);
    row.prefix = Set(prefix);
    row.version = Set(version);
    row.update(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

pub async fn record_party_succession(
    app: &App,
    viewer: &Viewer,
    input: RecordPartySuccessionInput,
    key: Key,
) -> Result<Done<PartyId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    let parties = || read::visible_to(viewer);
    let predecessor = tx.lock(parties(), "predecessorId", &input.predecessor_id).await?;
    let successor = tx.find(parties(), "successorId", &input.successor_id).await?;
    let document = match &input.document_id {
        Some(id) => Some(tx.find(documents::read::visible_to(viewer), "documentId", id).await?),
        None => None,
    };
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(predecessor.id, predecessor.version, input.expected_version)?;

    if let Some(document) = &document {
        documents::rules::directive(document)?;
    }
    let on = input.effective_on.0;
    rules::succession(&predecessor, &successor, on)?;
    let heirs = heirs(&tx, successor.id).await?;
    rules::no_cycle(predecessor.id, &heirs)?;
    let known = party_succession::Entity::find_by_id((predecessor.id, successor.id));
    if known.one(&*tx).await?.is_some() {
        let what = format!("{} → {}", predecessor.code, successor.code);
        return Err(UserErrorCode::AlreadyRecorded
            .refuse()
            .with("what", what)
            .object(predecessor.id)
            .into());
    }

    tx.record(
        "PARTY_SUCCEEDED",
        predecessor.id,
        json!({
            "before": { "validTo": predecessor.valid_to },
            "after": { "validTo": on, "successorId": successor.id.to_string(),
                "documentId": document.as_ref().map(|document| document.id.to_string()) },
        }),
    );
    party_succession::ActiveModel {
        predecessor_id: Set(predecessor.id),
        successor_id: Set(successor.id),
        effective_on: Set(on),
        document_id: Set(document.map(|document| document.id)),
    }
    .insert(&*tx)
    .await?;
    let (id, version) = (predecessor.id, predecessor.version + 1);
    let mut row = predecessor.into_active_model();
    row.valid_to = Set(Some(on));
    row.version = Set(version);
    row.update(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

/// The names of a party, tidied; an empty English one is none.
fn names(name: &str, name_en: Option<&str>) -> Result<(String, Option<String>), Refusal> {
    let name = text::label("name", name, rules::MAX_NAME)?;
    let name_en = text::optional_label("nameEn", name_en.unwrap_or_default(), rules::MAX_NAME)?;
    Ok((name, (!name_en.is_empty()).then_some(name_en)))
}

async fn parent_at(tx: &Tx, viewer: &Viewer, id: Option<&ID>) -> Result<Option<party::Model>> {
    match id {
        Some(id) => Ok(Some(tx.find(read::visible_to(viewer), "parentId", id).await?)),
        None => Ok(None),
    }
}

/// A code names one party for ever, and a place has one authority.
async fn refuse_known(
    tx: &Tx,
    viewer: &Viewer,
    code: &str,
    kind: party::Kind,
    place: Option<&place::Model>,
) -> Result<()> {
    use party::Kind::{CommuneAuthority, DistrictAuthority, ProvincialAuthority};
    let same_code = party::Column::Code.eq(code);
    if let Some(known) = read::visible_to(viewer).filter(same_code).one(&**tx).await? {
        return Err(UserErrorCode::AlreadyRecorded
            .refuse()
            .at("code")
            .with("what", known.code)
            .object(known.id)
            .into());
    }
    let is_authority = matches!(kind, ProvincialAuthority | DistrictAuthority | CommuneAuthority);
    if let Some(place) = place.filter(|_| is_authority) {
        let same_place = read::visible_to(viewer)
            .filter(party::Column::PlaceId.eq(place.id))
            .filter(party::Column::Kind.eq(kind));
        if let Some(known) = same_place.one(&**tx).await? {
            return Err(UserErrorCode::AlreadyRecorded
                .refuse()
                .at("placeId")
                .with("what", known.code)
                .object(known.id)
                .into());
        }
    }
    Ok(())
}

/// A prefix is nobody's yet, also nobody's who has ended, and stays whose it is.
async fn refuse_prefix(
    tx: &Tx,
    viewer: &Viewer,
    prefix: &str,
    of: Option<&party::Model>,
) -> Result<()> {
    rules::prefix::form(prefix)?;
    if let Some(party) = of {
        rules::prefix::kept(prefix, party)?;
    }
    rules::prefix::free(prefix, graphql::registry())?;
    let known = read::visible_to(viewer).filter(party::Column::Prefix.is_not_null());
    for known in known.all(&**tx).await? {
        if of.is_none_or(|party| party.id != known.id) {
            rules::prefix::apart(prefix, &known)?;
        }
    }
    Ok(())
}

/// A head office is not a branch of its branch.
async fn refuse_circular_branch(
    tx: &Tx,
    party: PartyId,
    parent: Option<&party::Model>,
) -> Result<()> {
    let mut above = parent.cloned();
    let mut seen = HashSet::new();
    while let Some(office) = above {
        if office.id == party || !seen.insert(office.id) {
            let refusal = UserErrorCode::WrongKind.refuse().at("parentId");
            return Err(refusal.with("expected", "HEAD_OFFICE").into());
        }
        above = match office.parent_id {
            Some(id) => party::Entity::find_by_id(id).one(&**tx).await?,
            None => None,
        };
    }
    Ok(())
}

/// A party that somebody carries on for ended on the day of the succession, and one that carries on
/// for somebody still exists on that day.
async fn refuse_moved_end(
    tx: &Tx,
    party: &party::Model,
    to: Option<chrono::NaiveDate>,
) -> Result<()> {
    use party_succession::Column::{PredecessorId, SuccessorId};
    let edges = party_succession::Entity::find()
        .filter(PredecessorId.eq(party.id).or(SuccessorId.eq(party.id)))
        .all(&**tx)
        .await?;
    let refused = edges.into_iter().find(|edge| match edge.predecessor_id == party.id {
        true => to != Some(edge.effective_on),
        false => to.is_some_and(|to| to <= edge.effective_on),
    });
    match refused {
        Some(edge) => Err(rules::bound_by_succession(party, &edge).into()),
        None => Ok(()),
    }
}

/// Everybody who carries on for a party already, over any number of steps, itself included.
async fn heirs(tx: &Tx, party: PartyId) -> Result<Vec<PartyId>> {
    let edges = party_succession::Entity::find().all(&**tx).await?;
    let mut heirs = vec![party];
    let mut next = 0;
    while let Some(party) = heirs.get(next).copied() {
        next += 1;
        for edge in edges.iter().filter(|edge| edge.predecessor_id == party) {
            if !heirs.contains(&edge.successor_id) {
                heirs.push(edge.successor_id);
            }
        }
    }
    Ok(heirs)
}
