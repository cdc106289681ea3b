//! Imports of the registry: an upsert that changes nothing the second time, and nothing at all
//! where a line is bad.

use std::{fs, path::Path, sync::Arc};

use api::{
    app::App,
    error::{Error, Result},
    http::auth::Personas,
    registry::{self, Report, Source},
};
use entity::event;
use migration::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;
use tempfile::TempDir;
use tests::{Database, TestClock};

mod country;
mod mistakes;
mod pilot;

/// A directory that comes with the repository.
fn shipped(name: &str) -> Source {
    let registry = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/registry");
    Source::Directory(registry.join(name))
}

/// A directory of files that a test writes.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.path().join(name), content).unwrap();
        self
    }

    fn source(&self) -> Source {
        Source::Directory(self.0.path().to_owned())
    }
}

/// A migrated database without a single row of the registry.
struct Fresh {
    app: Arc<App>,
    _database: Database,
}

impl Fresh {
    async fn start() -> Self {
        let database = Database::blank().await;
        let db = database.connect().await;
        Migrator::up(db.writer(), None).await.unwrap();
        let app = App::new(db, Arc::new(TestClock::default()), Personas::default());
        Self { app, _database: database }
    }

    async fn import(&self, source: &Source) -> Report {
        registry::import(&self.app, source).await.unwrap()
    }

    async fn rows<E: EntityTrait>(&self, _: E) -> Vec<E::Model> {
        E::find().all(self.app.db.reader()).await.unwrap()
    }

    /// What happened, and not what parties were told of their scope.
    async fn events(&self) -> Vec<event::Model> {
        let mut events = self.rows(event::Entity).await;
        events.retain(|event| !event.r#type.starts_with("SCOPE_"));
        events
    }
}

/// The one line that an operator is told.
#[track_caller]
fn complaint<T>(result: Result<T>) -> String {
    match result {
        Err(Error::BadInput(what)) => what,
        Err(other) => panic!("not a mistake in the files: {other:?}"),
        Ok(_) => panic!("the files were taken"),
    }
}
