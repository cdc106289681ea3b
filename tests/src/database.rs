//! A database for each test, cloned from a template that is migrated and filled once per process:
//! a copied file on SQLite, `CREATE DATABASE … TEMPLATE` where `CAMKET_TEST_DATABASE_URL` names a
//! PostgreSQL server. The database in that URL is only connected to, never written.

use std::{
    fs,
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use api::{db::Db, dev::Names};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database as Connect, DbErr, Statement};
use tempfile::TempDir;
use tokio::{runtime, sync::OnceCell};

use crate::fixture;

/// Where the tests find PostgreSQL; without it they run on SQLite.
const URL_VARIABLE: &str = "CAMKET_TEST_DATABASE_URL";

/// Tests run side by side on one server.
const CONNECTIONS: u32 = 6;

/// Databases of test processes that began longer ago than this are left-overs.
const STALE: Duration = Duration::from_secs(3600);

/// One test's database; it goes when this is dropped.
pub struct Database {
    pub url: String,
    keep: Keep,
}

enum Keep {
    Folder(#[expect(dead_code, reason = "dropping it removes the file")] TempDir),
    Server { admin: String, name: String },
}

impl Database {
    /// Migrated, with the registry of the pilot.
    pub async fn cloned() -> Self {
        static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(|| Template::new(async |db| fixture::fill(db).await));
        template.await.copy().await
    }

    /// Migrated, with the demonstration set; and what all of it is called.
    pub async fn demonstration() -> (Self, Names) {
        static TEMPLATE: OnceCell<(Template, Names)> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(async || {
            let mut names = None;
            let template = Template::new(async |db| {
                let made = api::dev::make(db).await.expect("the demonstration can be made");
                names = Some(made);
            });
            (template.await, names.expect("the template was filled"))
        });
        let (template, names) = template.await;
        (template.copy().await, names.clone())
    }

    /// Without a single table.
    pub async fn blank() -> Self {
        match postgres() {
            None => Self::folder().0,
            Some(admin) => Self::on_server(admin, "").await,
        }
    }

    pub async fn connect(&self) -> Db {
        Db::connect(&self.url, CONNECTIONS).await.expect("the test's database answers")
    }

    fn folder() -> (Self, std::path::PathBuf) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let path = folder.path().join("camket.db");
        (Self { url: sqlite_url(&path), keep: Keep::Folder(folder) }, path)
    }

    async fn on_server(admin: String, options: &str) -> Self {
        let name = name("test");
        create(&admin, &name, options).await;
        let url = with_database(&admin, &name);
        Self { url, keep: Keep::Server { admin, name } }
    }
}

impl Drop for Database {
    /// A test may end by a panic, on a runtime of one thread: so this waits on a thread of its own.
    fn drop(&mut self) {
        let Keep::Server { admin, name } = &self.keep else { return };
        let (admin, name) = (admin.clone(), name.clone());
        let dropped = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.is_ok_and(|runtime| runtime.block_on(drop_database(&admin, &name)).is_ok())
        });
        if !dropped.join().unwrap_or_default() {
            eprintln!("a test database was left behind; a later run removes it");
        }
    }
}

/// Whether these tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    postgres().is_some()
}

#[expect(clippy::disallowed_methods, reason = "the kit has no configuration but this variable")]
fn postgres() -> Option<String> {
    std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty())
}

/// What the databases of tests are copies of, made once per process.
enum Template {
    File(Vec<u8>),
    Server { admin: String, name: String },
}

impl Template {
    async fn new(fill: impl AsyncFnOnce(&Db)) -> Self {
        match postgres() {
            None => {
                let (database, path) = Database::folder();
                migrated(&database.url, fill).await;
                Self::File(fs::read(path).expect("the template can be read"))
            }
            Some(admin) => {
                remove_stale(&admin).await;
                let name = name("template");
                create(&admin, &name, "").await;
                migrated(&with_database(&admin, &name), fill).await;
                Self::Server { admin, name }
            }
        }
    }

    async fn copy(&self) -> Database {
        match self {
            Self::File(bytes) => {
                let (database, path) = Database::folder();
                fs::write(path, bytes).expect("a temporary file can be written");
                database
            }
            Self::Server { admin, name } => {
                Database::on_server(admin.clone(), &format!("TEMPLATE {name}")).await
            }
        }
    }
}

/// Nobody is connected to it afterwards, and nothing of it stands in a journal.
async fn migrated(url: &str, fill: impl AsyncFnOnce(&Db)) {
    let db = Db::connect(url, 1).await.expect("the template answers");
    Migrator::up(db.writer(), None).await.expect("the migrations run");
    fill(&db).await;
    if !is_postgres() {
        db.writer()
            .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .expect("the journal moves into the file");
    }
    db.close().await.expect("the template closes");
}

/// Several tests may copy one template at once, as long as nobody is connected to it.
async fn create(admin: &str, name: &str, options: &str) {
    let sql = format!("CREATE DATABASE {name} {options}");
    execute(admin, &sql).await.expect("the server lets the tests make databases");
}

async fn drop_database(admin: &str, name: &str) -> Result<(), DbErr> {
    execute(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

async fn execute(admin: &str, sql: &str) -> Result<(), DbErr> {
    let server = Connect::connect(admin).await?;
    server.execute_unprepared(sql).await?;
    server.close().await
}

async fn remove_stale(admin: &str) {
    let server = Connect::connect(admin).await.expect("the server of the tests answers");
    let sql = "SELECT datname FROM pg_database WHERE datname LIKE 'camket\\_%'";
    let rows = server.query_all_raw(Statement::from_string(server.get_database_backend(), sql));
    for row in rows.await.expect("the server lists its databases") {
        let name: String = row.try_get("", "datname").expect("a database has a name");
        let born = name.split('_').nth(2).and_then(|seconds| seconds.parse::<u64>().ok());
        if born.is_some_and(|born| born + STALE.as_secs() < seconds()) {
            // Another process may be removing it too.
            drop_database(admin, &name).await.ok();
        }
    }
}

/// `camket_<what>_<second of birth>_<process>_<number>`
fn name(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("camket_{what}_{}_{}_{number}", seconds(), process::id())
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    if options.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{options}")
    }
}
