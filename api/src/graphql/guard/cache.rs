//! Documents that were checked, by their text: a repeated one is neither parsed, measured nor
//! validated again. Two generations bound it: what was not asked for while one filled is dropped.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use super::Checked;

/// Longer texts are not kept.
const LONGEST: usize = 32 << 10;

pub struct Cache {
    /// How many documents a generation holds.
    capacity: usize,
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Arc<str>, Arc<Checked>>,
    old: HashMap<Arc<str>, Arc<Checked>>,
}

impl Cache {
    /// Keeps at most so many documents.
    pub fn of(documents: usize) -> Self {
        Self { capacity: documents / 2, generations: Mutex::default() }
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
        if self.capacity > 0 && text.len() <= LONGEST {
            let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
            generations.keep(self.capacity, text.into(), checked);
        }
    }
}

impl Generations {
    fn keep(&mut self, capacity: usize, text: Arc<str>, checked: Arc<Checked>) {
        if self.young.len() >= capacity {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(text, checked);
    }
}
