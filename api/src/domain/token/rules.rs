//! What a token may be given, and where it works from.

use std::net::IpAddr;

use entity::{
    api_token::{Networks, Scope, Scopes},
    member::Role,
};
use ipnet::IpNet;

use crate::{
    authz::Acting,
    refusal::{Refusal, UserErrorCode},
};

/// The longest life of a token in days.
pub const MAX_DAYS: u32 = 365;
/// The life of a token that names none, in days.
pub const DEFAULT_DAYS: u32 = 90;
/// How long an old secret lives beside its successor, in hours, at most.
pub const MAX_OVERLAP_HOURS: u32 = 7 * 24;
/// The most characters of a label.
pub const MAX_LABEL: usize = 80;
/// The most networks of a token.
pub const MAX_NETWORKS: usize = 20;

pub fn days(days: i32) -> Result<u32, Refusal> {
    in_range("expiresInDays", days, 1, MAX_DAYS)
}

pub fn overlap_hours(hours: i32) -> Result<u32, Refusal> {
    in_range("overlapHours", hours, 0, MAX_OVERLAP_HOURS)
}

fn in_range(field: &str, value: i32, min: u32, max: u32) -> Result<u32, Refusal> {
    match u32::try_from(value) {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => {
            let refusal = UserErrorCode::OutOfRange.refuse().at(field);
            Err(refusal.with("min", min).with("max", max))
        }
    }
}

/// Reading is in every token; without any other scope it reads only.
pub fn scopes(wanted: impl IntoIterator<Item = Scope>) -> Scopes {
    wanted.into_iter().chain([Scope::Read]).collect()
}

/// Networks as a party writes them: with a prefix length, or one address. Each is kept as the
/// network that it lies in, and one inside another of the list adds nothing.
pub fn networks(wanted: &[String]) -> Result<Networks, Refusal> {
    if wanted.len() > MAX_NETWORKS {
        let refusal = UserErrorCode::WrongCount.refuse().at("networks");
        return Err(refusal.with("min", 0).with("max", MAX_NETWORKS));
    }
    let network = |(index, text): (usize, &String)| {
        let text = text.trim();
        let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        network.map(|network: IpNet| network.trunc()).ok_or_else(|| {
            let refusal = UserErrorCode::InvalidFormat.refuse().in_row("networks", index);
            refusal.with("expected", "203.0.113.0/24, 2001:db8::/48")
        })
    };
    let networks = wanted.iter().enumerate().map(network).collect::<Result<Vec<_>, _>>()?;
    Ok(IpNet::aggregate(&networks).into_iter().collect())
}

/// Whether a token works from an address; nobody knows where a request without one comes from.
pub fn works_from(networks: &Networks, address: Option<IpAddr>) -> bool {
    networks.is_empty()
        || address.is_some_and(|address| networks.iter().any(|network| network.contains(&address)))
}

/// A token that works from some networks gives none that works from elsewhere.
pub fn within_networks(issuer: &Networks, given: &Networks) -> Result<(), Refusal> {
    let inside = |network: IpNet| issuer.iter().any(|own| own.contains(&network));
    if issuer.is_empty() || !given.is_empty() && given.iter().all(inside) {
        return Ok(());
    }
    Err(UserErrorCode::ExceedsIssuer.refuse().at("networks"))
}

/// Nobody gives a role or a scope that it does not have.
pub fn within_issuer(issuer: &Acting, role: Role, scopes: &Scopes) -> Result<(), Refusal> {
    if role > issuer.role {
        return Err(UserErrorCode::ExceedsIssuer.refuse().at("role"));
    }
    match &issuer.scopes {
        Some(own) if !scopes.is_subset_of(own) => {
            Err(UserErrorCode::ExceedsIssuer.refuse().at("scopes"))
        }
        _ => Ok(()),
    }
}

/// What runs persisted operations alone gives no token that runs others.
pub fn as_bound(issuer: &Acting, persisted_only: bool) -> Result<(), Refusal> {
    if issuer.persisted_only && !persisted_only {
        return Err(UserErrorCode::ExceedsIssuer.refuse().at("persistedOnly"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_a_day_to_a_year() {
        assert_eq!(days(90), Ok(90));
        assert!(days(0).is_err() && days(366).is_err() && days(-1).is_err());
    }

    fn made(networks: &[&str]) -> Networks {
        let texts: Vec<String> = networks.iter().map(|text| (*text).to_owned()).collect();
        super::networks(&texts).unwrap()
    }

    #[test]
    fn networks_are_kept_in_one_form() {
        let shown = |networks: &[&str]| {
            made(networks).iter().map(|network| network.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[]), [""; 0]);
        assert_eq!(shown(&[" 203.0.113.7 "]), ["203.0.113.7/32"]);
        assert_eq!(shown(&["10.1.2.3/8", "10.9.0.0/16"]), ["10.0.0.0/8"]);
        assert_eq!(shown(&["2001:DB8::1/48", "192.0.2.0/24"]), ["192.0.2.0/24", "2001:db8::/48"]);
        for bad in ["", "example.vn", "10.0.0.0/33", "10.0.0", "10.0.0.0/8,10.1.0.0/16", "::/129"] {
            assert!(networks(&[bad.to_owned()]).is_err(), "{bad:?}");
        }
        assert!(networks(&vec!["10.0.0.1".to_owned(); 21]).is_err());
    }

    #[test]
    fn a_token_works_from_its_networks_or_from_everywhere() {
        let from = |networks: &[&str], address: &str| {
            works_from(&made(networks), Some(address.parse().unwrap()))
        };
        assert!(from(&[], "198.51.100.1") && works_from(&made(&[]), None));
        assert!(from(&["203.0.113.0/24", "2001:db8::/48"], "203.0.113.255"));
        assert!(from(&["203.0.113.0/24", "2001:db8::/48"], "2001:db8:0:9::1"));
        assert!(!from(&["203.0.113.0/24"], "203.0.114.0"));
        assert!(!works_from(&made(&["0.0.0.0/0"]), None));
    }

    #[test]
    fn networks_given_lie_inside_those_of_the_giver() {
        let given =
            |giver: &[&str], given: &[&str]| within_networks(&made(giver), &made(given)).is_ok();
        assert!(given(&[], &[]) && given(&[], &["10.0.0.0/8"]));
        assert!(given(&["10.0.0.0/8", "192.0.2.0/24"], &["10.2.0.0/16", "192.0.2.9"]));
        assert!(!given(&["10.0.0.0/8"], &[]) && !given(&["10.0.0.0/8"], &["0.0.0.0/0"]));
        assert!(!given(&["10.0.0.0/8"], &["10.2.0.0/16", "11.0.0.0/16"]));
    }

    #[test]
    fn every_token_reads() {
        assert!(scopes([]).contains(Scope::Read));
        assert!(scopes([Scope::Verify]).contains(Scope::Read));
    }
}
