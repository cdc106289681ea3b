//! Wakes whoever follows the event log when it has grown. It carries a position and nothing else:
//! what happened is read from the log, with the rights of that moment. So whatever gets lost on the
//! way here costs time and never an event.

pub mod budget;
pub mod redis;
pub mod streams;

use std::{sync::Arc, time::Duration};

use entity::event_head;
use sea_orm::EntityTrait;
use tokio::sync::watch;

use crate::{app::App, error::Result};

/// How often the log is looked at for what was written elsewhere, while somebody follows it.
const LOOK: Duration = Duration::from_secs(1);

/// Where the log ends, as far as this process knows.
#[derive(Clone, Debug)]
pub struct Hub(watch::Sender<i64>);

impl Default for Hub {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Hub {
    /// Tells everybody who follows the log how far it goes. Older news than they have is none.
    pub fn announce(&self, position: i64) {
        self.0.send_if_modified(|known| {
            let is_news = position > *known;
            *known = position.max(*known);
            is_news
        });
    }

    /// Where the log ends, and when it goes on.
    pub fn follow(&self) -> watch::Receiver<i64> {
        self.0.subscribe()
    }

    fn is_followed(&self) -> bool {
        self.0.receiver_count() > 0
    }
}

/// Where the log ends.
pub async fn end_of_log(app: &App) -> Result<i64> {
    let head = event_head::Entity::find_by_id(1).one(app.db.reader()).await?;
    Ok(head.map_or(0, |head| head.position))
}

/// Looks at the log itself for what another process wrote, for as long as it is polled. With Redis
/// that is the second way on which news comes, without it the only one.
pub async fn watch_log(app: Arc<App>) {
    loop {
        tokio::time::sleep(LOOK).await;
        if app.hub.is_followed() {
            match end_of_log(&app).await {
                Ok(position) => app.hub.announce(position),
                Err(cause) => tracing::warn!(%cause, "the end of the log could not be read"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn news_wakes_and_what_is_known_does_not() {
        let hub = Hub::default();
        let mut follower = hub.follow();

        hub.announce(5);
        assert_eq!(*follower.borrow_and_update(), 5);
        hub.announce(5);
        hub.announce(3);
        assert!(!follower.has_changed().unwrap());
        hub.announce(6);
        assert_eq!(*follower.borrow_and_update(), 6);
    }
}
