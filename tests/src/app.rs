//! A server under test: its database, clock and router, and the statements it sends.

use std::{
    ops::Deref,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use api::{
    app::App,
    config::{Http, federation::Federation},
    db::Db,
    dev::Names,
    domain::reach,
    graphql::guard::Limits,
    http::{
        self, Hosts,
        auth::{
            Personas, SignIn,
            desk::{self, Desk},
            oidc::{Providers, Trust},
        },
    },
    hub::budget::{Budgets, Rate},
    telemetry::Telemetry,
};
use axum::Router;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExecResult, Iterable, ModelTrait,
    PrimaryKeyToColumn, QueryFilter, QueryResult, Statement,
};
use uuid::Uuid;

use crate::{TestClock, database::Database, partner::Partners};

/// The name under which the server answers.
pub const HOST: &str = "camket.test";

/// How long a request that composes may take where many tests do so at once.
const PATIENCE: Duration = Duration::from_secs(300);

/// How many people a test can bring in.
const PEOPLE: u32 = 200;

/// The people of the demonstration who sit for one party.
pub const DEMONSTRATORS: [&str; 10] = [
    "coordinator",
    "officer",
    "department",
    "telecom-1",
    "telecom-2",
    "bank",
    "post",
    "union",
    "front",
    "leadership",
];

/// Cheap to clone; all clones are the same server.
#[derive(Clone)]
pub struct TestApp(Arc<Server>);

pub struct Server {
    pub api: Arc<App>,
    pub clock: Arc<TestClock>,
    pub router: Router,
    /// How many people, parties, documents, keys … this test has made.
    count: AtomicU32,
    people: AtomicU32,
    /// Whether rows were inserted that `reach` does not know of.
    unsettled: tokio::sync::Mutex<bool>,
    statements: Statements,
    pub(crate) partners: Partners,
    /// Dropped last, after the connections to it.
    database: Database,
}

impl Deref for TestApp {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

impl TestApp {
    /// A server with the registry of the pilot, on [`crate::FIRST_DAY`].
    pub async fn start() -> Self {
        Self::made([], plenty()).await
    }

    /// The same, with limits of its own.
    pub async fn limited(limits: Limits) -> Self {
        Self::made([], limits).await
    }

    /// The same, which takes tokens of these sign-in providers too.
    pub async fn trusting(trusts: impl IntoIterator<Item = Trust>) -> Self {
        Self::made(trusts, plenty()).await
    }

    /// The same for operations that ask for more than anybody is given, to look at all there is.
    pub async fn without_limits() -> Self {
        let many = u64::from(u32::MAX);
        let limits = Limits {
            tokens: many,
            aliases: many,
            root_fields: many,
            fields: many,
            cost: many,
            ..plenty()
        };
        Self::made([], limits).await
    }

    async fn made(trusts: impl IntoIterator<Item = Trust>, limits: Limits) -> Self {
        let providers = Providers::new(trusts.into_iter().collect()).expect("providers");
        Self::on(Database::cloned().await, TestClock::default(), providers, limits).await
    }

    /// The demonstration as it stands on a day, and what all of it is called.
    pub async fn demonstration(day: &str) -> (Self, Names) {
        let (database, names) = Database::demonstration().await;
        let (clock, limits) = (TestClock::on(day), plenty());
        (Self::on(database, clock, Providers::default(), limits).await, names)
    }

    async fn on(
        database: Database,
        clock: TestClock,
        providers: Providers,
        limits: Limits,
    ) -> Self {
        let mut db = database.connect().await;
        let statements = Statements::default();
        let seen = statements.clone();
        db.on_statement(move |sql| seen.note(sql));

        let clock = Arc::new(clock);
        let desk = Some(Desk::of(people()));
        let sign_in = SignIn { personas: PERSONAS.clone(), providers, desk, ..SignIn::default() };
        let federation = Federation::default().on_this_machine();
        let api = App::with(
            db,
            clock.clone(),
            sign_in,
            limits,
            federation,
            Budgets::default(),
            Telemetry::default(),
        );
        let mut http = Http::default();
        http.request_seconds = PATIENCE;
        let router = http::router(api.clone(), Hosts::new([HOST.to_owned()]), &http);
        Self(Arc::new(Server {
            api,
            clock,
            router,
            count: AtomicU32::new(0),
            people: AtomicU32::new(0),
            unsettled: tokio::sync::Mutex::new(false),
            statements,
            partners: Partners::default(),
            database,
        }))
    }
}

impl Server {
    pub fn db(&self) -> &Db {
        &self.api.db
    }

