//! Redis between replicas: news of the log from one to all. It may be away at any time; then news
//! comes by [`super::watch_log`], a little later.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use redis::{AsyncCommands, AsyncConnectionConfig, Client, RedisResult};

use crate::app::App;

/// Where news of the log is told.
const CHANNEL: &str = "camket:log";

/// How long to wait before Redis is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// How long Redis may take to answer.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Passes news on in both directions, for as long as it is polled.
pub async fn bridge(app: Arc<App>, client: Client) {
    loop {
        match pass_on(&app, &client).await {
            Ok(()) => tracing::warn!("redis ended the subscription"),
            Err(cause) => tracing::warn!(%cause, "redis is away"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn pass_on(app: &App, client: &Client) -> RedisResult<()> {
    let settings = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    let mut publishes = client.get_multiplexed_async_connection_with_config(&settings).await?;
    let mut subscribed = client.get_async_pubsub().await?;
    subscribed.subscribe(CHANNEL).await?;
    tracing::info!("redis carries news of the log");
    let mut heard = subscribed.into_on_message();
    let mut news = app.hub.follow();
    // What was written while Redis was away is news to the others.
    news.mark_changed();
    // What all replicas know of.
    let mut told = 0;
    loop {
        tokio::select! {
            message = heard.next() => {
                let Some(message) = message else { return Ok(()) };
                let position: i64 = message.get_payload()?;
                told = told.max(position);
                app.hub.announce(position);
            }
            changed = news.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                let position = *news.borrow_and_update();
                if position > told {
                    told = position;
                    let _: i64 = publishes.publish(CHANNEL, position).await?;
                }
            }
        }
    }
}
