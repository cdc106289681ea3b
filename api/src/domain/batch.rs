//! Batches: up to 500 rows, each judged by itself. What is refused stands in its row; a refused
//! row leaves the others alone or takes them with it, as the sender chose.

use std::collections::BTreeSet;

use entity::id::TypedId;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    graphql::payload::ErrorPolicy,
    refusal::{Refusal, UserErrorCode},
    tx::{DoneBatch, Tx},
};

/// The most rows of a batch.
pub const MAX_ROWS: usize = 500;

/// How a sender wants a batch to be done.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// The field of the input that holds the rows.
    pub list: &'static str,
    pub dry_run: bool,
    pub policy: ErrorPolicy,
}

/// What is known of each row so far: what is to be done with it, or why it is refused.
pub struct Batch<R> {
    how: How,
    rows: Vec<Result<R, Refusal>>,
}

/// A batch has rows, and not too many.
pub fn size(how: How, rows: usize) -> Result<(), Refusal> {
    if (1..=MAX_ROWS).contains(&rows) {
        return Ok(());
    }
    Err(UserErrorCode::WrongCount.refuse().at(how.list).with("min", 1).with("max", MAX_ROWS))
}

impl<R> Batch<R> {
    /// Judges each row; a fault ends it.
    pub fn judge<I>(
        how: How,
        rows: impl IntoIterator<Item = I>,
        mut decide: impl FnMut(usize, I) -> Result<R>,
    ) -> Result<Self> {
        let rows = rows.into_iter().enumerate().map(|(at, row)| match decide(at, row) {
            Ok(row) => Ok(Ok(row)),
            Err(Error::Refused(refusal)) => Ok(Err(refusal.in_row(how.list, at))),
            Err(fault) => Err(fault),
        });
        Ok(Self { how, rows: rows.collect::<Result<_>>()? })
    }

    /// The rows that are to be done, with their places in the input; none where that is not
    /// wanted.
    pub fn accepted(&mut self) -> Vec<(usize, &mut R)> {
        if !self.goes_on() {
            return Vec::new();
        }
        let rows = self.rows.iter_mut().enumerate();
        rows.filter_map(|(at, row)| Some((at, row.as_mut().ok()?))).collect()
    }

    /// Whether anything is to be written.
    pub fn goes_on(&self) -> bool {
        let all = self.rows.iter().all(Result::is_ok);
        let any = self.rows.iter().any(Result::is_ok);
        !self.how.dry_run && any && (all || self.how.policy == ErrorPolicy::RejectFailedRows)
    }

    /// Commits what was done, or answers what would have been refused and leaves no trace.
    pub async fn finish(self, tx: Tx, id: impl Fn(&R) -> Uuid) -> Result<DoneBatch> {
        if self.goes_on() {
            let rows = self.rows.into_iter().map(|row| row.map(|row| id(&row)));
            return tx.done_batch(rows.collect()).await;
        }
        let rows = self.rows.into_iter().map(|row| row.map(|_| Uuid::nil()));
        Ok(DoneBatch { rows: rows.collect(), replayed: false })
    }
}

/// Ids as they were sent, read; what is no id of that type is left out and is not found later.
pub fn ids<'a, Id: TypedId + std::str::FromStr>(
    sent: impl IntoIterator<Item = &'a async_graphql::ID>,
) -> BTreeSet<Uuid> {
    sent.into_iter().filter_map(|id| id.parse::<Id>().ok()).map(Into::into).collect()
}
