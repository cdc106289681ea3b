//! Connects to hosts that may be asked, and to the very address that was judged: a name is resolved
//! once for each connection, so that it cannot stand for another address a moment later.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};
use tower::Service;

use super::reach::{Barred, Reach, Target};

/// How long one address may take to answer, where there may be another.
const PATIENCE: Duration = Duration::from_secs(1);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Finds the addresses of a name; the system does, and in tests a table.
pub trait Resolve: Clone + Send + Sync + 'static {
    fn resolve(
        &self,
        name: String,
        port: u16,
    ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;
}

/// The resolver of this machine.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Resolve for System {
    async fn resolve(&self, name: String, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, port)).await?.collect())
    }
}

/// Connects where [`Reach`] allows it.
#[derive(Clone, Debug)]
pub struct Pinned<R> {
    reach: Arc<Reach>,
    resolver: R,
}

impl<R: Resolve> Pinned<R> {
    pub fn new(reach: Reach, resolver: R) -> Self {
        Self { reach: Arc::new(reach), resolver }
    }

    async fn connect(self, uri: Uri) -> Result<TcpStream, BoxError> {
        let target = self.reach.target(&uri)?;
        let by_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if by_tls { 443 } else { 80 });
        let addresses = match target {
            Target::Address(address) => vec![SocketAddr::from((address, port))],
            Target::Name(name) => {
                let found = self.resolver.resolve(name, port).await?;
                self.allowed(&found, by_tls)?
            }
        };
        let mut failed: BoxError = "the name has no address".into();
        for address in addresses {
            match timeout(PATIENCE, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(cause)) => failed = cause.into(),
                Err(late) => failed = late.into(),
            }
        }
        Err(failed)
    }

    /// Of the addresses of a name those that may be asked, or why none may.
    fn allowed(&self, found: &[SocketAddr], by_tls: bool) -> Result<Vec<SocketAddr>, Barred> {
        let judged = found.iter().map(|address| (address, self.reach.allows(address.ip(), by_tls)));
        let (allowed, barred): (Vec<_>, Vec<_>) = judged.partition(|(_, judged)| judged.is_ok());
        match barred.first() {
            Some((_, Err(why))) if allowed.is_empty() => Err(*why),
            _ => Ok(allowed.into_iter().map(|(address, _)| *address).collect()),
        }
    }
}

impl<R: Resolve> Service<Uri> for Pinned<R> {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.clone().connect(uri);
        Box::pin(async { connecting.await.map(TokioIo::new) })
    }
}

/// Why a question was not asked, if it was because nobody may ask there.
pub fn barred(error: &(dyn std::error::Error + 'static)) -> Option<Barred> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(barred) = error.downcast_ref::<Barred>() {
            return Some(*barred);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        net::IpAddr,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use tokio::net::TcpListener;

    use super::*;
    use crate::http::outgoing::reach::Host;

    /// Answers each question from the next line of a table.
    #[derive(Clone)]
    struct Table {
        answers: &'static [&'static [&'static str]],
        asked: Arc<AtomicUsize>,
    }

    impl Resolve for Table {
        fn resolve(
            &self,
            _: String,
            port: u16,
        ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            let line = self.answers[number.min(self.answers.len() - 1)];
            let address = |text: &&str| SocketAddr::from((text.parse::<IpAddr>().unwrap(), port));
            ready(Ok(line.iter().map(address).collect()))
        }
    }

    fn pinned(hosts: &[&str], answers: &'static [&'static [&'static str]]) -> Pinned<Table> {
        let reach = hosts.iter().map(|host| host.parse::<Host>().unwrap()).collect();
        Pinned::new(reach, Table { answers, asked: Arc::default() })
    }

    async fn listening() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    async fn refused(pinned: &Pinned<Table>, url: &str) -> Option<Barred> {
        let mut service = pinned.clone();
        let error = service.call(url.parse().unwrap()).await.err()?;
        barred(&*error)
    }

    #[tokio::test]
    async fn what_was_judged_is_what_is_connected_to() {
        let (listener, port) = listening().await;
        let pinned = pinned(&["a.vn", "127.0.0.0/8"], &[&["127.0.0.1"], &["10.0.0.1"]]);

        let stream = pinned.clone().connect(format!("http://a.vn:{port}/").parse().unwrap()).await;

        assert_eq!(stream.unwrap().peer_addr().unwrap(), listener.local_addr().unwrap());
        assert_eq!(pinned.resolver.asked.load(Ordering::Relaxed), 1, "it is resolved once");
        // The next connection is judged anew.
        let url = format!("http://a.vn:{port}/");
        assert_eq!(refused(&pinned, &url).await, Some(Barred::Private));
    }

    #[tokio::test]
    async fn a_name_of_private_addresses_is_not_asked() {
        for answer in [&["127.0.0.1"][..], &["10.1.2.3", "192.168.0.1"], &["169.254.169.254"]] {
            let pinned = pinned(&["a.vn"], Box::leak(Box::new([answer])));
            assert_eq!(
                refused(&pinned, "https://a.vn/").await,
                Some(Barred::Private),
                "{answer:?}"
            );
        }
    }

    #[tokio::test]
    async fn of_several_addresses_only_those_that_may_are_asked() {
        let (listener, port) = listening().await;
        let pinned = pinned(&["a.vn", "127.0.0.0/8"], &[&["10.0.0.1", "127.0.0.1", "::1"]]);

        let stream = pinned.connect(format!("http://a.vn:{port}/").parse().unwrap()).await.unwrap();

        assert_eq!(stream.peer_addr().unwrap(), listener.local_addr().unwrap());
    }

    #[tokio::test]
    async fn public_addresses_are_asked_by_tls_alone() {
        let pinned = pinned(&["a.vn"], &[&["1.1.1.1"]]);
        assert_eq!(refused(&pinned, "http://a.vn/").await, Some(Barred::Plain));
    }

    #[tokio::test]
    async fn what_is_not_listed_is_not_even_resolved() {
        let pinned = pinned(&["a.vn"], &[&["1.1.1.1"]]);
        for url in ["https://b.vn/", "https://a.vn./", "http://127.0.0.1/", "https://1.1.1.1/"] {
            assert_eq!(refused(&pinned, url).await, Some(Barred::NotListed), "{url}");
        }
        assert_eq!(pinned.resolver.asked.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn an_address_in_a_url_needs_no_resolver() {
        let (_listener, port) = listening().await;
        let pinned = pinned(&["127.0.0.0/8"], &[&[]]);
        let url = format!("http://127.0.0.1:{port}/").parse().unwrap();
        assert!(pinned.clone().connect(url).await.is_ok());
        assert_eq!(pinned.resolver.asked.load(Ordering::Relaxed), 0);
    }
}
