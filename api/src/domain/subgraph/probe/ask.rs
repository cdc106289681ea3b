//! One question to an endpoint: time and size are bounded, and nothing is followed. What goes to it is
//! what a router sends: a content type, what is accepted, and the statement.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, Uri, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Value, json};

use super::super::problem::{Code, Problem};
use crate::{
    app::App,
    error::{Error, Result},
    http::outgoing::{
        self, PartnerClient,
        pinned::{self, System},
        reach::Barred,
        told,
    },
};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest answer in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// How much of a cause is told.
const MAX_CAUSE: usize = 200;

pub struct Endpoint {
    client: PartnerClient<System>,
    url: Uri,
}

/// Why there is no answer.
pub enum Fault {
    Barred(Barred),
    Unreachable(String),
    Slow,
    TooLarge,
    Redirects(u16),
    NotGraphql(u16),
}

impl Endpoint {
    /// At an address that may be asked.
    pub fn of(app: &App, url: &str) -> Result<Self> {
        let url: Uri = url.parse().map_err(Error::internal)?;
        let by_tls = url.scheme_str() == Some("https");
        let client = outgoing::partners(app.federation.reach(), System, by_tls)?;
        Ok(Self { client, url })
    }

    /// The JSON object that is answered to a question.
    pub async fn ask(
        &self,
        statement: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Result<Value, Fault> {
        let answer = self.answer(statement, query, variables);
        tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(Fault::Slow))
    }

    async fn answer(
        &self,
        statement: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Result<Value, Fault> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(statement) = statement {
            request = request.header(header::AUTHORIZATION, format!("Bearer {statement}"));
        }
        let request = request.body(Body::from(body)).map_err(|cause| unreachable(&cause))?;
        let answer = self.client.request(request).await.map_err(|cause| unreachable(&cause))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(Fault::Redirects(status.as_u16()));
        }
        let body = match Limited::new(answer.into_body(), MAX_ANSWER).collect().await {
            Ok(body) => body.to_bytes(),
            Err(cause) if cause.is::<LengthLimitError>() => return Err(Fault::TooLarge),
            Err(cause) => return Err(unreachable(&*cause)),
        };
        let answer = serde_json::from_slice(&body).ok();
        answer.filter(Value::is_object).ok_or(Fault::NotGraphql(status.as_u16()))
    }
}

fn unreachable(cause: &(dyn std::error::Error + 'static)) -> Fault {
    match pinned::barred(cause) {
        Some(why) => Fault::Barred(why),
        None => Fault::Unreachable(told(cause).chars().take(MAX_CAUSE).collect()),
    }
}

impl Fault {
    pub fn problem(self) -> Problem {
        match self {
            Self::Barred(why) => Code::ProbeForbiddenAddress.here().with("why", why),
            Self::Unreachable(why) => Code::ProbeUnreachable.here().with("why", why),
            Self::Slow => Code::ProbeSlow.here().with("seconds", PATIENCE.as_secs()),
            Self::TooLarge => Code::ProbeTooLarge.here().with("max", MAX_ANSWER),
            Self::Redirects(status) => Code::ProbeRedirects.here().with("status", status),
            Self::NotGraphql(status) => Code::ProbeNotGraphql.here().with("status", status),
        }
    }
}
