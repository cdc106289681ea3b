//! Making and ending mandates: one function per mutation, one transaction each.

use entity::{
    id::{MandateId, PartyId},
    mandate,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{
    graphql::{EndMandateInput, MakeMandateInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{document as documents, member as members, party as parties, place as places, reach},
    error::{Error, Result},
    period,
    tx::{Done, Key, check_version},
};

pub async fn make_mandate(
    app: &App,
    viewer: &Viewer,
    input: MakeMandateInput,
    key: Key,
) -> Result<Done<MandateId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    let all = || parties::read::visible_to(viewer);
    let principal = tx.lock(all(), "principalId", &input.principal_id).await?;
    let agent = tx.find(all(), "agentId", &input.agent_id).await?;
    let place = match &input.place_id {
        Some(id) => Some(tx.find(places::read::visible_to(viewer), "placeId", id).await?.id),
        None => None,
    };
    let document = match &input.document_id {
        Some(id) => Some(tx.find(documents::read::visible_to(viewer), "documentId", id).await?.id),
        None => None,
    };
    let has_active_member = members::read::has_active_member(&tx, principal.id).await?;
    viewer.require(Action::MakeMandate { principal: principal.id, has_active_member })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    parties::rules::exists(&principal, viewer.today, "principalId")?;
    rules::agent(principal.id, agent.id)?;
    rules::acts(input.acts.len())?;
    let (from, to) = (input.valid_from.0, input.valid_to.map(|date| date.0));
    period::holds_a_day(from, to)?;
    period::begins_within(from, &principal.name, principal.valid_from, principal.valid_to)?;
    period::begins_within(from, &agent.name, agent.valid_from, agent.valid_to)?;

    let row = mandate::Model {
        id: app.clock.uuid().into(),
        principal_id: principal.id,
        agent_id: agent.id,
        acts: input.acts.into_iter().map(Into::into).collect(),
        place_id: place,
        document_id: document,
        valid_from: from,
        valid_to: to,
        made_by_id: maker(viewer)?,
        version: 1,
    };
    let id = row.id;
    tx.record_for(
        "MANDATE_MADE",
        id,
        [principal.id, agent.id],
        json!({ "version": 1, "after": { "principalId": principal.id.to_string(),
            "agentId": agent.id.to_string(), "acts": row.acts,
            "placeId": place.map(|id| id.to_string()),
            "documentId": document.map(|id| id.to_string()), "validFrom": from, "validTo": to } }),
    );
    row.into_active_model().insert(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

pub async fn end_mandate(
    app: &App,
    viewer: &Viewer,
    input: EndMandateInput,
) -> Result<Done<MandateId>> {
    let mut tx = app.write(viewer).await?;
    tx.lock_registry_for(viewer).await?;
    let mandate = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let has_active_member = members::read::has_active_member(&tx, mandate.principal_id).await?;
    viewer.require(Action::EndMandate { principal: mandate.principal_id, has_active_member })?;
    check_version(mandate.id, mandate.version, input.expected_version)?;

    let to = input.valid_to.0;
    period::ends(mandate.valid_from, mandate.valid_to, to, viewer.today)?;

    let (id, version) = (mandate.id, mandate.version + 1);
    tx.record_for(
        "MANDATE_ENDED",
        id,
        [mandate.principal_id, mandate.agent_id],
        json!({ "version": version, "before": { "validTo": mandate.valid_to }, "after": { "validTo": to } }),
    );
    let mut row = mandate.into_active_model();
    row.valid_to = Set(Some(to));
    row.version = Set(version);
    row.update(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

fn maker(viewer: &Viewer) -> Result<PartyId> {
    viewer.party().ok_or_else(|| Error::internal("a mandate made by nobody"))
}
