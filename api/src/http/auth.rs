//! Turns the headers of a request into a [`Viewer`]: API tokens, and in `dev` the tokens of the
//! demonstration's people. OIDC bearer tokens join here with the front door.

use std::collections::HashMap;

use axum::http::{HeaderMap, header};

use crate::{
    app::App,
    authz::{Identity, Viewer},
    domain::{member as members, token as tokens},
    error::{Error, Result},
    tx::sha256,
};

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

/// Who is asking. A credential that is not good is a fault, never a reason to go on as the public.
pub async fn viewer(app: &App, headers: &HeaderMap) -> Result<Viewer> {
    let Some(bearer) = bearer(headers)? else {
        return Ok(Viewer::public(app.clock.today()));
    };
    let party = headers.get(PARTY_HEADER).map(|value| value.to_str().unwrap_or_default());
    if tokens::secret::is_well_formed(bearer) {
        let token = tokens::read::by_secret(app, bearer).await?;
        let token = token.ok_or(Error::Unauthenticated("this token is not good (any more)"))?;
        return members::read::viewer_of_token(app, token, party).await;
    }
    if let Some(subject) = app.personas.subject(bearer) {
        let person =
            Identity::Person { issuer: DEV_ISSUER.to_owned(), subject: subject.to_owned() };
        return members::read::viewer_of_person(app, person, party).await;
    }
    Err(Error::Unauthenticated("this token is not good (any more)"))
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
