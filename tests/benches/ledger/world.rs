//! The data, and the server over it.
#![expect(clippy::expect_used, reason = "a bench that cannot do its part fails, loudly")]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use api::{
    app::App,
    clock::{Clock, SystemClock, days_after},
    config::Http,
    db::Db,
    domain::event::cursor::Seal,
    http::{self, Hosts, auth::Personas},
};
use entity::{
    id::{CommitmentId, PlaceId},
    party,
};
use tests::{HOST, TestApp, bulk::Bulk};
use tokio::net::TcpListener;

use super::reference;

pub const COMMITMENTS: usize = 2_000;

/// Connections to the database, for graph and reference together.
const CONNECTIONS: u32 = 8;

pub struct World {
    pub address: SocketAddr,
    pub party: party::Model,
    pub token: String,
    /// From the middle of the log.
    pub cursor: String,
    /// Commitments that a batch records on, with their communes.
    pub targets: Vec<(CommitmentId, PlaceId)>,
    pub statements: Arc<AtomicU64>,
    /// Keeps the database.
    _kit: TestApp,
}

impl World {
    /// With so many deliveries.
    pub async fn build(deliveries: usize) -> Self {
        let kit = TestApp::start().await;
        let mut bulk = Bulk::insert(&kit, COMMITMENTS, deliveries).await;
        let party = bulk.givers.swap_remove(0);
        let (token, row) = kit.token(&party);
        row.with(|row| row.expires_at = days_after(SystemClock.now(), 1)).await;
        let mut db =
            Db::connect(kit.database_url(), CONNECTIONS).await.expect("the database answers");
        let statements = Arc::new(AtomicU64::default());
        let count = statements.clone();
        db.on_statement(move |_| _ = count.fetch_add(1, Relaxed));
        let app = App::new(db, Arc::new(SystemClock), Personas::default());
        let seal = Seal::of(&app, party.id).await.expect("the installation has a key");
        let own = bulk.commitments.iter().filter(|row| row.giver_id == party.id);
        Self {
            address: serve(app).await,
            cursor: seal.seal(&SystemClock, bulk.middle).expect("a cursor is sealed"),
            targets: own.take(10).map(|row| (row.id, row.place_id)).collect(),
            token,
            party,
            statements,
            _kit: kit,
        }
    }
}

/// Serves graph and reference side by side.
async fn serve(app: Arc<App>) -> SocketAddr {
    let router = http::router(app.clone(), Hosts::new([HOST.to_owned()]), &Http::default());
    let router = router.merge(reference::router(app));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
