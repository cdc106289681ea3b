//! Slows down whoever tries tokens that are not good, per address, in this process. Whoever shares
//! the address of a network (a province's state bodies share one) and has a token that was good
//! lately is not slowed with it, and no other address is. A store that replicas share would stand
//! behind the same three calls.

use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    error::{Error, Result},
    http::ClientAddress,
    recent::Recent,
};

/// How many bad tokens an address may send in a minute.
pub const PER_MINUTE: u32 = 20;

/// What one bad token costs, and how much an address may owe. Debts are paid by waiting.
const COST: TimeDelta = TimeDelta::seconds(60 / PER_MINUTE as i64);
const CREDIT: TimeDelta = TimeDelta::seconds(60);

#[derive(Default)]
pub struct Attempts {
    /// When an address will owe nothing.
    debts: Mutex<Recent<IpAddr, DateTime<Utc>>>,
    /// The hashes of tokens that were good lately.
    good: Mutex<Recent<String, ()>>,
    failed: AtomicU64,
    slowed: AtomicU64,
}

/// What happened since the start, for those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Tokens that were not good.
    pub failed: u64,
    /// Requests that were told to wait.
    pub slowed: u64,
}

impl Attempts {
    /// Whether a token, known by its hash, may be looked at; before anything is asked about it.
    pub fn admit(&self, address: Option<IpAddr>, token: &str, now: DateTime<Utc>) -> Result<()> {
        let Some(address) = address.map(|address| ClientAddress(address).origin()) else {
            return Ok(());
        };
        let clear = lock(&self.debts).get(&address).copied().unwrap_or(now);
        let wait = clear - now + COST - CREDIT;
        if wait <= TimeDelta::zero() || lock(&self.good).get(token).is_some() {
            return Ok(());
        }
        self.slowed.fetch_add(1, Ordering::Relaxed);
        let seconds = wait.num_milliseconds().max(1).unsigned_abs().div_ceil(1000);
        Err(Error::RateLimited { retry_after: Duration::from_secs(seconds) })
    }

    pub fn was_good(&self, token: String) {
        lock(&self.good).put(token, ());
    }

    pub fn was_bad(&self, address: Option<IpAddr>, token: &str, now: DateTime<Utc>) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        lock(&self.good).forget(token);
        if let Some(address) = address.map(|address| ClientAddress(address).origin()) {
            let mut debts = lock(&self.debts);
            let clear = debts.get(&address).copied().unwrap_or(now).max(now);
            debts.put(address, (clear + COST).min(now + CREDIT));
        }
    }

    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts { failed: read(&self.failed), slowed: read(&self.slowed) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_413_600 + seconds, 0).unwrap()
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn wait(attempts: &Attempts, from: &str, token: &str, now: DateTime<Utc>) -> Option<u64> {
        match attempts.admit(address(from), token, now) {
            Ok(()) => None,
            Err(Error::RateLimited { retry_after }) => Some(retry_after.as_secs()),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn guessed(from: &str, times: u32) -> Attempts {
        let attempts = Attempts::default();
        for _ in 0..times {
            attempts.was_bad(address(from), "guess", at(0));
        }
        attempts
    }

    #[test]
    fn an_address_waits_after_as_many_as_it_may_and_pays_by_waiting() {
        let attempts = guessed("192.0.2.1", PER_MINUTE - 1);
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(0)), None);
        attempts.was_bad(address("192.0.2.1"), "guess", at(0));
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(0)), Some(3));
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(2)), Some(1));
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(3)), None);
        assert_eq!(attempts.counts(), Counts { failed: 20, slowed: 2 });
    }

    #[test]
    fn a_storm_is_forgiven_within_a_minute() {
        let attempts = guessed("192.0.2.1", 10_000);
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(0)), Some(3));
        assert_eq!(wait(&attempts, "192.0.2.1", "t", at(3)), None);
    }

    #[test]
    fn other_addresses_and_tokens_that_were_good_are_not_slowed() {
        let attempts = guessed("192.0.2.1", 100);
        attempts.was_good("known".to_owned());
        assert_eq!(wait(&attempts, "192.0.2.2", "t", at(0)), None);
        assert_eq!(wait(&attempts, "192.0.2.1", "known", at(0)), None);
        attempts.was_bad(address("192.0.2.1"), "known", at(0));
        assert!(wait(&attempts, "192.0.2.1", "known", at(0)).is_some());
        assert!(attempts.admit(None, "t", at(0)).is_ok(), "nobody's address is nobody's debt");
    }

    #[test]
    fn a_network_of_one_subscriber_is_one_address() {
        let attempts = guessed("2001:db8:1:2::1", PER_MINUTE);
        assert!(wait(&attempts, "2001:db8:1:2:ffff::9", "t", at(0)).is_some());
        assert_eq!(wait(&attempts, "2001:db8:1:3::1", "t", at(0)), None);
        let attempts = guessed("::ffff:192.0.2.1", PER_MINUTE);
        assert!(wait(&attempts, "192.0.2.1", "t", at(0)).is_some());
    }
}
