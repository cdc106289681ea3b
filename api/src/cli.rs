//! The command line. What a command gives goes to standard output, what it says to standard
//! error; a failure is one line there and exit code 1.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Parser, Subcommand};
use entity::member::Role;
use migration::{Migrator, MigratorTrait};
use sea_orm::ActiveEnum;

use crate::{
    app::App,
    clock::SystemClock,
    config::{Config, Log},
    db::Db,
    dev,
    domain::{
        event::verify::{self, Mark},
        reach, router_key, statement, token,
    },
    error::{Error, Result},
    graphql::{self, federation::Version},
    http::auth::SignIn,
    hub::budget::Budgets,
    registry::{self, Source},
    serve,
    telemetry::Telemetry,
};

/// What a thread may use to execute an operation of the greatest depth, in bytes.
const STACK: usize = 8 << 20;

/// Cam Kết: commitments of the parties to a province's commune-level digital transformation.
#[derive(Parser)]
#[command(name = "camket", version, arg_required_else_help = true)]
struct Cli {
    /// A file with settings; api/config.default.toml documents them.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the demonstration on this machine, with people to sign in as.
    Dev {
        #[arg(long, default_value_t = 4000)]
        port: u16,
        /// The directory of its database; delete it to start afresh.
        #[arg(long, value_name = "DIR", default_value = "camket-data")]
        data: PathBuf,
    },
    /// Serves the graph as configured.
    Serve,
    /// Brings the database's schema up to date.
    Migrate,
    /// Prints the GraphQL schema.
    Schema {
        /// As a subgraph of Federation, in this version of its language (2.3 by default).
        #[arg(long, value_name = "VERSION")]
        federation: Option<Option<Version>>,
    },
    /// Recomputes the whole event log and says where it was tampered with.
    VerifyLog {
        /// What an earlier run printed to be kept outside: it must still stand in the log.
        #[arg(long, value_name = "POSITION:HASH")]
        expect: Vec<Mark>,
    },
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Keys of the routers of the federated graph.
    #[command(subcommand)]
    RouterKey(RouterKeyCommand),
    /// The key that statements to partners are signed with.
    #[command(subcommand)]
    StatementKey(StatementKeyCommand),
    /// Imports data.
    #[command(subcommand)]
    Import(ImportCommand),
}

