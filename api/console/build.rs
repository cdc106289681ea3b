//! Builds the pages of the console with Node, away from the source tree, and lists their files for
//! the library to embed. Runs again only when the pages, or the operations and the schema that they
//! are built with, have changed, so an edit in another crate never waits for it.

use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Beside these sources of the crate, under `web`.
const SOURCES: [&str; 9] = [
    ".npmrc",
    "compress.mjs",
    "index.html",
    "package-lock.json",
    "package.json",
    "schema-terms.ts",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];

const NO_NODE: &str = "\
the console is built with Node 20.19 or later and npm, which were not found (or failed as said above).
Install Node (Debian, Ubuntu: https://nodejs.org or `apt-get install nodejs npm`, version 20.19 or later),
or build without the console: `cargo run --no-default-features -- dev`";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folders in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let operations = own.join("../../docs/operations");
    let schema = own.join("../schema.graphql");
    for source in SOURCES {
        println!("cargo::rerun-if-changed=web/{source}");
    }
    println!("cargo::rerun-if-changed={}", operations.display());
    println!("cargo::rerun-if-changed={}", schema.display());

    // The same places relative to each other as in the source tree.
    let tree = out.join("tree");
    let web = tree.join("api/console/web");
    replace(&operations, &tree.join("docs/operations"))?;
    replace(&schema, &tree.join("api/schema.graphql"))?;
    fs::create_dir_all(&web)?;
    for source in SOURCES {
        replace(&own.join("web").join(source), &web.join(source))?;
    }
    if let Err(error) = build(&web) {
        println!("cargo::error={error}");
        for line in NO_NODE.lines() {
            println!("cargo::error={line}");
        }
        return Ok(());
    }
    fs::write(out.join("files.rs"), listing(&web.join("dist"))?)?;
    Ok(())
}

/// Installs what the lock file names, unless that was done for this very lock file, and builds.
fn build(web: &Path) -> Result<(), Box<dyn Error>> {
    let lock = fs::read(web.join("package-lock.json"))?;
    let mark = web.join("node_modules/.installed");
    if fs::read(&mark).ok().as_ref() != Some(&lock) {
        npm(web, &["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"])?;
        fs::write(&mark, &lock)?;
    }
    npm(web, &["run", "build"])
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("npm could not be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().take(15).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    Err(format!("npm {} failed: {}", arguments.join(" "), last.join(" | ")).into())
}

/// Makes `to` what `from` is, file or folder, without what `to` had before.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.is_dir() {
        fs::remove_dir_all(to)?;
    }
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            replace(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map(|_| ())
}

/// Every file as a line of a table sorted by path.
fn listing(dist: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    collect(dist, dist, &mut files)?;
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in files {
        let packed = |ending: &str| {
            let mut beside = path.clone().into_os_string();
            beside.push(ending);
            let beside = PathBuf::from(beside);
            if beside.exists() {
                format!("Some(include_bytes!({:?}))", beside.display().to_string())
            } else {
                "None".to_owned()
            }
        };
        writeln!(
            text,
            "    ({name:?}, Asset {{ content_type: {:?}, identity: include_bytes!({:?}), brotli: {}, \
             gzip: {}, immutable: {} }}),",
            content_type(&path)?,
            path.display().to_string(),
            packed(".br"),
            packed(".gz"),
            name.starts_with("assets/"),
        )?;
    }
    text.push_str("]\n");
    Ok(text)
}

fn collect(
    folder: &Path,
    dist: &Path,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, dist, files)?;
        } else if !matches!(path.extension().and_then(OsStr::to_str), Some("br" | "gz")) {
            let name = path.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
            files.push((name, path));
        }
    }
    Ok(())
}

fn content_type(path: &Path) -> Result<&'static str, String> {
    match path.extension().and_then(OsStr::to_str) {
        Some("html") => Ok("text/html; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("ttf") => Ok("font/ttf"),
        Some("json") => Ok("application/json"),
        _ => Err(format!("no content type is known for {}", path.display())),
    }
}
