//! Who may see what, in the words of DESIGN §5 and §3, asked of every row for every viewer, with
//! nothing of the server's. What a party reaches comes from the oracle of `reach`.

use std::collections::{BTreeMap, BTreeSet};

use api::domain::reach::rules::Facts;
use chrono::NaiveDate;
use entity::{
    amendment,
    commitment::{self, Disclosure, Status},
    delivery, event, event_audience,
    id::{CommitmentId, DeliveryId, NeedId, PartyId, PlaceId},
    mandate::Act,
    need, note,
    party::{self, Kind},
    party_succession, place, place_succession,
    reach::Role,
    verification,
};
use tests::TestApp;
use uuid::Uuid;

use crate::authz::reach::{
    facts,
    oracle::{Held, held_on},
};

/// Roles that a party has at a place.
const AT_PLACE: [Role; 6] = [
    Role::Authority,
    Role::District,
    Role::Assigned,
    Role::Inside,
    Role::Leadership,
    Role::Coordinator,
];

/// Everything that there is, and who reaches what today.
pub struct Everything {
    pub today: NaiveDate,
    pub places: Vec<place::Model>,
    place_edges: Vec<place_succession::Model>,
    pub parties: Vec<party::Model>,
    party_edges: Vec<party_succession::Model>,
    held: BTreeSet<Held>,
    pub needs: BTreeMap<NeedId, need::Model>,
    pub commitments: BTreeMap<CommitmentId, commitment::Model>,
    pub amendments: Vec<amendment::Model>,
    pub deliveries: BTreeMap<DeliveryId, delivery::Model>,
    pub verifications: Vec<verification::Model>,
    pub notes: Vec<note::Model>,
    pub events: Vec<event::Model>,
    audience: BTreeMap<i64, Vec<Uuid>>,
}

impl Everything {
    /// Of the registry only what lies around some places: of all of a country it takes long.
    pub async fn read(app: &TestApp, around: &[place::Model], today: NaiveDate) -> Self {
        let mut facts = facts(app).await;
        let near = near(&facts, around);
        facts.places.retain(|row| near.contains(&row.id));
        let both = |edge: &place_succession::Model| {
            near.contains(&edge.predecessor_id) && near.contains(&edge.successor_id)
        };
        facts.place_successions.retain(both);
        let held = held_on(&facts, today);
        let mut audience: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
        for row in app.all(event_audience::Entity).await {
            audience.entry(row.position).or_default().push(row.audience_id);
        }
        let mut events = app.all(event::Entity).await;
        events.sort_by_key(|event| event.position);
        let by_id = |rows: Vec<commitment::Model>| rows.into_iter().map(|row| (row.id, row));
        Self {
            today,
            places: facts.places,
            place_edges: facts.place_successions,
            parties: facts.parties,
            party_edges: facts.party_successions,
            held,
            needs: app.all(need::Entity).await.into_iter().map(|row| (row.id, row)).collect(),
            commitments: by_id(app.all(commitment::Entity).await).collect(),
            amendments: app.all(amendment::Entity).await,
            deliveries: app
                .all(delivery::Entity)
                .await
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            verifications: app.all(verification::Entity).await,
            notes: app.all(note::Entity).await,
            events,
            audience,
        }
    }

    pub fn sight(&self, viewer: Option<PartyId>) -> Sight<'_> {
        let held = self.held.iter().filter(|row| Some(row.0) == viewer).copied().collect();
        Sight { all: self, held }
    }

    /// Whether a place is another, or became (a part of) it.
    pub fn went_into(&self, before: PlaceId, after: PlaceId) -> bool {
        before == after
            || self.place_edges.iter().any(|edge| {
                edge.predecessor_id == before && self.went_into(edge.successor_id, after)
            })
    }

    /// An area, what lies in it, what any of these succeeded, what lay in that, and so on.
    pub fn all_in(&self, area: PlaceId) -> BTreeSet<PlaceId> {
        let mut all = BTreeSet::from([area]);
        loop {
            let inside = self.places.iter().filter(|row| {
                row.parent_id.is_some_and(|parent| all.contains(&parent))
            });
            let before = self.place_edges.iter().filter(|edge| all.contains(&edge.successor_id));
            let more: Vec<PlaceId> =
                inside.map(|row| row.id).chain(before.map(|edge| edge.predecessor_id)).collect();
            let size = all.len();
            all.extend(more);
            if all.len() == size {
                return all;
            }
        }
    }

    /// A party and all that it carries on for by today.
    pub fn with_predecessors(&self, party: PartyId) -> BTreeSet<PartyId> {
        let mut all = BTreeSet::from([party]);
        loop {
            let before = self.party_edges.iter().filter(|edge| {
                edge.effective_on <= self.today && all.contains(&edge.successor_id)
            });
            let more: Vec<PartyId> = before.map(|edge| edge.predecessor_id).collect();
            let size = all.len();
            all.extend(more);
            if all.len() == size {
                return all;
            }
        }
    }

    /// Places that a party is or was the authority of, by itself or a predecessor, with what these
    /// succeeded.
    pub fn places_of(&self, party: PartyId) -> BTreeSet<PlaceId> {
        let holders = self.with_predecessors(party);
        let kinds = [Kind::ProvincialAuthority, Kind::DistrictAuthority, Kind::CommuneAuthority];
        let holders = self.parties.iter().filter(|row| {
            holders.contains(&row.id) && kinds.contains(&row.kind) && row.valid_from <= self.today
        });
        let seats: Vec<PlaceId> = holders.filter_map(|row| row.place_id).collect();
        let all = self.places.iter().map(|row| row.id);
        all.filter(|then| seats.iter().any(|seat| self.went_into(*then, *seat))).collect()
    }
}

/// Some places, what they succeeded and what succeeded them, where all of these lie, and all
/// provinces.
fn near(facts: &Facts, around: &[place::Model]) -> BTreeSet<PlaceId> {
    let provinces = facts.places.iter().filter(|row| row.level == place::Level::Province);
    let mut near: BTreeSet<PlaceId> =
        around.iter().chain(provinces).map(|row| row.id).collect();
    for edge in &facts.place_successions {
        if around.iter().any(|row| row.id == edge.successor_id) {
            near.insert(edge.predecessor_id);
        }
        if around.iter().any(|row| row.id == edge.predecessor_id) {
            near.insert(edge.successor_id);
        }
    }
    let within = facts.places.iter().filter(|row| near.contains(&row.id));
    let within: Vec<PlaceId> = within.filter_map(|row| row.parent_id).collect();
    near.extend(within);
    near
}

/// Everything as one viewer may see it; nobody in particular holds nothing.
pub struct Sight<'a> {
    pub all: &'a Everything,
    held: Vec<Held>,
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
            AT_PLACE.contains(role) && *place == Some(at) && act.is_none_or(|act| acts.contains(&act))
        })
    }

    fn owns(&self, party: PartyId) -> bool {
        let own = |(_, role, of, _, act): &Held| {
            *role == Role::Own && *of == party && act.is_none()
        };
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
        let exists = self.held.iter().any(|(_, role, _, _, act)| {
            *role == Role::Own && act.is_none()
        });
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

pub fn participants(row: &commitment::Model) -> Vec<PartyId> {
    let joint = row.joint_ids.0.iter().copied().map(PartyId::from);
    [row.giver_id].into_iter().chain(joint).chain(row.carrier_id).collect()
}
