//! Which hosts may be asked in the name of a partner: those that the operator has listed, and of a
//! name only the addresses that it may stand for. Pure: names are resolved elsewhere.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use axum::http::{Uri, uri::Authority};

use crate::http::Network;

/// The longest name of a host.
const MAX_NAME: usize = 253;

/// What the operator lists: a name to the letter, or a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Name(String),
    Network(Network),
}

impl FromStr for Host {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(network) = text.parse() {
            return Ok(Self::Network(network));
        }
        let is_of_a_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let is_label = |label: &str| !label.is_empty() && label.chars().all(is_of_a_label);
        // What ends with a number is read as an address by some, and as a name by others.
        let last = text.rsplit('.').next().unwrap_or_default();
        let is_number = last.starts_with(|c: char| c.is_ascii_digit());
        if text.len() > MAX_NAME || is_number || !text.split('.').all(is_label) {
            return Err(());
        }
        Ok(Self::Name(text.to_ascii_lowercase()))
    }
}

/// Why something is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    #[error("the address is neither http nor https")]
    Scheme,
    #[error("the address has no host, or a user or password")]
    Malformed,
    #[error("the host is not on the operator's list")]
    NotListed,
    #[error("the name stands for a private address")]
    Private,
    #[error("a public address is asked by https alone")]
    Plain,
}

/// Where a URL leads, before a name in it is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Address(IpAddr),
    Name(String),
}

/// The hosts that may be asked; none by default.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    names: HashSet<String>,
    networks: Vec<Network>,
}

impl FromIterator<Host> for Reach {
    fn from_iter<I: IntoIterator<Item = Host>>(hosts: I) -> Self {
        let mut reach = Self::default();
        for host in hosts {
            match host {
                Host::Name(name) => _ = reach.names.insert(name),
                Host::Network(network) => reach.networks.push(network),
            }
        }
        reach
    }
}

impl Reach {
    /// Where a URL leads, if its host is listed: a name to the letter, an address by its network.
    pub fn target(&self, uri: &Uri) -> Result<Target, Barred> {
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(Barred::Scheme);
        }
        let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        if host.is_empty() || authority.contains('@') {
            return Err(Barred::Malformed);
        }
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        if let Ok(address) = literal.unwrap_or(host).parse() {
            return match self.is_listed(address) {
                true => Ok(Target::Address(address)),
                false => Err(Barred::NotListed),
            };
        }
        let name = host.to_ascii_lowercase();
        if self.names.contains(&name) { Ok(Target::Name(name)) } else { Err(Barred::NotListed) }
    }

    /// Whether an address that a listed name stands for may be asked: by https where it is public,
    /// and otherwise only where its network is listed.
    pub fn allows(&self, address: IpAddr, by_tls: bool) -> Result<(), Barred> {
        match () {
            () if self.is_listed(address) => Ok(()),
            () if !is_public(address) => Err(Barred::Private),
            () if !by_tls => Err(Barred::Plain),
            () => Ok(()),
        }
    }

    /// An address of version 4 in the form of version 6 is the same address.
    fn is_listed(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.holds(address))
    }
}

/// Whether an address is one of the whole internet, in its plain form. What registries keep for
/// other uses is not (RFC 6890), nor is what leads to an address inside another.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !is_special_v4(address),
        IpAddr::V6(address) => {
            // What is given out (2000::/3), without Teredo, documentation and 6to4.
            let [first, second, ..] = address.segments();
            first & 0xe000 == 0x2000
                && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
                && first != 0x2002
                && !(first == 0x3fff && second < 0x1000)
                && !is_within_v6(address, [0x2620, 0x4f, 0x8000])
        }
    }
}

fn is_special_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        // This network, private, loopback, multicast, and what is kept.
        (0 | 10 | 127 | 224.., ..) => true,
        // Of providers to their customers.
        (100, 64..128, _) => true,
        (169, 254, _) | (172, 16..32, _) | (192, 168, _) => true,
        // Protocols, documentation, 6to4 and AS112, measuring.
        (192, 0, 0 | 2) | (192, 88, 99) | (192, 31, 196) | (192, 52, 193) | (192, 175, 48) => true,
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    }
}

