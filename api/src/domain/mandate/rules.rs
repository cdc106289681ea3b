//! What a mandate must look like.

use entity::id::PartyId;

use crate::refusal::{Refusal, UserErrorCode};

/// Nobody is its own agent.
pub fn agent(principal: PartyId, agent: PartyId) -> Result<(), Refusal> {
    if principal != agent {
        return Ok(());
    }
    Err(UserErrorCode::WrongKind.refuse().at("agentId").with("expected", "OTHER_PARTY"))
}

/// It lends at least one act.
pub fn acts(count: usize) -> Result<(), Refusal> {
    if count > 0 {
        return Ok(());
    }
    Err(UserErrorCode::WrongCount.refuse().at("acts").with("min", 1).with("max", 5))
}
