//! Batches the loads of one request in waves. A load waits until execution can go no further
//! without it; then all loads that were asked for run together. So the number of statements
//! depends on the shape of a query and never on timing, and nothing sleeps.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{self, Poll, Wake, Waker},
    time::Duration,
};

use async_graphql::runtime::Timer;
use futures_util::{
    StreamExt,
    future::{BoxFuture, ready},
    stream::FuturesUnordered,
    task::{AtomicWaker, FutureObj, Spawn, SpawnError},
};

/// Loads that wait for the next wave.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Queue {
    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Queue {
    fn spawn_obj(&self, load: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(load);
        Ok(())
    }
}

/// Waits for nothing: the queue decides when a load runs.
pub struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}

/// Whether an execution can go on, told by its waker. An execution of many fields pauses now and
/// then to be fair to others: it then stops, but wakes itself before it does.
#[derive(Default)]
struct Progress {
    is_woken: AtomicBool,
    driver: AtomicWaker,
}

impl Wake for Progress {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.driver.wake();
    }
}

/// Drives an execution together with the loads it asks for. Execution is polled during a wave
/// too, so that a connection it holds is never kept from a load. No wave begins while execution only
/// pauses, or the loads of one field would run in several.
pub async fn run<F: Future>(execution: F, queue: &Queue) -> F::Output {
    let mut execution = pin!(execution);
    let mut wave: FuturesUnordered<FutureObj<'static, ()>> = FuturesUnordered::new();
    let progress = Arc::new(Progress::default());
    let waker = Waker::from(progress.clone());
    poll_fn(move |cx| {
        progress.driver.register(cx.waker());
        loop {
            progress.is_woken.store(false, Ordering::Release);
            let mut own = task::Context::from_waker(&waker);
            if let Poll::Ready(output) = execution.as_mut().poll(&mut own) {
                return Poll::Ready(output);
            }
            if wave.is_empty() {
                if progress.is_woken.load(Ordering::Acquire) {
                    return Poll::Pending;
                }
                wave.extend(queue.take());
                if wave.is_empty() {
                    return Poll::Pending;
                }
            }
            while let Poll::Ready(Some(())) = wave.poll_next_unpin(cx) {}
            if !wave.is_empty() {
                return Poll::Pending;
            }
        }
    })
    .await
}
