//! No request that a page of another site can make a browser send by itself is executed.
//!
//! `POST` needs `application/json`, which a browser sends across sites only after asking. `GET`
//! executes queries alone, and only where one of these holds:
//!
//! 1. It carries a header of [`ASKED_FOR`], which a browser sends across sites only after asking.
//! 2. `Sec-Fetch-Mode` is `cors` or `same-origin`. Only browsers themselves set it (and Node's
//!    fetch), and then name the `Origin` of another site, which was compared before. What tags,
//!    frames, links and `no-cors` scripts send says so there.
//! 3. There is no `Sec-Fetch-Mode`, and `Accept` names `application/graphql-response+json`, which
//!    no tag, frame or link does. A browser older than 2023 lets a script send that across sites;
//!    it can neither read the answer nor carry a credential, for there are no cookies.

use axum::http::{HeaderMap, header};

use super::{answer::GRAPHQL_RESPONSE, auth::PARTY_HEADER};

/// Any of these makes a browser ask first.
pub const ASKED_FOR: [&str; 4] =
    ["authorization", PARTY_HEADER, "graphql-require-preflight", "x-requested-with"];

/// Whether a `GET` may be executed.
pub fn allows_get(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if ASKED_FOR.iter().any(|name| headers.contains_key(*name)) {
        return true;
    }
    match text("sec-fetch-mode") {
        Some(mode) => matches!(mode, "cors" | "same-origin"),
        None => text(header::ACCEPT.as_str())
            .is_some_and(|accept| accept.to_ascii_lowercase().contains(GRAPHQL_RESPONSE)),
    }
}
