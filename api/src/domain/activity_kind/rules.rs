//! What an activity kind must look like.

use crate::refusal::{Refusal, UserErrorCode};

/// The most characters of a name.
pub const MAX_NAME: usize = 120;
/// The most characters of a unit.
pub const MAX_UNIT: usize = 40;
/// The most digits after the decimal point.
pub const MAX_PRECISION: i32 = 6;

/// A code: 2 to 64 small letters, digits and underscores, with a letter first.
pub fn code(code: &str) -> Result<(), Refusal> {
    let mut chars = code.chars();
    let well_formed = chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && (2..=64).contains(&code.len());
    if well_formed {
        Ok(())
    } else {
        Err(UserErrorCode::InvalidFormat.refuse().at("code").with("expected", "ACTIVITY_CODE"))
    }
}

pub fn precision(precision: i32) -> Result<(), Refusal> {
    if (0..=MAX_PRECISION).contains(&precision) {
        return Ok(());
    }
    let refusal = UserErrorCode::OutOfRange.refuse().at("precision");
    Err(refusal.with("min", 0).with("max", MAX_PRECISION))
}

/// Somebody must be able to promise it.
pub fn promisers(count: usize) -> Result<(), Refusal> {
    if count > 0 {
        return Ok(());
    }
    Err(UserErrorCode::WrongCount.refuse().at("promisers").with("min", 1).with("max", 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_small_letters_digits_and_underscores() {
        for good in ["smartphones_handed_over", "market_40"] {
            assert!(code(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "Market", "4_market", "chợ", "a-b"] {
            assert!(code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn precision_is_zero_to_six() {
        assert!(precision(0).is_ok() && precision(6).is_ok());
        assert!(precision(-1).is_err() && precision(7).is_err());
    }
}
