//! The seeded clock of the tests. Time stands still until a test moves it; ids are counted, so
//! what is made later sorts later; secrets come from a seeded generator. So snapshots need no
//! redaction, and an answer never depends on how often somebody asked for the time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use api::clock::{Clock, VIETNAM};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::{Builder, Uuid};

use crate::day;

/// The day on which every test begins.
pub const FIRST_DAY: &str = "2026-11-23";

/// Office hours begin: far from midnight in Vietnam and in UTC alike.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => unreachable!(),
};

pub struct TestClock(Mutex<State>);

struct State {
    now: DateTime<Utc>,
    ids: u64,
    random: u64,
}

impl Default for TestClock {
    fn default() -> Self {
        Self::on(FIRST_DAY)
    }
}

impl TestClock {
    /// Stands at eight in the morning of a day in Vietnam.
    pub fn on(date: &str) -> Self {
        Self(Mutex::new(State { now: morning(day(date)), ids: 0, random: 0 }))
    }

    /// Goes to eight in the morning of a day in Vietnam, before or after the present one.
    pub fn set_date(&self, date: &str) {
        self.set(morning(day(date)));
    }

    pub fn set(&self, now: DateTime<Utc>) {
        self.state().now = now;
    }

    pub fn advance(&self, by: TimeDelta) {
        self.state().now += by;
    }

    pub fn advance_days(&self, days: i64) {
        self.advance(TimeDelta::days(days));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.state().now
    }

    fn random(&self, bytes: &mut [u8]) {
        let mut state = self.state();
        for chunk in bytes.chunks_mut(8) {
            let word = split_mix(&mut state.random).to_be_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }

    fn uuid(&self) -> Uuid {
        let mut state = self.state();
        state.ids += 1;
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&state.ids.to_be_bytes());
        let millis = u64::try_from(state.now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

fn morning(date: NaiveDate) -> DateTime<Utc> {
    (date.and_time(MORNING) - VIETNAM).and_utc()
}

/// SplitMix64 (Steele, Lea and Flood 2014): every seed gives a full-period sequence.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
