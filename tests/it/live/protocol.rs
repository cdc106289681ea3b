//! `graphql-transport-ws`, sentence by sentence, with frames as they are.

use std::{pin::pin, time::Duration};

use api::config::Http;
use serde_json::{Value, json};
use tests::{Heard, Socket, TestApp};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::{CHANGED, PROTOCOL, now};
use crate::ledger::kit::{RAISE, activity, promise, proposed};

const VIEWER: &str = "{ viewer { party { id } } }";
const EVENTS: &str = "subscription { events { cursor } }";

async fn raw(app: &TestApp) -> Socket {
    app.socket(PROTOCOL, &[]).await
}

fn init() -> Value {
    json!({ "type": "connection_init" })
}

#[tokio::test]
async fn another_protocol_or_none_is_closed_with_4406() {
    let app = TestApp::start().await;
    for protocol in ["", "graphql-ws", "chat"] {
        let mut socket = app.socket(protocol, &[]).await;

        assert_eq!(socket.hear().await.closed(), 4406, "{protocol}");
    }
}

#[tokio::test]
async fn the_protocol_is_taken_where_it_is_offered_among_others() {
    let app = TestApp::start().await;
    let mut socket = app.socket("graphql-ws, graphql-transport-ws", &[]).await;

    socket.say(init()).await;

    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
}

#[tokio::test]
async fn an_initialisation_is_acknowledged_once() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;

    socket.say(json!({ "type": "connection_init", "payload": null })).await;
    assert_eq!(socket.hear().await.said(), json!({ "type": "connection_ack" }));
    socket.say(init()).await;

    assert_eq!(socket.hear().await.closed(), 4429);
}

#[tokio::test]
async fn who_does_not_initialise_in_time_is_closed_with_4408() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;
    tokio::time::pause();

    assert_eq!(socket.hear().await.closed(), 4408);
}

#[tokio::test]
async fn a_bad_credential_is_closed_with_4403() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;

    let payload = json!({ "authorization": "Bearer nobody" });
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;

    assert_eq!(socket.hear().await.closed(), 4403);
}

#[tokio::test]
async fn a_subscription_before_the_acknowledgement_is_closed_with_4401() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;

    socket.subscribe("1", VIEWER, json!({})).await;

    assert_eq!(socket.hear().await.closed(), 4401);
}

#[tokio::test]
async fn what_is_no_message_is_closed_with_4400() {
    let app = TestApp::start().await;
    let texts = [
        "",
        "nothing",
        "[]",
        "{}",
        r#""connection_init""#,
        r#"{"type":"connection_ack"}"#,
        r#"{"type":"start","id":"1"}"#,
        r#"{"type":1}"#,
        r#"[{"type":"connection_init"}]"#,
        r#"{"type":"next","id":"1","payload":{}}"#,
        r#"{"type":"connection_init","payload":"x"}"#,
        r#"{"type":"ping","payload":[]}"#,
        r#"{"type":"pong","payload":1}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"subscribe","payload":{"query":"{ viewer { language } }"}}"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{ viewer { language } }"}}"#,
        r#"{"type":"subscribe","id":1,"payload":{"query":"{ viewer { language } }"}}"#,
    ];
    let mut frames: Vec<Message> = texts.into_iter().map(Message::text).collect();
    frames.push(Message::binary(init().to_string().into_bytes()));
    for frame in frames {
        let mut socket = raw(&app).await;

        socket.send(frame.clone()).await;

        assert_eq!(socket.hear().await.closed(), 4400, "{frame:?}");
    }
}

#[tokio::test]
async fn an_operation_that_is_none_is_closed_with_4400() {
    let app = TestApp::start().await;
    for payload in [
        json!(null),
        json!("{ a }"),
        json!([]),
        json!({}),
        json!({ "query": 1 }),
        json!({ "query": VIEWER, "operationName": 1 }),
        json!({ "query": VIEWER, "variables": [] }),
        json!({ "query": VIEWER, "extensions": "x" }),
    ] {
        let mut socket = app.coordinator().await.connected().await;

        socket.say(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;

        assert_eq!(socket.hear().await.closed(), 4400, "{payload}");
    }
}

#[tokio::test]
async fn a_ping_is_answered_at_any_time_and_a_pong_is_not() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;

    socket.say(json!({ "type": "pong" })).await;
    for payload in [json!({ "any": "thing" }), json!(null)] {
        socket.say(json!({ "type": "ping", "payload": payload })).await;

        assert_eq!(socket.hear().await.said(), json!({ "type": "pong" }));
    }
}

