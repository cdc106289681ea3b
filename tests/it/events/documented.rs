//! `docs/events.md` names every type of event that the server writes, and no other. Types are
//! found in the source by their form: what happened to one of the nouns below.

use std::{collections::BTreeSet, fs, path::Path};

const DOCS: &str = include_str!("../../../docs/events.md");

/// What a type of event begins with.
const NOUNS: [&str; 28] = [
    "ACTIVITY_KIND",
    "AMENDMENT",
    "ASSIGNMENT",
    "COMMITMENT",
    "COMMUNE",
    "DELIVERY",
    "DEPARTMENT",
    "DOCUMENT",
    "ENROLMENT",
    "GRANT",
    "INVITATION",
    "MANDATE",
    "MEMBER",
    "NEED",
    "NOTE",
    "OPERATION",
    "PARTY",
    "REGISTRY",
    "REVERSAL",
    "ROUTER",
    "SAVED_OPERATION",
    "SCOPE",
    "STATEMENT",
    "SUBGRAPH",
    "SUPERGRAPH",
    "TASK",
    "TOKEN",
    "VIEWED",
];

/// Words of other meaning that begin like that.
const OTHERS: [&str; 7] = [
    "COMMUNE_AUTHORITY",
    "NEED_OF_PLACE",
    "NOTE_WITH_DUE_DATE",
    "OPERATION_NAME",
    "OPERATION_NOT_REGISTERED",
    "PARTY_CODE",
    "PARTY_WITH_PREFIX",
];

#[test]
fn the_documented_types_are_the_ones_there_are() {
    let mut written = BTreeSet::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src")), &mut written);

    assert_eq!(documented(), written);
}

#[test]
fn every_type_has_subject_audience_and_data() {
    for row in DOCS.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{row}");
    }
}

fn documented() -> BTreeSet<String> {
    let names = DOCS.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    names.map(str::to_owned).collect()
}

fn collect(folder: &Path, types: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, types);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            types.extend(text.split('"').filter(|word| is_type(word)).map(str::to_owned));
        }
    }
}

fn is_type(word: &str) -> bool {
    let is_code = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let begins = |noun: &&str| word.strip_prefix(*noun).is_some_and(|rest| rest.starts_with('_'));
    is_code && NOUNS.iter().any(begins) && !OTHERS.contains(&word)
}
