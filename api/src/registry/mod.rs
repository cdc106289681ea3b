//! Imports of the registry: a directory of CSV files becomes places, parties, documents and what
//! hangs on them. An import is an upsert by natural keys in one transaction: ids survive, nothing
//! is ever deleted, a second run changes nothing, and one bad line changes nothing either.
//! `api/registry/README.md` describes the files.

use entity::event;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::{
    app::App,
    clock::Clock,
    domain::{event::subject::REGISTRY, reach},
    error::Result,
    tx::{Actor, Tx},
};

mod activity_kinds;
mod changes;
mod documents;
mod files;
mod funding_sources;
mod parties;
mod party_links;
mod place_successions;
mod places;
mod programme;
mod report;
mod tasks;

pub use files::Source;
pub use report::{Report, Tally};

use files::Files;

/// The type of the one event that an import leaves in the log.
const IMPORTED: &str = "REGISTRY_IMPORTED";

/// What `reach` is derived from.
const BEHIND_REACH: [&str; 6] =
    ["places", "place successions", "parties", "party successions", "party marks", "assignments"];

/// What every part of an import works with.
struct Import<'a> {
    tx: &'a Tx,
    clock: &'a dyn Clock,
    files: &'a Files,
}

impl Import<'_> {
    /// A new typed id.
    fn id<Id: From<uuid::Uuid>>(&self) -> Id {
        self.clock.uuid().into()
    }
}

/// Brings the registry up to date with a source.
pub async fn import(app: &App, source: &Source) -> Result<Report> {
    let files = source.read()?;
    let mut tx = app.write_as(Actor::default()).await?;
    tx.lock_registry().await?;
    let mut report = Report::default();
    let import = Import { tx: &tx, clock: &*app.clock, files: &files };
    let places = places::import(&import, &mut report).await?;
    place_successions::import(&import, &places, &mut report).await?;
    let parties = parties::import(&import, &places, &mut report).await?;
    party_links::import(&import, &places, &parties, &mut report).await?;
    let documents = documents::import(&import, &parties, &mut report).await?;
    tasks::import(&import, &parties, &documents, &mut report).await?;
    programme::import(&import, &places, &parties, &documents, &mut report).await?;
    activity_kinds::import(&import, &mut report).await?;
    funding_sources::import(&import, &mut report).await?;

    if report.is_changed() {
        let data =
            json!({ "source": files.label, "digest": files.digest, "tables": report.data() });
        tx.record(IMPORTED, REGISTRY, data);
        if report.touches(&BEHIND_REACH) {
            reach::rebuild(&mut tx).await?;
        }
        tx.commit().await?;
    }
    Ok(report)
}

/// Whether the last import of this source that changed anything read the very same files.
pub async fn is_current(app: &App, source: &Source) -> Result<bool> {
    let files = source.read()?;
    let imports = event::Entity::find()
        .filter(event::Column::Type.eq(IMPORTED))
        .order_by_desc(event::Column::Position)
        .all(app.db.reader())
        .await?;
    let last = imports
        .iter()
        .filter_map(|row| serde_json::from_str::<Value>(&row.data).ok())
        .find(|data| data["source"] == files.label);
    Ok(last.is_some_and(|data| data["digest"] == files.digest))
}
