//! A map of bounded size, for what is worth remembering for a while.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

/// How many are remembered at least, before the oldest are forgotten; twice as many at most.
pub const REMEMBERED: usize = 8192;

/// A map that forgets what was not touched while [`REMEMBERED`] others were.
pub struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    pub fn put(&mut self, key: K, value: V) {
        self.young.insert(key, value);
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
    }

    pub fn forget<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.young.remove(key);
        self.old.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut recent = Recent::default();
        for number in 0..100_000_u32 {
            recent.put(number.to_string(), number);
        }
        assert!(recent.young.len() + recent.old.len() <= 2 * REMEMBERED);
        assert_eq!(recent.get("99999"), Some(&99_999));
        assert_eq!(recent.get("1"), None);
        recent.forget("99999");
        assert_eq!(recent.get("99999"), None);
    }
}
