//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    clock::Clock,
    config::federation::Federation,
    db::Db,
    domain::{operation::uses::Uses, router_key, statement, subgraph::engine::Engine, supergraph},
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
    pub federation: Federation,
    /// Composes graphs.
    pub composer: Engine,
    /// What is known of the keys that routers show.
    pub routers: router_key::read::Shown,
    /// The keys that statements to partners are signed with.
    pub statements: statement::keys::Kept,
    /// The composed graph that is served.
    pub served: supergraph::read::Kept,
    stopping: watch::Sender<bool>,
    pub telemetry: Arc<Telemetry>,
}

impl App {
    /// With the documented limits, and partners on this machine alone.
    pub fn new(db: Db, clock: Arc<dyn Clock>, sign_in: impl Into<SignIn>) -> Arc<Self> {
        let (limits, federation) = (Limits::default(), Federation::default().on_this_machine());
        let (budgets, telemetry) = (Budgets::default(), Telemetry::default());
        Self::with(db, clock, sign_in, limits, federation, budgets, telemetry)
    }

    /// With limits and budgets of its own.
    pub fn with(
        db: Db,
        clock: Arc<dyn Clock>,
        sign_in: impl Into<SignIn>,
        limits: Limits,
        federation: Federation,
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
            composer: Engine::new(federation.composer()),
            federation,
            routers: router_key::read::Shown::default(),
            statements: statement::keys::Kept::default(),
            served: supergraph::read::Kept::default(),
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
