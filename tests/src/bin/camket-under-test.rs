//! The real command line under a name that tests can start (`CARGO_BIN_EXE_camket-under-test`).

fn main() -> std::process::ExitCode {
    api::cli::run()
}
