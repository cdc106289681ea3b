//! What a token may be given.

use entity::{
    api_token::{Scope, Scopes},
    member::Role,
};

use crate::{
    authz::Acting,
    refusal::{Refusal, UserErrorCode},
};

/// The longest life of a token in days.
pub const MAX_DAYS: u32 = 365;
/// The life of a token that names none, in days.
pub const DEFAULT_DAYS: u32 = 90;
/// How long an old secret lives beside its successor, in hours, at most.
pub const MAX_OVERLAP_HOURS: u32 = 7 * 24;
/// The most characters of a label.
pub const MAX_LABEL: usize = 80;

pub fn days(days: i32) -> Result<u32, Refusal> {
    in_range("expiresInDays", days, 1, MAX_DAYS)
}

pub fn overlap_hours(hours: i32) -> Result<u32, Refusal> {
    in_range("overlapHours", hours, 0, MAX_OVERLAP_HOURS)
}

fn in_range(field: &str, value: i32, min: u32, max: u32) -> Result<u32, Refusal> {
    match u32::try_from(value) {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => {
            let refusal = UserErrorCode::OutOfRange.refuse().at(field);
            Err(refusal.with("min", min).with("max", max))
        }
    }
}

/// Reading is in every token; without any other scope it reads only.
pub fn scopes(wanted: impl IntoIterator<Item = Scope>) -> Scopes {
    wanted.into_iter().chain([Scope::Read]).collect()
}

/// Nobody gives a role or a scope that it does not have.
pub fn within_issuer(issuer: &Acting, role: Role, scopes: &Scopes) -> Result<(), Refusal> {
    if role > issuer.role {
        return Err(UserErrorCode::ExceedsIssuer.refuse().at("role"));
    }
    match &issuer.scopes {
        Some(own) if !scopes.is_subset_of(own) => {
            Err(UserErrorCode::ExceedsIssuer.refuse().at("scopes"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_a_day_to_a_year() {
        assert_eq!(days(90), Ok(90));
        assert!(days(0).is_err() && days(366).is_err() && days(-1).is_err());
    }

    #[test]
    fn every_token_reads() {
        assert!(scopes([]).contains(Scope::Read));
        assert!(scopes([Scope::Verify]).contains(Scope::Read));
    }
}
