//! A batch of deliveries, with key, sums, cells, log and audience, and nothing judged but that the
//! commitments are the party's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use api::{
    app::App,
    error::{Error, Result},
    tx::{Audience, chained, sha256},
};
use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{Datelike, NaiveDate};
use entity::{
    event,
    id::{CommitmentId, DeliveryId, PlaceId},
};
use sea_orm::{DatabaseTransaction, Value as Bind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Asked, answered, rows, run, tuples};

struct Row {
    id: Uuid,
    commitment: Uuid,
    commune: Uuid,
    quantity: i64,
    on: NaiveDate,
}

/// What a batch needs to know of a commitment.
struct Of {
    activity: Uuid,
    participants: Uuid,
    place: Uuid,
    disclosure: String,
}

pub async fn record(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    answered(async {
        let asked = Asked::read(&app, &headers, body).await?;
        let sent = asked.variables["input"]["deliveries"].as_array();
        let sent = sent.into_iter().flatten().map(|row| parsed(&app, row));
        let sent = sent.collect::<Option<Vec<Row>>>();
        let sent = sent.ok_or_else(|| Error::BadInput("not a row".to_owned()))?;
        let tx = app.db.write().await?;
        claim(&app, &tx, &asked, &sent).await?;
        let known = lock(&tx, &asked, &sent).await?;
        insert(&app, &tx, &asked, &sent).await?;
        sum_up(&tx, &asked, &sent, &known).await?;
        log(&app, &tx, &asked, &sent).await?;
        tx.commit().await?;
        Ok(br#"{"data":{"recordDeliveries":{"replayed":false,"userErrors":[]}}}"#.to_vec())
    })
    .await
}

fn parsed(app: &App, row: &Value) -> Option<Row> {
    Some(Row {
        id: app.clock.uuid(),
        commitment: row["commitmentId"].as_str()?.parse::<CommitmentId>().ok()?.into(),
        commune: row["communeId"].as_str()?.parse::<PlaceId>().ok()?.into(),
        quantity: row["quantity"].as_i64()?,
        on: row["deliveredOn"].as_str()?.parse().ok()?,
    })
}

async fn claim(app: &App, tx: &DatabaseTransaction, asked: &Asked, sent: &[Row]) -> Result<()> {
    let input = &asked.variables["input"];
    let key = input["idempotencyKey"].as_str().and_then(|key| key.parse::<Uuid>().ok());
    let made: Vec<String> = sent.iter().map(|row| row.id.to_string()).collect();
    let binds = [
        asked.party.into(),
        key.into(),
        sha256(input.to_string()).into(),
        json!(made).into(),
        app.clock.now().into(),
    ];
    let sql = "INSERT INTO idempotency (party_id, mutation, key, input_hash, outcome, created_at)
        VALUES ($1, 'recordDeliveries', $2, $3, $4, $5)";
    run(tx, sql, binds).await
}

async fn lock(tx: &DatabaseTransaction, asked: &Asked, sent: &[Row]) -> Result<BTreeMap<Uuid, Of>> {
    let ids: BTreeSet<Uuid> = sent.iter().map(|row| row.commitment).collect();
    let lock = if tests::is_postgres() { "FOR NO KEY UPDATE" } else { "" };
    let binds: Vec<_> = (0..ids.len()).map(|at| format!("${}", at + 2)).collect();
    let sql = format!(
        "SELECT id, activity_id, participants_id, place_id, disclosure FROM commitment
         WHERE giver_id = $1 AND status = 'ACTIVE' AND id IN ({}) ORDER BY id {lock}",
        binds.join(", ")
    );
    let binds = [asked.party].into_iter().chain(ids).map(Bind::from);
    rows(tx, &sql, binds)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.try_get("", "id")?,
                Of {
                    activity: row.try_get("", "activity_id")?,
                    participants: row.try_get("", "participants_id")?,
                    place: row.try_get("", "place_id")?,
                    disclosure: row.try_get("", "disclosure")?,
                },
            ))
        })
        .collect()
}

async fn insert(app: &App, tx: &DatabaseTransaction, asked: &Asked, sent: &[Row]) -> Result<()> {
    let now = app.clock.now();
    let sql = format!(
        "INSERT INTO delivery (id, commitment_id, giver_id, side, stage, commune_id, quantity,
            precision, delivered_on, reported_by_id, entered_by_id, recorded_at, state, drawn,
            waiting_since, version) VALUES {}",
        tuples(sent.len(), 16)
    );
    let binds = sent.iter().flat_map(|row| -> [Bind; 16] {
        [
            row.id.into(),
            row.commitment.into(),
            asked.party.into(),
            "GIVER".into(),
            "DIRECT".into(),
            row.commune.into(),
            row.quantity.into(),
            0_i32.into(),
            row.on.into(),
            asked.party.into(),
            asked.party.into(),
            now.into(),
            "REPORTED".into(),
            0_i64.into(),
            asked.today.into(),
            1_i32.into(),
        ]
    });
    run(tx, &sql, binds).await
}

