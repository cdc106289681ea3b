//! Entries that are about to change, with their commitments: everything locked in one order
//! (commitments, then entries, each by id), and who the viewer is to each.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    commitment, delivery,
    delivery::{Side, Stage},
    id::{CommitmentId, DeliveryId, PartyId, PlaceId},
    mandate::Act,
    reach::Role,
    verification::Capacity,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::super::{read, rules};
use crate::{
    authz::Viewer,
    domain::{
        commitment::{read as commitments, rules as promises},
        line::{self, LINE, Matter},
        standing::Standing,
    },
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::Tx,
};

pub struct Entries {
    pub commitments: BTreeMap<Uuid, commitment::Model>,
    pub entries: BTreeMap<Uuid, delivery::Model>,
    pub standing: Standing,
    /// Those which it is the viewer's turn to judge, at each level beyond the first.
    turns: BTreeSet<(u32, Uuid)>,
    named: BTreeSet<Uuid>,
}

/// Who judges an entry, and in which capacity.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    pub party: PartyId,
    pub capacity: Capacity,
}

impl Entries {
    /// Locks the entries with these ids, those that they were taken from, and their commitments.
    pub async fn lock(tx: &Tx, viewer: &Viewer, ids: &[DeliveryId]) -> Result<Self> {
        let seen = || read::visible_to(viewer);
        let found = tx.find_all(seen(), ids.iter().copied()).await?;
        let of = found.values().map(|entry| entry.commitment_id);
        let commitments = tx.lock_all(commitments::visible_to(viewer), of).await?;
        let sources = found.values().filter_map(|entry| entry.drawn_from_id);
        let all: BTreeSet<DeliveryId> =
            found.values().map(|entry| entry.id).chain(sources).collect();
        let entries = tx.lock_all(seen(), all).await?;
        let mut places: Vec<PlaceId> = commitments.values().map(|row| row.place_id).collect();
        places.extend(entries.values().filter_map(|entry| entry.commune_id));
        places.sort_unstable();
        places.dedup();
        let standing = Standing::load(tx, viewer, &places).await?;
        let named = found.into_keys().collect();
        Ok(Self { commitments, entries, standing, turns: BTreeSet::new(), named })
    }

    /// Asks, for everything beyond the first in line, whose turn it is.
    pub async fn ask_turns(&mut self, tx: &Tx, viewer: &Viewer) -> Result<()> {
        let mut asked: BTreeMap<(u32, bool), Vec<DeliveryId>> = BTreeMap::new();
        for id in &self.named {
            let Some(entry) = self.entries.get(id) else { continue };
            let level = self.judge(entry)?.map_or(0, |judge| line::level(judge.capacity));
            if level > 0 {
                asked.entry((level, rules::is_arrival(entry))).or_default().push(entry.id);
            }
        }
        for ((level, is_arrival), ids) in asked {
            let matter = if is_arrival { Matter::Arrival } else { Matter::OtherSide };
            let turn = read::visible_to(viewer)
                .filter(delivery::Column::Id.is_in(ids))
                .filter(line::is_turn_of(level, matter, viewer.today));
            let rows = turn.all(&**tx).await?;
            self.turns.extend(rows.into_iter().map(|entry| (level, entry.id.into())));
        }
        Ok(())
    }

    /// An entry that was named, as it is now.
    pub fn named(&self, id: &async_graphql::ID) -> Result<&delivery::Model, Refusal> {
        let not_found = || UserErrorCode::NotFound.refuse().at("id");
        let id: Uuid = id.parse::<DeliveryId>().map_err(|_| not_found())?.into();
        let entry = self.named.get(&id).and_then(|id| self.entries.get(id));
        entry.ok_or_else(not_found)
    }

    pub fn commitment(&self, of: CommitmentId) -> Result<&commitment::Model> {
        let found = self.commitments.get(&of.into());
        found.ok_or_else(|| Error::internal("an entry without its commitment"))
    }

    pub fn commitment_mut(&mut self, of: CommitmentId) -> Result<&mut commitment::Model> {
        let found = self.commitments.get_mut(&of.into());
        found.ok_or_else(|| Error::internal("an entry without its commitment"))
    }

    /// A locked entry as it is now.
    pub fn entry(&self, id: DeliveryId) -> Result<&delivery::Model> {
        self.entries.get(&id.into()).ok_or_else(|| Error::internal("an entry that is not locked"))
    }

    /// Who the viewer is as the other side of an entry, the first in line that it can be.
    pub fn judge(&self, entry: &delivery::Model) -> Result<Option<Judge>> {
        let commitment = self.commitment(entry.commitment_id)?;
        let place = entry.commune_id.unwrap_or(commitment.place_id);
        let held = |capacity, role| {
            let party = self.standing.holds(place, role, Act::Verify)?;
            Some(Judge { party, capacity })
        };
        let side = |participants: &[PartyId], act, capacity| {
            let party = self.standing.gives(participants, commitment.place_id, act)?;
            Some(Judge { party, capacity })
        };
        let other = match (entry.side, entry.stage, commitment.carrier_id) {
            (Side::Giver, Stage::ToCarrier, Some(carrier)) => {
                side(&[carrier], Act::Verify, Capacity::Carrier)
            }
            (Side::Receiver, ..) => {
                let givers = promises::participants(commitment);
                side(&givers, Act::Record, Capacity::Giver)
            }
            _ => {
                return Ok(LINE.into_iter().find_map(|(capacity, role)| held(capacity, role)));
            }
        };
        let above = LINE.into_iter().filter(|(capacity, _)| line::level(*capacity) >= 2);
        Ok(other.or_else(|| above.into_iter().find_map(|(capacity, role)| held(capacity, role))))
    }

    /// The viewer as the coordinator of an entry's place, in whatever other capacity it stands too.
    pub fn coordinator(&self, entry: &delivery::Model) -> Result<Option<Judge>> {
        let place = self.commitment(entry.commitment_id)?.place_id;
        let place = entry.commune_id.unwrap_or(place);
        let party = self.standing.holds(place, Role::Coordinator, Act::Verify);
        Ok(party.map(|party| Judge { party, capacity: Capacity::Coordinator }))
    }

    /// Whether an entry is the viewer's own matter: it reported or entered it, or is on the giving
    /// side of what a giver reported. A carrier is the other side of what comes into its hands.
    pub fn is_own(&self, entry: &delivery::Model) -> Result<bool> {
        let mut involved = vec![entry.reported_by_id, entry.entered_by_id];
        let judge = self.judge(entry)?;
        let carries = judge.is_some_and(|judge| judge.capacity == Capacity::Carrier);
        if entry.side == Side::Giver && !carries {
            involved.extend(promises::participants(self.commitment(entry.commitment_id)?));
        }
        Ok(self.standing.barred(&involved))
    }

    /// Whether everybody before the viewer has had their turn.
    pub fn is_turn(&self, entry: &delivery::Model, judge: Judge) -> bool {
        let level = line::level(judge.capacity);
        level == 0 || self.turns.contains(&(level, entry.id.into()))
    }

    /// Who reported an entry, or acts for who did.
    pub fn reporter(&self, entry: &delivery::Model) -> Result<Option<PartyId>> {
        let act = match entry.side {
            Side::Giver => Act::Record,
            Side::Receiver => Act::Verify,
        };
        let promised_to = self.commitment(entry.commitment_id)?.place_id;
        let place = match entry.side {
            Side::Giver => promised_to,
            Side::Receiver => entry.commune_id.unwrap_or(promised_to),
        };
        Ok(self.standing.gives(&[entry.reported_by_id], place, act))
    }
}
