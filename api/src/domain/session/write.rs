//! Beginning and ending sessions, and choosing for whom they act. None of it stands in the log: it
//! changes nothing of the graph.

use chrono::DateTime;
use entity::{id::PartyId, session};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{read, rules};
use crate::{
    app::App,
    domain::{member::read as members, token::secret},
    error::Result,
    tx::{CHANGE, sha256},
};

/// Signs a person in and answers the secret, this once. They act for the party that they name, or
/// for the first of theirs; none if the one that they name is not theirs.
pub async fn begin(
    app: &App,
    issuer: &str,
    subject: &str,
    party: Option<PartyId>,
) -> Result<Option<String>> {
    let memberships = members::memberships(app.db.reader(), issuer, subject).await?;
    let first = || memberships.first().map(|(_, party)| party.id);
    if party.is_some() && rules::chosen(party, &memberships).is_none() {
        return Ok(None);
    }
    let (now, secret) = (app.clock.now(), secret::session(&*app.clock));
    let row = session::Model {
        id: app.clock.uuid().into(),
        hash: sha256(&secret),
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        party_id: party.or_else(first),
        created_at: now,
        expires_at: now + rules::LIFETIME,
        ended_at: None,
        viewed_party_id: None,
        view_reason: None,
        view_until: None,
    };
    let tx = app.db.write().await?;
    session::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Lets a session act for another party of the person's, and answers whether it is theirs. Looking
/// as somebody else ends with it.
pub async fn choose(app: &App, current: &read::Current, party: PartyId) -> Result<bool> {
    if rules::chosen(Some(party), &current.memberships).is_none() {
        return Ok(false);
    }
    let tx = app.db.write().await?;
    let row = session::ActiveModel {
        id: Unchanged(current.session.id),
        party_id: Set(Some(party)),
        viewed_party_id: Set(None),
        view_reason: Set(None),
        view_until: Set(None),
        ..Default::default()
    };
    row.update(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends the session of a secret, if there is one that has not ended.
pub async fn end(app: &App, secret: &str) -> Result<()> {
    let tx = app.db.write().await?;
    let row = session::Entity::find()
        .filter(session::Column::Hash.eq(sha256(secret)))
        .filter(session::Column::EndedAt.is_null())
        .lock(CHANGE)
        .one(&tx)
        .await?;
    if let Some(row) = row {
        let mut row = row.into_active_model();
        row.ended_at = Set(Some(app.clock.now()));
        row.update(&tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Deletes what has been over for long, and answers how many.
pub async fn forget_old(app: &App) -> Result<u64> {
    let limit = app.clock.now().checked_sub_signed(rules::KEPT);
    let limit = limit.unwrap_or(DateTime::<chrono::Utc>::MIN_UTC);
    let tx = app.db.write().await?;
    let old = session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(limit));
    let gone = old.exec(&tx).await?.rows_affected;
    tx.commit().await?;
    Ok(gone)
}
