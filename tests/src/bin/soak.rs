//! The server under load for so many seconds (`cargo run --bin soak -- 30`), on SQLite, or
//! where `CAMKET_TEST_DATABASE_URL` names a PostgreSQL server on that; a second word, `redis`, starts a
//! `redis-server` that the servers share and that is away for a third of the time. Started with anything else
//! it is `camket` itself: the processes that it starts and kills are this program.

use std::{process::ExitCode, time::Duration};

use tests::soak::{self, Goal, Plan};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(seconds) = arguments.first().and_then(|seconds| seconds.parse().ok()) else {
        return api::cli::run();
    };
    let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
    let redis = arguments.get(1).is_some_and(|word| word == "redis");
    let goal = Goal::Time(Duration::from_secs(seconds));
    let outcome = soak::run(&Plan { program, goal, kills: 5, redis });
    print!("{outcome}");
    for fault in &outcome.faults {
        eprintln!("soak: {fault}");
    }
    if outcome.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
