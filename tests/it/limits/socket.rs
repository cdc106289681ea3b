//! The same limits on a WebSocket: what is refused over HTTP is refused there, with the same code.

use serde_json::{Value, json};
use tests::TestApp;
use tokio_tungstenite::tungstenite::Message;

use super::texts::{aliases, circular, deep_variables, directives, doubling, many_values, nested};

#[tokio::test]
async fn a_document_is_refused_as_over_http() {
    let app = TestApp::start().await;
    let public = app.public();
    let mut documents = vec![aliases(1_000), directives(1_000), "__typename ".repeat(10_000)];
    documents[2] = format!("{{ {} }}", documents[2]);
    documents.extend([12, 20, 30, 60].map(doubling));
    documents.extend([200, 5_000, 50_000].into_iter().flat_map(nested));
    documents.extend(circular().map(str::to_owned));
    let mut socket = public.connected().await;

    for (id, document) in documents.iter().enumerate() {
        let over_http = public.ask(document).await;
        socket.subscribe(&id.to_string(), document, json!({})).await;

        let error = socket.hear().await.said();
        assert_eq!((&error["id"], &error["type"]), (&json!(id.to_string()), &json!("error")));
        let why = |errors: &[Value]| -> Vec<[Value; 2]> {
            let fields = ["code", "limit"];
            errors
                .iter()
                .map(|error| fields.map(|name| error["extensions"][name].clone()))
                .collect()
        };
        let (told, expected) = (why(error["payload"].as_array().unwrap()), why(over_http.errors()));
        assert!(!expected.is_empty() && told == expected, "{told:?}, over HTTP {expected:?}");
    }
}

#[tokio::test]
async fn a_message_of_too_many_values_or_levels_is_closed_with_4400() {
    let app = TestApp::start().await;
    let payloads = many_values(100_000).into_iter().chain([deep_variables(10_000)]);
    for payload in payloads {
        let mut socket = app.public().connected().await;

        let message = format!(r#"{{"id":"1","type":"subscribe","payload":{payload}}}"#);
        socket.send(Message::text(message)).await;

        assert_eq!(socket.hear().await.closed(), 4400);
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_is_closed_with_1009() {
    let app = TestApp::start().await;
    let mut socket = app.public().connected().await;

    socket.send(Message::text("x".repeat((1 << 20) + 1))).await;

    assert_eq!(socket.hear().await.closed(), 1009);
}
