//! WebSocket: the protocol `graphql-transport-ws`. One task owns the socket; each operation is a
//! task of its own that hands its answers over one at a time, so that a client which reads slowly
//! slows its own operations down and nothing is piled up for it.

use std::{collections::HashMap, future::pending, pin::pin, sync::Arc, time::Duration};

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    http::{HeaderName, HeaderValue, header, request::Parts},
    response::Response,
};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{Instant, interval, sleep_until, timeout},
};

use super::{
    Door, Graph,
    asking::{Answer, Asking},
    auth,
    console::BySession,
    read, routers,
};
use crate::{error::Error, hub::streams::Place};

/// The protocol's name.
const PROTOCOL: &str = "graphql-transport-ws";

/// The code for a message that is longer than is taken.
const TOO_BIG: u16 = 1009;

/// How long a client may take to say who it is.
const INIT: Duration = Duration::from_secs(10);

/// How often a silent client is tried.
const BEAT: Duration = Duration::from_secs(20);

/// How long a client may be silent, or not read what it is sent.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a client may take to answer that a connection ends.
const LINGER: Duration = Duration::from_secs(2);

/// How long a connection may stand without an operation.
const IDLE: Duration = Duration::from_secs(10 * 60);

/// The most operations at a time on one connection.
const MAX_OPERATIONS: usize = 100;

/// How many answers of all operations wait to be sent.
const WAITING: usize = 8;

/// Takes the socket. A client that speaks something else is told so in it, which it hears only
/// where its own protocol is echoed.
pub fn upgrade(ws: WebSocketUpgrade, asking: Asking) -> Response {
    let offered = asking.parts.headers.get(header::SEC_WEBSOCKET_PROTOCOL);
    let offered = offered.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offered: Vec<String> = offered.split(',').map(|one| one.trim().to_owned()).collect();
    let speaks = offered.iter().any(|one| one == PROTOCOL);
    let chosen = if speaks { vec![PROTOCOL.to_owned()] } else { offered };
    let most = asking.door.settings.body_bytes;
    ws.protocols(chosen).max_message_size(most).max_frame_size(most).on_upgrade(
        move |socket| async move {
            let mut connection = Connection::new(asking, socket);
            let end = match speaks {
                true => connection.run().await,
                false => End::Close(4406, "Subprotocol not acceptable".to_owned()),
            };
            connection.close(end).await;
        },
    )
}

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The client is gone or does not read.
    Gone,
    /// The client is told a code and why.
    Close(u16, String),
}

impl End {
    fn invalid(why: &str) -> Self {
        Self::Close(4400, format!("Invalid message: {why}"))
    }
}

struct Connection {
    /// With what the client said about itself: of the upgrade, then of the initialisation.
    asking: Asking,
    socket: WebSocket,
    /// The place of a client that is ready for operations.
    place: Option<Place>,
    operations: HashMap<String, AbortHandle>,
    answers: mpsc::Receiver<Sent>,
    hand_over: mpsc::Sender<Sent>,
}

/// An answer of one operation.
struct Sent {
    id: String,
    /// Tells apart two operations that had one id, the first of which was completed.
    task: tokio::task::Id,
    answer: Answer,
}

impl Connection {
    fn new(asking: Asking, socket: WebSocket) -> Self {
        let (hand_over, answers) = mpsc::channel(WAITING);
        let operations = HashMap::new();
        Self { asking, socket, place: None, operations, answers, hand_over }
    }

