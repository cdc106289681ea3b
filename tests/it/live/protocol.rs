//! `graphql-transport-ws`, sentence by sentence, with frames as they are.

use serde_json::{Value, json};
use tests::{Heard, Socket, TestApp};
use tokio_tungstenite::tungstenite::Message;

use super::PROTOCOL;

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
async fn an_initialisation_is_acknowledged_once() {
    let app = TestApp::start().await;
    let mut socket = raw(&app).await;

    socket.say(init()).await;
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
    for payload in [json!(null), json!("{ a }"), json!({}), json!({ "query": 1 }), json!([])] {
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
    socket.say(json!({ "type": "ping", "payload": { "any": "thing" } })).await;

    assert_eq!(socket.hear().await.said()["type"], "pong");
}

#[tokio::test]
async fn a_query_and_a_mutation_have_one_answer_and_an_end() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let mut socket = coordinator.connected().await;

    socket.subscribe("q", VIEWER, json!({})).await;

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
async fn an_id_in_use_is_closed_with_4409_and_one_that_is_complete_is_free() {
    let app = TestApp::start().await;
    let mut socket = app.coordinator().await.connected().await;
    socket.subscribe("1", EVENTS, json!({})).await;
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.say(json!({ "id": "never", "type": "complete" })).await;
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
