//! What one viewer may see.

use std::collections::BTreeSet;

use entity::{
    amendment,
    commitment::{self, Disclosure, Status},
    delivery, event,
    id::{CommitmentId, DeliveryId, NeedId, PartyId, PlaceId},
    mandate::Act,
    need, note,
    reach::Role,
    verification,
};
use uuid::Uuid;

use super::{Everything, Held, participants};

/// Roles that a party has at a place.
const AT_PLACE: [Role; 6] = [
    Role::Authority,
    Role::District,
    Role::Assigned,
    Role::Inside,
    Role::Leadership,
    Role::Coordinator,
];

/// Everything as one viewer may see it; nobody in particular holds nothing.
pub struct Sight<'a> {
    pub all: &'a Everything,
    pub(super) held: Vec<Held>,
}

impl Sight<'_> {
    /// The coordinator and the leadership read all; an agent of theirs does so only by place.
    pub fn oversees(&self) -> bool {
        self.held.iter().any(|(_, role, _, _, act)| {
            act.is_none() && matches!(role, Role::Coordinator | Role::Leadership)
        })
    }

    fn stands_at(&self, at: PlaceId, acts: &[Act]) -> bool {
        self.held.iter().any(|(_, role, _, place, act)| {
            AT_PLACE.contains(role)
                && *place == Some(at)
                && act.is_none_or(|act| acts.contains(&act))
        })
    }

    fn owns(&self, party: PartyId) -> bool {
        let own =
            |(_, role, of, _, act): &Held| *role == Role::Own && *of == party && act.is_none();
        self.held.iter().any(own)
    }

    /// Whether a party's own papers are the viewer's, by whatever right.
    pub fn has_to_do_with(&self, party: PartyId) -> bool {
        self.held.iter().any(|(_, role, of, _, _)| *role == Role::Own && *of == party)
    }

    /// Own, joint, carrier; authority of the place, assigned department, district; an agent of
    /// any of these where and for what it is one.
    pub fn is_concerned(&self, row: &commitment::Model) -> bool {
        let acts = [Act::Record, Act::Verify, Act::Accept, Act::Report];
        let takes_part = participants(row).into_iter().any(|party| {
            self.held.iter().any(|(_, role, of, place, act)| {
                *role == Role::Own
                    && *of == party
                    && place.is_none_or(|place| place == row.place_id)
                    && act.is_none_or(|act| acts.contains(&act))
            })
        });
        takes_part || self.stands_at(row.place_id, &acts)
    }

    pub fn commitment(&self, row: &commitment::Model) -> bool {
        row.disclosure == Disclosure::Public || self.oversees() || self.is_concerned(row)
    }

    pub fn commitment_by(&self, id: CommitmentId) -> bool {
        self.commitment(&self.all.commitments[&id])
    }

    pub fn delivery(&self, row: &delivery::Model) -> bool {
        self.commitment_by(row.commitment_id)
    }

    pub fn amendment(&self, row: &amendment::Model) -> bool {
        self.commitment_by(row.commitment_id)
    }

    pub fn verification(&self, row: &verification::Model) -> bool {
        self.delivery(&self.all.deliveries[&row.delivery_id])
    }

    fn needs_concern(&self, row: &need::Model) -> bool {
        let acts = [Act::RaiseNeed, Act::Record, Act::Verify, Act::Accept, Act::Report];
        self.stands_at(row.commune_id, &acts)
    }

    pub fn need(&self, row: &need::Model) -> bool {
        row.status == need::Status::Open || self.oversees() || self.needs_concern(row)
    }

    /// A note is not public where its object is: it is read by those whom the object concerns, by
    /// whom it is addressed to, and by whoever wrote it.
    pub fn note(&self, row: &note::Model) -> bool {
        let on_commitment = row.commitment_id.map(|id| &self.all.commitments[&id]);
        let on_need = row.need_id.map(|id| &self.all.needs[&id]);
        self.oversees()
            || on_commitment.is_some_and(|of| self.is_concerned(of))
            || on_need.is_some_and(|of| self.needs_concern(of))
            || row.addressee_id.is_some_and(|party| self.owns(party))
            || self.owns(row.written_by_id)
    }

    /// What is confirmed on the commitments for a need that this viewer sees reaches its quantity.
    pub fn is_met(&self, row: &need::Model) -> bool {
        let of = self.all.commitments.values().filter(|of| of.need_id == Some(row.id));
        let confirmed: Vec<i64> =
            of.filter(|of| self.commitment(of)).map(|of| of.confirmed).collect();
        !confirmed.is_empty() && confirmed.iter().sum::<i64>() >= row.quantity
    }

    /// Events about rows of the ledger that are told to the viewer and that it may see today; a
    /// party that does not exist today is told nothing.
    pub fn events(&self) -> Vec<&event::Model> {
        let exists =
            self.held.iter().any(|(_, role, _, _, act)| *role == Role::Own && act.is_none());
        if !exists {
            return Vec::new();
        }
        let events = self.all.events.iter().filter(|event| {
            self.about(&event.subject) == Some(true)
                && (self.oversees() || self.is_told(event.position))
        });
        events.collect()
    }

    fn is_told(&self, position: i64) -> bool {
        let keys = self.held.iter().flat_map(|(_, role, of, place, _)| {
            let own = (*role == Role::Own).then(|| Uuid::from(*of));
            let there = AT_PLACE.contains(role).then_some(*place).flatten().map(Uuid::from);
            own.into_iter().chain(there)
        });
        let keys: BTreeSet<Uuid> = keys.chain([Uuid::nil()]).collect();
        let told = self.all.audience.get(&position).into_iter().flatten();
        told.into_iter().any(|key| keys.contains(key))
    }

    /// Whether a row of the ledger with this id is seen; none where it is of another kind.
    pub fn about(&self, subject: &str) -> Option<bool> {
        if let Ok(id) = subject.parse::<CommitmentId>() {
            return Some(self.commitment_by(id));
        }
        if let Ok(id) = subject.parse::<DeliveryId>() {
            return Some(self.delivery(&self.all.deliveries[&id]));
        }
        if let Ok(id) = subject.parse::<NeedId>() {
            return Some(self.need(&self.all.needs[&id]));
        }
        let note = self.all.notes.iter().find(|row| row.id.to_string() == subject);
        note.map(|row| self.note(row))
    }

    /// How a commitment stands today, in the order of DESIGN §4.
    pub fn health(&self, row: &commitment::Model) -> Option<&'static str> {
        let today = self.all.today;
        let late = |due: &commitment::Due| due.due_on < today && due.quantity > row.reported;
        if !matches!(row.status, Status::Active | Status::Closed) {
            return None;
        }
        Some(match row.quantity {
            Some(promised) if row.confirmed >= promised => "FULFILLED",
            Some(promised) if row.reported >= promised => "AWAITING_VERIFICATION",
            _ if row.last_due_on.is_some_and(|last| last < today) => "OVERDUE",
            _ if row.schedule.0.iter().any(late) => "BEHIND",
            _ if row.reported == 0 => "NOT_STARTED",
            _ => "ON_TRACK",
        })
    }
}
