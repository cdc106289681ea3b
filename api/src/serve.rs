//! `camket serve`, and what it shares with `dev`: listening until somebody asks to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveTime, Utc};
use entity::installation;
use sea_orm::EntityTrait;
use tokio::net::TcpListener;

use crate::{
    app::App,
    cli,
    clock::{VIETNAM, civil_day},
    config::{Config, Http},
    domain::{operation::uses, reach, session, statement, subgraph::write::compose_at_start},
    error::{Error, Result},
    http::{self, Hosts, auth::oidc::Providers},
    hub,
    telemetry::Telemetry,
    tx,
};

/// How soon the house is looked after again: after midnight, and after a failure.
const WATCH: Duration = Duration::from_secs(15 * 60);

/// Serves as configured, until it is asked to stop.
pub async fn run(config: &Config) -> Result<()> {
    config.check_for_serve()?;
    config.log.start();
    let providers = Providers::new(config.oidc.trusts())?;
    let app = cli::open(config, providers.into(), Telemetry::new(&config.telemetry)?).await?;
    let installation = installation::Entity::find_by_id(1).one(app.db.reader()).await?;
    if installation.is_none_or(|installation| installation.demonstration) {
        let database = config.database.shown();
        let what = format!("{database} holds the demonstration: serve another database");
        return Err(Error::BadInput(what));
    }
    reach::ensure(&app).await?;
    statement::write::ensure(&app).await?;
    let listener = bind(config.http.listen()?).await?;
    let redis = config.redis.client()?;
    until_stopped(listener, app, config.http.hosts(), &config.http, redis).await
}

/// Takes an address, or says why not.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|cause| {
        let why = match cause.kind() {
            std::io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
            _ => cause.to_string(),
        };
        Error::BadInput(format!("cannot listen on {address}: {why}"))
    })
}

/// Answers requests until the process is asked to stop, then lets those under way finish.
pub async fn until_stopped(
    listener: TcpListener,
    app: Arc<App>,
    hosts: Hosts,
    settings: &Http,
    redis: Option<redis::Client>,
) -> Result<()> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let router = http::router(app.clone(), hosts, settings);
    let stop = async {
        asked_to_stop().await;
        tracing::info!("stopping");
        app.stop();
    };
    let bridge = async {
        match redis {
            Some(redis) => hub::redis::bridge(app.clone(), redis).await,
            None => std::future::pending().await,
        }
    };
    tracing::info!(%address, "listening");
    let served = async {
        if !http::server::serve(listener, router, settings, stop).await {
            tracing::warn!("requests were cut off");
        }
        if let Err(cause) = uses::write(&app).await {
            tracing::warn!(%cause, "the use of operations since the last time is lost");
        }
    };
    tokio::select! {
        () = served => {}
        () = keep_house(&app) => {}
        () = uses::keep_writing(&app) => {}
        () = keep_graph(&app) => {}
        () = hub::watch_log(app.clone()) => {}
        () = bridge => {}
    }
    app.telemetry.stop().await;
    app.db.clone().close().await
}

/// Makes sure that a graph with our own part is composed, beside serving: what routers have already goes on.
async fn keep_graph(app: &App) {
    while let Err(cause) = compose_at_start(app).await {
        tracing::warn!(%cause, "the graph was not composed, it will be tried again");
        tokio::time::sleep(WATCH).await;
    }
    std::future::pending::<()>().await;
}

/// Does what each Vietnamese day asks for, now and whenever a new one has begun.
async fn keep_house(app: &App) {
    let mut kept = None;
    loop {
        let now = app.clock.now();
        let today = civil_day(now);
        if kept != Some(today) {
            match begin_day(app).await {
                Ok(()) => kept = Some(today),
                Err(cause) => {
                    tracing::warn!(%cause, "the day was not begun, it will be tried again");
                }
            }
        }
        tokio::time::sleep(WATCH.min(until_tomorrow(now))).await;
    }
}

/// Forgets idempotency keys and counts that are past their time, and tells parties what they gained
/// and lost: rights begin and end by date.
async fn begin_day(app: &App) -> Result<()> {
    let keys = tx::forget_old_keys(app).await?;
    if keys > 0 {
        tracing::info!(keys, "idempotency keys forgotten");
    }
    uses::forget_old(app).await?;
    session::write::forget_old(app).await?;
    reach::refresh(app).await
}

/// From an instant to the first second of the next Vietnamese day.
fn until_tomorrow(now: DateTime<Utc>) -> Duration {
    let midnight = civil_day(now).succ_opt().map(|day| day.and_time(NaiveTime::MIN) - VIETNAM);
    let left = midnight.and_then(|midnight| (midnight.and_utc() - now).to_std().ok());
    left.unwrap_or(WATCH) + Duration::from_secs(1)
}

/// Ctrl-C, or SIGTERM where there is such a thing.
async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        let left = |instant: &str| until_tomorrow(instant.parse().unwrap()).as_secs();
        assert_eq!(left("2026-11-23T16:59:59Z"), 2);
        assert_eq!(left("2026-11-23T17:00:00Z"), 24 * 60 * 60 + 1);
        assert_eq!(left("2026-11-23T17:00:01Z"), 24 * 60 * 60);
    }
}
