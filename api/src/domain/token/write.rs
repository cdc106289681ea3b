//! Issuing, rotating and revoking tokens: one function per mutation, one transaction each.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    api_token::{self, Networks, Scope, Scopes},
    id::{ApiTokenId, MemberId, PartyId},
    member::Role,
    party,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter,
};
use serde_json::json;

use super::{
    graphql::{IssueTokenInput, RevokeTokenInput, RotateTokenInput},
    read, rules, secret,
};
use crate::{
    app::App,
    authz::{Acting, Action, Viewer},
    clock::{civil_day, days_after},
    domain::party as parties,
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Actor, Done, Key, Tx, check_version, sha256},
};

pub async fn issue_token(
    app: &App,
    viewer: &Viewer,
    input: IssueTokenInput,
    key: Key,
) -> Result<Done<ApiTokenId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let party = tx.find(parties::read::visible_to(viewer), "partyId", &input.party_id).await?;
    viewer.require(Action::IssueToken { party: party.id })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    parties::rules::exists(&party, viewer.today, "partyId")?;
    let (role, scopes) = (input.role.into(), input.scopes.into_iter().map(Into::into));
    let issuer = issuer(viewer)?;
    let new = NewToken {
        party: party.id,
        label: text::optional_label("label", &input.label, rules::MAX_LABEL)?,
        role,
        scopes: rules::scopes(scopes),
        networks: rules::networks(&input.networks)?,
        persisted_only: input.persisted_only,
        expires_at: days_after(tx.now(), rules::days(input.expires_in_days)?),
        issued_by: issuer.member,
    };
    rules::within_issuer(issuer, new.role, &new.scopes)?;
    rules::as_bound(issuer, new.persisted_only)?;
    rules::within_networks(&networks_of(&tx, issuer).await?, &new.networks)?;
    let (id, secret) = insert(app, &mut tx, new).await?;
    Ok(Done { secret: Some(secret), ..tx.done(id).await? })
}

/// Makes a token that takes the place of another; the old one lives on for the overlap.
pub async fn rotate_token(
    app: &App,
    viewer: &Viewer,
    input: RotateTokenInput,
    key: Key,
) -> Result<Done<ApiTokenId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let token = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::RotateToken { party: token.party_id })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(token.id, token.version, input.expected_version)?;
    refuse_dead(&token, tx.now())?;

    let issuer = issuer(viewer)?;
    rules::within_issuer(issuer, token.role, &token.scopes)?;
    rules::as_bound(issuer, token.persisted_only)?;
    let overlap = TimeDelta::hours(rules::overlap_hours(input.overlap_hours)?.into());
    let new = NewToken {
        party: token.party_id,
        label: token.label.clone(),
        role: token.role,
        scopes: token.scopes.clone(),
        networks: match &input.networks {
            Some(networks) => rules::networks(networks)?,
            None => token.networks.clone(),
        },
        persisted_only: token.persisted_only,
        expires_at: days_after(tx.now(), rules::days(input.expires_in_days)?),
        issued_by: issuer.member,
    };
    rules::within_networks(&networks_of(&tx, issuer).await?, &new.networks)?;
    let (id, secret) = insert(app, &mut tx, new).await?;

    // A row lives for at least an instant.
    let least = token.created_at + TimeDelta::microseconds(1);
    let ends = (tx.now() + overlap).min(token.expires_at).max(least);
    let version = token.version + 1;
    tx.record_for(
        "TOKEN_ROTATED",
        token.id,
        [token.party_id],
        json!({ "version": version, "before": { "expiresAt": token.expires_at },
            "after": { "expiresAt": ends, "tokenId": id.to_string() } }),
    );
    let mut row = token.into_active_model();
    row.expires_at = Set(ends);
    row.version = Set(version);
    row.update(&*tx).await?;
    Ok(Done { secret: Some(secret), ..tx.done(id).await? })
}

