//! A large ledger, inserted directly: telecoms with their promises to two communes, what they
//! delivered, and the log of that. For what must not cost more as it grows.

use std::collections::BTreeSet;

use api::clock::Clock;
use entity::{
    commitment,
    delivery::{self, Side, Stage, State},
    event, event_audience, event_head, party,
    party::Kind::TelecomCompany,
};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};

use crate::{TestApp, day, ledger};

const GIVERS: usize = 20;

/// Rows in one statement.
const CHUNK: usize = 1_000;

pub struct Bulk {
    pub givers: Vec<party::Model>,
    pub commitments: Vec<commitment::Model>,
    /// Position of an event in the middle of the log.
    pub middle: i64,
}

impl Bulk {
    /// So many commitments, and so many deliveries on them in turn.
    pub async fn insert(kit: &TestApp, commitments: usize, deliveries: usize) -> Self {
        let db = kit.db().writer();
        let mut givers = Vec::new();
        for _ in 0..GIVERS {
            givers.push(kit.party(TelecomCompany).await);
        }
        let commitments = promise(kit, &givers, commitments).await;
        let deliveries = deliver(kit, db, &commitments, deliveries).await;
        let touched: BTreeSet<_> = commitments.iter().map(|row| row.id).collect();
        ledger::settle(db, &touched).await.expect("sums follow from the ledger");
        let middle = log(kit, db, &deliveries).await;
        kit.settle().await;
        Self { givers, commitments, middle }
    }
}

async fn promise(kit: &TestApp, givers: &[party::Model], count: usize) -> Vec<commitment::Model> {
    let mut communes = Vec::new();
    for code in ["02071", "02014"] {
        communes.push(kit.commune(code).await);
    }
    let mut promises = Vec::with_capacity(count);
    for at in (0..count).step_by(CHUNK / 2) {
        let builds = (at..Ord::min(count, at + CHUNK / 2)).map(|at| {
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
    count: usize,
) -> Vec<delivery::Model> {
    let rows = commitments.iter().cycle().take(count).map(|of| delivery::Model {
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
