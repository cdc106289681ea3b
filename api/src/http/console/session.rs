//! Who is signed in: told, begun, exchanged for another party, ended.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::{member, party};
use sea_orm::ActiveEnum;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

use super::{
    super::{
        Door, Graph, auth::DEV_ISSUER, graph::language, operations::problem::Problem, read, trace,
    },
    cookie,
    graph::told,
};
use crate::{
    app::App,
    domain::{
        member::read as members,
        session::{
            read::{self as sessions, Current, SIGNED_OUT},
            write,
        },
    },
    error::Result,
    tx::sha256,
};

/// The most bytes that a page has to say here.
const MOST: usize = 16 << 10;

const LINK_SPENT: [&str; 2] =
    ["Liên kết này đã dùng hoặc đã hết hạn.", "This link was used already, or its time is over."];
const NOBODY: [&str; 2] = ["Không có người này.", "There is no such person."];
const NOT_YOURS: [&str; 2] =
    ["Bạn không phải thành viên của đơn vị này.", "You are no member of this party."];

/// Who is signed in, if anybody is, and how to sign in.
pub async fn tell(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    match described(&door.graph, request.headers()).await {
        Ok(described) => told(&described),
        Err(error) => Problem::from(error).respond(&trace_id),
    }
}

async fn described(app: &App, headers: &HeaderMap) -> Result<Json> {
    let current = match cookie::read(headers) {
        Some(secret) => sessions::current(app, secret).await?,
        None => None,
    };
    let mut described = match &current {
        Some(current) => somebody(app, current).await?,
        None => json!({
            "signedIn": false, "subject": null, "label": null, "party": null, "parties": [],
            "expiresAt": null, "viewAs": null,
        }),
    };
    described["providers"] = providers(app).into();
    described["dev"] = json!(app.sign_in.desk.is_some());
    if app.sign_in.desk.is_some() {
        described["personas"] = personas(app).await?.into();
    }
    Ok(described)
}

/// Whom a browser can sign in with, and where that begins.
fn providers(app: &App) -> Vec<Json> {
    let begin = |name: &str| {
        let name = serde_urlencoded::to_string([("provider", name)]).unwrap_or_default();
        format!("/console/sign-in/start?{name}")
    };
    let offered = app.sign_in.providers.offered().into_iter();
    offered.map(|name| json!({ "name": name, "url": begin(name) })).collect()
}

async fn somebody(app: &App, current: &Current) -> Result<Json> {
    let Current { session, memberships } = current;
    let person = sessions::person(app, current).await?;
    let own = |(member, party): &(member::Model, party::Model)| {
        let mut own = named(party);
        own["role"] = member.role.to_value().into();
        own
    };
    let chosen = current.chosen();
    let party = chosen.map(|membership| {
        let mut own = own(membership);
        own["isCoordinator"] =
            person.acting.as_ref().is_some_and(|acting| acting.coordinator).into();
        own
    });
    let label = chosen.or(memberships.first()).map(|(member, _)| &member.label);
    let label = label.filter(|label| !label.is_empty()).unwrap_or(&session.subject);
    Ok(json!({
        "signedIn": true,
        "subject": sha256(format!("{}\n{}", session.issuer, session.subject)),
        "label": label,
        "party": party,
        "parties": memberships.iter().map(own).collect::<Vec<_>>(),
        "expiresAt": told_in_full(session.expires_at),
        "viewAs": sessions::viewed(app, current, &person).await?.map(|party| json!({
            "party": named(&party), "reason": session.view_reason,
            "until": session.view_until.map(told_in_full),
        })),
    }))
}

fn told_in_full(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn named(party: &party::Model) -> Json {
    json!({ "id": party.id.to_string(), "code": party.code, "name": party.name })
}

/// Everybody whom the demonstration signs in, once for each of their parties.
async fn personas(app: &App) -> Result<Vec<Json>> {
    let Some(desk) = &app.sign_in.desk else { return Ok(Vec::new()) };
    let seats = members::seats(app, DEV_ISSUER).await?;
    let mut personas = Vec::new();
    for person in desk.people() {
        let subject = &person.subject;
        let own = seats.iter().filter(|(member, _)| member.subject == *subject);
        let before = personas.len();
        personas.extend(own.map(|(member, party)| {
            json!({
                "subject": subject, "label": member.label, "party": party.name,
                "partyId": party.id.to_string(), "role": member.role.to_value(),
            })
        }));
        if personas.len() == before {
            personas.push(json!({
                "subject": subject, "label": person.label, "party": null, "partyId": null,
                "role": null,
            }));
        }
    }
    Ok(personas)
}

/// A link, or one of the demonstration's people and the party to act for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Dev {
    Link { link: String },
    Persona { persona: String, party: Option<String> },
}

