//! Router keys: how they are issued, kept and revoked, and what is done about those that are not
//! good.

use api::{
    app::App,
    config::Http,
    domain::router_key::{read, write},
    error::Error,
    http::{
        self, Hosts,
        auth::{Personas, attempts::PER_MINUTE},
    },
    tx::sha256,
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use entity::{event, router_key};
use serde_json::{Value, json};
use tests::{HOST, Heard, TestApp};
use tower::ServiceExt;

use super::{WHO, house, poll, serve};

const ADDRESS: &str = "192.0.2.7";

#[tokio::test]
async fn a_key_is_kept_as_a_hash_and_told_in_no_event() {
    let (app, key) = house().await;

    let rows = app.all(router_key::Entity).await;
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert!(key.starts_with("camket_router_"), "{key}");
    assert_eq!((&*row.name, &*row.hash, row.revoked_at), ("one", &*sha256(&key), None));
    write::revoke(&app.api, "one").await.unwrap();

    let events = app.all(event::Entity).await;
    let of_keys: Vec<_> =
        events.iter().filter(|event| event.subject == row.id.to_string()).collect();
    let types: Vec<&str> = of_keys.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(types, ["ROUTER_KEY_ISSUED", "ROUTER_KEY_REVOKED"]);
    assert!(events.iter().all(|event| !event.data.contains(&key)));
}

#[tokio::test]
async fn a_name_has_one_good_key() {
    let (app, _) = house().await;

    let second = write::issue(&app.api, "one").await.unwrap_err();
    assert!(matches!(&second, Error::BadInput(what) if what.contains("there is a router key one")));
    write::revoke(&app.api, "one").await.unwrap();
    let again = write::revoke(&app.api, "one").await.unwrap_err();
    assert!(matches!(&again, Error::BadInput(what) if what.contains("no router key one")));
    write::issue(&app.api, "one").await.unwrap();

    let listed = read::all(&app.api).await.unwrap();
    let revoked: Vec<bool> = listed.iter().map(|key| key.revoked_at.is_some()).collect();
    assert_eq!(revoked, [false, true], "the latest first");
}

#[tokio::test]
async fn a_renewed_key_takes_the_place_of_the_old_one() {
    let (app, old) = house().await;
    serve(&app, 1, "one").await;

    let new = write::renew(&app.api, "one").await.unwrap();

    assert_eq!(poll(&app, &old, &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(poll(&app, &new, &[]).await.status, StatusCode::OK);
    let other = write::renew(&app.api, "two").await.unwrap();
    assert_eq!(poll(&app, &other, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_revocation_takes_effect_within_five_seconds() {
    let (app, key) = house().await;
    let router = app.public().with_header("camket-router", &*key);
    router.ask(WHO).await.expect_ok();
    write::revoke(&app.api, "one").await.unwrap();

    app.clock.advance(TimeDelta::milliseconds(4_999));
    router.ask(WHO).await.expect_ok();
    app.clock.advance(TimeDelta::milliseconds(1));

    let refused = router.ask(WHO).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    refused.expect_fault("UNAUTHENTICATED");
}

#[tokio::test]
async fn a_router_costs_no_statement_for_each_request() {
    let (app, key) = house().await;
    let router = app.public().with_header("camket-router", &*key);

    let first = app.count_statements(router.ask(WHO)).await;
    let second = app.count_statements(router.ask(WHO)).await;

    assert_eq!((first, second), (1, 0));
}

#[tokio::test]
async fn a_bad_key_is_refused_whoever_the_client_is() {
    let (app, key) = house().await;
    let bank = app.bank().await;
    let mistyped = format!("{}x", &key[..key.len() - 1]);
    for bad in ["", "camket_router_", &mistyped, bank.bearer().unwrap()] {
        let through = bank.clone().with_header("camket-router", bad);

        for reply in [through.ask(WHO).await, through.call("WhoAmI", json!({})).await] {
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{bad}: {}", reply.text);
            assert!(reply.text.contains("this router key is not good"), "{}", reply.text);
            assert!(bad.is_empty() || !reply.text.contains(bad), "{}", reply.text);
        }
    }
    bank.clone().with_header("camket-router", key).ask(WHO).await.expect_ok();
}

#[tokio::test]
async fn a_key_changes_nothing_of_what_the_client_may_see() {
    let (app, key) = house().await;
    let bank = app.bank().await;

    let public = app.public().with_header("camket-router", &*key).ask(WHO).await;
    let signed_in = bank.clone().with_header("camket-router", key).ask(WHO).await;

    assert!(public.expect_ok()["viewer"].is_null());
    assert_eq!(signed_in.text_at("/viewer/party/code"), bank.party().code);
}

#[tokio::test]
async fn in_production_a_router_is_told_of_the_subgraph_for_whoever_asks() {
    let (app, key) = house().await;
    let production = App::new(app.db().clone(), app.clock.clone(), Personas::default());
    let router = http::router(production, Hosts::new([HOST.to_owned()]), &Http::default());
    let ask = async |key: Option<&str>| {
        let query = json!({ "query": "{ _service { sdl } }" }).to_string();
        let mut request = Request::post("/graphql")
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("camket-router", key);
        }
        let request = request.body(Body::from(query)).unwrap();
        let Ok(response) = router.clone().oneshot(request).await;
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    };

    let (public, through_router) = (ask(None).await, ask(Some(&key)).await);

    assert_eq!(public["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(public["data"], Value::Null);
    let sdl = through_router["data"]["_service"]["sdl"].as_str().unwrap();
    assert_eq!(sdl, api::graphql::federation::sdl());
}

#[tokio::test]
async fn a_router_key_is_no_token() {
    let (app, key) = house().await;
    app.bearer(&key).ask(WHO).await.expect_fault("UNAUTHENTICATED");
}

#[tokio::test]
async fn guessing_keys_is_told_to_wait_like_guessing_tokens() {
    let (app, key) = house().await;
    let router = app.public().with_header("camket-router", &*key).at_address(ADDRESS);
    router.ask(WHO).await.expect_ok();
    let guessing = app.public().with_header("camket-router", "guess").at_address(ADDRESS);
    for _ in 0..PER_MINUTE {
        assert_eq!(guessing.ask(WHO).await.status, StatusCode::UNAUTHORIZED);
    }

    let slowed = guessing.ask(WHO).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.headers[header::RETRY_AFTER], "3");
    let token = app.bearer("another-guess").at_address(ADDRESS).ask(WHO).await;
    assert_eq!(token.status, StatusCode::TOO_MANY_REQUESTS, "tokens and keys owe together");
    router.ask(WHO).await.expect_ok();
    assert_eq!(app.api.sign_in.attempts.counts().failed, u64::from(PER_MINUTE));
}

#[tokio::test]
async fn a_socket_shows_its_key_in_the_upgrade_or_the_initialisation() {
    let (app, key) = house().await;
    let init =
        |key: &str| json!({ "type": "connection_init", "payload": { "Camket-Router": key } });
    for (upgrade, init) in [
        (vec![("camket-router", &*key)], json!({ "type": "connection_init" })),
        (vec![], init(&key)),
    ] {
        let mut socket = app.socket("graphql-transport-ws", &upgrade).await;
        socket.say(init).await;
        assert_eq!(socket.hear().await.said()["type"], "connection_ack");
    }
    for (upgrade, init) in [
        (vec![("camket-router", "guess")], json!({ "type": "connection_init" })),
        (vec![], init("guess")),
    ] {
        let mut socket = app.socket("graphql-transport-ws", &upgrade).await;
        socket.say(init).await;
        let refused = "Forbidden: this router key is not good (any more)".to_owned();
        assert_eq!(socket.hear().await, Heard::Closed(4403, refused));
    }
}

#[tokio::test]
async fn a_revoked_router_asks_nothing_more_on_its_socket() {
    let (app, key) = house().await;
    let mut socket = app.socket("graphql-transport-ws", &[("camket-router", &*key)]).await;
    socket.say(json!({ "type": "connection_init" })).await;
    socket.hear().await.said();
    write::revoke(&app.api, "one").await.unwrap();
    app.clock.advance(TimeDelta::seconds(5));

    socket.subscribe("1", WHO, json!({})).await;

    let refused = socket.hear().await.said();
    assert_eq!(refused["type"], "error", "{refused}");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_coordinator_reads_of_keys_in_the_log_and_nobody_else() {
    let app = TestApp::start().await;
    let (coordinator, bank) = (app.coordinator().await, app.bank().await);
    write::issue(&app.api, "one").await.unwrap();
    let feed = "{ events(first: 1000) { nodes { type } } }";

    let told = coordinator.ask(feed).await;
    let others = bank.ask(feed).await;

    assert!(told.text.contains("ROUTER_KEY_ISSUED"), "{}", told.text);
    others.expect_ok();
    assert!(!others.text.contains("ROUTER_KEY"), "{}", others.text);
}
