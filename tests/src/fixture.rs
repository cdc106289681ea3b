//! What the template holds beside the schema: the registry of the pilot as it is shipped, with
//! its units before and after 2025-07-01, parties, documents, tasks, enrolments and activity kinds.
//! Not the demonstration set: parties that act in a test are made by it.

use std::sync::Arc;

use api::{
    app::App,
    db::Db,
    http::auth::Personas,
    registry::{self, Source},
};

use crate::TestClock;

/// Ids of the template are of another day than those of a test, so that they never meet.
const DAY_OF_IMPORT: &str = "2026-11-01";

pub async fn fill(db: &Db) {
    let clock = Arc::new(TestClock::on(DAY_OF_IMPORT));
    let app = App::new(db.clone(), clock, Personas::default());
    registry::import(&app, &Source::Pilot).await.expect("the registry of the pilot is sound");
}
