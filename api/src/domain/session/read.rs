//! Finding the session that a browser shows, and who is asking by it.

use entity::{member, party, session};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::rules;
use crate::{
    app::App,
    authz::{Action, Identity, Viewer},
    domain::{member::read as members, token::secret},
    error::{Error, Result},
    tx::sha256,
};

/// Who shows nothing, or something that is not good (any more).
pub const SIGNED_OUT: Error = Error::Unauthenticated("this session is over: sign in again");

/// A session with what it stands on.
pub struct Current {
    pub session: session::Model,
    pub memberships: Vec<(member::Model, party::Model)>,
}

impl Current {
    /// The membership that it acts by.
    pub fn chosen(&self) -> Option<&(member::Model, party::Model)> {
        rules::chosen(self.session.party_id, &self.memberships)
    }
}

/// The session of a secret, if it is good now. It is looked up by its hash, so that nobody learns
/// from the time that takes how much of a secret is right.
pub async fn by_secret(app: &App, secret: &str) -> Result<Option<session::Model>> {
    if !secret::is_session(secret) {
        return Ok(None);
    }
    let row = session::Entity::find().filter(session::Column::Hash.eq(sha256(secret)));
    let row = row.one(app.db.reader()).await?;
    Ok(row.filter(|session| rules::is_good(session, app.clock.now())))
}

/// The same with the person's memberships of this moment.
pub async fn current(app: &App, secret: &str) -> Result<Option<Current>> {
    let Some(session) = by_secret(app, secret).await? else { return Ok(None) };
    let (issuer, subject) = (&session.issuer, &session.subject);
    let memberships = members::memberships(app.db.reader(), issuer, subject).await?;
    Ok(Some(Current { session, memberships }))
}

/// Whose a session is, with their own rights of this moment.
pub async fn person(app: &App, current: &Current) -> Result<Viewer> {
    let session::Model { issuer, subject, .. } = &current.session;
    let person = Identity::Person { issuer: issuer.clone(), subject: subject.clone() };
    members::viewer_of_member(app, person, current.chosen()).await
}

/// Who is asking by a session, with the rights of this moment: the person, or while they see what a
/// party sees somebody who reads as that party and does nothing.
pub async fn viewer(app: &App, current: &Current) -> Result<Viewer> {
    let person = person(app, current).await?;
    match (viewed(app, current, &person).await?, person.party()) {
        (Some(party), Some(by)) => members::viewer_as(app, person.identity, by, &party).await,
        _ => Ok(person),
    }
}

/// The party through whose eyes a person sees, as long as they may.
pub async fn viewed(
    app: &App,
    Current { session, .. }: &Current,
    person: &Viewer,
) -> Result<Option<party::Model>> {
    let lasts = session.view_until.is_some_and(|until| app.clock.now() < until);
    let Some(party) = session.viewed_party_id.filter(|_| lasts) else { return Ok(None) };
    if person.require(Action::ViewAs).is_err() {
        return Ok(None);
    }
    Ok(party::Entity::find_by_id(party).one(app.db.reader()).await?)
}

/// Who is asking by the secret of a session.
pub async fn viewer_by_secret(app: &App, secret: &str) -> Result<Viewer> {
    let current = current(app, secret).await?.ok_or(SIGNED_OUT)?;
    viewer(app, &current).await
}
