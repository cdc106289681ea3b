//! Requests that a page of the console did not send.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::session;
use serde_json::json;
use tests::{
    Browser, HOST, Reply, Socket, TestApp,
    browser::{COOKIE, page},
};

use super::{WHO, expect_problem};

/// What takes a `POST`, with something to send there.
const ENDPOINTS: [(&str, &str); 5] = [
    ("/console/graphql", "{\"query\":\"{ __typename }\"}"),
    ("/console/cost", "{\"query\":\"{ __typename }\"}"),
    ("/console/session/dev", "{\"persona\":\"person-1\"}"),
    ("/console/session/party", "{\"party\":\"party_0\"}"),
    ("/console/session/end", "{}"),
];

async fn signed_in(app: &TestApp) -> Browser {
    app.bank().await.at_console().await
}

/// Sends the headers of a page, but for one.
async fn forged(browser: &Browser, path: &str, body: &str, but: (&str, Option<&str>)) -> Reply {
    let mut request = page(path);
    let headers = request.headers_mut().unwrap();
    let name: header::HeaderName = but.0.parse().unwrap();
    match but.1 {
        Some(value) => headers.insert(name, value.parse().unwrap()),
        None => headers.remove(name),
    };
    browser.send(request, Body::from(body.to_owned())).await
}

#[tokio::test]
async fn what_no_page_of_the_console_sends_is_refused_everywhere() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    for (path, body) in ENDPOINTS {
        for but in [
            ("x-requested-with", None),
            ("x-requested-with", Some("XMLHttpRequest")),
            ("sec-fetch-site", Some("cross-site")),
            ("sec-fetch-site", Some("same-site")),
            ("sec-fetch-site", Some("none")),
            ("origin", Some("http://camket.test")),
        ] {
            let reply = forged(&browser, path, body, but).await;
            expect_problem(&reply, 403, "FORBIDDEN");
        }
        for origin in ["https://evil.example", "null", "https://camket.test.evil.example"] {
            let reply = forged(&browser, path, body, ("origin", Some(origin))).await;
            assert_eq!(reply.status, 421, "{path} {origin}");
        }
    }
    assert_eq!(browser.session().await["signedIn"], true);
    assert_eq!(app.all(session::Entity).await.len(), 1);
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    for (path, body) in ENDPOINTS {
        for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"] {
            let form = Request::post(path).header(header::CONTENT_TYPE, kind);
            let reply = browser.send(form, Body::from(body)).await;
            expect_problem(&reply, 403, "FORBIDDEN");
        }
    }
    let kind = ("content-type", Some("text/plain"));
    for (path, body) in &ENDPOINTS[..3] {
        let reply = forged(&browser, path, body, kind).await;
        assert_eq!(reply.status, 415, "{path}: {}", reply.text);
    }
    assert_eq!(browser.session().await["signedIn"], true);
}

#[tokio::test]
async fn a_link_to_the_graph_runs_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;

    let reply = browser.get("/console/graphql?query=%7B__typename%7D").await;

    expect_problem(&reply, 403, "FORBIDDEN");
}

#[tokio::test]
async fn a_name_that_was_rebound_gets_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let cookie = format!("{COOKIE}={}", browser.cookie().unwrap());
    for path in ["/", "/console", "/work", "/console/session", "/console/graphql"] {
        for host in ["evil.example", "camket.test.evil.example", "camket.test:1", ""] {
            let request = Request::get(path)
                .header(header::HOST, host)
                .header(header::COOKIE, &cookie)
                .header("x-requested-with", "camket-console");
            let reply = app.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, 421, "{path} {host}");
        }
    }
}

#[tokio::test]
async fn a_socket_says_the_origin_of_its_page() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let cookie = format!("{COOKIE}={}", browser.cookie().unwrap());
    let address = app.listen().await;
    for (origin, status) in
        [(None, 403), (Some("http://camket.test"), 403), (Some("https://evil.example"), 421)]
    {
        let mut headers = vec![("cookie", &*cookie)];
        headers.extend(origin.map(|origin| ("origin", origin)));
        let refused = Socket::refused(address, "/console/graphql", &headers).await;
        assert_eq!(refused, status, "{origin:?}");
    }
    let mut socket = browser.socket().await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
}

#[tokio::test]
async fn the_cookie_of_a_session_is_nothing_to_the_other_endpoints() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let asked = json!({ "query": WHO }).to_string();

    let graph = browser.send(page("/graphql"), Body::from(asked)).await;
    let rest = browser.send(page("/operations/anything"), Body::from("{}")).await;
    let mut socket = app
        .socket(
            "graphql-transport-ws",
            &[("cookie", &format!("{COOKIE}={}", browser.cookie().unwrap()))],
        )
        .await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
    socket.subscribe("1", WHO, json!({})).await;

    assert!(graph.expect_ok()["viewer"].is_null(), "{}", graph.text);
    assert_eq!(rest.status, 404);
    assert!(socket.hear().await.said()["payload"]["data"]["viewer"].is_null());
}

#[tokio::test]
async fn a_bearer_token_is_nothing_to_the_console() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let bearer = format!("Bearer {}", bank.bearer().unwrap());
    let asked = || Body::from(json!({ "query": WHO }).to_string());

    let alone = page("/console/graphql").header(header::AUTHORIZATION, &bearer);
    let alone = app.browser().send(alone, asked()).await;
    let rival = app.bank().await;
    let beside = page("/console/graphql")
        .header(header::AUTHORIZATION, &bearer)
        .header("camket-party", &bank.party().code);
    let beside = rival.at_console().await.send(beside, asked()).await;

    expect_problem(&alone, 401, "UNAUTHENTICATED");
    assert_eq!(beside.at("/viewer/party/code"), &rival.party().code);
}

#[tokio::test]
async fn a_bearer_token_is_nothing_to_a_socket_of_the_console() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let mut socket = rival.at_console().await.socket().await;
    let bearer = format!("Bearer {}", bank.bearer().unwrap());
    socket.say(json!({ "type": "connection_init", "payload": { "Authorization": bearer } })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");

    socket.subscribe("1", WHO, json!({})).await;

    let said = socket.hear().await.said();
    assert_eq!(said["payload"]["data"]["viewer"]["party"]["code"], rival.party().code);
}

#[tokio::test]
async fn scripts_of_other_origins_are_told_nothing_of_the_console() {
    let app = TestApp::start().await;
    let preflight = Request::options("/console/session")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("https://{HOST}"))
        .header("access-control-request-method", "POST");

    let reply = app.send(preflight.body(Body::empty()).unwrap()).await;

    assert_eq!(reply.status, 405);
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}
