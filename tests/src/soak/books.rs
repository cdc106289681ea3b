//! What was acknowledged and told, held against the database.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    board_cell,
    commitment::{self, Disclosure},
    delivery::{self, State},
    event, event_audience, need, verification,
};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    reader::Account,
    world::{Reader, World},
    writer::Written,
};
use crate::ledger;

#[derive(Default)]
pub struct Books {
    written: Written,
    pub readers: Vec<Account>,
}

/// How long the log is.
pub async fn events(world: &World) -> u64 {
    world.app.all(event::Entity).await.len() as u64
}

impl Books {
    pub fn add(&mut self, written: Written) {
        let Written { deliveries, confirmed, disputed, needs } = written;
        self.written.deliveries.extend(deliveries);
        self.written.confirmed.extend(confirmed);
        self.written.disputed.extend(disputed);
        self.written.needs.extend(needs);
    }

    /// What does not agree.
    pub async fn faults(&self, world: &World) -> Vec<String> {
        let deliveries = world.app.all(delivery::Entity).await;
        let commitments = world.app.all(commitment::Entity).await;
        let mut faults = Vec::new();
        self.check_rows(world, &deliveries, &mut faults).await;
        check_sums(world, &commitments, &deliveries, &mut faults).await;
        let log = Log::read(world, commitments, deliveries).await;
        for (account, who) in self.readers.iter().zip(world.readers.iter().cycle()) {
            faults.extend(log.fault(account, who));
        }
        faults
    }

    /// Every acknowledged row is there once, and nothing else is.
    async fn check_rows(
        &self,
        world: &World,
        deliveries: &[delivery::Model],
        faults: &mut Vec<String>,
    ) {
        let Written { deliveries: recorded, confirmed, disputed, needs } = &self.written;
        let there = deliveries.iter().map(|row| (row.id.to_string(), row.quantity.unsigned_abs()));
        same("entries", recorded.iter().cloned(), there, faults);
        let needs_there = world.app.all(need::Entity).await;
        same(
            "needs",
            needs.iter().cloned(),
            needs_there.iter().map(|row| row.id.to_string()),
            faults,
        );
        let verdicts = confirmed.iter().chain(disputed).cloned();
        let verdicts_there = world.app.all(verification::Entity).await;
        let verdicts_there = verdicts_there.iter().map(|row| row.delivery_id.to_string());
        same("verifications", verdicts, verdicts_there, faults);
        for (state, ids) in [(State::Confirmed, confirmed), (State::Disputed, disputed)] {
            let rows = deliveries.iter().filter(|row| row.state == state);
            same("states", ids.iter().cloned(), rows.map(|row| row.id.to_string()), faults);
        }
    }
}

/// Notes a fault unless both hold the same, each as often.
fn same<T: Ord>(
    what: &str,
    acknowledged: impl Iterator<Item = T>,
    there: impl Iterator<Item = T>,
    faults: &mut Vec<String>,
) {
    let (mut acknowledged, mut there): (Vec<T>, Vec<T>) = (acknowledged.collect(), there.collect());
    acknowledged.sort();
    there.sort();
    if acknowledged != there {
        let (acknowledged, there) = (acknowledged.len(), there.len());
        faults.push(format!("{what}: {acknowledged} acknowledged, {there} there, not the same"));
    }
}

/// The sums that the server wrote are those that the ledger makes.
async fn check_sums(
    world: &World,
    commitments: &[commitment::Model],
    deliveries: &[delivery::Model],
    faults: &mut Vec<String>,
) {
    for row in commitments {
        let made = ledger::progress(row, deliveries);
        let promised = made.sums.promised;
        let kept = ledger::Progress {
            sums: ledger::Sums {
                promised,
                reported: row.reported,
                confirmed: row.confirmed,
                unverified: row.unverified,
                disputed: row.disputed,
                difference: row.difference,
            },
            open_entries: row.open_entries,
            unmet_on: row.unmet_on,
        };
        if made != kept {
            faults.push(format!("progress of {}: {kept:?} is kept, {made:?} is right", row.id));
        }
    }
    let kept = world.app.all(board_cell::Entity).await;
    let figures = |reported: i64, confirmed: i64, unverified: i64, disputed: i64| {
        [reported, confirmed, unverified, disputed]
    };
    let kept = kept.iter().filter(|cell| cell.reported != 0).map(|it| {
        (
            it.place_id,
            it.half_month,
            it.giver_id,
            it.participants_id,
            figures(it.reported, it.confirmed, it.unverified, it.disputed),
        )
    });
    let made = ledger::cells(commitments, deliveries);
    let made = made.iter().filter(|(_, sums)| sums.reported != 0).map(
        |(((_, giver, participants, ..), (place, half_month)), it)| {
            (
                *place,
                *half_month,
                *giver,
                *participants,
                figures(it.reported, it.confirmed, it.unverified, it.disputed),
            )
        },
    );
    same("cells of the board", kept, made, faults);
}

/// The log, and who may see what of it, by rules of its own.
struct Log {
    events: Vec<event::Model>,
    audience: BTreeSet<(i64, Uuid)>,
    commitments: BTreeMap<Uuid, commitment::Model>,
    /// Of which commitment an entry is.
    entries: BTreeMap<String, Uuid>,
}

impl Log {
    async fn read(
        world: &World,
        commitments: Vec<commitment::Model>,
        deliveries: Vec<delivery::Model>,
    ) -> Self {
        let mut events = world.app.all(event::Entity).await;
        events.sort_by_key(|event| event.position);
        let audience = event_audience::Entity::find().all(world.app.db().reader()).await;
        let audience = audience.expect("the audience can be read").into_iter();
        let of = |row: delivery::Model| (row.id.to_string(), row.commitment_id.into());
        Self {
            events,
            audience: audience.map(|row| (row.position, row.audience_id)).collect(),
            commitments: commitments.into_iter().map(|row| (row.id.into(), row)).collect(),
            entries: deliveries.into_iter().map(of).collect(),
        }
    }

    /// In what an account differs from what the reader should have been told.
    fn fault(&self, account: &Account, who: &Reader) -> Option<String> {
        let due = self.events.iter().filter(|event| self.may_see(who, event));
        let due: Vec<String> = due.map(|event| event.id.to_string()).collect();
        if account.told == due {
            return None;
        }
        let at = account.told.iter().zip(&due).take_while(|(told, due)| told == due).count();
        let (name, told, due) = (account.name, account.told.len(), due.len());
        Some(format!("{name} was told {told} events of {due} and differs from number {at} on"))
    }

    fn may_see(&self, Reader { party: me, oversees, .. }: &Reader, event: &event::Model) -> bool {
        if event.r#type.starts_with("SCOPE_") {
            return self.audience.contains(&(event.position, me.id.into()));
        }
        // What the registry of subgraphs does by itself when a server starts.
        if matches!(&*event.r#type, "STATEMENT_KEY_MADE" | "SUPERGRAPH_COMPOSED") {
            return *oversees;
        }
        let commitment = self.entries.get(&event.subject).and_then(|id| self.commitments.get(id));
        // Everything else that happens here is public: imports, and needs that are open.
        commitment.is_none_or(|commitment| {
            *oversees
                || commitment.disclosure == Disclosure::Public
                || commitment.giver_id == me.id
                || commitment.joint_ids.iter().any(|joint| joint == me.id)
                || me.place_id == Some(commitment.place_id)
        })
    }
}
