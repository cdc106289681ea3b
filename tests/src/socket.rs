//! A WebSocket to the server under test, for frames as they are.

use std::{future::pending, net::SocketAddr};

use api::{config::Http, http::server::serve};
use axum::http::{Request, header};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, handshake::client::generate_key},
};

use crate::{Actor, HOST, TestApp};

/// One connection.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

/// What comes out of a connection.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Said(Value),
    Closed(u16, String),
    /// Without a word.
    Gone,
}

impl Heard {
    #[track_caller]
    pub fn said(self) -> Value {
        match self {
            Self::Said(value) => value,
            other => panic!("the socket ended: {other:?}"),
        }
    }

    #[track_caller]
    pub fn closed(self) -> u16 {
        match self {
            Self::Closed(code, _) => code,
            other => panic!("the socket goes on: {other:?}"),
        }
    }
}

impl TestApp {
    /// Listens on a port of this machine for as long as the runtime of the test lives.
    pub async fn listen(&self) -> SocketAddr {
        self.listen_with(Http::default()).await
    }

    /// The same, with settings of connections.
    pub async fn listen_with(&self, settings: Http) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("the listener has an address");
        let router = self.router.clone();
        tokio::spawn(async move { serve(listener, router, &settings, pending()).await });
        address
    }

    /// A socket that speaks a protocol, with headers.
    pub async fn socket(&self, protocol: &str, headers: &[(&str, &str)]) -> Socket {
        self.settle().await;
        Socket::connect(self.listen().await, protocol, headers).await
    }
}

impl Socket {
    /// A socket to wherever somebody listens.
    pub async fn connect(address: SocketAddr, protocol: &str, headers: &[(&str, &str)]) -> Self {
        Self::connect_to(address, "/graphql", protocol, headers).await
    }

    /// The same at another path.
    pub async fn connect_to(
        address: SocketAddr,
        path: &str,
        protocol: &str,
        headers: &[(&str, &str)],
    ) -> Self {
        Self::try_connect(address, path, protocol, headers).await.expect("the server upgrades")
    }

    /// The status with which the server answers instead of upgrading.
    pub async fn refused(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> u16 {
        match Self::try_connect(address, path, "graphql-transport-ws", headers).await {
            Ok(_) => 101,
            Err(Error::Http(response)) => response.status().as_u16(),
            Err(other) => panic!("no answer: {other}"),
        }
    }

    async fn try_connect(
        address: SocketAddr,
        path: &str,
        protocol: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let mut request = Request::get(format!("ws://{HOST}{path}"))
            .header(header::HOST, HOST)
            .header(header::UPGRADE, "websocket")
            .header(header::CONNECTION, "Upgrade")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, generate_key());
        if !protocol.is_empty() {
            request = request.header(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("the request is well-formed");
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a frame is sent when it is said");
        let (stream, _) = client_async(request, stream).await?;
        Ok(Self { stream })
    }
}

impl Actor {
    /// A connection that is ready for operations.
    pub async fn connected(&self) -> Socket {
        let mut socket = self.app.socket("graphql-transport-ws", &[]).await;
        let mut init = json!({ "type": "connection_init" });
        if let Some(bearer) = self.bearer() {
            init["payload"] = json!({ "Authorization": format!("Bearer {bearer}") });
        }
        socket.say(init).await;
        assert_eq!(socket.hear().await.said()["type"], "connection_ack");
        socket
    }
}

impl Socket {
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.stream.send(message).await.expect("the socket is open");
    }

    /// Subscribes with an id; what is answered is [`Self::hear`]d.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message or the end; pings of the server are not told.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Said(serde_json::from_str(&text).expect("messages are JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_)) => panic!("messages are texts"),
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }
}
