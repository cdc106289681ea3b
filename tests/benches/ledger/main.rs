//! What the graph costs, as a share of what hand-written SQL behind the same server costs for the
//! same bytes: `cargo bench -p tests --bench ledger`, on SQLite, or where `CAMKET_TEST_DATABASE_URL`
//! names a PostgreSQL server on that; a number after `--` is how many deliveries there are. Both sides
//! share binary, allocator, pool, connection and data.
//! Bytes are compared first; then blocks of a second take turns, in rounds of which every second one
//! runs backwards, with the graph a second time as the noise floor. It fails on wrong bytes or a
//! wrong number of statements, never on time.

use std::process::ExitCode;

use tokio::runtime::Runtime;

mod cases;
mod measure;
mod reference;
mod world;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DELIVERIES: usize = 100_000;

fn main() -> ExitCode {
    let Ok(runtime) = Runtime::new() else { return ExitCode::FAILURE };
    let deliveries = std::env::args().find_map(|argument| argument.parse().ok());
    let deliveries = deliveries.unwrap_or(DELIVERIES);
    let world = runtime.block_on(world::World::build(deliveries));
    let engine = if tests::is_postgres() { "PostgreSQL" } else { "SQLite" };
    println!("{engine}: {} commitments, {deliveries} deliveries", world::COMMITMENTS);
    let mut is_good = true;
    for case in cases::all(&world) {
        match measure::compare(&case, &world) {
            Ok(figures) => println!("{figures}"),
            Err(fault) => {
                is_good = false;
                eprintln!("{}: {fault}", case.name);
            }
        }
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
