//! Under which names the server answers. A page that a name was rebound to, or a script of another
//! origin, gets nothing.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The hosts that `Host` may name, with their ports; `Origin`, where it is sent, must be one too,
/// or one of the other origins that are let in.
#[derive(Clone, Debug)]
pub struct Hosts {
    names: Vec<String>,
    origins: Vec<String>,
}

impl Hosts {
    /// Any of these names, such as `camket.example.vn` or `localhost:4000`.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let names = names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { names, origins: Vec::new() }
    }

    /// This machine alone, at one port.
    pub fn loopback(port: u16) -> Self {
        Self::new(["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")))
    }

    /// The same, with other origins, such as `https://portal.example.vn`.
    #[must_use]
    pub fn with_origins(mut self, origins: &[String]) -> Self {
        self.origins.extend_from_slice(origins);
        self
    }

    fn allow(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let named = |host: &str| self.names.iter().any(|name| name.eq_ignore_ascii_case(host));
        let origin = match text(header::ORIGIN) {
            None => !headers.contains_key(header::ORIGIN),
            Some(origin) => {
                let is_ours = origin.split_once("://").is_some_and(|(_, host)| named(host));
                is_ours || self.origins.iter().any(|other| other == origin)
            }
        };
        origin && text(header::HOST).is_some_and(named)
    }
}

pub async fn check(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    if hosts.allow(request.headers()) {
        next.run(request).await
    } else {
        let text = "this server does not answer under that host or origin\n";
        (StatusCode::MISDIRECTED_REQUEST, text).into_response()
    }
}
