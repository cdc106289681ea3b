//! The real command line in a process of its own: what it prints, what it refuses, and that it
//! serves.

use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod commands;
mod dev;
mod serve;
mod verify_log;

/// A command with no environment but the given settings, in a directory of its own.
pub(crate) fn camket(
    directory: &TempDir,
    arguments: &[&str],
    settings: &[(&str, &str)],
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_camket-under-test"));
    command.env_clear().envs(settings.iter().copied());
    command.args(arguments).current_dir(directory.path()).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    camket(&TempDir::new().unwrap(), arguments, settings).output().unwrap()
}

/// What a command that went well printed, which said nothing besides.
#[track_caller]
fn printed(output: &Output) -> &str {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "{}: {told}", output.status);
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The one line that a command failed with, after its name.
#[track_caller]
fn complaint(output: &Output) -> &str {
    let told = std::str::from_utf8(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{told}");
    let line = told.strip_prefix("camket: ").and_then(|line| line.strip_suffix('\n'));
    match line {
        Some(line) if !line.contains('\n') => line,
        _ => panic!("not one line: {told}"),
    }
}