fn is_within_v6(address: Ipv6Addr, network: [u16; 3]) -> bool {
    address.segments().starts_with(&network)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(hosts: &[&str]) -> Reach {
        hosts.iter().map(|host| host.parse::<Host>().unwrap()).collect()
    }

    fn target(reach: &Reach, url: &str) -> Result<Target, Barred> {
        reach.target(&url.parse().unwrap())
    }

    #[test]
    fn a_host_is_a_plain_name_or_a_network() {
        for good in
            ["localhost", "Graph.Example.vn", "a_b-c.vn", "10.0.0.0/8", "::1", "203.0.113.7"]
        {
            assert!(good.parse::<Host>().is_ok(), "{good}");
        }
        let long = format!("{}.vn", "a".repeat(260));
        for bad in [
            "",
            ".",
            "graph.example.vn.",
            "*.vn",
            "a..vn",
            "a.vn:443",
            "http://a.vn",
            "ví.vn",
            "a b",
            "10.0.0.0/33",
            "127.1",
            "2130706433",
            "0x7f000001",
            "a.0x7f",
            "[::1]",
            &long,
        ] {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_listed_to_the_letter() {
        let reach = reach(&["graph.example.vn", "localhost", "xn--v-hga.vn"]);
        for (url, name) in [
            ("https://graph.example.vn/graphql", "graph.example.vn"),
            ("https://GRAPH.example.VN:8443/", "graph.example.vn"),
            ("http://localhost:4201", "localhost"),
            ("https://xn--v-hga.vn/", "xn--v-hga.vn"),
        ] {
            assert_eq!(target(&reach, url), Ok(Target::Name(name.to_owned())), "{url}");
        }
        for url in [
            "https://graph.example.vn./",
            "https://www.graph.example.vn/",
            "https://example.vn/",
            "https://graph.example.vn.evil.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://graph%2eexample.vn/",
        ] {
            let Ok(uri) = url.parse() else { continue };
            assert!(reach.target(&uri).is_err(), "{url}");
        }
    }

    #[test]
    fn what_is_no_plain_url_is_malformed() {
        let reach = reach(&["a.vn"]);
        assert_eq!(target(&reach, "ftp://a.vn/"), Err(Barred::Scheme));
        assert_eq!(target(&reach, "/graphql"), Err(Barred::Scheme));
        assert_eq!(target(&reach, "https://user:secret@a.vn/"), Err(Barred::Malformed));
        assert_eq!(target(&reach, "https://a.vn@b.vn/"), Err(Barred::Malformed));
    }

    #[test]
    fn an_address_in_a_url_lies_in_a_listed_network() {
        let reach = reach(&["10.20.0.0/16", "fd00::/8", "203.0.113.7"]);
        for url in [
            "http://10.20.30.40:4201/graphql",
            "http://[fd12::1]/",
            "http://203.0.113.7/",
            "http://[::ffff:10.20.30.40]/",
        ] {
            assert!(matches!(target(&reach, url), Ok(Target::Address(_))), "{url}");
        }
        for url in [
            "https://8.8.8.8/",
            "http://10.21.0.1/",
            "http://[::ffff:10.21.0.1]/",
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://0.0.0.0/",
        ] {
            assert_eq!(target(&reach, url), Err(Barred::NotListed), "{url}");
        }
    }

    #[test]
    fn a_name_stands_for_public_addresses_or_listed_networks() {
        let reach = reach(&["a.vn", "10.20.0.0/16", "fd12::/16"]);
        let allows = |address: &str, tls| reach.allows(address.parse().unwrap(), tls);
        for public in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"] {
            assert_eq!(allows(public, true), Ok(()), "{public}");
            assert_eq!(allows(public, false), Err(Barred::Plain), "{public}");
        }
        for listed in ["10.20.1.2", "fd12::5", "::ffff:10.20.1.2"] {
            assert_eq!(allows(listed, false), Ok(()), "{listed}");
        }
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "10.21.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd13::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(allows(private, true), Err(Barred::Private), "{private}");
        }
    }

    #[test]
    fn nothing_is_listed_by_default() {
        assert_eq!(target(&Reach::default(), "https://a.vn/"), Err(Barred::NotListed));
    }
}
