//! The names by which operations are called in logs, traces and metrics. Clients choose the names
//! of their operations, so a name that nobody registered could hold anything, and there could be
//! any number of them: it is told as [`OTHER`].

use std::{collections::HashSet, sync::Arc};

use crate::domain::operation::shared;

/// What an operation is called whose name is not known.
pub const OTHER: &str = "other";

/// Each name is some thirty series of metrics.
const MOST: usize = 500;

pub struct Known {
    names: HashSet<Arc<str>>,
    other: Arc<str>,
}

impl Default for Known {
    /// The operations that are shared with everybody.
    fn default() -> Self {
        let mut known = Self { names: HashSet::new(), other: OTHER.into() };
        for operation in shared::all() {
            known.add(operation.name);
        }
        known
    }
}

impl Known {
    /// Beyond [`MOST`] a name stays unknown.
    pub fn add(&mut self, name: &str) {
        if self.names.len() < MOST {
            self.names.insert(name.into());
        }
    }

    pub fn holds(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub fn name(&self, name: Option<&str>) -> Arc<str> {
        name.and_then(|name| self.names.get(name)).unwrap_or(&self.other).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_and_registered_operations_are_known_and_no_others() {
        let mut known = Known::default();
        known.add("Registered");
        for (name, told) in [
            (Some("WhoAmI"), "WhoAmI"),
            (Some("Registered"), "Registered"),
            (Some("README"), OTHER),
            (Some("Phone0912345678"), OTHER),
            (None, OTHER),
        ] {
            assert_eq!(&*known.name(name), told);
        }
    }

    #[test]
    fn names_are_bounded() {
        let mut known = Known::default();
        for number in 0..2 * MOST {
            known.add(&format!("Operation{number}"));
        }
        assert_eq!(known.names.len(), MOST);
    }
}
