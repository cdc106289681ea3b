//! Who is asked by a task, and who answers for whom.

use entity::{party, task};

use crate::refusal::{Refusal, UserErrorCode};

/// The most characters of a task or an answer.
pub const MAX_TEXT: usize = 2_000;

/// A task asks one party or one kind of party.
pub fn asks(has_party: bool, has_kind: bool) -> Result<(), Refusal> {
    if has_party != has_kind {
        return Ok(());
    }
    Err(UserErrorCode::ExactlyOne.refuse().at("partyId").with("fields", "partyId, partyKind"))
}

/// Whether a party was asked, by name or by its kind.
pub fn asked(task: &task::Model, party: &party::Model) -> Result<(), Refusal> {
    if task.party_id == Some(party.id) || task.party_kind == Some(party.kind) {
        return Ok(());
    }
    Err(UserErrorCode::NotAsked.refuse().at("partyId"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_asks_a_party_or_a_kind() {
        assert!(asks(true, false).is_ok() && asks(false, true).is_ok());
        assert!(asks(true, true).is_err() && asks(false, false).is_err());
    }
}