    /// Where other processes find this server's database.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// A number that this test has not used yet.
    pub fn next(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// An idempotency key that this test has not used yet.
    pub fn key(&self) -> Uuid {
        Uuid::from_u128(0x00c0_ffee_0000_4000_8000_0000_0000_0000 + u128::from(self.next()))
    }

    /// Somebody whom the server knows by this subject and token, and who is no member yet.
    pub(crate) fn person(&self) -> (String, String) {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        assert!(number < PEOPLE, "a test brings in at most {PEOPLE} people");
        (subject(number), token(number))
    }

    /// Reads a row again; none if it is gone.
    pub async fn find<M: ModelTrait>(&self, row: &M) -> Option<M>
    where
        M::Entity: EntityTrait<Model = M>,
    {
        let keys = <M::Entity as EntityTrait>::PrimaryKey::iter();
        let same = keys.fold(M::Entity::find(), |select, key| {
            let column = key.into_column();
            select.filter(column.eq(row.get(column)))
        });
        same.one(self.db().reader()).await.expect("rows can be read")
    }

    /// Reads a row again.
    pub async fn reload<M: ModelTrait>(&self, row: &M) -> M
    where
        M::Entity: EntityTrait<Model = M>,
    {
        self.find(row).await.expect("the row is still there")
    }

    /// All rows of a table.
    pub async fn all<E: EntityTrait>(&self, _: E) -> Vec<E::Model> {
        E::find().all(self.db().reader()).await.expect("rows can be read")
    }

    /// Runs SQL as it is.
    pub async fn sql(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db().writer().execute_unprepared(sql).await
    }

    /// Reads with SQL as it is.
    pub async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let db = self.db().reader();
        let sql = Statement::from_string(db.get_database_backend(), sql);
        db.query_all_raw(sql).await.expect("the database reads what a test asks")
    }

    /// Notes that `reach` has to follow rows which were inserted directly.
    pub(crate) async fn unsettle(&self) {
        *self.unsettled.lock().await = true;
    }

    /// Brings `reach` up to date; every request does so first. Many rows cost one rebuild.
    pub async fn settle(&self) {
        let mut unsettled = self.unsettled.lock().await;
        if *unsettled {
            self.rebuild().await.expect("reach follows from the rows");
            *unsettled = false;
        }
    }

    async fn rebuild(&self) -> api::error::Result<()> {
        reach::refresh(&self.api).await
    }

    /// The statements that the server sends while something runs; `BEGIN` and `COMMIT` are none.
    pub async fn statements(&self, during: impl Future) -> Vec<String> {
        self.settle().await;
        self.statements.take();
        during.await;
        self.statements.take()
    }

    pub async fn count_statements(&self, during: impl Future) -> usize {
        self.statements(during).await.len()
    }
}

/// The documented limits, but points without end: the clock of a test stands still.
fn plenty() -> Limits {
    let rate = Rate { points: u32::MAX, per_second: 1 };
    Limits { signed_in: rate, public: rate, ..Limits::default() }
}

#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    fn note(&self, sql: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The server takes its personas at the start; so all that a test may need are admitted then.
static PERSONAS: LazyLock<Personas> = LazyLock::new(|| {
    let mut personas = Personas::default();
    for number in 0..PEOPLE {
        personas.admit(&token(number), &subject(number));
    }
    for subject in DEMONSTRATORS {
        personas.admit(&demonstrator(subject), subject);
    }
    personas
});

/// Whom the console signs in by name.
fn people() -> Vec<desk::Person> {
    let strangers = (0..PEOPLE).map(subject);
    let all = DEMONSTRATORS.map(str::to_owned).into_iter().chain(strangers);
    all.map(|subject| desk::Person { label: subject.clone(), subject }).collect()
}

fn subject(number: u32) -> String {
    format!("person-{number}")
}

/// The token of one of the demonstration's people.
pub(crate) fn demonstrator(subject: &str) -> String {
    format!("demonstrator-{subject}")
}

fn token(number: u32) -> String {
    format!("persona-{number}")
}
