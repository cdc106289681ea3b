//! How an operation ends that is not waited for, and how a server ends.

use std::time::Duration;

use api::config::Http;
use tokio::time::timeout;

use super::{PATIENCE, Running, but, read};

const WAIT: &str = "{ wait }";

#[tokio::test]
async fn an_operation_that_takes_too_long_is_stopped_and_told_so() {
    let settings = but(|http| http.request_seconds = Duration::from_millis(200));
    let server = Running::start(settings).await;

    let answer = server.ask(WAIT).await;

    assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
    assert!(answer.contains("\"code\":\"TIMEOUT\""), "{answer}");
    timeout(PATIENCE, server.signals.given_up.notified()).await.unwrap();
}

#[tokio::test]
async fn an_operation_stops_when_its_client_is_gone() {
    let server = Running::start(Http::default()).await;
    let client = server.send(WAIT).await;
    timeout(PATIENCE, server.signals.begun.notified()).await.unwrap();

    drop(client);

    let within = Duration::from_secs(1);
    timeout(within, server.signals.given_up.notified()).await.expect("it stops within a second");
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_is_under_way_and_takes_nothing_new() {
    let mut server = Running::start(Http::default()).await;
    let mut client = server.send(WAIT).await;
    let idle = server.connect().await;
    timeout(PATIENCE, server.signals.begun.notified()).await.unwrap();

    server.stop.take().unwrap().send(()).unwrap();
    while let Ok(stream) = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    server.signals.go_on.notify_one();
    let answer = read(&mut client).await;

    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("true"), "{answer}");
    let all_finished = timeout(Duration::from_secs(10), &mut server.server).await;
    assert!(all_finished.expect("it ends").unwrap());
    drop(idle);
}