/// Progress of the commitments, and cells of the board.
async fn sum_up(
    tx: &DatabaseTransaction,
    asked: &Asked,
    sent: &[Row],
    known: &BTreeMap<Uuid, Of>,
) -> Result<()> {
    let mut sums: BTreeMap<Uuid, (i64, i32)> = BTreeMap::new();
    let mut cells: BTreeMap<(Uuid, NaiveDate, Uuid), (&Of, i64)> = BTreeMap::new();
    for row in sent {
        let sum = sums.entry(row.commitment).or_default();
        (sum.0, sum.1) = (sum.0 + row.quantity, sum.1 + 1);
        let of = known.get(&row.commitment);
        let of = of.ok_or_else(|| Error::BadInput("not an own commitment".to_owned()))?;
        let half_month = row.on.with_day(if row.on.day() < 15 { 1 } else { 15 });
        let cell = (row.commune, half_month.unwrap_or(row.on), of.activity);
        cells.entry(cell).or_insert((of, 0)).1 += row.quantity;
    }
    let sql = format!(
        "WITH v (id, quantity, entries) AS (VALUES {}) UPDATE commitment SET
            reported = reported + v.quantity, unverified = unverified + v.quantity,
            open_entries = open_entries + v.entries FROM v WHERE commitment.id = v.id",
        tuples(sums.len(), 3)
    );
    let binds = sums.into_iter().flat_map(|(id, (quantity, entries))| -> [Bind; 3] {
        [id.into(), quantity.into(), entries.into()]
    });
    run(tx, &sql, binds).await?;
    let sql = format!(
        "INSERT INTO board_cell (place_id, activity_id, half_month, giver_id, participants_id,
            commitment_place_id, disclosure, promised, reported, confirmed, unverified, disputed,
            difference) VALUES {}
         ON CONFLICT (place_id, activity_id, half_month, giver_id, participants_id,
            commitment_place_id, disclosure) DO UPDATE SET
            reported = board_cell.reported + excluded.reported,
            unverified = board_cell.unverified + excluded.unverified",
        tuples(cells.len(), 13)
    );
    let binds = cells.into_iter().flat_map(|((place, half, activity), (of, sum))| -> [Bind; 13] {
        [
            place.into(),
            activity.into(),
            half.into(),
            asked.party.into(),
            of.participants.into(),
            of.place.into(),
            of.disclosure.clone().into(),
            0_i64.into(),
            sum.into(),
            0_i64.into(),
            sum.into(),
            0_i64.into(),
            0_i64.into(),
        ]
    });
    run(tx, &sql, binds).await
}

async fn log(app: &App, tx: &DatabaseTransaction, asked: &Asked, sent: &[Row]) -> Result<()> {
    let lock = if tests::is_postgres() { "FOR UPDATE" } else { "" };
    let head = rows(tx, &format!("SELECT position, hash FROM event_head {lock}"), []).await?;
    let head = head.first().ok_or_else(|| Error::BadInput("no head".to_owned()))?;
    let (position, mut hash): (i64, String) =
        (head.try_get("", "position")?, head.try_get("", "hash")?);
    let (mut events, mut audience) = (Vec::new(), Vec::new());
    for (position, row) in (position + 1..).zip(sent) {
        let data = json!({ "version": 1, "after": { "commitmentId": row.commitment,
            "quantity": row.quantity, "deliveredOn": row.on, "side": "GIVER", "stage": "DIRECT",
            "reportedBy": asked.party } });
        let mut event = event::Model {
            position,
            id: app.clock.uuid().into(),
            r#type: "DELIVERY_RECORDED".to_owned(),
            subject: DeliveryId::from(row.id).to_string(),
            giver_id: Some(asked.party.into()),
            commune_id: Some(row.commune.into()),
            actor_id: Some(asked.party.into()),
            member_id: None,
            token_id: Some(asked.token.into()),
            recorded_at: app.clock.now(),
            data: data.to_string(),
            hash: String::new(),
        };
        let told: Audience = [asked.party, row.commune].into_iter().collect();
        hash = chained(&hash, &event, &told);
        event.hash.clone_from(&hash);
        events.push(event);
        audience.extend([(asked.party, position), (row.commune, position)]);
    }
    let sql = format!(
        "INSERT INTO event (position, id, type, subject, giver_id, commune_id, actor_id, token_id,
            recorded_at, data, hash) VALUES {}",
        tuples(events.len(), 11)
    );
    let binds = events.into_iter().flat_map(|it| -> [Bind; 11] {
        [
            it.position.into(),
            Uuid::from(it.id).into(),
            it.r#type.into(),
            it.subject.into(),
            it.giver_id.map(Uuid::from).into(),
            it.commune_id.map(Uuid::from).into(),
            it.actor_id.map(Uuid::from).into(),
            it.token_id.map(Uuid::from).into(),
            it.recorded_at.into(),
            it.data.into(),
            it.hash.into(),
        ]
    });
    run(tx, &sql, binds).await?;
    let sql = format!(
        "INSERT INTO event_audience (audience_id, position) VALUES {}",
        tuples(audience.len(), 2)
    );
    let binds = audience.into_iter().flat_map(|(key, at)| [Bind::from(key), Bind::from(at)]);
    run(tx, &sql, binds).await
}
