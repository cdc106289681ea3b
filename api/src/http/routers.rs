//! What routers of this installation show, and what they are believed for it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap},
    middleware::Next,
    response::Response,
};

use super::{ClientAddress, Network, client};
use crate::{
    app::App,
    domain::router_key::read,
    error::{Error, Result},
    tx::sha256,
};

/// The header with a router's key, on what it asks for clients.
pub const HEADER: &str = "camket-router";

const NOT_GOOD: Error = Error::Unauthenticated("this router key is not good (any more)");

/// Whether a router of ours sends a request. Who shows a key that is not good is refused, counted and
/// slowed down, like whoever sends a bad token.
pub async fn is_router(
    app: &App,
    headers: &HeaderMap,
    address: Option<ClientAddress>,
) -> Result<bool> {
    match headers.get(HEADER) {
        None => Ok(false),
        Some(key) => {
            check(app, key.to_str().unwrap_or_default(), address).await?;
            Ok(true)
        }
    }
}

/// Refuses a key that is not good.
pub async fn check(app: &App, key: &str, address: Option<ClientAddress>) -> Result<()> {
    let attempts = &app.sign_in.attempts;
    let address = address.map(|ClientAddress(address)| address);
    let (hash, now) = (sha256(key), app.clock.now());
    attempts.admit(address, &hash, now)?;
    if read::is_good(app, key).await? {
        attempts.was_good(hash);
        return Ok(());
    }
    attempts.was_bad(address, &hash, now);
    Err(NOT_GOOD)
}

/// Notes the client's address in a request that comes through a router.
pub async fn note(
    State((app, proxies)): State<(Arc<App>, Arc<Vec<Network>>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = client(&app, request.headers(), request.extensions(), &proxies).await;
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

/// Whom a router asks for, where a good key says that it is one: it is a proxy that may be trusted.
/// What is wrong with a key is told where the caller is asked for.
pub async fn client(
    app: &App,
    headers: &HeaderMap,
    extensions: &Extensions,
    proxies: &[Network],
) -> Option<ClientAddress> {
    let key = headers.get(HEADER)?.to_str().ok()?;
    let is_router = read::is_good(app, key).await.unwrap_or_default();
    is_router.then(|| client::behind_router(extensions, headers, proxies)).flatten()
}
