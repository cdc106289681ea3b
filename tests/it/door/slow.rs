//! Requests that come slowly, or in too large pieces.

use api::config::Http;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use super::{HOST, Running, hasty, head, read};

const NAME: &str = "{ __typename }";

#[tokio::test]
async fn fifty_slow_heads_hold_no_place() {
    let server = Running::start(hasty(50)).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = server.connect().await;
        stream.write_all(b"POST /graphql HTTP/1.1\r\nhost: ").await.unwrap();
        slow.push(stream);
    }

    let answer = server.ask(NAME).await;

    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for mut stream in slow {
        let answer = read(&mut stream).await;
        assert!(!answer.contains("200"), "{answer}");
    }
}

#[tokio::test]
async fn fifty_slow_bodies_hold_no_place_and_are_told_why() {
    let server = Running::start(hasty(50)).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = server.connect().await;
        stream.write_all(head(100).as_bytes()).await.unwrap();
        stream.write_all(b"{").await.unwrap();
        slow.push(stream);
    }

    let answer = server.ask(NAME).await;

    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for mut stream in slow {
        let answer = read(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("connection: close") && answer.contains("TIMEOUT"), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let server = Running::start(hasty(50)).await;
    let mut silent = server.connect().await;

    let answer = read(&mut silent).await;

    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn a_body_of_fifty_megabytes_is_refused_and_the_refusal_can_be_read() {
    let server = Running::start(Http::default()).await;

    for chunked in [false, true] {
        let mut stream = server.connect().await;
        let head = if chunked {
            head(0).replace("content-length: 0", "transfer-encoding: chunked")
        } else {
            head(50 << 20)
        };
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = while_sending(stream, chunked).await;

        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
        assert!(answer.contains("BAD_USER_INPUT"), "{answer}");
    }
}

#[tokio::test]
async fn headers_of_64_kilobytes_are_refused() {
    let server = Running::start(Http::default()).await;
    let one = format!("x-long: {}\r\n", "x".repeat(64 << 10));
    let many: String = (0..4_000).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let long_url =
        format!("GET /graphql?query={} HTTP/1.1\r\nhost: {HOST}\r\n\r\n", "x".repeat(70_000));

    for request in [
        format!("GET /graphql HTTP/1.1\r\nhost: {HOST}\r\n{one}\r\n"),
        format!("GET /graphql HTTP/1.1\r\nhost: {HOST}\r\n{many}\r\n"),
        long_url,
    ] {
        let mut stream = server.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read(&mut stream).await;

        let refused = ["HTTP/1.1 431 ", "HTTP/1.1 414 "];
        assert!(refused.iter().any(|status| answer.starts_with(status)), "{answer}");
    }
}

/// Sends a body that never ends while reading the answer.
async fn while_sending(stream: TcpStream, chunked: bool) -> String {
    let (mut reader, mut writer) = stream.into_split();
    let mut sending = JoinSet::new();
    sending.spawn(async move {
        let piece = "x".repeat(64 << 10);
        let piece = if chunked { format!("{:x}\r\n{piece}\r\n", piece.len()) } else { piece };
        for _ in 0..800 {
            if writer.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    let mut answer = Vec::new();
    let all = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut answer);
    tokio::time::timeout(super::PATIENCE, all).await.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}
