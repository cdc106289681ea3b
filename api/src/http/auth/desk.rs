//! Signing in at the console without a provider, which the demonstration alone has: its people by
//! name, and links that are good for one use within ten minutes. Links live in memory only.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{clock::Clock, domain::token::secret, tx::sha256};

/// How long a link waits to be used.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Who may be signed in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub subject: String,
    /// What they are called where no membership says so.
    pub label: String,
}

#[derive(Debug, Default)]
pub struct Desk {
    people: Vec<Person>,
    /// The hash of each link's secret, whose it is and since when.
    links: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
}

impl Desk {
    pub fn of(people: Vec<Person>) -> Self {
        Self { people, links: Mutex::default() }
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    pub fn knows(&self, subject: &str) -> bool {
        self.people.iter().any(|person| person.subject == subject)
    }

    /// Makes a secret that signs a person in once.
    pub fn link(&self, clock: &dyn Clock, subject: &str) -> String {
        let link = secret::link(clock);
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.insert(sha256(&link), (subject.to_owned(), clock.now()));
        link
    }

    /// Whom a secret signs in; nobody any more after this.
    pub fn spend(&self, clock: &dyn Clock, link: &str) -> Option<String> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let (subject, since) = links.remove(&sha256(link))?;
        (clock.now() - since < PATIENCE).then_some(subject)
    }
}
