//! How reach follows from the registry (DESIGN §5). Pure: rows in, rows out.
//!
//! A right of a party passes to its successors from the day of the succession. An authority
//! reaches its place and all that this place succeeded. A mark reaches its province, what that
//! province became, what else went into it, and everything inside. A mandate lends the
//! principal's reach to the agent, act by act; it is not lent on, and ends with either of them.
//! Whoever governs or helps a place sees what is promised to the district and province around it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::Hash,
};

use chrono::NaiveDate;
use entity::{
    assignment,
    id::{PartyId, PlaceId},
    mandate::{self, Act},
    party::{self, Kind},
    party_mark::{self, Mark},
    party_succession, place, place_succession,
    reach::{self, Role},
};

pub struct Facts {
    pub places: Vec<place::Model>,
    pub place_successions: Vec<place_succession::Model>,
    pub parties: Vec<party::Model>,
    pub party_successions: Vec<party_succession::Model>,
    pub marks: Vec<party_mark::Model>,
    pub assignments: Vec<assignment::Model>,
    pub mandates: Vec<mandate::Model>,
}

/// A row of `reach` without its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reach {
    pub party: PartyId,
    pub role: Role,
    pub principal: PartyId,
    pub place: Option<PlaceId>,
    pub act: Option<Act>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

impl From<&reach::Model> for Reach {
    fn from(row: &reach::Model) -> Self {
        Self {
            party: row.party_id,
            role: row.role,
            principal: row.principal_id,
            place: row.place_id,
            act: row.act,
            from: row.valid_from,
            to: row.valid_to,
        }
    }
}

/// `[from, to)`, to the end of time where `to` is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl Window {
    const fn since(from: NaiveDate) -> Self {
        Self { from, to: None }
    }

    /// The days in both, if there are any.
    fn and(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        to.is_none_or(|to| from < to).then_some(Self { from, to })
    }
}

/// All rows that follow from the facts.
pub fn derive(facts: &Facts) -> BTreeSet<Reach> {
    let places = Places::new(facts);
    let heirs = Heirs::new(facts);
    let mut rows = BTreeSet::new();
    for party in &facts.parties {
        heirs.pass(&mut rows, party.id, Role::Own, None, Window::since(party.valid_from));
        authority(&mut rows, &places, &heirs, party);
    }
    for a in &facts.assignments {
        let window = Window { from: a.valid_from, to: a.valid_to };
        heirs.pass(&mut rows, a.department_id, Role::Assigned, Some(a.commune_id), window);
    }
    for m in &facts.marks {
        let window = Window { from: m.valid_from, to: m.valid_to };
        let role = match m.mark {
            Mark::Coordinator => Role::Coordinator,
            Mark::Leadership => Role::Leadership,
        };
        for (place, since) in places.of_programme(m.province_id) {
            if let Some(window) = window.and(Window::since(since)) {
                heirs.pass(&mut rows, m.party_id, role, Some(place), window);
            }
        }
    }
    let inside: Vec<Reach> = rows.iter().flat_map(|row| places.around(row)).collect();
    rows.extend(inside);
    let lent: Vec<Reach> =
        facts.mandates.iter().flat_map(|mandate| lend(&rows, &places, &heirs, mandate)).collect();
    rows.extend(lent);
    kin(&mut rows, facts);
    rows
}

/// Whose reports are a party's own matter: its head offices, its branches, its predecessors, and
/// theirs. Timeless, for what was reported once is not forgotten.
fn kin(rows: &mut BTreeSet<Reach>, facts: &Facts) {
    let mut parents: HashMap<PartyId, Vec<PartyId>> = HashMap::new();
    let mut branches: HashMap<PartyId, Vec<PartyId>> = HashMap::new();
    for party in &facts.parties {
        if let Some(parent) = party.parent_id {
            parents.entry(party.id).or_default().push(parent);
            branches.entry(parent).or_default().push(party.id);
        }
    }
    let mut predecessors: HashMap<PartyId, Vec<PartyId>> = HashMap::new();
    for s in &facts.party_successions {
        predecessors.entry(s.successor_id).or_default().push(s.predecessor_id);
    }
    for party in &facts.parties {
        let own = closure([party.id], &predecessors);
        let mut kin = closure(own.iter().copied(), &parents);
        kin.extend(closure(own, &branches));
        kin.remove(&party.id);
        rows.extend(kin.into_iter().map(|principal| Reach {
            party: party.id,
            role: Role::Kin,
            principal,
            place: None,
            act: None,
            from: party.valid_from,
            to: party.valid_to,
        }));
    }
}

