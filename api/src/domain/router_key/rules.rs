//! What a router may be called.

use crate::error::{Error, Result};

const MAX_NAME: usize = 60;

/// A name that fits a line of a list.
pub fn check_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=MAX_NAME).contains(&name.len()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(Error::BadInput(format!(
        "a router's name is 1 to {MAX_NAME} of A-Z, a-z, 0-9, '.', '_', '-'"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_word() {
        for good in ["a", "router-1.bac-kan_2", &"x".repeat(60)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "two words", "bộ-định-tuyến", "a\nb", "a/b", &"x".repeat(61)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
