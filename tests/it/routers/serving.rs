//! The graph that is served: to routers whole, to everybody its public face, and the keys that
//! statements are verified with.

use api::{
    domain::{router_key, statement::write},
    graphql::guard::Limits,
    hub::budget::Rate,
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::TimeDelta;
use tests::{Reply, TestApp};

use super::{house, poll, serve, with};

async fn fetch(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Reply {
    app.public().send(with(Request::get(path), headers), Body::empty()).await
}

#[tokio::test]
async fn before_the_first_graph_there_is_none_to_serve() {
    let (app, key) = house().await;

    for reply in [poll(&app, &key, &[]).await, fetch(&app, "/registry/schema.graphql", &[]).await] {
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        reply.expect_fault("UNAVAILABLE");
        assert!(reply.text.contains("the composed graph, of which there is none yet"));
    }
}

#[tokio::test]
async fn a_router_polls_until_there_is_something_new() {
    let (app, key) = house().await;
    serve(&app, 1, "the first graph").await;

    let first = poll(&app, &key, &[]).await;
    assert_eq!((first.status, &*first.text), (StatusCode::OK, "the first graph"));
    assert_eq!(first.headers["camket-supergraph"], "1");
    assert_eq!(first.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(first.headers[header::CACHE_CONTROL], "private, no-cache");
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();

    let known = poll(&app, &key, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, &*known.text), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(known.headers["camket-supergraph"], "1");
    assert_eq!(known.headers[header::ETAG], tag);

    serve(&app, 2, "the second graph").await;
    let second = poll(&app, &key, &[("if-none-match", &tag)]).await;
    assert_eq!((second.status, &*second.text), (StatusCode::OK, "the second graph"));
    assert_eq!(second.headers["camket-supergraph"], "2");
    assert_ne!(second.headers[header::ETAG], tag);
}

#[tokio::test]
async fn a_poll_is_one_small_read() {
    let (app, key) = house().await;
    serve(&app, 1, "graph").await;
    poll(&app, &key, &[]).await;

    let statements = app.statements(poll(&app, &key, &[])).await;

    assert_eq!(statements.len(), 1, "{statements:?}");
    assert!(statements[0].contains("supergraph_head"), "{statements:?}");
}

#[tokio::test]
async fn the_graph_is_for_routers() {
    let (app, key) = house().await;
    serve(&app, 1, "graph").await;
    let manager = app.coordinator().await;

    for reply in [
        fetch(&app, "/registry/supergraph", &[]).await,
        fetch(&app, "/registry/supergraph", &[("camket-router", &key)]).await,
        manager.fetch("/registry/supergraph").await,
        poll(&app, "camket_router_guess", &[]).await,
    ] {
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.text);
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Camket-Router");
        assert!(!reply.text.contains("graph\""), "{}", reply.text);
    }
    assert_eq!(app.api.sign_in.attempts.counts().failed, 1, "no key is no wrong key");
    router_key::write::revoke(&app.api, "one").await.unwrap();
    app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(poll(&app, &key, &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_head_is_answered_without_the_text_and_a_long_text_is_compressed() {
    let (app, key) = house().await;
    serve(&app, 1, &"type Query ".repeat(1000)).await;

    let request = Request::builder().method(Method::HEAD).uri("/registry/supergraph");
    let request = request.header("x-hive-cdn-key", &key);
    let head = app.public().send(request, Body::empty()).await;
    let short = poll(&app, &key, &[("accept-encoding", "gzip")]).await;

    assert_eq!((head.status, &*head.text), (StatusCode::OK, ""));
    assert_eq!(head.headers["camket-supergraph"], "1");
    assert_eq!(short.headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(short.headers[header::ETAG], head.headers[header::ETAG]);
}

#[tokio::test]
async fn another_method_or_host_is_refused() {
    let (app, key) = house().await;
    for (path, method) in [
        ("/registry/supergraph", Method::POST),
        ("/registry/schema.graphql", Method::DELETE),
        ("/registry/jwks.json", Method::POST),
        ("/registry/statements", Method::GET),
    ] {
        let request = Request::builder().method(method.clone()).uri(path);
        let reply = app.public().send(request.header("x-hive-cdn-key", &key), Body::empty()).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");

        let rebound = Request::builder().method(method).uri(path).header("host", "evil.example");
        let reply = app.send(rebound.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn everybody_may_have_the_public_schema() {
    let (app, _) = house().await;
    serve(&app, 7, "secret joins").await;

    let schema = fetch(&app, "/registry/schema.graphql", &[]).await;

    assert_eq!((schema.status, &*schema.text), (StatusCode::OK, "type Query { number: Int } # 7"));
    assert_eq!(schema.headers["camket-supergraph"], "7");
    assert_eq!(schema.headers[header::CACHE_CONTROL], "public, no-cache");
    let tag = schema.headers[header::ETAG].to_str().unwrap();
    let known = fetch(&app, "/registry/schema.graphql", &[("if-none-match", tag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_public_pays_for_a_schema_that_it_does_not_know() {
    let rate = Rate { points: 1_500, per_second: 1 };
    let limits = Limits { public: rate, ..Limits::default() };
    let app = TestApp::limited(limits).await;
    serve(&app, 1, "graph").await;
    let from = |address: &str| app.public().at_address(address);
    let path = "/registry/schema.graphql";

    let first = from("192.0.2.1").fetch(path).await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    let second = from("192.0.2.1").fetch(path).await;
    let known = from("192.0.2.1").with_header("if-none-match", tag).fetch(path).await;
    let neighbour = from("192.0.2.2").fetch(path).await;

    let statuses = [first, second, known, neighbour].map(|reply| reply.status.as_u16());
    assert_eq!(statuses, [200, 429, 304, 200]);
}

#[tokio::test]
async fn a_key_is_published_for_a_day_after_it_was_replaced() {
    let (app, _) = house().await;
    let kids = async || {
        let jwks = fetch(&app, "/registry/jwks.json", &[]).await;
        let keys = jwks.body["keys"].as_array().unwrap().clone();
        assert!(keys.iter().all(|key| key["kty"] == "OKP" && key["crv"] == "Ed25519"));
        assert!(keys.iter().all(|key| key["alg"] == "EdDSA" && key["use"] == "sig"));
        assert!(!jwks.text.contains("\"d\""), "no private key: {}", jwks.text);
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = kids().await;
    assert_eq!(first.len(), 1);

    app.clock.advance(TimeDelta::minutes(1));
    let second = write::rotate(&app.api).await.unwrap().to_string();
    app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(kids().await, [second.clone(), first[0].clone()]);

    app.clock.advance(TimeDelta::days(1) - TimeDelta::seconds(6));
    assert_eq!(kids().await.len(), 2);
    app.clock.advance(TimeDelta::seconds(6));
    assert_eq!(kids().await, [second]);
}

#[tokio::test]
async fn the_keys_of_statements_cost_no_statement_for_each_request() {
    let (app, _) = house().await;
    let jwks = "/registry/jwks.json";

    let first = app.count_statements(fetch(&app, jwks, &[])).await;
    let second = app.count_statements(fetch(&app, jwks, &[])).await;

    assert_eq!((first, second), (2, 0));
}
