//! A kept snapshot that no test reads any more is a lie waiting to be believed.

use std::{fs, path::Path};

#[test]
fn every_kept_snapshot_is_read_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/snapshots");
    let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path());

    let orphans: Vec<_> = files.filter(|path| !is_read(path)).collect();

    assert!(orphans.is_empty(), "no test reads {orphans:#?}: remove them");
}

/// A snapshot is called `it__module__name.snap`; its module names it, or has a test of that name.
fn is_read(path: &Path) -> bool {
    let stem = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((module, name)) = stem
        .strip_suffix(".snap")
        .and_then(|stem| stem.strip_prefix("it__"))
        .and_then(|stem| stem.rsplit_once("__"))
    else {
        return false;
    };
    let module = module.replace("__", "/");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("it").join(format!("{module}.rs"));
    let source = fs::read_to_string(source).unwrap_or_default();
    source.contains(&format!("\"{name}\"")) || source.contains(&format!("fn {name}("))
}