/// Signs in at the demonstration.
pub async fn dev(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    begun(&door, request).await.unwrap_or_else(|problem| problem.respond(&trace_id))
}

async fn begun(door: &Door<App>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (app, language) = (&door.graph, language(&parts.headers));
    let Some(desk) = &app.sign_in.desk else {
        return Err(Problem::nothing("this server is no demonstration"));
    };
    let (subject, party) = match asked(door, &parts, body).await? {
        Dev::Link { link } => {
            let subject = desk.spend(&*app.clock, &link).ok_or_else(|| {
                let why = LINK_SPENT[language as usize];
                Problem::said(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", why)
            })?;
            (subject, None)
        }
        Dev::Persona { persona, party } => (persona, party),
    };
    let party = party.map(|party| party.parse()).transpose();
    let nobody = || Problem::said(StatusCode::NOT_FOUND, "NOT_FOUND", NOBODY[language as usize]);
    let party = party.ok().filter(|_| desk.knows(&subject)).ok_or_else(nobody)?;
    let secret = write::begin(app, DEV_ISSUER, &subject, party).await?.ok_or_else(nobody)?;
    exchanged(app, &parts.headers, &secret).await
}

/// Hands a new session to the browser, in place of the one that it had.
pub async fn exchanged(app: &App, headers: &HeaderMap, secret: &str) -> Result<Response, Problem> {
    if let Some(before) = cookie::read(headers) {
        write::end(app, before).await?;
    }
    let cookie = [(header::SET_COOKIE, cookie::set(headers, secret)?)];
    Ok((cookie, told(&json!({}))).into_response())
}

#[derive(Deserialize)]
struct Chosen {
    party: String,
}

/// Acts for another party from now on.
pub async fn party(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let (parts, body) = request.into_parts();
    let done = chosen(&door, &parts, body).await;
    done.map_or_else(|problem| problem.respond(&trace_id), |()| told(&json!({})))
}

async fn chosen(door: &Door<App>, parts: &Parts, body: Body) -> Result<(), Problem> {
    let current = required(&door.graph, &parts.headers).await?;
    let Chosen { party } = asked(door, parts, body).await?;
    let is_theirs = match party.parse() {
        Ok(party) => write::choose(&door.graph, &current, party).await?,
        Err(_) => false,
    };
    if is_theirs {
        return Ok(());
    }
    let why = NOT_YOURS[language(&parts.headers) as usize];
    Err(Problem::said(StatusCode::FORBIDDEN, "FORBIDDEN", why))
}

/// Signs out.
pub async fn end(State(door): State<Door<App>>, request: Request) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    ended(&door, request.headers()).await.unwrap_or_else(|problem| problem.respond(&trace_id))
}

async fn ended(door: &Door<App>, headers: &HeaderMap) -> Result<Response, Problem> {
    let secret = cookie::read(headers).ok_or(SIGNED_OUT)?;
    write::end(&door.graph, secret).await?;
    let cookie = [(header::SET_COOKIE, cookie::clear(headers)?)];
    Ok((cookie, told(&json!({}))).into_response())
}

/// The session of a request that needs one.
pub async fn required(app: &App, headers: &HeaderMap) -> Result<Current> {
    let secret = cookie::read(headers).ok_or(SIGNED_OUT)?;
    sessions::current(app, secret).await?.ok_or(SIGNED_OUT)
}

/// What a page asks, as JSON of this form.
pub async fn asked<T: DeserializeOwned>(
    door: &Door<App>,
    parts: &Parts,
    body: Body,
) -> Result<T, Problem> {
    read::is_json(&parts.headers)?;
    let body = read::all_of(&parts.headers, body, MOST, door.settings.body_seconds).await?;
    serde_json::from_slice(&body).map_err(|_| {
        Problem::said(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", "this is not what is asked here")
    })
}