    /// Speaks the protocol until somebody ends it.
    async fn run(&mut self) -> End {
        match self.speak().await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn speak(&mut self) -> Result<std::convert::Infallible, End> {
        let begun = Instant::now();
        let app = self.asking.door.graph.clone();
        let mut stopped = pin!(app.stopped());
        let (mut heard, mut busy) = (begun, begun);
        let mut beat = interval(BEAT);
        loop {
            if !self.operations.is_empty() {
                busy = Instant::now();
            }
            tokio::select! {
                message = self.socket.recv() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.hear(message).await?,
                        Some(Err(cause)) => return Err(broken(&cause)),
                        None => return Err(End::Gone),
                    }
                }
                Some(sent) = self.answers.recv() => self.answer(sent).await?,
                () = sleep_until(begun + INIT), if self.place.is_none() => {
                    let why = "Connection initialisation timeout".to_owned();
                    return Err(End::Close(4408, why));
                }
                _ = beat.tick() => {
                    if heard.elapsed() > PATIENCE {
                        return Err(End::Gone);
                    }
                    if busy.elapsed() > IDLE {
                        return Err(End::Close(1001, "Idle".to_owned()));
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
                () = &mut stopped => {
                    return Err(End::Close(1012, "Service restart".to_owned()));
                }
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(End::invalid("not a text")),
            Message::Close(_) => {
                // The answer to it is sent before something is read again.
                let _ = timeout(LINGER, self.socket.recv()).await;
                return Err(End::Gone);
            }
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        let limits = self.asking.door.graph.guard().limits();
        let mut message =
            read::message(&text, limits).map_err(|why| End::invalid(&why.to_string()))?;
        let id = || match &message["id"] {
            Value::String(id) if !id.is_empty() => Ok(id.clone()),
            _ => Err(End::invalid("an id is a text of at least one character")),
        };
        match message["type"].as_str() {
            Some("connection_init") => self.init(payload(&message)?).await,
            Some("ping") => {
                payload(&message)?;
                self.say(&json!({ "type": "pong" })).await
            }
            Some("pong") => payload(&message).map(|_| ()),
            Some("subscribe") => {
                let id = id()?;
                self.subscribe(id, message["payload"].take())
            }
            Some("complete") => {
                if let Some(operation) = self.operations.remove(&id()?) {
                    operation.abort();
                }
                Ok(())
            }
            _ => Err(End::invalid("no type that a client sends")),
        }
    }

    /// Who the client is: as the upgrade said, or as the payload says in the same names.
    async fn init(&mut self, payload: Option<&Value>) -> Result<(), End> {
        if self.place.is_some() {
            return Err(End::Close(4429, "Too many initialisation requests".to_owned()));
        }
        // Whoever comes by a session is known by it.
        let by_session = self.asking.parts.extensions.get::<BySession>().is_some();
        let names = [
            header::AUTHORIZATION.as_str(),
            auth::PARTY_HEADER,
            "accept-language",
            // What a router says in its upgrade, or here.
            routers::HEADER,
            "x-forwarded-for",
        ];
        for (name, value) in payload.and_then(Value::as_object).into_iter().flatten() {
            let Some(name) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) else {
                continue;
            };
            if by_session && *name != "accept-language" {
                continue;
            }
            let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
            let value = value.ok_or_else(|| End::invalid("what is said in it is no header"))?;
            Arc::make_mut(&mut self.asking.parts)
                .headers
                .insert(HeaderName::from_static(name), value);
        }
        let Door { graph: app, settings } = &self.asking.door;
        let Parts { headers, extensions, .. } = &*self.asking.parts;
        let client = routers::client(app, headers, extensions, &settings.trusted_proxies()).await;
        if let Some(client) = client {
            Arc::make_mut(&mut self.asking.parts).extensions.insert(client);
        }
        let caller = app.caller(&self.asking.parts).await;
        match caller.and_then(|caller| app.open_stream(&caller.viewer, caller.address)) {
            Ok(place) => {
                self.place = Some(place);
                self.say(&json!({ "type": "connection_ack" })).await
            }
            Err(Error::Unavailable(_) | Error::Internal(_)) => {
                Err(End::Close(1013, "Try again later".to_owned()))
            }
            Err(why @ (Error::RateLimited { .. } | Error::TooManyStreams)) => {
                Err(End::Close(4429, why.to_string()))
            }
            Err(why) => Err(End::Close(4403, format!("Forbidden: {why}"))),
        }
    }

    fn subscribe(&mut self, id: String, payload: Value) -> Result<(), End> {
        if self.place.is_none() {
            return Err(End::Close(4401, "Unauthorized".to_owned()));
        }
        if self.operations.contains_key(&id) {
            return Err(End::Close(4409, format!("Subscriber for {id} already exists")));
        }
        if self.operations.len() >= MAX_OPERATIONS {
            return Err(End::Close(4429, "Too many operations".to_owned()));
        }
        let request = read::operation(payload).map_err(|why| End::invalid(&why.to_string()))?;
        let asking = self.asking.clone();
        let (hand_over, name) = (self.hand_over.clone(), id.clone());
        let task = tokio::spawn(async move {
            let task = tokio::task::id();
            asking
                .run(request, |answer| {
                    let sent = Sent { id: name.clone(), task, answer };
                    let hand_over = &hand_over;
                    async move { hand_over.send(sent).await.is_ok() }
                })
                .await;
        });
        self.operations.insert(id, task.abort_handle());
        Ok(())
    }

    /// Passes an answer on, unless the client has completed the operation.
    async fn answer(&mut self, Sent { id, task, answer }: Sent) -> Result<(), End> {
        if self.operations.get(&id).is_none_or(|operation| operation.id() != task) {
            return Ok(());
        }
        let message = match answer {
            Answer::Next(response) => json!({ "id": id, "type": "next", "payload": response }),
            Answer::Error(errors) => json!({ "id": id, "type": "error", "payload": errors }),
            Answer::Complete => json!({ "id": id, "type": "complete" }),
        };
        if message["type"] != "next" {
            self.operations.remove(&id);
        }
        self.say(&message).await
    }

    async fn say(&mut self, message: &Value) -> Result<(), End> {
        self.send(Message::Text(message.to_string().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    async fn close(mut self, end: End) {
        if let End::Close(code, why) = end {
            let frame = CloseFrame { code, reason: shortened(why).into() };
            // Who is told may be gone already. What is not read when a socket is dropped resets the
            // connection, and the client might not learn why.
            let _ = self.send(Message::Close(Some(frame))).await;
            let unread = async {
                while let Some(Ok(_)) = self.socket.recv().await {}
                // The rest of what is too big cannot be read: the client is only given time.
                if code == TOO_BIG {
                    pending::<()>().await;
                }
            };
            let _ = timeout(LINGER, unread).await;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        for operation in self.operations.values() {
            operation.abort();
        }
    }
}

/// The payload of a message that may have one: an object.
fn payload(message: &Value) -> Result<Option<&Value>, End> {
    match message.get("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(payload) if payload.is_object() => Ok(Some(payload)),
        Some(_) => Err(End::invalid("a payload is an object")),
    }
}

/// What a frame is that cannot be read.
fn broken(cause: &axum::Error) -> End {
    let text = cause.to_string().to_lowercase();
    match () {
        () if text.contains("too long") || text.contains("too big") => {
            End::Close(TOO_BIG, "Message too big".to_owned())
        }
        () if text.contains("utf-8") => End::Close(1007, "Not UTF-8".to_owned()),
        () => End::Gone,
    }
}

/// A close frame has room for 123 bytes.
fn shortened(mut why: String) -> String {
    const ROOM: usize = 123;
    let end = (0..=ROOM.min(why.len())).rev().find(|at| why.is_char_boundary(*at));
    why.truncate(end.unwrap_or_default());
    why
}