pub async fn revoke_token(
    app: &App,
    viewer: &Viewer,
    input: RevokeTokenInput,
) -> Result<Done<ApiTokenId>> {
    let mut tx = app.write(viewer).await?;
    let token = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::RevokeToken { party: token.party_id })?;
    check_version(token.id, token.version, input.expected_version)?;
    refuse_dead(&token, tx.now())?;

    let (id, version, now) = (token.id, token.version + 1, tx.now());
    let data = json!({ "version": version, "after": { "revokedAt": now } });
    tx.record_for("TOKEN_REVOKED", id, [token.party_id], data);
    let mut row = token.into_active_model();
    row.revoked_at = Set(Some(now));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

/// Issues a token at the command line, with every scope: how the first manager gets in.
pub async fn issue_by_operator(
    app: &App,
    party_code: &str,
    role: Role,
    days: u32,
    networks: &[String],
) -> Result<String> {
    let mut tx = app.write_as(Actor::default()).await?;
    let party = party::Entity::find().filter(party::Column::Code.eq(party_code)).one(&*tx).await?;
    let party = party.ok_or_else(|| Error::BadInput(format!("there is no party {party_code}")))?;
    parties::rules::exists(&party, app.clock.today(), "party")?;
    let days = rules::days(i32::try_from(days).unwrap_or(i32::MAX))?;
    let new = NewToken {
        party: party.id,
        label: "camket token issue".to_owned(),
        role,
        scopes: Scope::iter().collect(),
        networks: rules::networks(networks)?,
        persisted_only: false,
        expires_at: days_after(tx.now(), days),
        issued_by: None,
    };
    let (id, secret) = insert(app, &mut tx, new).await?;
    tx.done(id).await?;
    Ok(secret)
}

struct NewToken {
    party: PartyId,
    label: String,
    role: Role,
    scopes: Scopes,
    networks: Networks,
    persisted_only: bool,
    expires_at: DateTime<Utc>,
    issued_by: Option<MemberId>,
}

async fn insert(app: &App, tx: &mut Tx, new: NewToken) -> Result<(ApiTokenId, String)> {
    let secret = secret::token(&*app.clock);
    let row = api_token::Model {
        id: app.clock.uuid().into(),
        party_id: new.party,
        label: new.label,
        role: new.role,
        scopes: new.scopes,
        networks: new.networks,
        persisted_only: new.persisted_only,
        hint: secret::hint(&secret).to_owned(),
        hash: sha256(&secret),
        issued_by_id: new.issued_by,
        created_at: tx.now(),
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
        version: 1,
    };
    let id = row.id;
    tx.record_for(
        "TOKEN_ISSUED",
        id,
        [new.party],
        json!({ "version": 1, "after": { "partyId": row.party_id.to_string(), "role": row.role,
            "scopes": row.scopes, "networks": row.networks,
            "persistedOnly": row.persisted_only, "expiresAt": row.expires_at } }),
    );
    row.into_active_model().insert(&**tx).await?;
    Ok((id, secret))
}

/// Where whoever issues works from: of a person, everywhere.
async fn networks_of(tx: &Tx, issuer: &Acting) -> Result<Networks> {
    let Some(id) = issuer.token else { return Ok(Networks::default()) };
    let token = api_token::Entity::find_by_id(id).one(&**tx).await?;
    token.map(|token| token.networks).ok_or_else(|| Error::internal("issued by no token"))
}

fn issuer(viewer: &Viewer) -> Result<&Acting> {
    viewer.acting.as_ref().ok_or_else(|| Error::internal("issued by nobody"))
}

fn refuse_dead(token: &api_token::Model, now: DateTime<Utc>) -> Result<()> {
    let ended = token.revoked_at.or((token.expires_at <= now).then_some(token.expires_at));
    match ended {
        Some(on) => {
            Err(UserErrorCode::AlreadyEnded.refuse().at("id").with("on", civil_day(on)).into())
        }
        None => Ok(()),
    }
}
