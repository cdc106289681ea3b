//! Who is told what happens over a socket. Where a server dies it goes on at another, after the
//! last event that it was told.

use std::{
    io,
    net::TcpStream,
    sync::atomic::Ordering::Relaxed,
    thread,
    time::{Duration, Instant},
};

use axum::http::{Request, header};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    self, Message, WebSocket,
    handshake::client::{Response, generate_key},
};

use super::{Alarm, PAUSE, Run, client::Client, reader::Account, world::Reader};
use crate::HOST;

const EVENTS: &str = "subscription ($after: String) { events(after: $after) {
    cursor event { id } } }";

const REST: &str = "query ($after: String) { events(first: 1, after: $after) {
    nodes { id } endCursor hasMore } }";

/// How long to listen before it is asked whether all is said.
const LISTEN: Duration = Duration::from_millis(500);

/// How long the last events may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn follow(run: &Run, who: &Reader) -> Account {
    let _alarm = Alarm(run);
    let mut client = Client::new(run, &who.token);
    let mut account = Account { name: who.live, told: Vec::new(), pages: 0 };
    let first = &client.ask(REST, &json!({ "after": null }))["events"];
    account.told.extend(first["nodes"][0]["id"].as_str().map(str::to_owned));
    let mut after = first["endCursor"].clone();
    let mut written_at = None;
    loop {
        let server = account.pages as usize % run.ports.len();
        account.pages += 1;
        let socket = connect(run.ports[server].load(Relaxed), who, &after);
        let Ok(mut socket) = socket else {
            thread::sleep(PAUSE);
            continue;
        };
        loop {
            match next(&mut socket) {
                Ok(Some(notice)) => {
                    account.told.extend(notice["event"]["id"].as_str().map(str::to_owned));
                    after = notice["cursor"].clone();
                }
                Ok(None) if run.is_written.load(Relaxed) => {
                    let rest = &client.ask(REST, &json!({ "after": after }))["events"];
                    if rest["nodes"] == json!([]) && rest["hasMore"] == false {
                        return account;
                    }
                    let since: &mut Instant = written_at.get_or_insert_with(Instant::now);
                    assert!(
                        since.elapsed() < PATIENCE,
                        "{}: the last events are missing",
                        who.live
                    );
                }
                Ok(None) => {}
                Err(_) => break,
            }
        }
    }
}

type Socket = WebSocket<TcpStream>;

/// A socket that follows the log from a cursor on.
fn connect(port: u16, who: &Reader, after: &Value) -> io::Result<Socket> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = Request::get(format!("ws://{HOST}/graphql"))
        .header(header::HOST, HOST)
        .header(header::UPGRADE, "websocket")
        .header(header::CONNECTION, "Upgrade")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, generate_key())
        .header(header::SEC_WEBSOCKET_PROTOCOL, "graphql-transport-ws")
        .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
        .body(())
        .expect("the request is well-formed");
    let shaken: Result<(Socket, Response), _> = tungstenite::client(request, stream);
    let (mut socket, _) = shaken.map_err(|_| io::ErrorKind::ConnectionAborted)?;
    let say = |socket: &mut Socket, message: Value| {
        let sent = socket.send(Message::text(message.to_string()));
        sent.map_err(|_| io::Error::from(io::ErrorKind::ConnectionAborted))
    };
    say(&mut socket, json!({ "type": "connection_init" }))?;
    let ready = read(&mut socket)?.ok_or(io::ErrorKind::TimedOut)?;
    assert_eq!(ready["type"], "connection_ack", "{ready}");
    let payload = json!({ "query": EVENTS, "variables": { "after": after } });
    say(&mut socket, json!({ "id": "live", "type": "subscribe", "payload": payload }))?;
    socket.get_ref().set_read_timeout(Some(LISTEN))?;
    Ok(socket)
}

/// The next notice; none if there is none for now.
fn next(socket: &mut Socket) -> io::Result<Option<Value>> {
    let Some(mut message) = read(socket)? else { return Ok(None) };
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"]["errors"].is_null(), "{message}");
    Ok(Some(message["payload"]["data"]["events"].take()))
}

fn read(socket: &mut Socket) -> io::Result<Option<Value>> {
    use io::ErrorKind::{ConnectionAborted, TimedOut, WouldBlock};
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => return Ok(serde_json::from_str(&text).ok()),
            Ok(Message::Close(_)) => return Err(ConnectionAborted.into()),
            Ok(_) => {}
            Err(tungstenite::Error::Io(cause)) if matches!(cause.kind(), WouldBlock | TimedOut) => {
                return Ok(None);
            }
            Err(_) => return Err(ConnectionAborted.into()),
        }
    }
}
