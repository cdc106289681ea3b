//! What replicas share through Redis. These tests run where the wider checks do: on PostgreSQL,
//! with a `redis-server` of their own, which has to be there.

use std::{sync::Arc, time::Duration};

use api::{
    app::App,
    config::federation::Federation,
    graphql::guard::Limits,
    http::auth::Personas,
    hub::{
        self,
        budget::{Budgets, Rate},
    },
    telemetry::Telemetry,
};
use serde_json::json;
use tests::{TestApp, is_postgres, redis::Redis};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// How long news may take.
const PATIENCE: Duration = Duration::from_secs(20);

const RATE: Rate = Rate { points: 100, per_second: 1 };

/// Another process on the same data, as far as the hub is concerned.
fn replica(app: &TestApp) -> Arc<App> {
    let limits = Limits::default();
    let (db, clock) = (app.db().clone(), app.clock.clone());
    App::with(
        db,
        clock,
        Personas::default(),
        limits,
        Federation::default(),
        Budgets::default(),
        Telemetry::default(),
    )
}

fn bridged(app: &Arc<App>, redis: &Redis) -> JoinHandle<()> {
    tokio::spawn(hub::redis::bridge(app.clone(), redis.client()))
}

/// Writes an event as somebody, and answers where the log then ends.
async fn write(app: &TestApp) -> i64 {
    let (officer, place) = (app.commune_officer("02014").await, app.commune("02014").await);
    let activity = app.activity("smartphones_handed_over").await;
    let input = json!({ "communeId": place.id.to_string(), "activityId": activity.id.to_string(),
        "quantity": "7", "dueOn": "2026-12-31", "text": "", "idempotencyKey": app.key() });
    officer.act(crate::ledger::kit::RAISE, input).await.expect_ok();
    hub::end_of_log(&app.api).await.unwrap()
}

async fn hears(news: &mut watch::Receiver<i64>, position: i64) {
    let heard = timeout(PATIENCE, news.wait_for(|known| *known >= position)).await;
    heard.unwrap_or_else(|_| panic!("{position} is not told")).unwrap();
}

#[tokio::test]
async fn what_one_replica_writes_is_told_to_the_other_even_after_redis_was_away() {
    if !is_postgres() {
        return;
    }
    let app = TestApp::start().await;
    let mut redis = Redis::start();
    let other = replica(&app);
    let _bridges = [bridged(&app.api, &redis), bridged(&other, &redis)];
    let mut news = other.hub.follow();

    hears(&mut news, write(&app).await).await;
    redis.kill();
    let missed = write(&app).await;
    assert!(*news.borrow() < missed, "nobody carries it");
    redis.start_again();
    hears(&mut news, missed).await;
}

#[tokio::test]
async fn replicas_share_points_and_each_goes_on_alone_while_redis_is_away() {
    if !is_postgres() {
        return;
    }
    let mut redis = Redis::start();
    let (one, other) = (Budgets::shared(redis.client()), Budgets::shared(redis.client()));

    assert_eq!(one.take("a", RATE, 60, 0).await.unwrap().available, 40);
    assert!(other.take("a", RATE, 60, 0).await.is_err(), "one bucket");
    assert_eq!(one.give_back("a", RATE, 50, 0).await.available, 90);
    assert!(other.take("a", RATE, 60, 0).await.is_ok());
    assert_eq!((one.fallbacks(), other.fallbacks()), (0, 0));

    assert_eq!(one.redis_answers().await, Some(true));
    redis.kill();
    assert_eq!(one.redis_answers().await, Some(false));
    assert_eq!(Budgets::default().redis_answers().await, None);
    assert_eq!(one.take("a", RATE, 60, 0).await.unwrap().available, 40, "a bucket of its own");
    assert_eq!(other.take("a", RATE, 60, 0).await.unwrap().available, 40, "and another");
    assert!(one.take("a", RATE, 60, 0).await.is_err());
    assert_eq!((one.fallbacks(), other.fallbacks()), (2, 1));

    redis.start_again();
    let back = async {
        // Redis is left alone for a while, and came back empty.
        for now in (2_000..).step_by(2_000) {
            let counted = one.fallbacks();
            one.take("b", RATE, 0, now).await.unwrap();
            if one.fallbacks() == counted {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, back).await.unwrap();
}
