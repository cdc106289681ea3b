//! Bundles what runs inside QuickJS, from npm by the lock file, in the build directory alone.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The oldest Node that the packages take.
const NODE: u32 = 20;

/// What the bundle is made of; `src` is a directory.
const INPUTS: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "src"];

fn main() {
    for input in INPUTS {
        println!("cargo::rerun-if-changed=js/{input}");
    }
    if let Err(error) = bundle() {
        println!("cargo::error={error}");
    }
}

fn bundle() -> Result<(), Box<dyn Error>> {
    check_node()?;
    let place = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("js");
    for input in INPUTS {
        copy(&Path::new("js").join(input), &place.join(input))?;
    }
    npm(&place, &["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    npm(&place, &["run", "--silent", "bundle"])
}

/// Copies a file, or a directory as it is now: what was taken out of it goes.
fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    if from.is_dir() {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(to, fs::read(from)?)?;
    }
    Ok(())
}

fn check_node() -> Result<(), Box<dyn Error>> {
    let needed =
        format!("install Node.js {NODE} or newer, with npm: the composer is built with it");
    let output = Command::new("node").arg("--version").output().map_err(|_| needed.as_str())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major >= NODE) {
        Ok(())
    } else {
        Err(format!("{needed} (found {version:?})").into())
    }
}

fn npm(place: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(place)
        .output()
        .map_err(|error| format!("npm does not start, install it beside Node.js: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', " | ");
    Err(format!("`npm {}` failed: {said}", arguments.join(" ")).into())
}
