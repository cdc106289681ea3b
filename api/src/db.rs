//! The database: SQLite with one writer and a pool of readers, or PostgreSQL with one pool.

use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{error::Result, telemetry::metrics::Statements};

/// How long a request waits for a connection, for a lock, or for SQLite's one writer.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    statements: Statements,
}

/// Connections that are shared, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    pub name: &'static str,
    pub size: u32,
    pub idle: u32,
    /// The most there may be.
    pub most: u32,
}

impl Db {
    /// Connects to `sqlite://path` (made if it is missing) or `postgres://…`.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                .sqlx_logging(false)
                .test_before_acquire_if_idle_for(Duration::from_secs(30))
                .map_sqlx_postgres_opts(|postgres| {
                    postgres.options([("lock_timeout", PATIENCE.as_millis().to_string())])
                })
                .map_sqlx_sqlite_opts(|sqlite| {
                    sqlite
                        .create_if_missing(true)
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(PATIENCE)
                });
            options
        };
        let (writer, readers) = if url.starts_with("sqlite:") {
            // The writer first: it makes the file and its journal.
            let writer = Database::connect(options(1)).await?;
            (writer, Database::connect(options(max_connections)).await?)
        } else {
            let pool = Database::connect(options(max_connections)).await?;
            (pool.clone(), pool)
        };
        let mut db = Self { readers, writer, statements: Statements::default() };
        db.on_statement(|_| ());
        Ok(db)
    }

    /// For statements that only read.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// For migrations and single statements that need no transaction.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that writes: the only way to begin one that does. On SQLite it takes the write
    /// lock at once, so that what it reads cannot change under it.
    pub async fn write(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Begins a transaction that only reads, and reads all of it as of one instant.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let options = match self.readers.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
            // SQLite's journal gives every transaction that.
            _ => TransactionOptions::default(),
        };
        Ok(self.readers.begin_with_options(options).await?)
    }

    /// Calls `seen` for every statement, beside noting it, for counting them in tests.
    pub fn on_statement(&mut self, seen: impl Fn(&str) + Clone + Send + Sync + 'static) {
        for connection in [&mut self.writer, &mut self.readers] {
            let (statements, seen) = (self.statements.clone(), seen.clone());
            connection.set_metric_callback(move |info| {
                statements.note(info.elapsed, info.failed);
                seen(&info.statement.sql);
            });
        }
    }

    /// What is known of the statements that were sent.
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// The pools of connections: one, or on SQLite the writer's and the readers'.
    pub fn pools(&self) -> Vec<Pool> {
        let of = |connection: &DatabaseConnection, name| match connection.get_database_backend() {
            DbBackend::Postgres => pool(connection.get_postgres_connection_pool(), name),
            _ => pool(connection.get_sqlite_connection_pool(), name),
        };
        match self.readers.get_database_backend() {
            DbBackend::Postgres => vec![of(&self.readers, "all")],
            _ => vec![of(&self.readers, "readers"), of(&self.writer, "writer")],
        }
    }

    pub async fn close(self) -> Result<()> {
        self.writer.close().await?;
        Ok(self.readers.close().await?)
    }
}

fn pool<D: sqlx::Database>(pool: &sqlx::Pool<D>, name: &'static str) -> Pool {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    Pool { name, size: pool.size(), idle, most: pool.options().get_max_connections() }
}
