//! Prefixes: what every name begins with that a party adds to the federated graph. Names are compared
//! ignoring case, so a prefix is worth something only where no other name begins like it.

use async_graphql::registry::{MetaType, Registry};
use entity::party;

use crate::refusal::{Refusal, UserErrorCode};

/// The fewest and the most characters.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=16;

/// Words of the languages and libraries that a federated graph is written in, and what could be
/// taken for ours or for everybody's. No prefix is the beginning of one.
const RESERVED: [&str; 37] = [
    "api",
    "authenticated",
    "boolean",
    "catch",
    "compose",
    "connect",
    "context",
    "core",
    "cost",
    "defer",
    "deprecated",
    "extends",
    "external",
    "federation",
    "float",
    "include",
    "interface",
    "introspection",
    "join",
    "key",
    "link",
    "list",
    "mutation",
    "oneof",
    "override",
    "policy",
    "provides",
    "query",
    "requires",
    "schema",
    "service",
    "shareable",
    "skip",
    "specified",
    "stream",
    "string",
    "subscription",
];

/// What no prefix begins with: it would be taken for this graph itself.
const OURS: &str = "camket";

/// A prefix: 3 to 16 small letters and digits, a letter first.
pub fn form(prefix: &str) -> Result<(), Refusal> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let begins = prefix.starts_with(|c: char| c.is_ascii_lowercase());
    if begins && prefix.bytes().all(fits) && LENGTH.contains(&prefix.len()) {
        return Ok(());
    }
    Err(UserErrorCode::InvalidFormat.refuse().at("prefix").with("expected", "PREFIX"))
}

/// A prefix is the beginning of no name of ours, so that nobody takes one for the other.
pub fn free(prefix: &str, types: &Registry) -> Result<(), Refusal> {
    let begins = |name: &str| name.to_ascii_lowercase().starts_with(prefix);
    let is_reserved = RESERVED.iter().any(|word| word.starts_with(prefix))
        || OURS.starts_with(prefix)
        || prefix.starts_with(OURS);
    let is_field = |of: &MetaType| match of {
        MetaType::Object { fields, .. } | MetaType::Interface { fields, .. } => {
            let roots = [&types.mutation_type, &types.subscription_type].into_iter().flatten();
            let is_root = roots.chain([&types.query_type]).any(|root| root == of.name());
            fields.keys().any(|field| if is_root { begins(field) } else { field == prefix })
        }
        _ => false,
    };
    let is_taken = types.types.iter().any(|(name, of)| begins(name) || is_field(of))
        || types.directives.keys().any(|name| begins(name));
    if is_reserved || is_taken {
        return Err(UserErrorCode::InvalidFormat
            .refuse()
            .at("prefix")
            .with("expected", "FREE_PREFIX"));
    }
    Ok(())
}

/// Two prefixes of which one is the beginning of the other are no prefixes.
pub fn apart(prefix: &str, known: &party::Model) -> Result<(), Refusal> {
    match known.prefix.as_deref() {
        Some(other) if other.starts_with(prefix) || prefix.starts_with(other) => {
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at("prefix");
            Err(refusal.with("what", other).object(known.id))
        }
        _ => Ok(()),
    }
}

/// Once set, a prefix stays.
pub fn kept(prefix: &str, party: &party::Model) -> Result<(), Refusal> {
    match party.prefix.as_deref() {
        Some(kept) if kept != prefix => {
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at("prefix");
            Err(refusal.with("what", kept).object(party.id))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql;

    #[test]
    fn a_prefix_is_three_to_sixteen_small_letters_and_digits() {
        for good in ["vnp", "vidutel", "a23", "a234567890123456"] {
            assert!(form(good).is_ok(), "{good}");
        }
        for bad in
            ["", "ab", "a2345678901234567", "Vidutel", "1ab", "vi_du", "vi-du", "vídu", "vi du"]
        {
            assert!(form(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_name_of_ours_and_no_word_of_the_language_begins_with_a_prefix() {
        for good in ["vidutel", "vidubank", "viduweb", "vnpt", "acb1"] {
            assert!(free(good, graphql::registry()).is_ok(), "{good}");
        }
        for bad in [
            "com", "commune", "par", "node", "que", "query", "mut", "sub", "viewer", "lin", "key",
            "fed", "camket", "camketvn", "pageinfo", "board", "pro", "dat", "uui", "str", "int",
            "name", "code", "sha", "api",
        ] {
            assert!(free(bad, graphql::registry()).is_err(), "{bad}");
        }
        // A field of an object is in the way only as a whole.
        assert!(free("vali", graphql::registry()).is_ok());
    }
}
