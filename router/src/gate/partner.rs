//! What is remembered of each partner: how many requests are under way, and whether it has failed
//! so often that it is left alone for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config;

/// All partners that were ever asked.
pub struct Partners {
    limits: config::Partners,
    known: Mutex<HashMap<String, Arc<Partner>>>,
}

/// One of them.
pub struct Partner {
    limits: config::Partners,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
}

/// Opens after so many failures in a row. While it is open one request per rest is let through,
/// and the first that succeeds closes it.
#[derive(Default)]
struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

/// One of the requests that a partner may have, until it is dropped.
pub type Place = OwnedSemaphorePermit;

/// Why a partner is not asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Closed {
    /// It has as many requests as it may have.
    Busy,
    /// It failed too often.
    Resting,
}

impl Partners {
    /// Nobody, so far.
    pub fn new(limits: config::Partners) -> Self {
        Self { limits, known: Mutex::default() }
    }

    /// What is known of a partner.
    pub fn of(&self, name: &str) -> Arc<Partner> {
        let mut known = locked(&self.known);
        if let Some(partner) = known.get(name) {
            return Arc::clone(partner);
        }
        let partner = Arc::new(Partner {
            limits: self.limits.clone(),
            requests: Arc::new(Semaphore::new(self.limits.requests)),
            streams: Arc::new(Semaphore::new(self.limits.streams)),
            breaker: Mutex::default(),
        });
        known.insert(name.to_owned(), Arc::clone(&partner));
        partner
    }
}

impl Partner {
    /// A place for one request, or for one subscription, unless the partner is not to be asked now.
    /// Nobody waits for one: a slow partner would make others wait who share the way to it.
    pub fn enter(&self, now: Instant, is_subscription: bool) -> Result<Place, Closed> {
        let places = if is_subscription { &self.streams } else { &self.requests };
        let place = Arc::clone(places).try_acquire_owned().map_err(|_| Closed::Busy)?;
        let mut breaker = locked(&self.breaker);
        if breaker.open_until.is_some_and(|until| now < until) {
            return Err(Closed::Resting);
        }
        if breaker.open_until.is_some() {
            breaker.open_until = Some(now + self.limits.rest);
        }
        Ok(place)
    }

    /// Remembers how a request went.
    pub fn went(&self, well: bool, now: Instant) {
        let mut breaker = locked(&self.breaker);
        if well {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures = breaker.failures.saturating_add(1);
        if breaker.failures >= self.limits.failures {
            breaker.open_until = Some(now + self.limits.rest);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const REST: Duration = Duration::from_secs(10);

    fn partner() -> Arc<Partner> {
        let limits = config::Partners {
            time: REST,
            answer_bytes: 1,
            requests: 2,
            streams: 1,
            silence: REST,
            failures: 3,
            rest: REST,
        };
        Partners::new(limits).of("vidutel")
    }

    #[test]
    fn a_partner_that_fails_in_a_row_rests_and_is_tried_once_per_rest() {
        let (partner, begun) = (partner(), Instant::now());
        let enter = |now: Instant| partner.enter(now, false).map(drop);
        for _ in 0..3 {
            assert_eq!(enter(begun), Ok(()));
            partner.went(false, begun);
        }

        assert_eq!(enter(begun), Err(Closed::Resting));
        assert_eq!(enter(begun + REST), Ok(()), "one is tried");
        assert_eq!(enter(begun + REST), Err(Closed::Resting), "one alone");
        partner.went(true, begun + REST);
        assert_eq!(enter(begun + REST), Ok(()), "a success ends it");
    }

    #[test]
    fn a_success_between_failures_counts_them_anew() {
        let (partner, now) = (partner(), Instant::now());
        for well in [false, false, true, false, false] {
            partner.went(well, now);
        }

        assert!(partner.enter(now, false).is_ok());
    }

    #[test]
    fn a_partner_has_only_so_many_requests() {
        let (partner, now) = (partner(), Instant::now());
        let enter = |is_subscription| partner.enter(now, is_subscription);
        let (first, _second) = (enter(false).unwrap(), enter(false).unwrap());

        assert_eq!(enter(false).map(drop), Err(Closed::Busy));
        assert!(enter(true).is_ok(), "subscriptions have places of their own");
        drop(first);
        assert!(enter(false).is_ok());
    }

    #[test]
    fn each_partner_has_its_own() {
        let limits = partner().limits.clone();
        let (partners, now) = (Partners::new(limits), Instant::now());
        for _ in 0..3 {
            partners.of("vidutel").went(false, now);
        }

        assert!(partners.of("vidutel").enter(now, false).is_err());
        assert!(partners.of("vidubank").enter(now, false).is_ok());
    }
}
