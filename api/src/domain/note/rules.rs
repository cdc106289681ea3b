//! What a note must look like, and when it is done.

use chrono::NaiveDate;
use entity::note::Status;
use sea_orm::ActiveEnum;

use crate::{
    domain::need::rules as needs,
    refusal::{Refusal, UserErrorCode},
};

/// A due date is for somebody, who then finds the note in their queue; and it is not past.
pub fn due(on: Option<NaiveDate>, is_addressed: bool, today: NaiveDate) -> Result<(), Refusal> {
    match on {
        None => Ok(()),
        Some(on) if is_addressed => needs::due(on, today),
        Some(_) => {
            let refusal = UserErrorCode::Required.refuse().at("addresseeId");
            Err(refusal.with("kind", "NOTE_WITH_DUE_DATE"))
        }
    }
}

/// A note is done once.
pub fn done(status: Status) -> Result<Status, Refusal> {
    match status {
        Status::Open => Ok(Status::Done),
        Status::Done => {
            Err(UserErrorCode::WrongState.refuse().at("id").with("state", status.to_value()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_date_needs_an_addressee_and_a_day_that_is_not_past() {
        let today: NaiveDate = "2026-11-23".parse().unwrap();
        let due = |on: Option<NaiveDate>, is_addressed| due(on, is_addressed, today);
        assert!(due(None, false).is_ok() && due(None, true).is_ok());
        assert!(due(Some(today), true).is_ok() && due(today.succ_opt(), true).is_ok());
        assert_eq!(due(today.pred_opt(), true).unwrap_err().code, UserErrorCode::OutOfRange);
        assert_eq!(due(Some(today), false).unwrap_err().code, UserErrorCode::Required);
    }

    #[test]
    fn a_note_is_done_once() {
        assert_eq!(done(Status::Open), Ok(Status::Done));
        assert_eq!(done(Status::Done).unwrap_err().code, UserErrorCode::WrongState);
    }
}
