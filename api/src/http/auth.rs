//! Turns the headers of a request into a [`Viewer`]: API tokens, bearer tokens of OpenID providers,
//! and in `dev` the tokens of the demonstration's people.

use std::{collections::HashMap, net::IpAddr};

use axum::http::{HeaderMap, header};

use crate::{
    app::App,
    authz::{Identity, Viewer},
    domain::{member as members, token as tokens},
    error::{Error, Result},
    tx::sha256,
};

pub mod attempts;
pub mod desk;
pub mod oidc;

use super::ClientAddress;
use attempts::Attempts;
use desk::Desk;
use oidc::Providers;

/// Names the party to act for, where one is a member of several.
pub const PARTY_HEADER: &str = "camket-party";

/// The issuer of the demonstration's people.
pub const DEV_ISSUER: &str = "dev";

/// Tokens of the demonstration's people: the hash of each and whose it is. They live in memory
/// only, so that those of an earlier start are void.
#[derive(Clone, Debug, Default)]
pub struct Personas(HashMap<String, String>);

impl Personas {
    /// Makes `token` the token of the person `subject` of the local issuer.
    pub fn admit(&mut self, token: &str, subject: &str) {
        self.0.insert(sha256(token), subject.to_owned());
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn subject(&self, token: &str) -> Option<&str> {
        self.0.get(&sha256(token)).map(String::as_str)
    }
}

/// All that tells who somebody is, beside the database.
#[derive(Default)]
pub struct SignIn {
    /// Tokens of the demonstration's people; empty in production.
    pub personas: Personas,
    /// OpenID providers; none in `dev`.
    pub providers: Providers,
    /// Signs the demonstration's people in at the console; none in production.
    pub desk: Option<Desk>,
    pub attempts: Attempts,
}

impl From<Personas> for SignIn {
    fn from(personas: Personas) -> Self {
        Self { personas, ..Self::default() }
    }
}

impl From<Providers> for SignIn {
    fn from(providers: Providers) -> Self {
        Self { providers, ..Self::default() }
    }
}

/// Who is asking. A credential that is not good is a fault, never a reason to go on as the public.
/// Without an address, tokens that are limited to networks are not good.
pub async fn viewer(
    app: &App,
    headers: &HeaderMap,
    address: Option<ClientAddress>,
) -> Result<Viewer> {
    let Some(bearer) = bearer(headers)? else {
        return Ok(Viewer::public(app.clock.today()));
    };
    let party = headers.get(PARTY_HEADER).map(|value| value.to_str().unwrap_or_default());
    bearer_of(app, bearer, party, address).await
}

/// Whose a bearer token is, whatever brought it here. Bad ones are counted and slowed down.
pub async fn bearer_of(
    app: &App,
    bearer: &str,
    party: Option<&str>,
    address: Option<ClientAddress>,
) -> Result<Viewer> {
    let attempts = &app.sign_in.attempts;
    let address = address.map(|ClientAddress(address)| address.to_canonical());
    let (hash, now) = (sha256(bearer), app.clock.now());
    attempts.admit(address, &hash, now)?;
    let viewer = known(app, bearer, party, address).await;
    match &viewer {
        Ok(_) => attempts.was_good(hash),
        Err(Error::Unauthenticated(_)) => attempts.was_bad(address, &hash, now),
        Err(_) => {}
    }
    viewer
}

async fn known(
    app: &App,
    bearer: &str,
    party: Option<&str>,
    address: Option<IpAddr>,
) -> Result<Viewer> {
    if tokens::secret::is_well_formed(bearer) {
        let token = tokens::read::by_secret(app, bearer, address).await?;
        let token = token.ok_or(Error::Unauthenticated("this token is not good (any more)"))?;
        return members::read::viewer_of_token(app, token, party).await;
    }
    let person = match app.sign_in.personas.subject(bearer) {
        Some(subject) => {
            Identity::Person { issuer: DEV_ISSUER.to_owned(), subject: subject.to_owned() }
        }
        None => app.sign_in.providers.identify(bearer, app.clock.now()).await?,
    };
    members::read::viewer_of_person(app, person, party).await
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    match (token, values.next()) {
        (Some((scheme, token)), None) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim()))
        }
        _ => Err(Error::Unauthenticated("send one header `Authorization: Bearer …`")),
    }
}
