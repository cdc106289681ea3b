//! `camket serve`, and what it shares with `dev`: listening until somebody asks to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use entity::installation;
use sea_orm::EntityTrait;
use tokio::net::TcpListener;

use crate::{
    app::App,
    cli,
    config::Config,
    error::{Error, Result},
    http::{self, Hosts},
    tx,
};

/// How long requests under way may take once the server is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Serves as configured, until it is asked to stop.
pub async fn run(config: &Config) -> Result<()> {
    config.check_for_serve()?;
    config.log.start();
    let app = cli::open(config).await?;
    let installation = installation::Entity::find_by_id(1).one(app.db.reader()).await?;
    if installation.is_none_or(|installation| installation.demonstration) {
        let database = config.database.shown();
        let what = format!("{database} holds the demonstration: serve another database");
        return Err(Error::BadInput(what));
    }
    let listener = bind(config.http.listen()?).await?;
    until_stopped(listener, app, config.http.hosts()).await
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
pub async fn until_stopped(listener: TcpListener, app: Arc<App>, hosts: Hosts) -> Result<()> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let (stop, mut asked) = tokio::sync::watch::channel(false);
    let router = http::router(app.clone(), hosts);
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        asked_to_stop().await;
        stop.send_replace(true);
    });
    tracing::info!(%address, "listening");
    let patience = async {
        if asked.wait_for(|asked| *asked).await.is_ok() {
            tracing::info!("stopping");
            tokio::time::sleep(FAREWELL).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = server => ended.map_err(Error::internal)?,
        () = patience => tracing::warn!("requests were cut off"),
        () = keep_house(&app) => {}
    }
    app.db.clone().close().await
}

/// Forgets idempotency keys that are past their time, now and once a day.
async fn keep_house(app: &App) {
    loop {
        match tx::forget_old_keys(app).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "idempotency keys forgotten"),
            Err(cause) => tracing::warn!(%cause, "old idempotency keys were not forgotten"),
        }
        tokio::time::sleep(DAY).await;
    }
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