#[tokio::test]
async fn a_query_has_one_answer_and_an_end() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let mut socket = coordinator.connected().await;

    let payload = json!({ "query": VIEWER, "operationName": null, "variables": null,
        "extensions": null });
    socket.say(json!({ "id": "q", "type": "subscribe", "payload": payload })).await;

    let next = socket.hear().await.said();
    assert_eq!((&next["id"], &next["type"]), (&json!("q"), &json!("next")));
    let party = &next["payload"]["data"]["viewer"]["party"]["id"];
    assert_eq!(party.as_str(), Some(&*coordinator.party().id.to_string()));
    assert_eq!(socket.hear().await.said(), json!({ "id": "q", "type": "complete" }));
}

#[tokio::test]
async fn what_is_not_executed_is_an_error_and_nothing_follows() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    let wrong = ["{ nonsense }", "{", "subscription { events { cursor } needRaised { cursor } }"];
    for (id, query) in wrong.into_iter().enumerate() {
        socket.subscribe(&id.to_string(), query, json!({})).await;

        let error = socket.hear().await.said();
        assert_eq!((&error["id"], &error["type"]), (&json!(id.to_string()), &json!("error")));
        assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
    }

    socket.subscribe("after", VIEWER, json!({})).await;
    assert_eq!(socket.hear().await.said()["id"], "after");
}

#[tokio::test]
async fn a_mutation_has_one_answer_and_an_end() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let (place, phones) =
        (app.commune("02014").await, activity(&app, "smartphones_handed_over").await);
    let mut socket = officer.connected().await;
    let input = json!({ "communeId": place.id.to_string(), "activityId": phones,
        "quantity": "7", "dueOn": "2026-12-31", "text": "", "idempotencyKey": app.key() });

    let mut made = Vec::new();
    for _ in 0..2 {
        socket.subscribe("m", RAISE, json!({ "input": input })).await;

        let next = socket.hear().await.said();
        assert_eq!((&next["id"], &next["type"]), (&json!("m"), &json!("next")));
        made.push(next["payload"]["data"]["raiseNeed"]["need"]["id"].clone());
        assert_eq!(socket.hear().await.said(), json!({ "id": "m", "type": "complete" }));
    }
    assert!(made[0].is_string() && made[0] == made[1], "the key replays: {made:?}");
}

#[tokio::test]
async fn an_error_in_a_field_comes_with_the_answer() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;

    socket.subscribe("1", "{ events(first: 1, after: \"x\") { hasMore } }", json!({})).await;

    let next = socket.hear().await.said();
    assert_eq!(next["type"], "next", "{next}");
    assert_eq!(next["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(socket.hear().await.said()["type"], "complete");
}

#[tokio::test]
async fn operations_run_beside_one_another_and_are_told_apart_by_their_ids() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let (place, phones) =
        (app.commune("02014").await, activity(&app, "smartphones_handed_over").await);
    let after = json!({ "after": now(&telecom).await });
    let mut socket = telecom.connected().await;
    for id in ["a", "b"] {
        socket.subscribe(id, CHANGED, after.clone()).await;
    }
    socket.subscribe("q", VIEWER, json!({})).await;
    for _ in 0..2 {
        assert_eq!(socket.hear().await.said()["id"], "q", "it does not wait for the others");
    }

    proposed(&telecom, &app, promise(place.id, &phones, 10)).await;

    let mut told = [socket.hear().await.said(), socket.hear().await.said()];
    told.sort_by_key(|message| message["id"].to_string());
    assert_eq!((&told[0]["id"], &told[1]["id"]), (&json!("a"), &json!("b")));
    let [a, b] = told.map(|message| message["payload"]["data"]["commitmentChanged"].clone());
    assert_eq!(a["commitment"], b["commitment"]);
}

