//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    clock::Clock,
    db::Db,
    domain::operation::uses::Uses,
    graphql::{
        self, Schema,
        guard::{Guard, Limits},
    },
    http::auth::SignIn,
    hub::{Hub, budget::Budgets, streams::Streams},
    telemetry::Telemetry,
};

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Tells who somebody is, beside the database.
    pub sign_in: SignIn,
    pub guard: Guard<Schema>,
    /// How often persisted operations were run, and is not written yet.
    pub uses: Uses,
    /// Wakes who follows the event log.
    pub hub: Hub,
    pub budgets: Budgets,
    pub streams: Streams,
    stopping: watch::Sender<bool>,
    pub telemetry: Arc<Telemetry>,
}

impl App {
    /// With the documented limits.
    pub fn new(db: Db, clock: Arc<dyn Clock>, sign_in: impl Into<SignIn>) -> Arc<Self> {
        Self::with(db, clock, sign_in, Limits::default(), Budgets::default(), Telemetry::default())
    }

    /// With limits and budgets of its own.
    pub fn with(
        db: Db,
        clock: Arc<dyn Clock>,
        sign_in: impl Into<SignIn>,
        limits: Limits,
        budgets: Budgets,
        telemetry: Telemetry,
    ) -> Arc<Self> {
        Arc::new(Self {
            db,
            clock,
            sign_in: sign_in.into(),
            guard: graphql::guard(limits),
            hub: Hub::default(),
            budgets,
            streams: Streams::default(),
            telemetry: Arc::new(telemetry),
            uses: Uses::default(),
            stopping: watch::Sender::new(false),
        })
    }

    /// Asks connections that stay open to come to their end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Until the server is about to stop.
    pub async fn stopped(&self) {
        // Whoever waits holds the sender, too.
        _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}
