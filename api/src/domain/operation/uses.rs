//! How often persisted operations are run, counted off the path of requests: in the process, and
//! written every few seconds. A process that is killed loses the counts of those seconds; what is
//! asked of them, whether an operation is still in use, survives that.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{id::PartyId, operation_use};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, OnConflict},
};

use super::read::Runnable;
use crate::{app::App, clock::civil_day, error::Result, tx::CHUNK};

/// How often counts are written.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// For how many days counts are kept.
const KEPT_DAYS: u64 = 400;

/// What was counted and is not written yet, in the order of the table's key, so that two replicas
/// never wait for each other in a circle.
#[derive(Default)]
pub struct Uses {
    counts: Mutex<Counts>,
    /// Whoever comes second waits, so that nothing is under way when the last has written.
    writing: tokio::sync::Mutex<()>,
}

type Counts = BTreeMap<(String, PartyId, NaiveDate), Count>;

#[derive(Clone, Copy)]
struct Count {
    uses: i64,
    last: DateTime<Utc>,
}

impl Uses {
    /// Counts one run. What the public runs is counted for nobody.
    pub fn note(&self, operation: &Runnable, now: DateTime<Utc>) {
        if let Some(party) = operation.party {
            let key = (operation.hash.clone(), party, civil_day(now));
            self.add([(key, Count { uses: 1, last: now })]);
        }
    }

    fn add(&self, counts: impl IntoIterator<Item = ((String, PartyId, NaiveDate), Count)>) {
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, Count { uses, last }) in counts {
            let count = all.entry(key).or_insert(Count { uses: 0, last });
            count.uses += uses;
            count.last = Ord::max(count.last, last);
        }
    }

    fn take(&self) -> Counts {
        mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes what was counted; what could not be written is kept for the next time.
pub async fn write(app: &App) -> Result<()> {
    let _turn = app.uses.writing.lock().await;
    let mut counts: Vec<_> = app.uses.take().into_iter().collect();
    while !counts.is_empty() {
        let rest = counts.split_off(counts.len().min(CHUNK));
        if let Err(cause) = add_to_rows(app, &counts).await {
            app.uses.add(counts.into_iter().chain(rest));
            return Err(cause);
        }
        counts = rest;
    }
    Ok(())
}

/// Writes counts until it is dropped.
pub async fn keep_writing(app: &App) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Err(cause) = write(app).await {
            tracing::warn!(%cause, "the use of operations was not written, it will be tried again");
        }
    }
}

async fn add_to_rows(app: &App, counts: &[((String, PartyId, NaiveDate), Count)]) -> Result<()> {
    let rows = counts.iter().map(|((hash, party, day), count)| operation_use::ActiveModel {
        hash: Set(hash.clone()),
        party_id: Set(*party),
        day: Set(*day),
        uses: Set(count.uses),
        last_used_at: Set(count.last),
    });
    let old = |column: operation_use::Column| Expr::col(column.as_column_ref());
    let new = |column: operation_use::Column| Expr::col(("excluded", column));
    let (uses, last) = (operation_use::Column::Uses, operation_use::Column::LastUsedAt);
    let later = CaseStatement::new().case(new(last).gt(old(last)), new(last)).finally(old(last));
    let sum = OnConflict::columns([
        operation_use::Column::Hash,
        operation_use::Column::PartyId,
        operation_use::Column::Day,
    ])
    .value(uses, old(uses).add(new(uses)))
    .value(last, later)
    .to_owned();
    operation_use::Entity::insert_many(rows)
        .on_conflict(sum)
        .exec_without_returning(app.db.writer())
        .await?;
    Ok(())
}

/// Forgets the counts that are past their time, and says how many.
pub async fn forget_old(app: &App) -> Result<u64> {
    let today = app.clock.today();
    let oldest = today.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(today);
    let gone = operation_use::Entity::delete_many()
        .filter(operation_use::Column::Day.lt(oldest))
        .exec(app.db.writer())
        .await?;
    Ok(gone.rows_affected)
}
