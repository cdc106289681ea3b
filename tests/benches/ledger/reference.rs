//! The same answers by hand: no graph, no loaders, one statement for each thing, under the same
//! rules of visibility. It knows only what the cases ask.

use std::sync::Arc;

use api::{
    app::App,
    clock::VIETNAM,
    domain::token::secret,
    error::{Error, Result},
    tx::sha256,
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::id::{CommitmentId, EventId, PartyId, PlaceId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value as Bind};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

mod batch;
mod feed;

/// That reach is valid on the day which stands in $1.
const TODAY: &str = "r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1)";

/// That a commitment `c` is visible to the party in $2.
const VISIBLE: &str = "(c.disclosure = 'PUBLIC'
    OR EXISTS (SELECT 1 FROM reach r JOIN participant_set_member m ON m.party_id = r.principal_id
        WHERE r.party_id = $2 AND r.role = 'OWN' AND m.set_id = c.participants_id
        AND (r.place_id IS NULL OR r.place_id = c.place_id)
        AND (r.act IS NULL OR r.act IN ('RECORD', 'VERIFY', 'ACCEPT', 'REPORT')) AND {today})
    OR EXISTS (SELECT 1 FROM reach r WHERE r.party_id = $2 AND r.place_id = c.place_id
        AND r.role NOT IN ('OWN', 'KIN')
        AND (r.act IS NULL OR r.act IN ('RECORD', 'VERIFY', 'ACCEPT', 'REPORT')) AND {today}))";

pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/reference/page", post(page))
        .route("/reference/feed", post(feed::page))
        .route("/reference/batch", post(batch::record))
        .with_state(app)
}

/// Who asks, and what.
struct Asked {
    party: Uuid,
    token: Uuid,
    today: NaiveDate,
    variables: Value,
}

impl Asked {
    async fn read(app: &App, headers: &HeaderMap, mut body: Value) -> Result<Self> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let sql = "SELECT t.id, t.party_id, t.hash FROM api_token t
            JOIN party p ON p.id = t.party_id
            WHERE t.hint = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL";
        let binds = [secret::hint(bearer).into(), app.clock.now().into()];
        let rows = rows(app.db.reader(), sql, binds).await?;
        let hash = sha256(bearer);
        let row =
            rows.iter().find(|row| row.try_get::<String>("", "hash").is_ok_and(|it| it == hash));
        let row = row.ok_or(Error::Unauthenticated("not a token"))?;
        let (party, token) = (row.try_get("", "party_id")?, row.try_get("", "id")?);
        Ok(Self { party, token, today: app.clock.today(), variables: body["variables"].take() })
    }
}

#[derive(Serialize)]
struct Page<'a> {
    data: Of<'a>,
}

#[derive(Serialize)]
struct Of<'a> {
    party: Party<'a>,
}

#[derive(Serialize)]
struct Party<'a> {
    code: &'a str,
    name: &'a str,
    owes: Nodes<Promise>,
}

#[derive(Serialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Serialize)]
struct Promise {
    id: String,
    quantity: String,
    status: String,
    place: Place,
    activity: Named,
    giver: Named,
    progress: Progress,
}

#[derive(Serialize)]
struct Place {
    id: String,
    code: String,
}

#[derive(Serialize)]
struct Named {
    code: String,
    name: String,
}

#[derive(Serialize)]
struct Progress {
    reported: String,
    confirmed: String,
}

async fn page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    answered(async {
        let asked = Asked::read(&app, &headers, body).await?;
        let of: PartyId = asked.variables["id"]
            .as_str()
            .unwrap_or_default()
            .parse()
            .map_err(|_| Error::BadInput("not an id".to_owned()))?;
        let db = app.db.reader();
        let party = rows(db, "SELECT code, name FROM party WHERE id = $1", [Uuid::from(of).into()]);
        let party = party.await?;
        let party = party.first().ok_or_else(|| Error::BadInput("no party".to_owned()))?;
        let visible = VISIBLE.replace("{today}", TODAY);
        let sql = format!(
            "SELECT c.id, c.quantity, c.status, c.reported, c.confirmed, p.id AS place_id,
                p.code AS place, a.code AS activity, a.name AS activity_name, g.code AS giver,
                g.name AS giver_name
            FROM commitment c JOIN place p ON p.id = c.place_id
                JOIN activity_kind a ON a.id = c.activity_id JOIN party g ON g.id = c.giver_id
            WHERE c.participants_id IN (SELECT set_id FROM participant_set_member
                    WHERE party_id = $3) AND {visible}
            ORDER BY c.proposed_at DESC, c.id DESC LIMIT 21"
        );
        let binds = [asked.today.into(), asked.party.into(), Uuid::from(of).into()];
        let promises = rows(db, &sql, binds).await?;
        let nodes = promises.iter().take(20).map(promise).collect::<Result<_>>()?;
        let (code, name): (String, String) =
            (party.try_get("", "code")?, party.try_get("", "name")?);
        let party = Party { code: &code, name: &name, owes: Nodes { nodes } };
        json(&Page { data: Of { party } })
    })
    .await
}

fn promise(row: &QueryResult) -> Result<Promise> {
    let text = |column| row.try_get::<String>("", column);
    let figure = |column| row.try_get::<i64>("", column).map(|figure| figure.to_string());
    Ok(Promise {
        id: CommitmentId::from(row.try_get::<Uuid>("", "id")?).to_string(),
        quantity: figure("quantity")?,
        status: text("status")?,
        place: Place {
            id: PlaceId::from(row.try_get::<Uuid>("", "place_id")?).to_string(),
            code: text("place")?,
        },
        activity: Named { code: text("activity")?, name: text("activity_name")? },
        giver: Named { code: text("giver")?, name: text("giver_name")? },
        progress: Progress { reported: figure("reported")?, confirmed: figure("confirmed")? },
    })
}

async fn rows(
    db: &impl ConnectionTrait,
    sql: &str,
    binds: impl IntoIterator<Item = Bind>,
) -> Result<Vec<QueryResult>> {
    let sql = Statement::from_sql_and_values(db.get_database_backend(), sql, binds);
    Ok(db.query_all_raw(sql).await?)
}

async fn run(
    db: &impl ConnectionTrait,
    sql: &str,
    binds: impl IntoIterator<Item = Bind>,
) -> Result<()> {
    let sql = Statement::from_sql_and_values(db.get_database_backend(), sql, binds);
    db.execute_raw(sql).await?;
    Ok(())
}

/// `($1, $2), ($3, $4)` and so on.
fn tuples(rows: usize, width: usize) -> String {
    let tuple = |row: usize| {
        let binds: Vec<_> = (1..=width).map(|at| format!("${}", row * width + at)).collect();
        format!("({})", binds.join(", "))
    };
    (0..rows).map(tuple).collect::<Vec<_>>().join(", ")
}

fn json(answer: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(answer)?)
}

async fn answered(work: impl Future<Output = Result<Vec<u8>>>) -> Response {
    match work.await {
        Ok(answer) => {
            ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], answer).into_response()
        }
        Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{cause:?}")).into_response(),
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    let local = (instant + VIETNAM).naive_utc().and_utc();
    local.to_rfc3339_opts(SecondsFormat::AutoSi, true).replace('Z', "+07:00")
}

fn event_id(id: Uuid) -> String {
    EventId::from(id).to_string()
}