/// What the authority of a place reaches: the place, what it succeeded, and for a district the
/// communes in it.
fn authority(rows: &mut BTreeSet<Reach>, places: &Places, heirs: &Heirs, party: &party::Model) {
    let is_authority = matches!(
        party.kind,
        Kind::ProvincialAuthority | Kind::DistrictAuthority | Kind::CommuneAuthority
    );
    let Some(place) = party.place_id.filter(|_| is_authority) else { return };
    let window = Window::since(places.since(place));
    for place in places.with_predecessors(place) {
        heirs.pass(rows, party.id, Role::Authority, Some(place), window);
    }
    if party.kind == Kind::DistrictAuthority {
        for commune in places.children(place) {
            heirs.pass(rows, party.id, Role::District, Some(commune), window);
        }
    }
}

/// The rows of a principal as its agent has them.
fn lend(
    rows: &BTreeSet<Reach>,
    places: &Places,
    heirs: &Heirs,
    mandate: &mandate::Model,
) -> Vec<Reach> {
    let window = Window { from: mandate.valid_from, to: mandate.valid_to };
    let Some(window) = heirs.validity(mandate.agent_id).and_then(|agent| agent.and(window)) else {
        return Vec::new();
    };
    let inside = mandate.place_id.map(|place| places.inside(place));
    let lendable = rows.iter().filter(|row| {
        row.party == mandate.principal_id
            && row.act.is_none()
            && match (&inside, row.place) {
                (Some(inside), Some(place)) => inside.contains(&place),
                _ => true,
            }
    });
    let mut lent = Vec::new();
    for row in lendable {
        let Some(Window { from, to }) = window.and(Window { from: row.from, to: row.to }) else {
            continue;
        };
        // What holds everywhere holds, within a mandate for a place, in all of that place.
        let places: Vec<Option<PlaceId>> = match (&inside, row.place) {
            (Some(inside), None) => inside.iter().copied().map(Some).collect(),
            (_, place) => vec![place],
        };
        for act in mandate.acts.iter() {
            lent.extend(places.iter().map(|place| Reach {
                party: mandate.agent_id,
                place: *place,
                act: Some(act),
                from,
                to,
                ..row.clone()
            }));
        }
    }
    lent
}

/// Who carries on for whom, and when.
struct Heirs {
    validity: HashMap<PartyId, Window>,
    next: HashMap<PartyId, Vec<(PartyId, NaiveDate)>>,
}

impl Heirs {
    fn new(facts: &Facts) -> Self {
        let window = |p: &party::Model| (p.id, Window { from: p.valid_from, to: p.valid_to });
        let mut next: HashMap<_, Vec<_>> = HashMap::new();
        for s in &facts.party_successions {
            next.entry(s.predecessor_id).or_default().push((s.successor_id, s.effective_on));
        }
        Self { validity: facts.parties.iter().map(window).collect(), next }
    }

    fn validity(&self, party: PartyId) -> Option<Window> {
        self.validity.get(&party).copied()
    }

