//! The operations of `docs/operations`, shared with everybody. They are part of the program and
//! change with it.

use std::sync::LazyLock;

use async_graphql::parser::{parse_query, types::ExecutableDocument};
use entity::operation::Kind;
use include_dir::{Dir, include_dir};

use super::rules;
use crate::{refusal::Language, tx::sha256};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../docs/operations");

static ALL: LazyLock<Vec<Shared>> = LazyLock::new(|| {
    let files =
        FILES.files().filter(|file| file.path().extension().is_some_and(|e| e == "graphql"));
    let mut all: Vec<Shared> = files
        .filter_map(|file| Shared::of(file.path().file_stem()?.to_str()?, file.contents_utf8()?))
        .collect();
    all.sort_by_key(|shared| shared.name);
    all
});

/// A shared operation.
pub struct Shared {
    pub name: &'static str,
    /// SHA-256 of the document, lower-case hexadecimal.
    pub hash: String,
    pub document: &'static str,
    pub parsed: ExecutableDocument,
    pub kind: Kind,
}

impl Shared {
    fn of(name: &'static str, document: &'static str) -> Option<Self> {
        let parsed = parse_query(document).ok()?;
        let kind = rules::kind(rules::sole(&parsed).ok()?);
        Some(Self { name, hash: sha256(document), document, parsed, kind })
    }

    pub fn title(&self, language: Language) -> &'static str {
        head(self.document, language)
    }
}

/// What an operation is for: the comment at its head, in English and then in Vietnamese; empty where
/// there is none.
pub fn head(document: &str, language: Language) -> &str {
    let line = match language {
        Language::En => 0,
        Language::Vi => 1,
    };
    let line = document.lines().nth(line).and_then(|line| line.strip_prefix('#'));
    line.unwrap_or_default().trim()
}

/// All of them, in the order of their names.
pub fn all() -> &'static [Shared] {
    &ALL
}

pub fn by_name(name: &str) -> Option<&'static Shared> {
    all().binary_search_by(|shared| shared.name.cmp(name)).ok().map(|at| &all()[at])
}

pub fn by_hash(hash: &str) -> Option<&'static Shared> {
    all().iter().find(|shared| shared.hash == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_operation_can_be_called_by_its_name() {
        let files = FILES.files().filter(|file| file.path().extension().unwrap() == "graphql");
        assert_eq!(all().len(), files.count());
        for shared in all() {
            assert_eq!(by_name(shared.name).unwrap().hash, shared.hash);
            assert_eq!(rules::callable(&shared.parsed), Ok(()), "{}", shared.name);
            assert_ne!(shared.title(Language::Vi), shared.title(Language::En));
        }
    }
}