#[derive(Subcommand)]
enum RouterKeyCommand {
    /// Issues a key to a router and prints it; it is shown this once.
    Issue {
        /// What the router is called.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Ends the key of a router, which is then refused within seconds.
    Revoke {
        /// What the router is called.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Prints the name of each key, when it was issued and when it was revoked.
    List,
}

#[derive(Subcommand)]
enum StatementKeyCommand {
    /// Signs with a new key from now on; partners find the old one for another day.
    Rotate,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Issues a token to a party and prints it; it is shown this once.
    Issue {
        /// The code of the party.
        #[arg(long, value_name = "CODE")]
        party: String,
        /// VIEWER, REPORTER or MANAGER.
        #[arg(long, value_parser = role)]
        role: Role,
        /// How many days it is good for, at most 365.
        #[arg(long, value_name = "DAYS", default_value = "90d", value_parser = days)]
        expires: u32,
        /// Where it works from, such as 203.0.113.0/24; repeat it for more. Anywhere by default.
        #[arg(long = "network", value_name = "NETWORK")]
        networks: Vec<String>,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Brings places, parties, documents and what hangs on them up to date with CSV files.
    Registry {
        /// A directory as api/registry/README.md describes it.
        dir: PathBuf,
    },
}

/// Runs the command that this process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(execute(cli)),
        Err(cause) => Err(Error::internal(cause)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let line = told(&error).split_whitespace().collect::<Vec<_>>().join(" ");
            eprintln!("camket: {line}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> Result<()> {
    let config = || Config::load(cli.config.as_deref());
    match cli.command {
        Command::Dev { port, data } => {
            Log::for_people("info,sea_orm_migration=warn").start();
            dev::run(port, &data).await
        }
        Command::Serve => serve::run(&config()?).await,
        Command::Migrate => migrate(&config()?).await,
        Command::Schema { federation: None } => print(&graphql::sdl()),
        Command::Schema { federation: Some(version) } => {
            print(&graphql::federation::sdl_for(version.unwrap_or(Version::DEFAULT)))
        }
        Command::VerifyLog { expect } => verify_log(&config()?, &expect).await,
        Command::Token(TokenCommand::Issue { party, role, expires, networks }) => {
            let app = open(&config()?, SignIn::default(), Telemetry::default()).await?;
            let issued =
                token::write::issue_by_operator(&app, &party, role, expires, &networks).await?;
            print(&issued)
        }
        Command::RouterKey(command) => router_key(&config()?, command).await,
        Command::StatementKey(StatementKeyCommand::Rotate) => {
            let app = open(&config()?, SignIn::default(), Telemetry::default()).await?;
            let id = statement::write::rotate(&app).await?;
            print(&format!("statements are signed with {id}"))
        }
        Command::Import(ImportCommand::Registry { dir }) => import(&config()?, &dir).await,
    }
}

/// What the operator reads: causes too, which no client ever sees.
fn told(error: &Error) -> String {
    match error {
        Error::Internal(cause) => cause.to_string(),
        Error::Refused(refusal) => refusal.message(crate::refusal::Language::En),
        other => other.to_string(),
    }
}

/// Writes to standard output; a reader that has gone away is no panic.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()).map_err(Error::internal)
}

async fn connect(config: &Config) -> Result<Db> {
    config.check_for_database()?;
    let database = &config.database;
    let db = Db::connect(database.url(), database.max_connections).await;
    db.map_err(|cause| {
        Error::BadInput(format!("cannot open {}: {}", database.shown(), told(&cause)))
    })
}

/// The server's parts over a database whose schema is up to date.
pub(crate) async fn open(
    config: &Config,
    sign_in: SignIn,
    telemetry: Telemetry,
) -> Result<Arc<App>> {
    let db = connect(config).await?;
    let pending = Migrator::get_pending_migrations_read_only(db.reader()).await?;
    if !pending.is_empty() {
        let n = pending.len();
        let what =
            format!("{} lacks {n} migrations: run `camket migrate`", config.database.shown());
        return Err(Error::BadInput(what));
    }
    let limits = config.limits.clone();
    let budgets = config.redis.client()?.map_or_else(Budgets::default, Budgets::shared);
    let (clock, federation) = (Arc::new(SystemClock), config.federation.clone());
    Ok(App::with(db, clock, sign_in, limits, federation, budgets, telemetry))
}

async fn migrate(config: &Config) -> Result<()> {
    Log::for_people("warn").start();
    let db = connect(config).await?;
    let pending = Migrator::get_pending_migrations_read_only(db.reader()).await?.len();
    Migrator::up(db.writer(), None).await?;
    // A migration may have made `reach` anew, and this release may derive it by other rules.
    let app = App::new(db.clone(), Arc::new(SystemClock), SignIn::default());
    reach::refresh(&app).await?;
    db.close().await?;
    print(&format!("{pending} migrations done; the schema is up to date"))
}

async fn import(config: &Config, dir: &Path) -> Result<()> {
    let app = open(config, SignIn::default(), Telemetry::default()).await?;
    let report = registry::import(&app, &Source::Directory(dir.to_owned())).await?;
    app.db.clone().close().await?;
    print(&report.to_string())
}

async fn router_key(config: &Config, command: RouterKeyCommand) -> Result<()> {
    let app = open(config, SignIn::default(), Telemetry::default()).await?;
    match command {
        RouterKeyCommand::Issue { name } => print(&router_key::write::issue(&app, &name).await?),
        RouterKeyCommand::Revoke { name } => {
            router_key::write::revoke(&app, &name).await?;
            print(&format!("{name} is revoked"))
        }
        RouterKeyCommand::List => {
            let shown = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let line = |key: &entity::router_key::Model| {
                let revoked = key.revoked_at.map(|at| format!(", revoked {}", shown(at)));
                let revoked = revoked.unwrap_or_default();
                format!("{} issued {}{revoked}", key.name, shown(key.created_at))
            };
            let keys = router_key::read::all(&app).await?;
            print(&keys.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
    }
}

async fn verify_log(config: &Config, expected: &[Mark]) -> Result<()> {
    let app = open(config, SignIn::default(), Telemetry::default()).await?;
    let verdict = verify::verify(&app.db, expected).await?;
    app.db.clone().close().await?;
    match verdict.complaint() {
        Some(complaint) => Err(Error::BadInput(complaint)),
        None => print(&verdict.to_string()),
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::try_from_value(&text.to_ascii_uppercase())
        .map_err(|_| "one of VIEWER, REPORTER, MANAGER".to_owned())
}

fn days(text: &str) -> Result<u32, String> {
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok();
    days.filter(|days| (1..=365).contains(days)).ok_or_else(|| "1d to 365d".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        assert_eq!(days("90d"), Ok(90));
        assert!(days("0d").is_err() && days("366d").is_err() && days("a year").is_err());
        assert_eq!(role("reporter"), Ok(Role::Reporter));
    }
}
