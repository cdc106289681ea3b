//! The data, and the server over it: telecoms with their promises, what they delivered, and the log
//! of that, inserted directly.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use api::{
    app::App,
    clock::{Clock, SystemClock, days_after},
    db::Db,
    domain::event::cursor::Seal,
    http::{self, Hosts, auth::Personas},
};
use entity::{
    commitment,
    delivery::{self, Side, Stage, State},
    event, event_audience, event_head,
    id::{CommitmentId, PlaceId},
    party,
    party::Kind::TelecomCompany,
};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};
use tests::{HOST, TestApp, day, ledger};
use tokio::net::TcpListener;

use super::reference;

const GIVERS: usize = 20;
pub const COMMITMENTS: usize = 2_000;
pub const DELIVERIES: usize = 100_000;

/// Rows in one statement.
const CHUNK: usize = 1_000;

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
    pub async fn build() -> Self {
        let kit = TestApp::start().await;
        let db = kit.db().writer();
        let mut givers = Vec::new();
        for _ in 0..GIVERS {
            givers.push(kit.party(TelecomCompany).await);
        }
        let commitments = promise(&kit, &givers).await;
        let party = givers.swap_remove(0);
        let deliveries = deliver(&kit, db, &commitments).await;
        let touched: BTreeSet<_> = commitments.iter().map(|row| row.id).collect();
        ledger::settle(db, &touched).await.expect("sums follow from the ledger");
        let (token, row) = kit.token(&party);
        row.with(|row| row.expires_at = days_after(SystemClock.now(), 1)).await;
        kit.settle().await;
        let middle = log(&kit, db, &deliveries).await;

        let mut db =
            Db::connect(kit.database_url(), CONNECTIONS).await.expect("the database answers");
        let statements = Arc::new(AtomicU64::default());
        let count = statements.clone();
        db.on_statement(move |_| _ = count.fetch_add(1, Relaxed));
        let app = App::new(db, Arc::new(SystemClock), Personas::default());
        let seal = Seal::of(&app, party.id).await.expect("the installation has a key");
        let own = commitments.iter().filter(|row| row.giver_id == party.id);
        Self {
            address: serve(app).await,
            cursor: seal.seal(&SystemClock, middle).expect("a cursor is sealed"),
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
    let router = http::router(app.clone(), Hosts::new([HOST.to_owned()]));
    let router = router.merge(reference::router(app));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn promise(kit: &TestApp, givers: &[party::Model]) -> Vec<commitment::Model> {
    let mut communes = Vec::new();
    for code in ["02071", "02014"] {
        communes.push(kit.commune(code).await);
    }
    let mut promises = Vec::with_capacity(COMMITMENTS);
    for at in (0..COMMITMENTS).step_by(CHUNK / 2) {
        let builds = (at..at + CHUNK / 2).map(|at| {
            let (giver, commune) = (&givers[at % GIVERS], &communes[at / GIVERS % 2]);
            kit.commitment(giver).to(commune).quantity(1_000_000_000)
        });
        promises.extend(kit.insert(builds).await);
    }
    promises
}

async fn deliver(
    kit: &TestApp,
    db: &DatabaseConnection,
    commitments: &[commitment::Model],
) -> Vec<delivery::Model> {
    let rows = commitments.iter().cycle().take(DELIVERIES).map(|of| delivery::Model {
        id: kit.clock.uuid().into(),
        commitment_id: of.id,
        giver_id: of.giver_id,
        side: Side::Giver,
        stage: Stage::Direct,
        commune_id: Some(of.place_id),
        quantity: 10,
        precision: of.precision,
        delivered_on: day("2026-03-10"),
        via_id: None,
        drawn_from_id: None,
        reverses_id: None,
        reason: None,
        evidence_number: None,
        evidence_hash: None,
        evidence_url: None,
        reported_by_id: of.giver_id,
        entered_by_id: of.giver_id,
        external_reference: None,
        recorded_at: kit.clock.now(),
        state: State::Confirmed,
        received: None,
        agreed: None,
        drawn: 0,
        reversal_requested_by_id: None,
        waiting_since: None,
        version: 1,
    });
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(CHUNK) {
        let rows = rows.iter().cloned().map(delivery::ActiveModel::from);
        let rows = delivery::Entity::insert_many(rows);
        rows.exec_without_returning(db).await.expect("the database takes the rows");
    }
    rows
}

/// An event for each delivery, for its giver and its place; answers the position of the middle.
/// Nobody verifies this log, so its hashes are only told apart.
async fn log(kit: &TestApp, db: &DatabaseConnection, deliveries: &[delivery::Model]) -> i64 {
    let heads = kit.all(event_head::Entity).await;
    let head = heads.first().map_or(0, |head| head.position);
    let rows: Vec<_> = (head + 1..).zip(deliveries).collect();
    for rows in rows.chunks(CHUNK) {
        let events = rows.iter().map(|(position, of)| {
            event::ActiveModel::from(event::Model {
                position: *position,
                id: kit.clock.uuid().into(),
                r#type: "DELIVERY_RECORDED".to_owned(),
                subject: of.id.to_string(),
                giver_id: Some(of.giver_id),
                commune_id: of.commune_id,
                actor_id: Some(of.giver_id),
                member_id: None,
                token_id: None,
                recorded_at: of.recorded_at,
                data: r#"{"version":1}"#.to_owned(),
                hash: position.to_string(),
            })
        });
        let events = event::Entity::insert_many(events);
        events.exec_without_returning(db).await.expect("the database takes the rows");
        let audience = rows.iter().flat_map(|(position, of)| {
            let keys = [Some(of.giver_id.into()), of.commune_id.map(Into::into)];
            keys.into_iter().flatten().map(|key| event_audience::ActiveModel {
                audience_id: Set(key),
                position: Set(*position),
            })
        });
        let audience = event_audience::Entity::insert_many(audience);
        audience.exec_without_returning(db).await.expect("the database takes the rows");
    }
    head + i64::try_from(rows.len()).unwrap_or_default() / 2
}
