//! The pages as they were built with the server: one page for all addresses, and files whose names
//! change with what they hold. No page may run what did not come from here, nor be framed.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use console_pages::{Asset, asset};

use super::super::Door;
use crate::{app::App, tx::sha256};

/// Nothing but our own files; styles may stand in the page, since the editor writes them there.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The names of the forms that a file may come in, the smallest first.
const BROTLI: &str = "br";
const GZIP: &str = "gzip";

static PAGE_TAG: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let hash = sha256(asset("index.html")?.identity);
    format!("\"{}\"", hash.get(..32)?).parse().ok()
});

pub fn routes() -> Router<Door<App>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/console") }))
        .route("/work", get(page))
        .route("/console", get(page))
        .route("/console/", get(page))
        .route("/console/offline.js", get(offline))
        .route("/console/assets/", get(|| async { StatusCode::NOT_FOUND }))
        .route("/console/assets/{*name}", get(file))
        .route("/console/{*page}", get(page))
}

async fn page(headers: HeaderMap) -> Response {
    let Some(page) = asset("index.html") else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = match (&*PAGE_TAG, headers.get(header::IF_NONE_MATCH)) {
        (Some(own), Some(known)) if is_among(own, known) => {
            // A browser takes what this says of the page for what the page says.
            said(StatusCode::NOT_MODIFIED.into_response(), page)
        }
        _ => packed(page, &headers),
    };
    if let Some(tag) = &*PAGE_TAG {
        response.headers_mut().insert(header::ETAG, tag.clone());
    }
    response
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match asset(&format!("assets/{name}")) {
        Some(file) => packed(file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The service worker, which keeps the pages for when there is no network. `/work` is a page as well,
/// so it may look after all of this host; what it leaves alone is its own to say.
async fn offline(headers: HeaderMap) -> Response {
    let Some(worker) = asset("offline.js") else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = packed(worker, &headers);
    let allowed = HeaderName::from_static("service-worker-allowed");
    response.headers_mut().insert(allowed, HeaderValue::from_static("/"));
    response
}

/// A file in the smallest form that a browser takes.
fn packed(file: &'static Asset, headers: &HeaderMap) -> Response {
    let forms = [(BROTLI, file.brotli), (GZIP, file.gzip)];
    let form = forms
        .into_iter()
        .find_map(|(name, bytes)| Some((name, bytes?)).filter(|_| accepts(headers, name)));
    let (encoding, bytes) = match form {
        Some((name, bytes)) => (Some((header::CONTENT_ENCODING, name)), bytes),
        None => (None, file.identity),
    };
    let mut response = said(bytes.into_response(), file);
    if let Some((name, value)) = encoding {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What is said of a file, in whatever form it is sent.
fn said(mut response: Response, file: &'static Asset) -> Response {
    let kept = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let told: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CACHE_CONTROL, kept),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::VARY, "accept-encoding"),
    ];
    for (name, value) in told {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether `If-None-Match` names a tag; what a proxy has packed anew has a weak one.
fn is_among(own: &HeaderValue, known: &HeaderValue) -> bool {
    let (own, known) = (own.to_str().unwrap_or_default(), known.to_str().unwrap_or_default());
    known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == own)
}

/// Whether a browser takes a form: it is named, and not with a quality of 0.
fn accepts(headers: &HeaderMap, form: &str) -> bool {
    let said =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|said| said.to_str().ok());
    said.flat_map(|said| said.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(form));
        let quality = parts.find_map(|part| part.strip_prefix("q="));
        is_named && quality.is_none_or(|quality| quality.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_says_which_forms_it_takes() {
        for (said, brotli, gzip) in [
            ("", false, false),
            ("gzip, deflate, br, zstd", true, true),
            ("GZIP;q=0.5", false, true),
            ("br;q=0, gzip", false, true),
            ("brotli, xbr", false, false),
            ("*", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(said));
            let accepted = (accepts(&headers, BROTLI), accepts(&headers, GZIP));
            assert_eq!(accepted, (brotli, gzip), "{said}");
        }
    }
}
