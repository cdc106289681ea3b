//! `camket dev`: the demonstration on this machine. Its own SQLite file, the pilot's real data and
//! plainly named examples with a history, people to sign in
//! as, loopback only. A database that holds anything
//! else is refused, and `camket serve` refuses this one.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use entity::{installation, party};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use crate::{
    app::App,
    cli,
    clock::{Clock, SystemClock},
    config::{Http, federation::Federation},
    db::Db,
    domain::{reach, router_key, statement},
    error::{Error, Result},
    graphql::guard::Limits,
    http::{
        Hosts,
        auth::{Personas, SignIn},
    },
    hub::budget::Budgets,
    registry::{self, Source},
    serve,
    telemetry::Telemetry,
};

mod examples;
mod history;
mod people;
mod then;

pub use history::{Names, make};

/// Readers beside the one writer.
const READERS: u32 = 8;

/// Whom the link signs in that is printed.
const LINKED: &str = "coordinator";

/// What the router beside the demonstration is called.
const ROUTER: &str = "dev";

/// Serves the demonstration at a port of this machine, with its data in a directory.
pub async fn run(port: u16, data: &Path) -> Result<()> {
    // The port first: a second start must not touch the data of the one that runs.
    let listener = serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let port = listener.local_addr().map_err(Error::internal)?.port();
    let db = open(data).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = App::new(db.clone(), clock.clone(), Personas::default());
    refresh(&app).await?;
    reach::ensure(&app).await?;
    statement::write::ensure(&app).await?;
    let router_key = router_key::write::renew(&app, ROUTER).await?;
    let people = people::admit(&app).await?;
    let (limits, budgets) = (Limits::default(), Budgets::default());
    let federation = Federation::default().on_this_machine().at_port(port);
    let link = people.desk.link(&*clock, LINKED);
    let sign_in =
        SignIn { personas: people.personas, desk: Some(people.desk), ..SignIn::default() };
    let app = App::with(db, clock, sign_in, limits, federation, budgets, Telemetry::default());
    cli::print(&examples::welcome(port, data, &people.seats, &router_key, &link))?;
    serve::until_stopped(listener, app, Hosts::loopback(port), &Http::default(), None).await
}

/// The demonstration's database, made if it is missing.
async fn open(data: &Path) -> Result<Db> {
    std::fs::create_dir_all(data)
        .map_err(|cause| Error::BadInput(format!("cannot make {}: {cause}", data.display())))?;
    let file = data.join("camket.db");
    if !file.exists() {
        begin(&file).await?;
    }
    let db = connect(&file).await?;
    Migrator::up(db.writer(), None).await?;
    claim(&db, &file).await?;
    Ok(db)
}

/// Makes the demonstration beside its place and moves it there when it is whole, so that a start
/// that was cut short leaves no half of a history.
async fn begin(file: &Path) -> Result<()> {
    let draft = file.with_extension("new");
    for left_over in ["new", "new-wal", "new-shm"].map(|end| file.with_extension(end)) {
        std::fs::remove_file(left_over).ok();
    }
    let db = connect(&draft).await?;
    Migrator::up(db.writer(), None).await?;
    claim(&db, &draft).await?;
    make(&db).await?;
    db.close().await?;
    let unmoved = |cause| Error::BadInput(format!("cannot make {}: {cause}", file.display()));
    std::fs::rename(&draft, file).map_err(unmoved)
}

async fn connect(file: &Path) -> Result<Db> {
    let path = file.to_str().ok_or_else(|| Error::BadInput("--data is not UTF-8".to_owned()))?;
    // The path stands in an address, in which these have a meaning.
    let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    Db::connect(&format!("sqlite://{path}"), READERS).await
}

/// Marks a new database as the demonstration's, and refuses one that is somebody else's.
async fn claim(db: &Db, file: &Path) -> Result<()> {
    let tx = db.write().await?;
    let installation = installation::Entity::find_by_id(1).one(&tx).await?;
    let installation =
        installation.ok_or_else(|| Error::internal("the installation has no row"))?;
    if installation.demonstration {
        return Ok(());
    }
    if party::Entity::find().one(&tx).await?.is_some() {
        let file = file.display();
        let what = format!("{file} holds data that is no demonstration: choose another --data");
        return Err(Error::BadInput(what));
    }
    let mut installation = installation.into_active_model();
    installation.demonstration = Set(true);
    installation.update(&tx).await?;
    Ok(tx.commit().await?)
}

/// Imports what was not imported yet, so that what somebody tried out stays as it is.
async fn refresh(app: &App) -> Result<()> {
    for source in [Source::Pilot, Source::Demo] {
        if !registry::is_current(app, &source).await? {
            registry::import(app, &source).await?;
        }
    }
    Ok(())
}
