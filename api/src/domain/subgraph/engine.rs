//! The composer off the asynchronous threads, for a few callers at a time: each may take a core and much
//! memory for as long as it is given. Whoever goes away while it works does not free its place before it
//! has ended.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use composer::Composer;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many work at a time in one process.
const AT_A_TIME: usize = 2;

pub struct Engine {
    composer: Composer,
    turns: Arc<Semaphore>,
    /// Whether our own part could not be composed at the start.
    is_behind: AtomicBool,
}

impl Engine {
    pub fn new(composer: Composer) -> Self {
        let turns = Arc::new(Semaphore::new(AT_A_TIME));
        Self { composer, turns, is_behind: AtomicBool::new(false) }
    }

    /// Does some work with the composer, when it is its turn.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Composer) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        let composer = self.composer;
        let work = move || {
            let _turn = turn;
            work(&composer)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }

    pub fn set_behind(&self, is_behind: bool) {
        self.is_behind.store(is_behind, Ordering::Relaxed);
    }

    /// Whether the graph that is served lacks our own part as this server has it.
    pub fn is_behind(&self) -> bool {
        self.is_behind.load(Ordering::Relaxed)
    }
}
