//! The only source of "now", of ids and of secrets. The second implementation is the seeded clock
//! of the test kit.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

/// Vietnam keeps UTC+07:00 all year.
pub const VIETNAM: FixedOffset = match FixedOffset::east_opt(7 * 3600) {
    Some(offset) => offset,
    None => unreachable!(),
};

pub trait Clock: Send + Sync + 'static {
    /// The present instant in whole microseconds, which is what both databases keep.
    fn now(&self) -> DateTime<Utc>;

    /// Fills `bytes` from a source fit for secrets.
    fn random(&self, bytes: &mut [u8]);

    /// The civil date in Vietnam.
    fn today(&self) -> NaiveDate {
        civil_day(self.now())
    }

    /// A new UUIDv7 of the present instant.
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.random(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    #[expect(clippy::expect_used, reason = "without the system's randomness no secret is safe")]
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The civil date in Vietnam at an instant.
pub fn civil_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&VIETNAM).date_naive()
}

/// The instant a number of days after `instant`, or the last one there is.
pub fn days_after(instant: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    instant.checked_add_signed(TimeDelta::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
