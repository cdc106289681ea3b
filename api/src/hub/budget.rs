//! How much somebody may still ask for: token buckets in points of cost, in this process, or in
//! Redis for all replicas together. Where Redis is away each replica goes on with buckets of its
//! own, and counts that it did.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_graphql::{Value, value};
use redis::{
    AsyncCommands, Client, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use serde::Deserialize;

use super::redis::PATIENCE;
use crate::recent::Recent;

/// How long Redis is left alone after it did not answer, in milliseconds.
const ALONE: i64 = 1_000;

/// How much a bucket holds, and how fast it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub points: u32,
    pub per_second: u32,
}

/// What stands in a bucket after something was taken, or was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Whole points that are left.
    pub available: u64,
    /// Points that come back in a second.
    pub restore_rate: u64,
}

impl Balance {
    /// As `extensions.cost` tells it.
    pub fn told(self, requested: u64, actual: u64) -> Value {
        value!({
            "requested": requested,
            "actual": actual,
            "available": self.available,
            "restoreRate": self.restore_rate,
        })
    }
}

/// There is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub balance: Balance,
    /// After how long there will be.
    pub retry_after: Duration,
}

#[derive(Default)]
pub struct Budgets {
    buckets: Mutex<Recent<String, Bucket>>,
    redis: Option<ConnectionManager>,
    /// Until when Redis is not asked, in milliseconds of the clock.
    alone_until: AtomicI64,
    /// How often Redis was not there for a decision.
    fallbacks: AtomicU64,
}

#[derive(Clone, Copy)]
struct Bucket {
    points: f64,
    /// When that was, in milliseconds.
    at: i64,
}

impl Budgets {
    /// Shared by all replicas that use this Redis, which is connected to when it is needed.
    pub fn shared(redis: Client) -> Self {
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let redis = ConnectionManager::new_lazy_with_config(redis, settings).ok();
        Self { redis, ..Self::default() }
    }

    /// How often a decision was made without Redis although there is one.
    pub fn fallbacks(&self) -> u64 {
        self.fallbacks.load(Ordering::Relaxed)
    }

    /// Takes points from a bucket, or nothing where there are not enough. `now` is in milliseconds.
    pub async fn take(&self, who: &str, rate: Rate, cost: u64, now: i64) -> Result<Balance, Short> {
        let (taken, points) = self.change(who, rate, as_points(cost), now).await;
        let balance = balance(points, rate);
        if taken {
            return Ok(balance);
        }
        let missing = (as_points(cost) - points).max(0.0);
        let retry_after = Duration::from_secs_f64(missing / f64::from(rate.per_second.max(1)));
        Err(Short { balance, retry_after })
    }

    /// Gives points back that were taken and not used.
    pub async fn give_back(&self, who: &str, rate: Rate, unused: u64, now: i64) -> Balance {
        let (_, points) = self.change(who, rate, -as_points(unused), now).await;
        balance(points, rate)
    }

    /// Whether Redis answers; none where there is none.
    pub async fn redis_answers(&self) -> Option<bool> {
        let mut redis = self.redis.clone()?;
        let ping = tokio::time::timeout(PATIENCE, redis.ping::<String>());
        Some(matches!(ping.await, Ok(Ok(_))))
    }

    async fn change(&self, who: &str, rate: Rate, cost: f64, now: i64) -> (bool, f64) {
        if let Some(redis) = &self.redis
            && self.alone_until.load(Ordering::Relaxed) <= now
        {
            match tokio::time::timeout(PATIENCE / 5, in_redis(redis, who, rate, cost)).await {
                Ok(Ok(changed)) => return changed,
                Ok(Err(cause)) => tracing::warn!(%cause, "redis keeps no budgets"),
                Err(_) => tracing::warn!("redis takes too long to keep budgets"),
            }
            self.alone_until.store(now + ALONE, Ordering::Relaxed);
        }
        if self.redis.is_some() {
            self.fallbacks.fetch_add(1, Ordering::Relaxed);
        }
        self.here(who, rate, cost, now)
    }

    fn here(&self, who: &str, rate: Rate, cost: f64, now: i64) -> (bool, f64) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full = Bucket { points: f64::from(rate.points), at: now };
        let filled = buckets.get(who).copied().unwrap_or(full).filled(rate, now);
        let taken = cost <= filled;
        let points = if taken { (filled - cost).min(f64::from(rate.points)) } else { filled };
        buckets.put(who.to_owned(), Bucket { points, at: now });
        (taken, points)
    }
}

impl Bucket {
    fn filled(self, rate: Rate, now: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a span of time in milliseconds is exact")]
        let seconds = (now - self.at).max(0) as f64 / 1000.0;
        (self.points + seconds * f64::from(rate.per_second)).min(f64::from(rate.points))
    }
}

/// The same arithmetic in one step of Redis, by its own clock.
const SCRIPT: &str = r"
local capacity, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'points', 'at')
local points, at = tonumber(bucket[1]) or capacity, tonumber(bucket[2]) or now
points = math.min(capacity, points + math.max(0, now - at) * rate / 1000)
local taken = 0
if cost <= points then
    points = math.min(capacity, points - cost)
    taken = 1
end
redis.call('HSET', KEYS[1], 'points', tostring(points), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / math.max(rate, 1) * 1000) + 1000)
return {taken, tostring(points)}
";

async fn in_redis(
    redis: &ConnectionManager,
    who: &str,
    rate: Rate,
    cost: f64,
) -> redis::RedisResult<(bool, f64)> {
    let mut redis = redis.clone();
    let (taken, points): (bool, String) = Script::new(SCRIPT)
        .key(format!("camket:budget:{who}"))
        .arg(rate.points)
        .arg(rate.per_second)
        .arg(cost)
        .invoke_async(&mut redis)
        .await?;
    Ok((taken, points.parse().unwrap_or_default()))
}

fn as_points(cost: u64) -> f64 {
    f64::from(u32::try_from(cost).unwrap_or(u32::MAX))
}

fn balance(points: f64, rate: Rate) -> Balance {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2³²")]
    let available = points.max(0.0).floor() as u64;
    Balance { available, restore_rate: rate.per_second.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { points: 100, per_second: 10 };

    #[tokio::test]
    async fn a_bucket_empties_refills_and_takes_back_what_was_not_used() {
        let budgets = Budgets::default();
        let left = |available| Ok(Balance { available, restore_rate: 10 });

        assert_eq!(budgets.take("a", RATE, 60, 0).await, left(40));
        let short = budgets.take("a", RATE, 60, 0).await.unwrap_err();
        assert_eq!(short.balance.available, 40, "nothing was taken");
        assert_eq!(short.retry_after, Duration::from_secs(2));
        assert_eq!(budgets.take("b", RATE, 100, 0).await, left(0), "another's bucket");
        assert_eq!(budgets.take("a", RATE, 60, 2_000).await, left(0));
        assert_eq!(budgets.give_back("a", RATE, 50, 2_000).await.available, 50);
        assert_eq!(budgets.take("a", RATE, 100, 7_000).await, left(0));
        assert_eq!(budgets.give_back("a", RATE, 1_000, 7_000).await.available, 100, "no more");
    }

    #[tokio::test]
    async fn a_clock_that_goes_back_takes_nothing_away() {
        let budgets = Budgets::default();
        budgets.take("a", RATE, 60, 10_000).await.unwrap();

        assert_eq!(budgets.take("a", RATE, 0, 5_000).await.unwrap().available, 40);
    }
}
