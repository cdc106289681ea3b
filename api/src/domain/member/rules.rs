//! Invitations and the last manager.

use chrono::{DateTime, Utc};
use entity::{invitation, member::Role};

use crate::refusal::{Refusal, UserErrorCode};

/// How long an invitation can be accepted, in days.
pub const INVITATION_DAYS: u32 = 14;
/// The most characters of a label.
pub const MAX_LABEL: usize = 80;

/// What an invitation is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    AwaitsApproval,
    Open,
    Accepted,
    Revoked,
    Expired,
}

pub fn state(invitation: &invitation::Model, now: DateTime<Utc>) -> State {
    match invitation {
        i if i.accepted_at.is_some() => State::Accepted,
        i if i.revoked_at.is_some() => State::Revoked,
        i if i.expires_at <= now => State::Expired,
        i if i.awaits_approval => State::AwaitsApproval,
        _ => State::Open,
    }
}

/// Only an open invitation is accepted.
pub fn accept(state: State) -> Result<(), Refusal> {
    match state {
        State::Open => Ok(()),
        State::AwaitsApproval => Err(UserErrorCode::InvitationAwaitsApproval.refuse().at("code")),
        _ => Err(UserErrorCode::InvitationSpent.refuse().at("code")),
    }
}

/// Only one that nobody has used, and that is not past, is approved or revoked.
pub fn still_pending(state: State) -> Result<(), Refusal> {
    match state {
        State::Open | State::AwaitsApproval => Ok(()),
        _ => Err(UserErrorCode::InvitationSpent.refuse().at("id")),
    }
}

/// A manager leaves or steps down only while another one stays.
pub fn keeps_a_manager(from: Role, to: Option<Role>, managers: usize) -> Result<(), Refusal> {
    let steps_down = from == Role::Manager && to != Some(Role::Manager);
    if steps_down && managers <= 1 {
        return Err(UserErrorCode::LastManager.refuse().at("id"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_invitation_is_accepted() {
        assert!(accept(State::Open).is_ok());
        for state in [State::AwaitsApproval, State::Accepted, State::Revoked, State::Expired] {
            assert!(accept(state).is_err(), "{state:?}");
        }
    }

    #[test]
    fn the_last_manager_stays() {
        assert!(keeps_a_manager(Role::Manager, None, 1).is_err());
        assert!(keeps_a_manager(Role::Manager, Some(Role::Viewer), 1).is_err());
        assert!(keeps_a_manager(Role::Manager, Some(Role::Manager), 1).is_ok());
        assert!(keeps_a_manager(Role::Manager, None, 2).is_ok());
        assert!(keeps_a_manager(Role::Reporter, None, 0).is_ok());
    }
}
