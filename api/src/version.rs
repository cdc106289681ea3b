//! Optimistic concurrency: every change names the version that it was decided on.

use uuid::Uuid;

use crate::refusal::{Refusal, UserErrorCode};

/// Refuses a change of an object that has changed since; the refusal carries the object.
pub fn check(id: impl Into<Uuid>, current: i32, expected: i32) -> Result<(), Refusal> {
    if current == expected {
        return Ok(());
    }
    let refusal = UserErrorCode::StaleVersion.refuse().at("expectedVersion");
    Err(refusal.with("current", current).object(id))
}
