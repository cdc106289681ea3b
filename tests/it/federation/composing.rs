//! The text that we are composed by: two composers take it without an error or a hint, alone and
//! with every partner that is kept beside it, and nothing is lost on the way.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use api::graphql::federation::{sdl, sdl_for};
use serde_json::Value;
use tempfile::TempDir;
use tests::npm;

/// Where the examples of partners are, each with its SDL.
const PARTNERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../partners");

const COMPOSERS: [&str; 2] = ["apollo", "guild"];

/// Files that composers read, by the name of the subgraph.
type Subgraphs = Vec<(String, PathBuf)>;

#[test]
fn it_composes_alone_in_every_version_that_is_asked_for() {
    let folder = TempDir::new().unwrap();

    for version in ["2.0", "2.3", "2.9"] {
        let text = sdl_for(version.parse().unwrap());
        let report = compose(&[ours(&folder, &text)]);

        for composer in COMPOSERS {
            let supergraph = report[composer]["supergraph"].as_str().unwrap();
            assert!(supergraph.contains("type Subscription"), "{composer} {version}");
            assert!(supergraph.contains("join__type(graph: API, key: \"code validFrom\")"));
            for hidden in ["_service", "_entities", "_Any", "_Entity"] {
                assert!(!supergraph.contains(hidden), "{composer} {version}: {hidden}");
            }
            let url = supergraph.matches("@specifiedBy(url:").count();
            assert_eq!(url, text.matches("@specifiedBy(url: \"").count(), "{composer} {version}");
        }
        // Apollo's composer forgets it, and leaves it to the subgraph to refuse two at once.
        let supergraph = report["guild"]["supergraph"].as_str().unwrap();
        let applied =
            |text: &str| text.matches("@oneOf").count() - text.matches("directive @oneOf").count();
        assert!(applied(&text) > 5);
        assert_eq!(applied(supergraph), applied(&text), "{version}");
    }
}

#[test]
fn it_composes_with_all_partners() {
    let folder = TempDir::new().unwrap();
    let partners = partners();
    if partners.is_empty() {
        return;
    }

    let all: Vec<_> = [ours(&folder, sdl())].into_iter().chain(partners).collect();
    compose(&all);
}

#[test]
fn what_does_not_fit_is_told() {
    let folder = TempDir::new().unwrap();
    let foreign = folder.path().join("foreign.graphql");
    let text = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\",
        import: [\"@key\"]) type Commune @key(fields: \"id\") { id: ID! name: String! }";
    fs::write(&foreign, text).unwrap();

    let (is_fine, report) = composed(&[ours(&folder, sdl()), ("foreign".to_owned(), foreign)]);

    assert!(!is_fine);
    for composer in COMPOSERS {
        let errors = report[composer]["errors"].to_string();
        assert!(errors.contains("Commune.name"), "{composer}: {errors}");
    }
}

#[test]
fn the_command_line_prints_it_in_the_version_asked_for() {
    let camket = env!("CARGO_BIN_EXE_camket-under-test");
    let printed = |arguments: &[&str]| {
        let output = Command::new(camket).arg("schema").args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };

    assert_eq!(printed(&["--federation"]), (true, sdl().to_owned()));
    let (_, older) = printed(&["--federation", "2.0"]);
    assert_eq!(older, sdl().replacen("federation/v2.3", "federation/v2.0", 1));
    assert!(!printed(&["--federation", "1.0"]).0);
}

#[test]
fn it_is_the_contract_with_keys() {
    let contract = api::graphql::sdl();
    let (link, rest) = sdl().split_once("\n\n").unwrap();

    assert_eq!(
        link,
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
         import: [\"@key\", \"@shareable\"])"
    );
    let keys = rest.lines().filter(|line| line.contains("@key("));
    let keys: Vec<&str> = keys.collect();
    insta::assert_snapshot!(keys.join("\n"));
    let mut kept = contract.lines();
    for line in rest.lines() {
        let bare = line.split(" @key(").next().unwrap().replace(" @shareable", "");
        let bare = if line.contains(" @key(") { bare + " {" } else { bare };
        assert!(
            kept.any(|line| line == bare),
            "{line} is not in the contract, or not in its order"
        );
    }
}

/// Our own subgraph, in a file.
fn ours(folder: &TempDir, text: &str) -> (String, PathBuf) {
    let file = folder.path().join("api.graphql");
    fs::write(&file, text).unwrap();
    ("api".to_owned(), file)
}

fn partners() -> Subgraphs {
    let folders = fs::read_dir(PARTNERS).into_iter().flatten();
    let named = folders.map(|folder| {
        let folder = folder.unwrap();
        (folder.file_name().into_string().unwrap(), folder.path().join("schema.graphql"))
    });
    named.filter(|(_, file)| file.exists()).collect()
}

/// What both composers say, who are to have nothing to say.
#[track_caller]
fn compose(subgraphs: &[(String, PathBuf)]) -> Value {
    let (is_fine, report) = composed(subgraphs);
    for composer in COMPOSERS {
        let said = &report[composer];
        assert!(said["errors"] == Value::Array(vec![]), "{composer}: {}", said["errors"]);
        assert!(said["hints"] == Value::Array(vec![]), "{composer}: {}", said["hints"]);
    }
    assert!(is_fine);
    report
}

fn composed(subgraphs: &[(String, PathBuf)]) -> (bool, Value) {
    let installed = npm::install("federation", env!("CARGO_TARGET_TMPDIR"));
    let named = subgraphs.iter().map(|(name, file)| format!("{name}={}", shown(file)));
    let output = Command::new("node")
        .arg("compose.mjs")
        .args(named)
        .current_dir(installed)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout);
    (output.status.success(), report.unwrap_or_else(|cause| panic!("{cause}: {told}")))
}

fn shown(file: &Path) -> &str {
    file.to_str().unwrap()
}
