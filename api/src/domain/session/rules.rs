//! How long a session lasts, and for which party.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{id::PartyId, member, party, session};

/// A working day; nothing prolongs it.
pub const LIFETIME: TimeDelta = TimeDelta::hours(8);

/// How long somebody sees what a party sees before they say again why.
pub const VIEW_LASTS: TimeDelta = TimeDelta::minutes(30);

/// How long a session that is over stays in the table.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// Whether a session is good now.
pub fn is_good(session: &session::Model, now: DateTime<Utc>) -> bool {
    session.ended_at.is_none() && now < session.expires_at
}

/// The membership that a session acts by. One that was chosen and has ended is not exchanged for
/// another: the person says for whom to go on. Without a choice, the only one there is.
pub fn chosen(
    party: Option<PartyId>,
    memberships: &[(member::Model, party::Model)],
) -> Option<&(member::Model, party::Model)> {
    match (party, memberships) {
        (Some(chosen), _) => memberships.iter().find(|(_, party)| party.id == chosen),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(created: &str) -> session::Model {
        let created_at: DateTime<Utc> = created.parse().unwrap();
        session::Model {
            id: uuid::Uuid::nil().into(),
            hash: String::new(),
            issuer: "dev".to_owned(),
            subject: "officer".to_owned(),
            party_id: None,
            created_at,
            expires_at: created_at + LIFETIME,
            ended_at: None,
            viewed_party_id: None,
            view_reason: None,
            view_until: None,
        }
    }

    #[test]
    fn a_session_is_good_for_eight_hours_or_until_it_is_ended() {
        let mut session = session("2026-11-30T01:00:00Z");
        let at = |time: &str| format!("2026-11-30T{time}Z").parse().unwrap();

        assert!(is_good(&session, at("08:59:59")));
        assert!(!is_good(&session, at("09:00:00")));
        session.ended_at = Some(at("02:00:00"));
        assert!(!is_good(&session, at("02:00:00")));
    }

    #[test]
    fn nobody_acts_for_a_party_that_they_did_not_choose() {
        let gone = PartyId::from(uuid::Uuid::nil());

        assert_eq!(chosen(Some(gone), &[]), None);
        assert_eq!(chosen(None, &[]), None);
    }
}
