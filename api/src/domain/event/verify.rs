//! Recomputing the log: whether every event is there, is what was recorded, and follows from the
//! one before it. Whoever can write to the database can also recompute the hashes behind a forgery;
//! only a hash that was kept outside tells that.

use std::{collections::BTreeMap, fmt, str::FromStr};

use entity::{event, event_audience, event_head};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, prelude::Expr,
};
use uuid::Uuid;

use crate::{
    db::Db,
    error::{Error, Result},
    tx::{Audience, CHUNK, chained},
};

/// What the hash of the first event covers instead of one before it.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many faults are told one by one.
const TOLD: usize = 20;

/// A position of the log and the hash that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub position: i64,
    pub hash: String,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl FromStr for Mark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.trim().split_once(':').and_then(|(position, hash)| {
            let position: i64 = position.parse().ok().filter(|position| *position >= 0)?;
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hash.then(|| Self { position, hash: hash.to_ascii_lowercase() })
        });
        parsed.ok_or("a position, a colon and a hash of 64 hexadecimal digits")
    }
}

/// What was found.
#[derive(Debug)]
pub struct Verdict {
    /// How many events there are.
    pub events: u64,
    /// The last of them.
    pub last: Mark,
    /// What is wrong, the first of it, each with where.
    pub faults: Vec<String>,
    /// How much more is wrong.
    pub untold: u64,
}

impl Verdict {
    /// What is wrong, in one line; none if the log is whole.
    pub fn complaint(&self) -> Option<String> {
        let more = match self.untold {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let faults = self.faults.join("; ");
        (!faults.is_empty()).then(|| format!("the event log was tampered with: {faults}{more}"))
    }

    fn fault(&mut self, fault: String) {
        if self.faults.len() < TOLD { self.faults.push(fault) } else { self.untold += 1 }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, last, .. } = self;
        writeln!(
            f,
            "the event log is whole: {events} events, the last at position {}",
            last.position
        )?;
        write!(f, "keep this outside of the database: {last}")
    }
}

/// Walks the whole log as of one instant; the marks are ones that were kept outside.
pub async fn verify(db: &Db, expected: &[Mark]) -> Result<Verdict> {
    let tx = db.snapshot().await?;
    let mut walk = Walk::new(expected);
    let mut from = i64::MIN;
    loop {
        let rows = match chunk(&tx, from, CHUNK).await {
            Ok(rows) => rows,
            Err(cause) => {
                walk.stop_at_unreadable(&tx, from, cause).await?;
                return Ok(walk.verdict);
            }
        };
        let Some((last, _)) = rows.last() else { break };
        from = last.position;
        rows.iter().for_each(|(event, audience)| walk.step(event, audience));
    }
    walk.check_expected();
    walk.check_head(&tx).await?;
    walk.check_audience(&tx).await?;
    tx.rollback().await?;
    Ok(walk.verdict)
}

/// The next events, and whom each is for.
async fn chunk(
    tx: &DatabaseTransaction,
    after: i64,
    size: usize,
) -> Result<Vec<(event::Model, Audience)>> {
    let rows = event::Entity::find()
        .filter(event::Column::Position.gt(after))
        .order_by_asc(event::Column::Position)
        .limit(size as u64);
    let rows = rows.all(tx).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
    let position = event_audience::Column::Position;
    let keys = event_audience::Entity::find()
        .filter(position.between(first.position, last.position))
        .all(tx)
        .await?;
    let mut audience: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for key in keys {
        audience.entry(key.position).or_default().push(key.audience_id);
    }
    let with_audience = |event: event::Model| {
        let keys = audience.remove(&event.position).unwrap_or_default();
        (event, keys.into_iter().collect())
    };
    Ok(rows.into_iter().map(with_audience).collect())
}

/// On the way through the log.
struct Walk<'a> {
    expected: &'a [Mark],
    /// Which of them stand in the log.
    stands: Vec<bool>,
    verdict: Verdict,
}

impl<'a> Walk<'a> {
    fn new(expected: &'a [Mark]) -> Self {
        let last = Mark { position: 0, hash: GENESIS.to_owned() };
        let verdict = Verdict { events: 0, last, faults: Vec::new(), untold: 0 };
        let mut walk = Self { expected, stands: vec![false; expected.len()], verdict };
        walk.note_standing();
        walk
    }

