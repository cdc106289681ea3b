//! Who is at the other end of a connection, where proxies stand between.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap},
    middleware::Next,
    response::Response,
};

/// The address of the client, as far as it can be believed; an extension of each request. Limits
/// by address and networks of tokens go by it. It is never logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What counts as one address: of IPv6, the network that one subscriber gets.
    pub fn origin(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from(network))
            }
            v4 @ IpAddr::V4(_) => v4,
        }
    }
}

/// A network such as `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().map_err(|_| ())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(bits);
        if prefix > bits { Err(()) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differ = network.to_bits() ^ address.to_bits();
                differ.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differ = network.to_bits() ^ address.to_bits();
                differ.leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

/// Notes the client's address in the request.
pub async fn note(
    State(proxies): State<Arc<Vec<Network>>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = address(peer.ip(), request.headers(), &proxies, false);
        request.extensions_mut().insert(ClientAddress(client));
    }
    next.run(request).await
}

/// Whom a router of ours asks for, which is at the other end of the connection. One that is behind
/// another proxy has to be named like a proxy: who is at the other end is all that its key proves.
pub fn behind_router(
    extensions: &Extensions,
    headers: &HeaderMap,
    proxies: &[Network],
) -> Option<ClientAddress> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(ClientAddress(address(peer.ip(), headers, proxies, true)))
}

/// The last address before the trusted proxies. Each proxy appends whom it was asked by, so what
/// stands further to the left was sent by the client itself and proves nothing.
fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[Network], peer_is_router: bool) -> IpAddr {
    let is_trusted = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    let mut client = peer.to_canonical();
    let mut is_proxy = peer_is_router || is_trusted(client);
    let forwarded = headers.get_all("x-forwarded-for");
    let mut forwarded: Vec<&str> = forwarded
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .collect();
    while is_proxy {
        match forwarded.pop().and_then(|address| address.parse::<IpAddr>().ok()) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
        is_proxy = is_trusted(client);
    }
    client
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        seen_as(peer, forwarded, false)
    }

    fn seen_as(peer: &str, forwarded: &[&'static str], is_router: bool) -> String {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "fd00::1".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        address(peer.parse().unwrap(), &headers, &proxies, is_router).to_string()
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_nobody_else() {
        for (peer, forwarded, client) in [
            ("203.0.113.5", &["198.51.100.1"][..], "203.0.113.5"),
            ("10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["8.8.8.8, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["8.8.8.8", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            ("fd00::2", &["2001:db8::7"], "fd00::2"),
            ("::ffff:10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &[], "10.1.2.3"),
            ("10.1.2.3", &["unknown"], "10.1.2.3"),
        ] {
            assert_eq!(seen(peer, forwarded), client, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_router_is_believed_about_one_address_and_nobody_further() {
        for (peer, forwarded, client) in [
            ("203.0.113.5", &["198.51.100.1"][..], "198.51.100.1"),
            ("203.0.113.5", &["8.8.8.8, 198.51.100.1"], "198.51.100.1"),
            ("203.0.113.5", &["198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            ("203.0.113.5", &[], "203.0.113.5"),
            // It is on a network of proxies itself, and believed once.
            ("10.1.2.3", &["8.8.8.8, 198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(seen_as(peer, forwarded, true), client, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_network_is_an_address_with_or_without_a_prefix() {
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "example.vn", "10.0.0.0/x"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.holds("203.0.113.5".parse().unwrap()));
    }
}
