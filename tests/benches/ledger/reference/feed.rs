//! A page of events: the keys of the party, what stands under them, and which of it may be seen.

use std::{collections::HashSet, sync::Arc};

use api::{
    app::App,
    domain::event::cursor::Seal,
    error::{Error, Result},
};
use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use entity::id::DeliveryId;
use sea_orm::{ConnectionTrait, Value as Bind};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Asked, Nodes, TODAY, VISIBLE, answered, event_id, instant, json, rows};

const SIZE: usize = 101;

#[derive(Serialize)]
struct Page {
    data: Of,
}

#[derive(Serialize)]
struct Of {
    events: Feed,
}

#[derive(Serialize)]
struct Feed {
    #[serde(flatten)]
    nodes: Nodes<Told>,
    #[serde(rename = "hasMore")]
    has_more: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    r#type: String,
    recorded_at: String,
    subject_id: String,
    version: Option<i64>,
}

pub async fn page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    answered(async {
        let asked = Asked::read(&app, &headers, body).await?;
        let after = asked.variables["after"].as_str().unwrap_or_default();
        let after = Seal::of(&app, asked.party.into()).await?.open(after)?;
        let db = app.db.reader();
        let sql = format!(
            "SELECT principal_id AS key FROM reach r
             WHERE r.party_id = $2 AND r.role = 'OWN' AND {TODAY}
             UNION SELECT place_id FROM reach r
             WHERE r.party_id = $2 AND r.role NOT IN ('OWN', 'KIN') AND {TODAY}"
        );
        let keys = rows(db, &sql, [asked.today.into(), asked.party.into()]).await?;
        let keys = keys.iter().map(|row| row.try_get::<Uuid>("", "key"));
        let mut keys = keys.collect::<Result<Vec<_>, _>>()?;
        keys.push(Uuid::nil());
        let told = under(db, &keys, after).await?;
        let seen = seen(db, &asked, &told).await?;
        let mut nodes: Vec<Told> =
            told.into_iter().filter(|told| seen.contains(&told.subject_id)).collect();
        let has_more = nodes.len() == SIZE;
        nodes.truncate(SIZE - 1);
        json(&Page { data: Of { events: Feed { nodes: Nodes { nodes }, has_more } } })
    })
    .await
}

async fn under(db: &impl ConnectionTrait, keys: &[Uuid], after: i64) -> Result<Vec<Told>> {
    let of_key = |at: usize| {
        format!(
            "SELECT position FROM (SELECT position FROM event_audience
             WHERE audience_id = ${} AND position > $1 ORDER BY position LIMIT {SIZE}) k{at}",
            at + 2
        )
    };
    let of_keys: Vec<_> = (0..keys.len()).map(of_key).collect();
    let sql = format!(
        "SELECT e.id, e.type, e.recorded_at, e.subject, e.data FROM event e
         JOIN (SELECT DISTINCT position FROM ({}) u ORDER BY position LIMIT {SIZE}) p
         ON p.position = e.position ORDER BY e.position",
        of_keys.join(" UNION ALL ")
    );
    let binds = [Bind::from(after)].into_iter().chain(keys.iter().map(|key| Bind::from(*key)));
    rows(db, &sql, binds)
        .await?
        .iter()
        .map(|row| {
            let data: String = row.try_get("", "data")?;
            let data: Value = serde_json::from_str(&data)?;
            Ok(Told {
                id: event_id(row.try_get("", "id")?),
                r#type: row.try_get("", "type")?,
                recorded_at: instant(row.try_get::<DateTime<Utc>>("", "recorded_at")?),
                subject_id: row.try_get("", "subject")?,
                version: data["version"].as_i64(),
            })
        })
        .collect()
}

/// The deliveries among the subjects that may be seen.
async fn seen(db: &impl ConnectionTrait, asked: &Asked, told: &[Told]) -> Result<HashSet<String>> {
    let ids: Vec<Uuid> = told
        .iter()
        .map(|told| told.subject_id.parse::<DeliveryId>().map(Uuid::from))
        .collect::<Result<_, _>>()
        .map_err(|_| Error::BadInput("not only deliveries".to_owned()))?;
    let binds: Vec<_> = (0..ids.len()).map(|at| format!("${}", at + 3)).collect();
    let sql = format!(
        "SELECT d.id FROM delivery d JOIN commitment c ON c.id = d.commitment_id
         WHERE d.id IN ({}) AND {}",
        binds.join(", "),
        VISIBLE.replace("{today}", TODAY)
    );
    let binds = [Bind::from(asked.today), Bind::from(asked.party)];
    let binds = binds.into_iter().chain(ids.into_iter().map(Bind::from));
    let rows = rows(db, &sql, binds).await?;
    rows.iter()
        .map(|row| Ok(DeliveryId::from(row.try_get::<Uuid>("", "id")?).to_string()))
        .collect()
}
