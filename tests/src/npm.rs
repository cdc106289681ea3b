//! Programs of npm that tests run beside the server: installed once per lock file, in the target
//! directory, from the lock file alone and without running anything of the packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use api::tx::sha256;

/// The directory in which a folder of `tests/` with a `package-lock.json` is installed. `target` is
/// `CARGO_TARGET_TMPDIR`, which only the tests themselves know.
pub fn install(folder: &str, target: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&from)
        .expect("a folder of tests")
        .map(|file| file.expect("a file").path())
        .filter(|file| file.is_file())
        .map(|file| (file.clone(), fs::read(file).expect("a file can be read")))
        .collect();
    let mut texts: Vec<_> = files.iter().map(|(_, bytes)| sha256(bytes)).collect();
    texts.sort();
    let name = format!("{folder}-{}", &sha256(texts.concat())[..16]);
    let place = Path::new(target).join(&name);
    // Tests of one process take turns; those of others make drafts of their own.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if !place.exists() {
        let draft = Path::new(target).join(format!("{name}.{}", process::id()));
        fs::create_dir_all(&draft).expect("the target directory can be written");
        for (file, bytes) in files {
            let name = file.file_name().expect("a file has a name");
            fs::write(draft.join(name), bytes).expect("a file can be written");
        }
        run_npm(&draft);
        // Another process may have been faster; its files are the same.
        if fs::rename(&draft, &place).is_err() {
            assert!(place.exists(), "{} cannot be made", place.display());
            fs::remove_dir_all(&draft).expect("a draft can be removed");
        }
    }
    place
}

fn run_npm(folder: &Path) {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    match output {
        Err(cause) => panic!("this test needs Node 20 or later with npm on the path: {cause}"),
        Ok(output) => assert!(
            output.status.success(),
            "npm ci failed; it needs npm's registry once: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}
