//! How many streams are open, and whose: subscriptions, and the sockets that carry them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Cheap to clone; all clones count together.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// One open stream; dropping it ends it.
#[must_use = "a place that is dropped is free"]
pub struct Place {
    streams: Streams,
    who: String,
}

impl Streams {
    /// Opens one more for somebody, unless they have as many as they may.
    pub fn open(&self, who: String, most: usize) -> Option<Place> {
        let mut open = self.lock();
        let count = open.entry(who.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { streams: self.clone(), who })
    }

    /// How many there are of everybody.
    pub fn count(&self) -> usize {
        self.lock().values().sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_places_of_their_own_and_gets_them_back() {
        let streams = Streams::default();
        let open = |who: &str| streams.open(who.to_owned(), 2);

        let (first, second, other) = (open("a"), open("a"), open("b"));
        assert!(first.is_some() && second.is_some() && other.is_some());
        assert!(open("a").is_none());
        assert_eq!(streams.count(), 3);
        drop(first);
        assert!(open("a").is_some());
        drop((second, other));
        assert_eq!(streams.count(), 0);
        assert!(streams.lock().is_empty());
    }
}
