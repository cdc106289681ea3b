//! Granting fields of ours and taking grants back.

use std::collections::HashMap;

use entity::{
    field_grant,
    id::{FieldGrantId, PartyId},
    party,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{count, told};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        batch::{self, Batch, How, ids},
        party::read as parties,
        subgraph::{
            graphql::{GrantFieldInput, GrantFieldsInput, RevokeGrantInput},
            own::Ours,
            read::{self, ground},
            rules,
        },
    },
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::{Done, DoneBatch, Key, Tx, check_version},
};

pub async fn grant_fields(
    app: &App,
    viewer: &Viewer,
    input: GrantFieldsInput,
    key: Key,
) -> Result<DoneBatch> {
    let (dry_run, policy) = (input.dry_run, input.error_policy);
    let how = How { list: "grants", dry_run, policy };
    // Reading our own part takes a moment; no transaction is open meanwhile.
    let ours = app.composer.run(Ours::read).await?.map_err(Error::internal)?;
    let mut tx = app.write_batch(viewer, key, input.grants.len()).await?;
    let named = ids::<PartyId>(input.grants.iter().map(|grant| &grant.party_id));
    let found = tx.find_all(parties::visible_to(viewer), named.into_iter().map(Into::into)).await?;
    viewer.require(Action::GovernGraph)?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    batch::size(how, input.grants.len())?;

    let head = ground::locked_head(&*tx).await?;
    let mut held = held(&tx, found.values()).await?;
    let mut batch = Batch::judge(how, input.grants, |at, grant| {
        Ok(judge(&tx, ours, at, &grant, &found, &mut held)?)
    })?;
    let accepted: Vec<_> = batch.accepted().into_iter().map(|(_, row)| row.clone()).collect();
    for row in accepted {
        tx.record_for(
            "GRANT_MADE",
            row.id,
            told(row.party_id),
            json!({ "version": 1, "after": { "coordinate": row.coordinate } }),
        );
        row.into_active_model().insert(&*tx).await?;
    }
    if batch.goes_on() {
        count(&tx, head).await?;
    }
    batch.finish(tx, |row| row.id.into()).await
}

/// What each of some parties was granted already.
type Held = HashMap<(PartyId, String), FieldGrantId>;

async fn held(tx: &Tx, parties: impl Iterator<Item = &party::Model>) -> Result<Held> {
    let mut held = Held::new();
    for party in parties {
        for grant in read::granted(&**tx, party.id).await? {
            held.insert((party.id, grant.coordinate), grant.id);
        }
    }
    Ok(held)
}

fn judge(
    tx: &Tx,
    ours: &Ours,
    row: usize,
    grant: &GrantFieldInput,
    parties: &std::collections::BTreeMap<Uuid, party::Model>,
    held: &mut Held,
) -> Result<field_grant::Model, Refusal> {
    let not_found = || UserErrorCode::NotFound.refuse().at("partyId");
    let party: PartyId = grant.party_id.parse().map_err(|_| not_found())?;
    let party = parties.get(&party.into()).ok_or_else(not_found)?;
    rules::prefix(party)?;
    if !ours.is_grantable(&grant.coordinate) {
        let refusal = UserErrorCode::WrongKind.refuse().at("coordinate");
        return Err(refusal.with("expected", "GRANTABLE_FIELD"));
    }
    let new = field_grant::Model {
        id: tx.planned(row),
        party_id: party.id,
        coordinate: grant.coordinate.clone(),
        granted_at: tx.now(),
        revoked_at: None,
        version: 1,
    };
    match held.insert((party.id, grant.coordinate.clone()), new.id) {
        Some(known) => {
            held.insert((party.id, grant.coordinate.clone()), known);
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at("coordinate");
            Err(refusal.with("what", &grant.coordinate).object(known))
        }
        None => Ok(new),
    }
}

pub async fn revoke_grant(
    app: &App,
    viewer: &Viewer,
    input: RevokeGrantInput,
) -> Result<Done<FieldGrantId>> {
    let mut tx = app.write(viewer).await?;
    let known = tx.find(read::grants::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::GovernGraph)?;
    let head = ground::locked_head(&*tx).await?;
    let grant = tx.lock(read::grants::visible_to(viewer), "id", &input.id).await?;
    check_version(known.id, grant.version, input.expected_version)?;
    if let Some(on) = grant.revoked_at {
        let refusal = UserErrorCode::AlreadyEnded.refuse().at("id");
        return Err(refusal.with("on", crate::clock::civil_day(on)).into());
    }
    refuse_in_use(&tx, viewer, &grant).await?;

    let (id, now, version) = (grant.id, tx.now(), grant.version + 1);
    tx.record_for(
        "GRANT_REVOKED",
        id,
        told(grant.party_id),
        json!({ "version": version, "before": { "coordinate": grant.coordinate },
            "after": { "revokedAt": now } }),
    );
    let mut row = grant.into_active_model();
    row.revoked_at = Set(Some(now));
    row.version = Set(version);
    row.update(&*tx).await?;
    count(&tx, head).await?;
    tx.done(id).await
}

/// A field that a live version is sent is not taken away under it.
async fn refuse_in_use(tx: &Tx, viewer: &Viewer, grant: &field_grant::Model) -> Result<()> {
    for subgraph in read::readers(viewer, &grant.coordinate).all(&**tx).await? {
        if subgraph.party_id == grant.party_id {
            let refusal = UserErrorCode::GrantInUse.refuse().at("id");
            return Err(refusal.with("what", subgraph.name).object(grant.id).into());
        }
    }
    Ok(())
}
