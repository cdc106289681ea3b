//! Who may see what, in the words of DESIGN §5 and §3, asked of every row for every viewer, with
//! nothing of the server's. What a party reaches comes from the oracle of `reach`.

use std::collections::{BTreeMap, BTreeSet};

use api::domain::reach::rules::Facts;
use chrono::NaiveDate;
use entity::{
    amendment, commitment, delivery, event, event_audience,
    id::{CommitmentId, DeliveryId, NeedId, PartyId, PlaceId},
    need, note,
    party::{self, Kind},
    party_succession, place, place_succession, verification,
};
use tests::TestApp;
use uuid::Uuid;

use crate::authz::reach::{
    facts,
    oracle::{Held, held_on},
};

mod sight;

pub use sight::Sight;

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
            let inside = self
                .places
                .iter()
                .filter(|row| row.parent_id.is_some_and(|parent| all.contains(&parent)));
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
            let before = self
                .party_edges
                .iter()
                .filter(|edge| edge.effective_on <= self.today && all.contains(&edge.successor_id));
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
    let mut near: BTreeSet<PlaceId> = around.iter().chain(provinces).map(|row| row.id).collect();
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

pub fn participants(row: &commitment::Model) -> Vec<PartyId> {
    let joint = row.joint_ids.0.iter().copied().map(PartyId::from);
    [row.giver_id].into_iter().chain(joint).chain(row.carrier_id).collect()
}
