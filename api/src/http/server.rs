//! Connections: how many there are, how long each part of a request may take, and how they end.
//! Nobody holds a place by being slow: not in sending a head, nor a body, nor in reading.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};
use tower::ServiceExt;

use super::patient::Patient;
use crate::config::Http;

/// How long requests under way may take once the server is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// How long to wait where the system has no room for another connection.
const CROWDED: Duration = Duration::from_millis(50);

/// Serves until `stop` is done, then lets requests under way finish. Answers whether all did.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &Http,
    stop: impl Future<Output = ()>,
) -> bool {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(settings.head_seconds)
        .max_header_size(settings.head_bytes);
    let places = Arc::new(Semaphore::new(settings.connections));
    let stopping = watch::Sender::new(());
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                tracing::warn!(%cause, "a connection cannot be taken");
                tokio::time::sleep(CROWDED).await;
                continue;
            }
        };
        // Small answers leave at once; where that cannot be had they still leave.
        _ = stream.set_nodelay(true);
        let stream = TokioIo::new(Patient::new(stream, settings.body_seconds));
        let connection = http.serve_connection(stream, answers(router.clone(), peer));
        let mut stopping = stopping.subscribe();
        tokio::spawn(async move {
            let mut connection = pin!(connection.with_upgrades());
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = stopping.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(cause) = ended {
                tracing::debug!(%cause, "a connection ended badly");
            }
            drop((place, stopping));
        });
    }
    drop(listener);
    stopping.send_replace(());
    tokio::time::timeout(FAREWELL, stopping.closed()).await.is_ok()
}

/// Answers the requests of one connection.
fn answers(
    router: Router,
    peer: SocketAddr,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> {
    service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    })
}