    /// Adds a right of a party, for itself and for each successor in its time.
    fn pass(
        &self,
        rows: &mut BTreeSet<Reach>,
        holder: PartyId,
        role: Role,
        place: Option<PlaceId>,
        window: Window,
    ) {
        let mut earliest: HashMap<PartyId, NaiveDate> = HashMap::new();
        let mut open = vec![(holder, window.from)];
        while let Some((party, since)) = open.pop() {
            if earliest.get(&party).is_some_and(|known| *known <= since) {
                continue;
            }
            earliest.insert(party, since);
            for (successor, on) in self.next.get(&party).into_iter().flatten() {
                open.push((*successor, since.max(*on)));
            }
        }
        for (party, since) in earliest {
            let held = self.validity(party).and_then(|w| w.and(Window { from: since, ..window }));
            if let Some(Window { from, to }) = held {
                rows.insert(Reach { party, role, principal: holder, place, act: None, from, to });
            }
        }
    }
}

/// The succession graph and the containment of places.
struct Places {
    since: HashMap<PlaceId, NaiveDate>,
    containers: HashMap<PlaceId, BTreeSet<PlaceId>>,
    children: HashMap<PlaceId, Vec<PlaceId>>,
    successors: HashMap<PlaceId, Vec<PlaceId>>,
    predecessors: HashMap<PlaceId, Vec<PlaceId>>,
}

impl Places {
    fn new(facts: &Facts) -> Self {
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for place in &facts.places {
            if let Some(parent) = place.parent_id {
                children.entry(parent).or_default().push(place.id);
            }
        }
        let (mut successors, mut predecessors) = (HashMap::new(), HashMap::new());
        for s in &facts.place_successions {
            successors.entry(s.predecessor_id).or_insert_with(Vec::new).push(s.successor_id);
            predecessors.entry(s.successor_id).or_insert_with(Vec::new).push(s.predecessor_id);
        }
        let since = facts.places.iter().map(|place| (place.id, place.valid_from)).collect();
        let around = |place: &place::Model| place.parent_id.into_iter().chain(place.province_id);
        let containers = facts.places.iter().map(|place| (place.id, around(place).collect()));
        Self { since, containers: containers.collect(), children, successors, predecessors }
    }

    fn since(&self, place: PlaceId) -> NaiveDate {
        self.since.get(&place).copied().unwrap_or_default()
    }

    fn children(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> {
        self.children.get(&place).into_iter().flatten().copied()
    }

    /// The district and the province around a place, as seen by who helps or governs that place.
    fn around<'a>(&'a self, row: &'a Reach) -> impl Iterator<Item = Reach> + 'a {
        let governs = matches!(row.role, Role::Authority | Role::District | Role::Assigned);
        let place = row.place.filter(|_| governs);
        let containers = place.and_then(|place| self.containers.get(&place)).into_iter().flatten();
        containers.map(|place| Reach { role: Role::Inside, place: Some(*place), ..row.clone() })
    }

    fn with_predecessors(&self, place: PlaceId) -> HashSet<PlaceId> {
        closure([place], &self.predecessors)
    }

    /// A place, everything in it, and what each of these succeeded.
    fn inside(&self, place: PlaceId) -> HashSet<PlaceId> {
        closure(closure([place], &self.children), &self.predecessors)
    }

    /// What a mark for a province reaches, each place from the day it belongs to the programme.
    fn of_programme(&self, province: PlaceId) -> HashMap<PlaceId, NaiveDate> {
        let mut reached: HashMap<PlaceId, NaiveDate> = HashMap::new();
        for province in closure([province], &self.successors) {
            let since = self.since(province);
            for place in closure(self.with_predecessors(province), &self.children) {
                let day = reached.entry(place).or_insert(since);
                *day = since.min(*day);
            }
        }
        reached
    }
}

/// Everything that can be reached along the edges, the start included.
fn closure<Id: Copy + Eq + Hash>(
    start: impl IntoIterator<Item = Id>,
    edges: &HashMap<Id, Vec<Id>>,
) -> HashSet<Id> {
    let mut open: Vec<Id> = start.into_iter().collect();
    let mut seen: HashSet<Id> = open.iter().copied().collect();
    while let Some(from) = open.pop() {
        for next in edges.get(&from).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    seen
}
