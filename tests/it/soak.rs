//! Acknowledged is written, once: servers are killed under writers and readers. The long version
//! is `cargo run --bin soak -- 30`.

use tests::soak::{self, Goal, Plan};

#[test]
fn a_killed_server_loses_nothing_counts_nothing_twice_and_readers_miss_nothing() {
    let program = env!("CARGO_BIN_EXE_camket-under-test").into();

    let outcome = soak::run(&Plan { program, goal: Goal::Writes(150), kills: 2, redis: false });

    assert_eq!(outcome.faults, Vec::<String>::new(), "{outcome}");
    assert!(outcome.acknowledged >= 150 && outcome.retries > 0, "{outcome}");
    assert!(outcome.readers.iter().all(|(_, told, _)| *told > 0), "{outcome}");
}