#[tokio::test]
async fn a_complete_from_the_client_ends_the_events_of_that_operation_alone() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let (place, phones) =
        (app.commune("02014").await, activity(&app, "smartphones_handed_over").await);
    let after = json!({ "after": now(&telecom).await });
    let mut socket = telecom.connected().await;
    for id in ["stops", "goes on"] {
        socket.subscribe(id, CHANGED, after.clone()).await;
    }
    socket.say(json!({ "id": "stops", "type": "complete" })).await;

    for quantity in [1, 2] {
        proposed(&telecom, &app, promise(place.id, &phones, quantity)).await;
        assert_eq!(socket.hear().await.said()["id"], "goes on");
    }
    app.api.stop();

    assert_eq!(socket.hear().await.closed(), 1012, "nothing else was under way");
}

#[tokio::test]
async fn a_query_completed_before_its_answer_has_none() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;

    socket.subscribe("1", VIEWER, json!({})).await;
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.subscribe("2", VIEWER, json!({})).await;

    for kind in ["next", "complete"] {
        let message = socket.hear().await.said();
        assert_eq!((&message["id"], &message["type"]), (&json!("2"), &json!(kind)));
    }
    app.api.stop();
    assert_eq!(socket.hear().await.closed(), 1012);
}

#[tokio::test]
async fn a_complete_for_what_is_complete_is_passed_over() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    socket.subscribe("q", VIEWER, json!({})).await;
    socket.subscribe("wrong", "{ nonsense }", json!({})).await;
    for _ in 0..3 {
        socket.hear().await.said();
    }

    for id in ["q", "wrong", "never"] {
        socket.say(json!({ "id": id, "type": "complete" })).await;
    }
    socket.say(json!({ "type": "ping" })).await;

    assert_eq!(socket.hear().await.said()["type"], "pong");
}

#[tokio::test]
async fn an_id_in_use_is_closed_with_4409_whatever_it_asks_for() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    socket.subscribe("1", EVENTS, json!({})).await;

    socket.subscribe("1", VIEWER, json!({})).await;

    assert_eq!(socket.hear().await.closed(), 4409);
}

#[tokio::test]
async fn an_id_in_use_is_closed_with_4409_and_one_that_is_complete_is_free() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    socket.subscribe("1", EVENTS, json!({})).await;
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.subscribe("1", EVENTS, json!({})).await;
    socket.subscribe("2", VIEWER, json!({})).await;
    assert_eq!(socket.hear().await.said()["id"], "2");
    assert_eq!(socket.hear().await.said()["id"], "2");

    socket.subscribe("1", EVENTS, json!({})).await;

    let Heard::Closed(code, why) = socket.hear().await else { panic!("it goes on") };
    assert_eq!((code, &*why), (4409, "Subscriber for 1 already exists"));
}

#[tokio::test]
async fn a_server_that_stops_closes_with_1012() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;

    app.api.stop();

    assert_eq!(socket.hear().await.closed(), 1012);
}

#[tokio::test]
async fn a_socket_holds_its_place_among_the_connections() {
    let app = TestApp::start().await;
    let mut one = Http::default();
    one.connections = 1;
    let address = app.listen_with(one).await;
    let first = Socket::connect(address, PROTOCOL, &[]).await;

    let mut second = pin!(Socket::connect(address, PROTOCOL, &[]));
    let waited = timeout(Duration::from_millis(200), &mut second).await;
    assert!(waited.is_err(), "there is no place");
    drop(first);

    let mut second = second.await;
    second.say(init()).await;
    assert_eq!(second.hear().await.said()["type"], "connection_ack");
}

#[tokio::test]
async fn a_client_that_closes_with_1000_is_let_go_and_its_operations_end() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    socket.subscribe("1", EVENTS, json!({})).await;
    socket.subscribe("q", VIEWER, json!({})).await;
    for _ in 0..2 {
        socket.hear().await.said();
    }
    // The socket and the subscription.
    while app.api.streams.count() < 2 {
        tokio::task::yield_now().await;
    }

    let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    socket.send(Message::Close(Some(frame))).await;

    assert_eq!(socket.hear().await.closed(), 1000);
    while app.api.streams.count() > 0 {
        tokio::task::yield_now().await;
    }
}
