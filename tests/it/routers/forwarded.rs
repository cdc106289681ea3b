//! Whom a router asks for: with a good key it is believed about the client's address, and so the
//! limits by address are the client's.

use std::net::SocketAddr;

use api::{domain::router_key, graphql::guard::Limits, hub::budget::Rate};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use serde_json::json;
use tests::{HOST, Heard, Reply, Socket, TestApp};

/// May cost 111 points.
const PAGE: &str = "{ parties(first: 100) { nodes { id } } }";

/// Of a router, which is no proxy that anybody named.
const ROUTER: &str = "203.0.113.5:40000";

async fn house() -> (TestApp, String) {
    let rate = Rate { points: 120, per_second: 1 };
    let app = TestApp::limited(Limits { public: rate, streams: 1, ..Limits::default() }).await;
    let key = router_key::write::issue(&app.api, "one").await.unwrap();
    (app, key)
}

async fn ask(app: &TestApp, headers: &[(&str, &str)]) -> Reply {
    let peer: SocketAddr = ROUTER.parse().unwrap();
    let mut request = Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(peer));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({ "query": PAGE }).to_string();
    app.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn clients_of_a_router_have_points_by_their_own_addresses() {
    let (app, key) = house().await;
    let from = |address: &'static str| {
        let (app, key) = (app.clone(), key.clone());
        async move { ask(&app, &[("camket-router", &key), ("x-forwarded-for", address)]).await }
    };
    while from("198.51.100.1").await.status == StatusCode::OK {}

    assert_eq!(from("198.51.100.2").await.status, StatusCode::OK);
    // What stands further to the left was sent by the client itself.
    let forged = from("198.51.100.9, 198.51.100.1").await;
    assert_eq!(forged.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn without_a_good_key_nobody_is_believed() {
    let (app, key) = house().await;
    while ask(&app, &[]).await.status == StatusCode::OK {}

    let other = ("x-forwarded-for", "198.51.100.7");
    assert_eq!(ask(&app, &[other]).await.status, StatusCode::TOO_MANY_REQUESTS);
    let bad = ask(&app, &[other, ("camket-router", "guess")]).await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&app, &[other, ("camket-router", &key)]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sockets_of_a_router_are_counted_by_the_clients_addresses() {
    let (app, key) = house().await;
    let address = app.listen().await;
    let connect = |client: &'static str, key: String| async move {
        let mut socket = Socket::connect(address, "graphql-transport-ws", &[]).await;
        let payload = json!({ "camket-router": key, "x-forwarded-for": client });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        let heard = socket.hear().await;
        (socket, heard)
    };
    let acknowledged =
        |heard: &Heard| matches!(heard, Heard::Said(it) if it["type"] == "connection_ack");

    let (_held, first) = connect("198.51.100.1", key.clone()).await;
    let (_refused, second) = connect("198.51.100.1", key.clone()).await;
    let (_other, third) = connect("198.51.100.2", key.clone()).await;

    assert!(acknowledged(&first) && acknowledged(&third), "{first:?} {third:?}");
    assert!(matches!(second, Heard::Closed(4429, _)), "{second:?}");
}
