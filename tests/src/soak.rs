//! The server under load and under the axe: eight writers and three readers of the change feed
//! against real processes, of which some are killed without warning. Writers send a request again,
//! with the same key, until it is acknowledged. Then the books are opened: nothing that was
//! acknowledged is gone or there twice, the sums equal the ledger, the log is whole, and every
//! reader was told every event that its party may see, once and in order.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering::Relaxed},
        mpsc::channel,
    },
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use crate::{HOST, is_postgres, process::Server, redis::Redis};

mod books;
mod client;
mod reader;
mod subscriber;
mod world;
mod writer;

use books::Books;
use world::World;

/// How long whoever has nothing to do waits before it looks again.
const PAUSE: Duration = Duration::from_millis(5);

/// When it is enough.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// So many acknowledged writes.
    Writes(u64),
    Time(Duration),
}

#[derive(Clone, Debug)]
pub struct Plan {
    /// A program that takes the command line of `camket`.
    pub program: PathBuf,
    pub goal: Goal,
    /// How often a server is killed, at equal distances.
    pub kills: u32,
    /// Whether the servers share a Redis, which is away for the middle third.
    pub redis: bool,
}

/// What all threads share.
struct Run {
    goal: Goal,
    begun: Instant,
    /// Where the servers listen now.
    ports: Vec<AtomicU16>,
    requests: AtomicU64,
    retries: AtomicU64,
    acknowledged: AtomicU64,
    /// When a request began that was answered, and how long that took.
    times: Mutex<Vec<(Instant, Duration)>>,
    replayed: AtomicU64,
    /// Whether the writers are done.
    is_written: AtomicBool,
    /// Whether a thread has found a fault, so that nobody waits for it.
    is_broken: AtomicBool,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub took: Duration,
    pub servers: usize,
    pub kills: u32,
    pub requests: u64,
    pub retries: u64,
    pub acknowledged: u64,
    /// Acknowledged on a second try, although the first had done it.
    pub replayed: u64,
    pub events: u64,
    /// Name of the reader, events it was told, pages it took.
    pub readers: Vec<(&'static str, usize, u64)>,
    /// What does not agree; nothing, if all is well.
    pub faults: Vec<String>,
    /// The 99th percentile of the times of requests with Redis, and while it was away.
    pub without_redis: Option<[Duration; 2]>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            took, servers, kills, requests, retries, acknowledged, replayed, events, ..
        } = self;
        let seconds = took.as_secs_f64();
        let engine = if is_postgres() { "PostgreSQL" } else { "SQLite" };
        writeln!(f, "{engine}, {servers} servers, {kills} kills, {seconds:.1} s")?;
        writeln!(
            f,
            "{acknowledged} writes acknowledged, {replayed} of them replayed, {retries} retries"
        )?;
        let (a_second, of_all) = (*events as f64 / seconds, *requests as f64 / seconds);
        writeln!(f, "{events} events, {a_second:.0}/s; {requests} requests, {of_all:.0}/s")?;
        for (name, told, pages) in &self.readers {
            writeln!(f, "{name}: {told} events in {pages} pages or sockets")?;
        }
        if let Some([with, without]) = self.without_redis {
            let ratio = without.as_secs_f64() / with.as_secs_f64();
            let (with, without) = (with.as_millis(), without.as_millis());
            writeln!(f, "p99 {with} ms with Redis, {without} ms while it was away: {ratio:.2} ×")?;
        }
        Ok(())
    }
}

/// Does all of it on a database of its own.
pub fn run(plan: &Plan) -> Outcome {
    let runtime = Runtime::new().expect("a runtime starts");
    let world = runtime.block_on(World::build());
    let url = world.app.database_url().to_owned();
    let count = if is_postgres() { 2 } else { 1 };
    let mut redis = plan.redis.then(Redis::start);
    let redis_url = redis.as_ref().map(Redis::url);
    let start = || Server::start(serve(&plan.program, &url, redis_url.as_deref()), HOST, 0).0;
    let mut servers: Vec<Server> = (0..count).map(|_| start()).collect();
    let run = Run::new(plan.goal, servers.iter().map(|server| server.port));
    let mut away = None;
    let without_redis = |redis: &mut Redis| {
        run.wait_for(1.0 / 3.0);
        redis.kill();
        let begun = Instant::now();
        run.wait_for(2.0 / 3.0);
        let ended = Instant::now();
        redis.start_again();
        begun..ended
    };
    let (books, took) = load(&run, &world, |scope| {
        let redis = redis.as_mut().map(|redis| scope.spawn(|| without_redis(redis)));
        for kill in 1..=plan.kills {
            run.wait_for(f64::from(kill) / f64::from(plan.kills + 1));
            let at = kill as usize % servers.len();
            std::mem::replace(&mut servers[at], start()).kill();
            run.ports[at].store(servers[at].port, Relaxed);
        }
        away = redis.map(|redis| redis.join().expect("redis comes back"));
    });
    let stopped = servers.into_iter().map(Server::stop).filter(|well| *well).count();
    let mut faults = runtime.block_on(books.faults(&world));
    faults.extend(verify(&plan.program, &url));
    if stopped < count {
        faults.push("a server did not stop when it was asked to".to_owned());
    }
    let times = run.times.into_inner().expect("nobody panicked");
    let without_redis = away.map(|away| {
        let (without, with): (Vec<_>, Vec<_>) =
            times.into_iter().partition(|(begun, _)| away.contains(begun));
        [with, without].map(percentile_99)
    });
    Outcome {
        took,
        servers: count,
        kills: plan.kills,
        requests: run.requests.into_inner(),
        retries: run.retries.into_inner(),
        acknowledged: run.acknowledged.into_inner(),
        replayed: run.replayed.into_inner(),
        events: runtime.block_on(books::events(&world)),
        readers: books.readers.iter().map(|it| (it.name, it.told.len(), it.pages)).collect(),
        faults,
        without_redis,
    }
}

