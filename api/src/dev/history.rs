//! The history of the demonstration: what its parties promised, delivered and said of each other
//! over the year around 2025-07-01. It is told in `api/registry/demo/history`, one file for each
//! story, as mutations that the parties themselves send on the days when it happened; so sums,
//! events and audience come about exactly as they would have then.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDateTime, Utc};
use figment::{
    Figment,
    providers::{Format, Toml},
};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{people, then::Then};
use crate::{
    app::App,
    authz::{Identity, Viewer},
    clock::VIETNAM,
    db::Db,
    domain::{member as members, reach},
    error::{Error, Result},
    graphql,
    http::auth::{DEV_ISSUER, Personas},
    refusal::Language,
    registry::{self, Source},
};

mod acts;
mod names;

pub use names::Names;

static STORIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/registry/demo/history");

/// When the registry of the demonstration is imported: before anything happens.
const BEGINNING: &str = "2024-11-01 08:00";

#[derive(Deserialize)]
struct Story {
    step: Vec<Step>,
}

/// A mutation that somebody sent.
#[derive(Deserialize)]
struct Step {
    /// When, on Vietnamese clocks: a minute of its own.
    at: String,
    /// Code of the party.
    by: String,
    act: String,
    /// What later steps call the things that it made.
    name: Option<String>,
    /// Its input as in the schema. `@…` stands for an id (see `names`); versions and the key are
    /// filled in.
    input: Value,
}

/// Fills an empty database with the registry, the examples, their history and their people;
/// answers what all of it is called.
pub async fn make(db: &Db) -> Result<Names> {
    let clock = Arc::new(Then::at(instant(BEGINNING)?));
    let app = App::new(db.clone(), clock.clone(), Personas::default());
    for source in [Source::Pilot, Source::Demo] {
        registry::import(&app, &source).await?;
    }
    reach::ensure(&app).await?;
    let mut names = Names::read(&app).await?;
    for (at, step) in told()? {
        clock.set(at);
        let what = format!("{} {} {}", step.at, step.by, step.act);
        if let Err(cause) = send(&app, step, &mut names).await {
            return Err(Error::internal(format!("the history fails at {what}: {cause}")));
        }
    }
    people::admit(&app).await?;
    Ok(names)
}

/// All steps of all stories, in the order of their times.
fn told() -> Result<Vec<(DateTime<Utc>, Step)>> {
    let mut steps = Vec::new();
    for file in STORIES.files() {
        let text = file.contents_utf8().ok_or_else(|| Error::internal("a story is UTF-8"))?;
        let story: Story = Figment::from(Toml::string(text)).extract().map_err(Error::internal)?;
        for step in story.step {
            steps.push((instant(&step.at)?, step));
        }
    }
    steps.sort_by_key(|(at, _)| *at);
    match steps.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(two) => Err(Error::internal(format!("two steps at {}", two[0].1.at))),
        None => Ok(steps),
    }
}

fn instant(text: &str) -> Result<DateTime<Utc>> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").map_err(Error::internal)?;
    let instant = civil.and_local_timezone(VIETNAM).single();
    Ok(instant.ok_or_else(|| Error::internal("an hour that is not there"))?.to_utc())
}

/// Sends the mutation of one step.
async fn send(app: &Arc<App>, step: Step, names: &mut Names) -> Result<()> {
    let subject = people::officer(app, &step.by).await?;
    let person = Identity::Person { issuer: DEV_ISSUER.to_owned(), subject };
    let viewer = members::read::viewer_of_person(app, person, Some(&step.by)).await?;
    let act = acts::find(&step.act)?;
    let mut input = step.input;
    names.fill(&mut input, app.clock.today())?;
    let versions = versions(app, &viewer, &input).await?;
    expect(&mut input, &versions);
    if act.is_keyed {
        input["idempotencyKey"] = json!(app.clock.uuid().to_string());
    }
    let answer = ask(app, &viewer, &act.document(), json!({ "input": input })).await?;
    let made = act.made(&answer)?;
    if let Some(name) = step.name {
        names.call(name, made);
    }
    Ok(())
}

/// The present versions of all objects that an input changes.
async fn versions(app: &Arc<App>, viewer: &Viewer, input: &Value) -> Result<BTreeMap<String, i64>> {
    let mut ids = Vec::new();
    changed(input, &mut ids);
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let answer = ask(app, viewer, acts::VERSIONS, json!({ "ids": ids })).await?;
    let nodes = answer["nodes"].as_array().into_iter().flatten();
    let versions = nodes.filter_map(|node| {
        let version = node["version"].as_i64().or(node["commitment"]["version"].as_i64())?;
        Some((node["id"].as_str()?.to_owned(), version))
    });
    Ok(versions.collect())
}

fn changed<'a>(input: &'a Value, ids: &mut Vec<&'a str>) {
    match input {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str));
            fields.values().for_each(|value| changed(value, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| changed(item, ids)),
        _ => {}
    }
}

/// Writes down which version each change is based on.
fn expect(input: &mut Value, versions: &BTreeMap<String, i64>) {
    match input {
        Value::Object(fields) => {
            fields.values_mut().for_each(|value| expect(value, versions));
            let id = fields.get("id").and_then(Value::as_str);
            if let Some(version) = id.and_then(|id| versions.get(id)) {
                fields.insert("expectedVersion".to_owned(), json!(version));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| expect(item, versions)),
        _ => {}
    }
}

/// The `data` of an answer without errors.
async fn ask(app: &Arc<App>, viewer: &Viewer, document: &str, variables: Value) -> Result<Value> {
    let request = async_graphql::Request::new(document)
        .variables(async_graphql::Variables::from_json(variables));
    let trace = app.clock.uuid().simple().to_string();
    let answer = graphql::execute(app, viewer.clone(), Language::En, &trace, request).await;
    let answer = serde_json::to_value(answer).map_err(Error::internal)?;
    if answer["errors"].is_null() {
        return Ok(answer["data"].clone());
    }
    Err(Error::internal(answer.to_string()))
}
