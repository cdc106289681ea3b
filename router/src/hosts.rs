//! Which hosts of partners may be reached, by the rules by which `api` lets them be published: the
//! operator's list of exact names and networks, and of a name only the addresses that it may stand
//! for. Each address is judged *after* it was resolved, and what is judged is what is connected to.

use std::{
    collections::HashSet,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use hive_router::http::{Uri, uri::Authority};
use hyper_util::client::legacy::connect::dns::Name;
use ipnet::IpNet;
use tokio::net::lookup_host;
use tower_service::Service;

/// The operator's list. Empty, it admits nothing.
#[derive(Debug, Default)]
pub struct Hosts {
    names: HashSet<String>,
    networks: Vec<IpNet>,
}

impl Hosts {
    /// Reads the list. An entry is a network (`10.1.0.0/16`), an address, or an exact name.
    pub fn read(entries: &[String]) -> Result<Self, String> {
        let mut hosts = Self::default();
        for entry in entries.iter().map(|entry| entry.trim()) {
            if let Ok(network) = entry.parse::<IpNet>() {
                hosts.networks.push(network);
            } else if let Ok(address) = entry.parse::<IpAddr>() {
                hosts.networks.push(address.into());
            } else if is_name(entry) {
                hosts.names.insert(entry.to_ascii_lowercase());
            } else {
                return Err(format!("{entry:?} is neither a host's name nor a network"));
            }
        }
        Ok(hosts)
    }

    /// Whether a URI may lead somewhere: its host is a listed name, or an address of a listed
    /// network, which no resolver is asked about.
    pub fn admit(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default();
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_listed = match literal.unwrap_or(host).parse() {
            Ok(address) => self.holds(address),
            Err(_) => self.names.contains(&host.to_ascii_lowercase()),
        };
        let has_user =
            uri.authority().is_some_and(|authority: &Authority| authority.as_str().contains('@'));
        is_listed && !has_user && matches!(uri.scheme_str(), Some("http" | "https"))
    }

    /// Whether a listed name may stand for an address: for a public one by https, and for any in
    /// a listed network. Whoever owns the name decides where it leads, and must not lead into
    /// the operator's other networks.
    fn admit_address(&self, address: IpAddr, by_tls: bool) -> bool {
        self.holds(address) || (by_tls && is_public(address))
    }

    fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// What ends with a number is read as an address by some, and as a name by others: it is no name.
fn is_name(entry: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(fits);
    let last = entry.rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with(|first: char| first.is_ascii_digit());
    entry.len() <= 253 && !is_number && entry.split('.').all(is_label)
}

/// Whether an address belongs to the public internet, in its plain form. What is kept for other
/// uses does not (RFC 6890), nor what leads to an address inside another.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224.., ..)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    let global_unicast = (0x2000..0x4000).contains(&first);
    let teredo_to_orchid = first == 0x2001 && second < 0x0200;
    let documentation =
        (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    let six_to_four = first == 0x2002;
    let as112 = (first, second, third) == (0x2620, 0x4f, 0x8000);
    global_unicast && !as112 && !teredo_to_orchid && !documentation && !six_to_four
}

/// Resolves names for a client: to whatever they stand for, or to what may be reached.
#[derive(Clone)]
pub enum Resolver {
    /// Of `api`, whose address the operator sets.
    Any,
    /// Of partners.
    Listed {
        /// The list.
        hosts: Arc<Hosts>,
        /// Whether they are asked by https.
        by_tls: bool,
    },
}

impl Resolver {
    fn admits(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Listed { hosts, by_tls } => hosts.admit_address(address, *by_tls),
        }
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolver = self.clone();
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<_> = found.filter(|found| resolver.admits(found.ip())).collect();
            if admitted.is_empty() {
                let why = format!("{} leads to no address that may be reached", name.as_str());
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
            }
            Ok(admitted.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(entries: &[&str]) -> Hosts {
        Hosts::read(&entries.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    fn leads(entries: &[&str], uri: &str) -> bool {
        hosts(entries).admit(&uri.parse().unwrap())
    }

    fn stands_for(entries: &[&str], address: &str, by_tls: bool) -> bool {
        hosts(entries).admit_address(address.parse().unwrap(), by_tls)
    }

    #[test]
    fn an_empty_list_admits_nothing() {
        assert!(!leads(&[], "https://graph.partner.vn/graphql"));
        assert!(!leads(&[], "http://127.0.0.1/graphql"));
    }

    #[test]
    fn a_uri_leads_to_listed_names_and_to_addresses_of_listed_networks() {
        let entries = ["Graph.partner.vn", "localhost", "10.1.0.0/16", "127.0.0.1", "fd00::/8"];
        for uri in [
            "https://graph.partner.vn/graphql",
            "http://GRAPH.PARTNER.VN:4200",
            "http://localhost/graphql",
            "http://10.1.2.3/graphql",
            "http://127.0.0.1:4200/graphql",
            "http://[fd00::7]/graphql",
            "http://[::ffff:10.1.2.3]/graphql",
        ] {
            assert!(leads(&entries, uri), "{uri}");
        }
        for uri in [
            "https://partner.vn/graphql",
            "https://x.graph.partner.vn/graphql",
            "https://graph.partner.vn.evil.vn/graphql",
            "https://graph.partner.vn./graphql",
            "http://10.2.0.1/graphql",
            "http://127.0.0.2/graphql",
            "http://127.1/graphql",
            "http://0x7f000001/graphql",
            "http://2130706433/graphql",
            "http://[::1]/graphql",
            "http://user@10.1.2.3/graphql",
            "ftp://10.1.2.3/graphql",
            "/graphql",
        ] {
            assert!(!leads(&entries, uri), "{uri}");
        }
    }

    #[test]
    fn a_name_stands_for_public_addresses_by_https_alone() {
        for address in ["203.162.1.1", "8.8.8.8", "2405:4800::1"] {
            assert!(stands_for(&[], address, true), "{address}");
            assert!(!stands_for(&[], address, false), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!stands_for(&[], address, true), "{address}");
        }
    }

    #[test]
    fn a_name_stands_for_a_private_address_where_a_network_holds_it() {
        for by_tls in [true, false] {
            assert!(stands_for(&["10.1.0.0/16"], "10.1.2.3", by_tls));
            assert!(stands_for(&["10.1.0.0/16"], "::ffff:10.1.2.3", by_tls));
            assert!(!stands_for(&["10.1.0.0/16"], "10.2.2.3", by_tls));
        }
    }

    #[test]
    fn an_entry_that_is_neither_is_refused() {
        for entry in [
            "",
            ".",
            "*.partner.vn",
            "https://partner.vn",
            "partner.vn:443",
            "partner.vn.",
            "10.0.0.0/33",
            "127.1",
            "[::1]",
        ] {
            assert!(Hosts::read(&[entry.to_owned()]).is_err(), "{entry}");
        }
    }

    #[tokio::test]
    async fn a_resolver_hands_on_admitted_addresses_alone() {
        let resolve = |entries: &[&str]| {
            let hosts = Arc::new(hosts(entries));
            Resolver::Listed { hosts, by_tls: true }.call("localhost".parse().unwrap())
        };

        let admitted: Vec<_> = resolve(&["127.0.0.0/8"]).await.unwrap().collect();
        let refused = resolve(&["localhost", "10.0.0.0/8"]).await;

        assert!(admitted.iter().all(|address| address.ip() == Ipv4Addr::LOCALHOST));
        assert!(!admitted.is_empty());
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