    fn step(&mut self, event: &event::Model, audience: &Audience) {
        let (position, next) = (event.position, self.verdict.last.position + 1);
        if position < next {
            self.verdict.fault(format!("position {position} lies before the beginning"));
        } else if position > next {
            let last = position - 1;
            self.verdict.fault(match next == last {
                true => format!("position {next} is missing"),
                false => format!("positions {next} to {last} are missing"),
            });
        } else if chained(&self.verdict.last.hash, event, audience) != event.hash {
            self.verdict.fault(format!(
                "position {position} is not what was recorded or not for whom, or does not follow from the \
                 one before"
            ));
        }
        self.verdict.events += 1;
        self.verdict.last = Mark { position, hash: event.hash.clone() };
        self.note_standing();
    }

    fn note_standing(&mut self) {
        for (stands, expected) in self.stands.iter_mut().zip(self.expected) {
            *stands |= *expected == self.verdict.last;
        }
    }

    fn check_expected(&mut self) {
        let Self { expected, stands, verdict } = self;
        for (mark, _) in expected.iter().zip(stands).filter(|(_, stands)| !**stands) {
            let (position, last) = (mark.position, verdict.last.position);
            verdict.fault(match position > last {
                true => format!("position {position} was there once, and the log ends at {last}"),
                false => format!("position {position} has another hash than the one kept outside"),
            });
        }
    }

    async fn check_head(&mut self, tx: &DatabaseTransaction) -> Result<()> {
        let last = self.verdict.last.clone();
        let Some(head) = event_head::Entity::find_by_id(1).one(tx).await? else {
            self.verdict.fault("the head of the log is missing".to_owned());
            return Ok(());
        };
        if head.position != last.position {
            let (head, last) = (head.position, last.position);
            self.verdict
                .fault(format!("the log ends at position {last}, and its head says {head}"));
        } else if head.hash != last.hash {
            let last = last.position;
            self.verdict.fault(format!("the head has another hash than position {last}"));
        }
        Ok(())
    }

    /// Whom an event is for is covered by its hash; here is what no event covers.
    async fn check_audience(&mut self, tx: &DatabaseTransaction) -> Result<()> {
        let position = event_audience::Column::Position;
        let event = event::Entity::find().select_only().expr(Expr::val(1)).filter(
            Expr::col(event::Column::Position.as_column_ref())
                .eq(Expr::col(position.as_column_ref())),
        );
        let stray: Option<i64> = event_audience::Entity::find()
            .select_only()
            .column(position)
            .filter(Expr::exists(event.into_query()).not())
            .order_by_asc(position)
            .into_tuple()
            .one(tx)
            .await?;
        if let Some(position) = stray {
            self.verdict.fault(format!("position {position} has readers and no event"));
        }
        Ok(())
    }

    /// A row that does not even read was not written by us: says where it stands.
    async fn stop_at_unreadable(
        &mut self,
        tx: &DatabaseTransaction,
        from: i64,
        cause: Error,
    ) -> Result<()> {
        let positions: Vec<i64> = event::Entity::find()
            .select_only()
            .column(event::Column::Position)
            .filter(event::Column::Position.gt(from))
            .order_by_asc(event::Column::Position)
            .limit(CHUNK as u64)
            .into_tuple()
            .all(tx)
            .await?;
        let mut before = from;
        for position in positions {
            match chunk(tx, before, 1).await {
                Ok(rows) => rows.iter().for_each(|(event, audience)| self.step(event, audience)),
                Err(_) => {
                    let fault = format!(
                        "position {position} cannot be read, what follows was not looked at"
                    );
                    self.verdict.fault(fault);
                    return Ok(());
                }
            }
            before = position;
        }
        Err(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_is_printed() {
        let mark = Mark { position: 42, hash: "0f".repeat(32) };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        let hash = "0f".repeat(32);
        for wrong in ["", "42", &hash, &format!("-1:{hash}"), &format!("x:{hash}"), "42:0f"] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
    }
}
