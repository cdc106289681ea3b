//! The registry, asked in the protocol of Hive Router's own poller: a key in a header, and nothing
//! sent twice.

use std::{io, time::Duration};

use hive_router::http::{HeaderName, HeaderValue, Request, StatusCode, header};

use super::Composed;
use crate::{config::Config, hosts::Resolver, http::Client};

/// How long it may take.
const TIME: Duration = Duration::from_secs(10);

/// The most bytes of a graph.
const BYTES: usize = 64 * 1024 * 1024;

/// The header with a router's key.
const KEY_HEADER: &str = "x-hive-cdn-key";

/// The header with a graph's number.
pub const NUMBER_HEADER: HeaderName = HeaderName::from_static("camket-supergraph");

/// What it tells.
pub enum Told {
    /// A graph that was not seen yet.
    New(Composed),
    /// That it is the one that was seen, and the number that it has by now.
    Seen(String),
}

/// Asks for graphs.
pub struct Registry {
    client: Client,
    key: HeaderValue,
    /// Where it is.
    pub address: String,
}

impl Registry {
    /// The registry of the settings.
    pub fn new(config: &Config) -> io::Result<Self> {
        Ok(Self {
            client: Client::new(Resolver::Any)?,
            key: config.key.clone(),
            address: config.registry.clone(),
        })
    }

    /// Its graph, or the number alone of the one that was seen last.
    pub async fn ask(&self, seen: Option<&str>) -> Result<Told, String> {
        let mut request = Request::get(format!("{}/supergraph", self.address))
            .header(KEY_HEADER, &self.key)
            .header(header::USER_AGENT, "camket-router");
        if let Some(etag) = seen {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let request = request.body(Default::default()).map_err(|why| why.to_string())?;
        let answer = self.client.ask(request, TIME, BYTES).await;
        let answer = answer.map_err(|why| format!("the registry cannot be reached: {why}"))?;
        let number = answer.header(NUMBER_HEADER.as_str()).map(ToOwned::to_owned);
        let number = number.ok_or("the registry sent no number of its graph");
        match answer.status {
            StatusCode::NOT_MODIFIED => return Ok(Told::Seen(number?)),
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err("the registry refuses the router's key".into()),
            status => return Err(format!("the registry answered {status}")),
        }
        let etag = answer.header(header::ETAG.as_str()).map(ToOwned::to_owned);
        let text = String::from_utf8(answer.body.to_vec());
        let text = text.map_err(|_| "the registry sent a graph that is no text")?;
        Ok(Told::New(Composed { number: number?, etag, text }))
    }
}
