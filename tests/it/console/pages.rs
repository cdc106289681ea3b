//! The console's pages as they are served.

use axum::{
    body::Body,
    http::{Request, header},
};
use tests::{HOST, Reply, TestApp};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

async fn fetch(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(path).header(header::HOST, HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

/// The files that the page names.
fn files(page: &str) -> Vec<String> {
    let files = page.split('"').filter(|part| part.starts_with("/console/assets/"));
    files.map(str::to_owned).collect()
}

#[tokio::test]
async fn one_page_stands_at_all_addresses_of_the_console() {
    let app = TestApp::start().await;
    for path in ["/console", "/console/", "/console/sign-in", "/console/operations/x", "/work"] {
        let reply = fetch(&app, path, &[]).await;

        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");
        assert!(reply.text.contains("<div id=\"app\""), "{path}: {}", reply.text);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-cache"),
            ("vary", "accept-encoding"),
        ] {
            assert_eq!(reply.headers[name], value, "{path} {name}");
        }
        assert!(!reply.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn the_bare_address_leads_to_the_console() {
    let app = TestApp::start().await;
    let reply = fetch(&app, "/", &[]).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["location"]),
        (303, &"/console".parse().unwrap())
    );
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    let first = fetch(&app, "/console", &[]).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();

    let again = fetch(&app, "/console/sign-in", &[("if-none-match", &tag)]).await;
    let packed = fetch(&app, "/work", &[("if-none-match", &format!("\"x\", W/{tag}"))]).await;
    let other = fetch(&app, "/console", &[("if-none-match", "\"x\"")]).await;

    assert_eq!((again.status.as_u16(), &*again.text), (304, ""));
    for name in ["content-security-policy", "cache-control", "vary"] {
        assert_eq!(again.headers[name], first.headers[name], "{name}");
    }
    assert_eq!(packed.status, 304);
    assert_eq!((other.status.as_u16(), other.text), (200, first.text));
}

#[tokio::test]
async fn files_are_packed_as_the_browser_likes_and_kept_for_ever() {
    let app = TestApp::start().await;
    let page = fetch(&app, "/console", &[]).await;
    let files = files(&page.text);
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let plain = fetch(&app, &file, &[]).await;
        assert_eq!(plain.status, 200, "{file}");
        assert_eq!(plain.headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(plain.headers["content-security-policy"], POLICY);
        assert!(!plain.headers.contains_key("content-encoding"), "{file}");
        let length = |reply: &Reply| {
            reply.headers["content-length"].to_str().unwrap().parse::<u64>().unwrap()
        };
        for (accepted, encoding) in
            [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
        {
            let packed = fetch(&app, &file, &[("accept-encoding", accepted)]).await;
            assert_eq!(packed.headers["content-encoding"], encoding, "{file} {accepted}");
            assert_eq!(packed.headers["content-type"], plain.headers["content-type"]);
            assert!(length(&packed) < length(&plain), "{file} {encoding}");
        }
    }
}

#[tokio::test]
async fn the_service_worker_is_asked_for_anew_and_may_look_after_every_page() {
    let app = TestApp::start().await;

    let reply = fetch(&app, "/console/offline.js", &[]).await;

    assert_eq!(reply.status, 200);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("content-security-policy", POLICY),
        ("cache-control", "no-cache"),
        ("service-worker-allowed", "/"),
    ] {
        assert_eq!(reply.headers[name], value, "{name}");
    }
    let kept = files(&reply.text);
    assert!(kept.len() > 5, "{kept:?}");
    for file in kept {
        assert_eq!(fetch(&app, &file, &[]).await.status, 200, "{file}");
    }
}

#[tokio::test]
async fn nothing_else_is_a_file() {
    let app = TestApp::start().await;
    for path in [
        "/console/assets/",
        "/console/assets/nothing.js",
        "/console/assets/../index.html",
        "/console/assets/%2e%2e/index.html",
        "/console/assets/..%2findex.html",
        "/console/assets/..%2f..%2f..%2fCargo.toml",
        "/console/assets//etc/passwd",
        "/console/assets/%00",
        "/console/assets/%ff",
        "/assets/index.js",
        "/work/../console/session/x/../../..",
        "/index.html",
        "/works",
    ] {
        let reply = fetch(&app, path, &[]).await;
        assert!([400, 404].contains(&reply.status.as_u16()), "{path}: {}", reply.status);
        assert!(!reply.text.contains("<html"), "{path}");
    }
}
