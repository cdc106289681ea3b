//! Pure decisions beside those on what a schema says: who may publish at all, and what a publication
//! may be.

use std::collections::HashSet;

use entity::{party, subgraph, subgraph_approval::Kind, subgraph_version::Need};

use super::{ownership::Claims, pipeline::Report};
use crate::{
    clock::civil_day,
    refusal::{Refusal, UserErrorCode},
};

/// The most bytes of an SDL.
pub const MAX_SDL: usize = 200 << 10;

/// The prefix of a party; it publishes nothing without one.
pub fn prefix(party: &party::Model) -> Result<&str, Refusal> {
    party.prefix.as_deref().ok_or_else(|| {
        UserErrorCode::WrongKind.refuse().at("partyId").with("expected", "PARTY_WITH_PREFIX")
    })
}

/// What a publication may be judged on at all: a longer one is not even looked at.
pub fn size(sdl: &str) -> Result<(), Refusal> {
    if sdl.len() > MAX_SDL {
        return Err(UserErrorCode::TooLong.refuse().at("sdl").with("max", MAX_SDL));
    }
    Ok(())
}

/// Something that a stage refused; the check beside it says what.
pub fn passed(report: &Report) -> Result<(), Refusal> {
    match report.problems.len() {
        0 => Ok(()),
        count => Err(UserErrorCode::SubgraphRefused.refuse().with("count", count)),
    }
}

/// A subgraph that is retired stays so.
pub fn not_retired(row: &subgraph::Model) -> Result<(), Refusal> {
    match row.retired_at {
        Some(on) => Err(UserErrorCode::AlreadyEnded.refuse().at("id").with("on", civil_day(on))),
        None => Ok(()),
    }
}

/// What of a publication the coordinator has not approved, in order.
pub fn needs(claims: &Claims, name: &str, url: &str, approved: &HashSet<Need>) -> Vec<Need> {
    let need = |kind, value: &str| Need { kind, value: value.to_owned() };
    let mut needs = vec![need(Kind::Subgraph, name), need(Kind::Url, url)];
    needs.extend(claims.types.iter().map(|of| need(Kind::ExtendedType, of)));
    needs.extend(claims.root_fields.iter().map(|field| need(Kind::RootField, field)));
    needs.retain(|need| !approved.contains(need));
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_new_needs_an_approval_and_nothing_else_does() {
        let claims = Claims {
            types: ["Bank".to_owned(), "Commune".to_owned()].into(),
            root_fields: ["Mutation.vidutelOrder".to_owned()].into(),
            ..Claims::default()
        };
        let all = needs(&claims, "vidutel", "http://a", &HashSet::new());
        assert_eq!(all.len(), 5);

        let approved: HashSet<Need> = all.iter().cloned().collect();
        assert_eq!(needs(&claims, "vidutel", "http://a", &approved), []);
        let moved = needs(&claims, "vidutel", "http://b", &approved);
        assert_eq!(moved, [Need { kind: Kind::Url, value: "http://b".to_owned() }]);
    }
}
