//! Who reaches what on one day, by asking every question for every party and place.

use std::collections::BTreeSet;

use api::domain::reach::rules::Facts;
use chrono::NaiveDate;
use entity::{
    id::{PartyId, PlaceId},
    mandate::Act,
    party::{self, Kind},
    party_mark::Mark,
    place,
    reach::Role,
};

/// Party, role, by whose right, where, and the act that a mandate lends.
pub type Held = (PartyId, Role, PartyId, Option<PlaceId>, Option<Act>);

pub fn held_on(facts: &Facts, day: NaiveDate) -> BTreeSet<Held> {
    let oracle = Oracle { facts, day };
    let mut held = BTreeSet::new();
    for party in facts.parties.iter().filter(|party| oracle.exists(party)) {
        oracle.by_right(party, &mut held);
    }
    let inside: Vec<Held> = held.iter().flat_map(|row| oracle.around(row)).collect();
    held.extend(inside);
    let lent: Vec<Held> = oracle.lent(&held);
    held.extend(lent);
    held.extend(oracle.kin());
    held
}

struct Oracle<'a> {
    facts: &'a Facts,
    day: NaiveDate,
}

impl Oracle<'_> {
    /// What a party that exists today has, each right its own or of one it carries on for.
    fn by_right(&self, party: &party::Model, held: &mut BTreeSet<Held>) {
        let of = |holder: PartyId| self.carries_on(party.id, holder);
        let facts = self.facts;
        for holder in facts.parties.iter().filter(|holder| of(holder.id)) {
            if holder.valid_from <= self.day {
                held.insert((party.id, Role::Own, holder.id, None, None));
            }
            for place in &facts.places {
                if self.is_authority_of(holder, place) {
                    held.insert((party.id, Role::Authority, holder.id, Some(place.id), None));
                }
                if self.is_district_of(holder, place) {
                    held.insert((party.id, Role::District, holder.id, Some(place.id), None));
                }
            }
        }
        for a in facts.assignments.iter().filter(|a| of(a.department_id)) {
            if self.between(a.valid_from, a.valid_to) {
                held.insert((party.id, Role::Assigned, a.department_id, Some(a.commune_id), None));
            }
        }
        for mark in facts.marks.iter().filter(|mark| of(mark.party_id)) {
            let role = match mark.mark {
                Mark::Coordinator => Role::Coordinator,
                Mark::Leadership => Role::Leadership,
            };
            for place in &facts.places {
                if self.between(mark.valid_from, mark.valid_to)
                    && self.in_programme_of(mark.province_id, place.id)
                {
                    held.insert((party.id, role, mark.party_id, Some(place.id), None));
                }
            }
        }
    }

    /// Who governs or helps a place sees what is promised to all of the district and the province
    /// that it lies in.
    fn around(&self, (party, role, holder, place, _): &Held) -> Vec<Held> {
        let governs = [Role::Authority, Role::District, Role::Assigned].contains(role);
        let Some(place) = place.filter(|_| governs) else { return Vec::new() };
        let all = self.facts.places.iter().map(|row| row.id);
        all.filter(|area| *area != place && self.lies_in(place, *area))
            .map(|area| (*party, Role::Inside, *holder, Some(area), None))
            .collect()
    }

    /// Whose matters are a party's own: predecessors, and the head offices and branches of itself
    /// and of them. It gives no right and is lent to nobody.
    fn kin(&self) -> Vec<Held> {
        let mut kin = Vec::new();
        for party in self.facts.parties.iter().filter(|party| self.exists(party)) {
            let all = self.facts.parties.iter().map(|row| row.id);
            let selves: Vec<PartyId> = all.filter(|own| self.came_from(party.id, *own)).collect();
            for other in self.facts.parties.iter().filter(|other| other.id != party.id) {
                let related = |own: &PartyId| {
                    *own == other.id
                        || self.belongs_to(*own, other.id)
                        || self.belongs_to(other.id, *own)
                };
                if selves.iter().any(related) {
                    kin.push((party.id, Role::Kin, other.id, None, None));
                }
            }
        }
        kin
    }

    /// Whether one party is another or a successor of it, whenever that takes effect.
    fn came_from(&self, party: PartyId, before: PartyId) -> bool {
        party == before
            || self.facts.party_successions.iter().any(|edge| {
                edge.predecessor_id == before && self.came_from(party, edge.successor_id)
            })
    }

    /// Whether one party is a branch of another, over however many offices between.
    fn belongs_to(&self, branch: PartyId, head: PartyId) -> bool {
        let row = self.facts.parties.iter().find(|row| row.id == branch);
        let parent = row.and_then(|row| row.parent_id);
        parent.is_some_and(|parent| parent == head || self.belongs_to(parent, head))
    }

    /// What agents have today of what their principals have today.
    fn lent(&self, held: &BTreeSet<Held>) -> Vec<Held> {
        let mut lent = Vec::new();
        for mandate in &self.facts.mandates {
            let agent = self.facts.parties.iter().find(|party| party.id == mandate.agent_id);
            if !self.between(mandate.valid_from, mandate.valid_to)
                || !agent.is_some_and(|agent| self.exists(agent))
            {
                continue;
            }
            for (_, role, holder, place, _) in
                held.iter().filter(|row| row.0 == mandate.principal_id)
            {
                // What holds everywhere is lent for each place of the area; the rest where it is.
                let places: Vec<Option<PlaceId>> = match (mandate.place_id, place) {
                    (None, place) => vec![*place],
                    (Some(area), None) => self.all_in(area).map(Some).collect(),
                    (Some(area), Some(place)) => {
                        self.all_in(area).filter(|inside| inside == place).map(Some).collect()
                    }
                };
                for act in mandate.acts.iter() {
                    let rows = places.iter();
                    lent.extend(
                        rows.map(|place| (mandate.agent_id, *role, *holder, *place, Some(act))),
                    );
                }
            }
        }
        lent
    }

    fn between(&self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        from <= self.day && to.is_none_or(|end| self.day < end)
    }

    fn exists(&self, party: &party::Model) -> bool {
        self.between(party.valid_from, party.valid_to)
    }

    /// Whether one party carries on for another today, over however many steps.
    fn carries_on(&self, successor: PartyId, predecessor: PartyId) -> bool {
        successor == predecessor
            || self.facts.party_successions.iter().any(|edge| {
                edge.predecessor_id == predecessor
                    && edge.effective_on <= self.day
                    && self.carries_on(successor, edge.successor_id)
            })
    }

    /// The authority of a place is the authority of that place or of any successor.
    fn is_authority_of(&self, holder: &party::Model, place: &place::Model) -> bool {
        let kinds = [Kind::ProvincialAuthority, Kind::DistrictAuthority, Kind::CommuneAuthority];
        kinds.contains(&holder.kind)
            && holder
                .place_id
                .is_some_and(|seat| self.has_begun(seat) && self.went_into(place.id, seat))
    }

    fn is_district_of(&self, holder: &party::Model, place: &place::Model) -> bool {
        holder.kind == Kind::DistrictAuthority
            && holder
                .place_id
                .is_some_and(|seat| self.has_begun(seat) && place.parent_id == Some(seat))
    }

    fn has_begun(&self, place: PlaceId) -> bool {
        self.facts.places.iter().any(|row| row.id == place && row.valid_from <= self.day)
    }

    /// Whether a place is another, or became (a part of) it.
    fn went_into(&self, before: PlaceId, after: PlaceId) -> bool {
        before == after
            || self.facts.place_successions.iter().any(|edge| {
                edge.predecessor_id == before && self.went_into(edge.successor_id, after)
            })
    }

    fn lies_in(&self, place: PlaceId, area: PlaceId) -> bool {
        place == area
            || self
                .facts
                .places
                .iter()
                .filter(|row| row.id == place)
                .filter_map(|row| row.parent_id)
                .any(|parent| self.lies_in(parent, area))
    }

    /// Whether a place lies in an area, or went into something that does.
    fn lies_or_lay_in(&self, place: PlaceId, area: PlaceId) -> bool {
        let all = self.facts.places.iter();
        all.filter(|row| self.lies_in(row.id, area)).any(|row| self.went_into(place, row.id))
    }

    fn all_in(&self, area: PlaceId) -> impl Iterator<Item = PlaceId> {
        let all = self.facts.places.iter().map(|row| row.id);
        all.filter(move |place| self.lies_or_lay_in(*place, area))
    }

    /// A mark reaches its province, what that province became once it has begun, what else went
    /// into that, and everything inside.
    fn in_programme_of(&self, marked: PlaceId, place: PlaceId) -> bool {
        let places = || self.facts.places.iter().map(|row| row.id);
        places()
            .filter(|now| self.has_begun(*now) && self.went_into(marked, *now))
            .any(|now| places().any(|then| self.went_into(then, now) && self.lies_in(place, then)))
    }
}
