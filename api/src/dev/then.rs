//! The clock of the demonstration's history: it stands where the history stands, and its ids are
//! counted, so that every demonstration holds the same rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::Clock;

pub struct Then(Mutex<State>);

struct State {
    now: DateTime<Utc>,
    count: u64,
}

impl Then {
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(State { now, count: 0 }))
    }

    /// Goes to another minute. Counting begins anew, so that ids depend on nothing that was there
    /// before.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.state() = State { now, count: 0 };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Then {
    fn now(&self) -> DateTime<Utc> {
        self.state().now
    }

    /// Counted, so no secret may ever be made with it: the history makes none.
    fn random(&self, bytes: &mut [u8]) {
        let mut state = self.state();
        state.count += 1;
        bytes.fill(0);
        let digits = state.count.to_be_bytes();
        for (byte, digit) in bytes.iter_mut().rev().zip(digits.into_iter().rev()) {
            *byte = digit;
        }
    }
}
