//! Documents that were checked, by their text: a repeated one is neither parsed, measured nor
//! validated again. Their tokens bound them, for a short text can be a large document. Two
//! generations: what was not asked for while one filled is dropped.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use super::Checked;

pub struct Cache {
    /// How many tokens a generation holds.
    capacity: u64,
    generations: Mutex<Generations>,
}

type Documents = HashMap<Arc<str>, Arc<Checked>>;

#[derive(Default)]
struct Generations {
    young: Documents,
    old: Documents,
    /// The tokens of the young ones.
    tokens: u64,
}

impl Cache {
    /// Keeps documents of at most so many tokens together.
    pub fn of(tokens: u64) -> Self {
        Self { capacity: tokens / 2, generations: Mutex::default() }
    }

    pub fn get(&self, text: &str) -> Option<Arc<Checked>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checked) = generations.young.get(text) {
            return Some(checked.clone());
        }
        let (text, checked) = generations.old.remove_entry(text)?;
        generations.keep(self.capacity, text, checked.clone());
        Some(checked)
    }

    pub fn put(&self, text: &str, checked: Arc<Checked>) {
        // A comment is no token, and a text may be much longer than its document.
        let is_padded = u64::try_from(text.len()).unwrap_or(u64::MAX) / LONGEST > checked.tokens;
        if checked.tokens <= self.capacity && !is_padded {
            let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
            generations.keep(self.capacity, text.into(), checked);
        }
    }
}

/// How long tokens are at most on average in a text that is kept, in bytes.
const LONGEST: u64 = 64;

impl Generations {
    fn keep(&mut self, capacity: u64, text: Arc<str>, checked: Arc<Checked>) {
        if self.tokens + checked.tokens > capacity {
            self.old = mem::take(&mut self.young);
            self.tokens = 0;
        }
        self.tokens += checked.tokens;
        self.young.insert(text, checked);
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn checked(tokens: u64) -> Arc<Checked> {
        let document = Arc::new(parse_query("{ a }").unwrap());
        Arc::new(Checked { document, tokens, costs: Vec::new() })
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let cache = Cache::of(200);

        for n in 0..100 {
            cache.put(&format!("once {n}"), checked(10));
            cache.put("often", checked(10));
            assert!(cache.get("often").is_some(), "{n}");
        }

        let kept = (0..100).filter(|n| cache.get(&format!("once {n}")).is_some()).count();
        assert!((1..20).contains(&kept), "{kept}");
    }

    #[test]
    fn what_is_too_large_is_not_kept() {
        let cache = Cache::of(200);

        cache.put("large", checked(101));
        cache.put(&"#".repeat(10_000), checked(3));

        assert!(cache.get("large").is_none() && cache.get(&"#".repeat(10_000)).is_none());
    }
}
