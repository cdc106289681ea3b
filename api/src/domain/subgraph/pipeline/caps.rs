//! How large a publication may be. What can be counted without parsing is counted first.

use composer::{Document, Field};

use crate::{
    domain::subgraph::{
        problem::{Code, Problem},
        rules::MAX_SDL,
    },
    graphql::guard::scan,
    text::{is_hidden, personal},
};

/// How many brackets may be open at once; a schema needs three or four.
const NESTING: u64 = 16;
const TOKENS: u64 = 40_000;
/// The most bytes of a description, of any other string, and of a comment.
const STRING: usize = 4_000;
const DEFINITIONS: usize = 400;
/// Fields, arguments, values and members.
const FIELDS: usize = 4_000;

/// What is wrong with a text.
pub fn text(sdl: &str) -> Vec<Problem> {
    if sdl.len() > MAX_SDL {
        return vec![Code::SdlTooLarge.here().with("max", MAX_SDL)];
    }
    let (Some(scan), Some(texts)) = (scan::document(sdl), scan::texts(sdl)) else {
        return vec![Code::UnendedString.here()];
    };
    let is_hidden = |c: char| is_hidden(c) || c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let found = [
        (scan.nesting > NESTING).then(|| Code::SdlTooDeep.here().with("max", NESTING)),
        (scan.tokens > TOKENS).then(|| Code::TooManyTokens.here().with("max", TOKENS)),
        texts
            .iter()
            .any(|text| text.len() > STRING)
            .then(|| Code::TextTooLong.here().with("max", STRING)),
        sdl.chars().any(is_hidden).then(|| Code::HiddenCharacter.here()),
        texts
            .iter()
            .any(|text| personal::holds_number(text))
            .then(|| Code::HoldsPersonalData.here()),
    ];
    found.into_iter().flatten().collect()
}

/// What is wrong with how much a document says.
pub fn document(document: &Document) -> Vec<Problem> {
    let definitions = document.definitions.len();
    let of_fields = |fields: &[Field]| -> usize {
        fields.len() + fields.iter().map(|field| field.arguments.len()).sum::<usize>()
    };
    let fields = document.definitions.iter().map(|each| {
        of_fields(&each.fields) + each.values.len() + each.members.len() + each.arguments.len()
    });
    let fields: usize = fields.sum();
    let found = [
        (definitions > DEFINITIONS)
            .then(|| Code::TooManyDefinitions.here().with("max", DEFINITIONS)),
        (fields > FIELDS).then(|| Code::TooManyFields.here().with("max", FIELDS)),
    ];
    found.into_iter().flatten().collect()
}