fn percentile_99(mut times: Vec<(Instant, Duration)>) -> Duration {
    times.sort_by_key(|(_, took)| *took);
    times.get(times.len() * 99 / 100).map(|(_, took)| *took).unwrap_or_default()
}

/// Lets everybody work until it is enough, while `meanwhile` happens.
fn load<'a>(
    run: &'a Run,
    world: &'a World,
    meanwhile: impl for<'s> FnOnce(&'s thread::Scope<'s, 'a>),
) -> (Books, Duration) {
    thread::scope(|scope| {
        let readers: Vec<_> =
            world.readers.iter().map(|who| scope.spawn(|| reader::read(run, who))).collect();
        let subscribers: Vec<_> =
            world.readers.iter().map(|who| scope.spawn(|| subscriber::follow(run, who))).collect();
        let mut writers = Vec::new();
        let mut to_confirm = Vec::new();
        for (number, commune) in (1..).zip(&world.communes) {
            let (send, receive) = channel();
            to_confirm.push(send);
            writers.push(scope.spawn(move || writer::verify(run, number, commune, &receive)));
            writers.push(scope.spawn(move || writer::raise(run, number, commune, world)));
        }
        for (number, giver) in (1..).zip(&world.givers) {
            let to_confirm = to_confirm.clone();
            writers
                .push(scope.spawn(move || writer::record(run, number, giver, world, &to_confirm)));
        }
        drop(to_confirm);
        meanwhile(scope);
        let mut books = Books::default();
        for writer in writers {
            books.add(writer.join().expect("a writer writes"));
        }
        let took = run.begun.elapsed();
        run.is_written.store(true, Relaxed);
        for reader in readers.into_iter().chain(subscribers) {
            books.readers.push(reader.join().expect("a reader reads"));
        }
        (books, took)
    })
}

impl Run {
    fn new(goal: Goal, ports: impl Iterator<Item = u16>) -> Self {
        Self {
            goal,
            begun: Instant::now(),
            ports: ports.map(AtomicU16::new).collect(),
            requests: AtomicU64::default(),
            retries: AtomicU64::default(),
            acknowledged: AtomicU64::default(),
            times: Mutex::default(),
            replayed: AtomicU64::default(),
            is_written: AtomicBool::default(),
            is_broken: AtomicBool::default(),
        }
    }

    /// How far it has come, from 0 to 1.
    fn progress(&self) -> f64 {
        match self.goal {
            _ if self.is_broken.load(Relaxed) => 1.0,
            Goal::Writes(writes) => self.acknowledged.load(Relaxed) as f64 / writes as f64,
            Goal::Time(time) => self.begun.elapsed().as_secs_f64() / time.as_secs_f64(),
        }
    }

    fn wait_for(&self, progress: f64) {
        while self.progress() < progress {
            thread::sleep(PAUSE);
        }
    }
}

/// Ends the run for everybody if its thread panics.
struct Alarm<'a>(&'a Run);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.is_broken.store(true, Relaxed);
            self.0.is_written.store(true, Relaxed);
        }
    }
}

fn camket(program: &Path, url: &str) -> Command {
    let settings = BTreeMap::from([
        ("CAMKET_LIMITS__SIGNED_IN", "{points=1000000000, per_second=1000000000}"),
        ("CAMKET_DATABASE__URL", url),
        ("CAMKET_HTTP__LISTEN", "127.0.0.1:0"),
        ("CAMKET_HTTP__HOSTS", HOST),
    ]);
    let mut command = Command::new(program);
    command.env_clear().envs(settings).stdin(Stdio::null());
    command
}

fn serve(program: &Path, url: &str, redis: Option<&str>) -> Command {
    let mut command = camket(program, url);
    command.envs(redis.map(|redis| ("CAMKET_REDIS__URL", redis)));
    command.arg("serve");
    command
}

/// What `camket verify-log` complains of.
fn verify(program: &Path, url: &str) -> Option<String> {
    let output = camket(program, url).arg("verify-log").output().expect("the command runs");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}
