//! What an endpoint has to refuse: questions without a statement, and statements that are not good for
//! it. How it refuses is its own affair, as long as nothing comes of it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{SDL, ask::Endpoint};
use crate::{
    app::App,
    domain::{
        statement::{keys::Keys, rules::TYPE},
        subgraph::{
            own,
            problem::{Code, Problem},
        },
    },
    error::Result,
};

const SCHEMA: &str = "{ __schema { queryType { name } } }";
const TYPE_NAME: &str = "{ __typename }";

/// So long ago ended what has ended on every clock.
const LONG_AGO: TimeDelta = TimeDelta::hours(1);

/// Something that must not be answered.
pub struct Attempt {
    code: Code,
    query: &'static str,
    statement: Option<String>,
}

/// All that is tried.
pub fn attempts(app: &App, keys: &Keys, prefix: &str) -> Result<Vec<Attempt>> {
    let now = app.clock.now();
    let good = keys.sign(&keys.probe(app, prefix, now))?;
    let expired = keys.sign(&keys.probe(app, prefix, now - LONG_AGO))?;
    let for_another = keys.sign(&keys.probe(app, own::NAME, now))?;
    // A signature of ours, under something else.
    let (said, _) = good.rsplit_once('.').unwrap_or_default();
    let (_, signature) = expired.rsplit_once('.').unwrap_or_default();
    let forged = format!("{said}.{signature}");
    let (_, claims) = said.split_once('.').unwrap_or_default();
    let header = json!({ "alg": "none", "typ": TYPE }).to_string();
    let unsigned = format!("{}.{claims}.", BASE64_URL_SAFE_NO_PAD.encode(header));

    let without = |query| Attempt { code: Code::ProbePublic, query, statement: None };
    let with = |code, statement| Attempt { code, query: TYPE_NAME, statement: Some(statement) };
    Ok(vec![
        without(SDL),
        without(SCHEMA),
        without(TYPE_NAME),
        with(Code::ProbeTakesOtherAudience, for_another),
        with(Code::ProbeTakesExpired, expired),
        with(Code::ProbeTakesForged, forged),
        with(Code::ProbeTakesForged, unsigned),
    ])
}

impl Attempt {
    /// The problem, if it is answered.
    pub async fn passes(&self, endpoint: &Endpoint) -> Option<Problem> {
        let answer = endpoint.ask(self.statement.as_deref(), self.query, json!({})).await.ok()?;
        let tells =
            |fields: &Value| fields.as_object().is_some_and(|it| !it.values().all(Value::is_null));
        tells(&answer["data"]).then(|| self.code.here().with("query", self.query))
    }
}
