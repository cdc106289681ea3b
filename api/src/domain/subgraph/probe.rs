//! Looks at an endpoint before it becomes part of the graph: only hosts that the operator has listed,
//! with the statements that a router would send. It must say of itself what is published, answer
//! entities as a router needs them, and answer nobody who brings no good statement.

use std::time::Duration;

use axum::http::Uri;
use futures_util::future::join_all;
use serde_json::json;

use self::{ask::Endpoint, entities::Question};
use super::problem::{Code, Problem};
use crate::{
    app::App, domain::statement::keys::Keys, error::Result, http::outgoing::reach::Barred,
};

mod ask;
mod closed;
mod entities;
mod field_set;
mod known;
mod made_up;

/// The longest address.
const MAX_URL: usize = 500;

/// How long all questions together may take.
const PATIENCE: Duration = Duration::from_secs(15);

const SDL: &str = "{ _service { sdl } }";

/// What is to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub url: &'a str,
    pub sdl: &'a str,
    pub document: &'a composer::Document,
    pub prefix: &'a str,
}

/// What is wrong with an address.
pub fn url(app: &App, url: &str) -> Option<Problem> {
    let code = match url.parse::<Uri>() {
        Err(_) => Code::UrlMalformed,
        Ok(parsed) if url.len() > MAX_URL || url.contains('#') || parsed.query().is_some() => {
            Code::UrlMalformed
        }
        Ok(parsed) => match app.federation.reach().target(&parsed).err()? {
            Barred::Scheme if parsed.scheme().is_some() => Code::UrlScheme,
            Barred::Malformed if url.contains('@') => Code::UrlHoldsUser,
            Barred::Scheme | Barred::Malformed => Code::UrlMalformed,
            Barred::NotListed | Barred::Private | Barred::Plain => Code::UrlHostNotAllowed,
        },
    };
    Some(code.here().about("url"))
}

/// Asks the endpoint whether it does what it publishes, and says what is wrong.
pub async fn probe(app: &App, asked: &Asked<'_>) -> Result<Vec<Problem>> {
    if let Some(problem) = url(app, asked.url) {
        return Ok(vec![problem]);
    }
    match tokio::time::timeout(PATIENCE, tried(app, asked)).await {
        Ok(tried) => tried,
        Err(_) => Ok(vec![Code::ProbeSlow.here().with("seconds", PATIENCE.as_secs())]),
    }
}

async fn tried(app: &App, asked: &Asked<'_>) -> Result<Vec<Problem>> {
    let keys = Keys::of(app).await?;
    let endpoint = Endpoint::of(app, asked.url)?;
    let statement = keys.sign(&keys.probe(app, asked.prefix, app.clock.now()))?;
    let served = match endpoint.ask(Some(&statement), SDL, json!({})).await {
        Ok(answer) => answer["data"]["_service"]["sdl"].as_str().map(str::to_owned),
        // Whoever cannot be asked this is asked nothing else.
        Err(fault) => return Ok(vec![fault.problem()]),
    };
    let Some(served) = served else { return Ok(vec![Code::ProbeRefused.here()]) };

    let mut problems = Vec::new();
    if !is_same(app, asked.sdl, served).await? {
        problems.push(Code::ProbeSdlDiffers.here());
    }
    let known = known::rows(app, asked.document).await?;
    for question in entities::questions(asked, &known, &*app.clock) {
        problems.extend(answered(&endpoint, &statement, &question).await);
    }
    let closed = closed::attempts(app, &keys, asked.prefix)?;
    let closed = closed.iter().map(|attempt| attempt.passes(&endpoint));
    problems.extend(join_all(closed).await.into_iter().flatten());
    Ok(problems)
}

async fn answered(
    endpoint: &Endpoint,
    statement: &str,
    question: &Question<'_>,
) -> Option<Problem> {
    let variables = json!({ "representations": question.representations() });
    match endpoint.ask(Some(statement), &question.document(), variables).await {
        Ok(answer) => question.wrong(&answer),
        Err(fault) => Some(fault.problem().about(question.type_name())),
    }
}

/// Whether two documents say the same. What is no schema says something else.
async fn is_same(app: &App, published: &str, served: String) -> Result<bool> {
    let published = published.to_owned();
    let same = app.composer.run(move |composer| composer.same(&published, &served)).await?;
    Ok(same.unwrap_or_default())
}
