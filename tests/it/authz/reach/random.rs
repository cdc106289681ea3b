//! Small registries that are made up from a seed: provinces that merge, communes that split and
//! merge, parties that begin, end and carry on, and all that gives reach. Many of them could not
//! be entered; the rules must hold for them all the same.

use api::domain::reach::rules::Facts;
use chrono::{Days, NaiveDate};
use entity::{
    assignment,
    id::{PartyId, PlaceId},
    mandate::{self, Act},
    party::{self, Kind, Sector},
    party_mark::{self, Mark},
    party_succession,
    place::{self, Level},
    place_succession,
};
use sea_orm::Iterable;
use tests::day;
use uuid::Uuid;

/// The length of their history, in days.
const LENGTH: u64 = 24;

/// The day on which the old list of units gives way to the new one.
const REFORM: u64 = 12;

/// Every day of their history, one before it and one after it.
pub fn days() -> impl Iterator<Item = NaiveDate> {
    (0..=LENGTH + 2).map(|number| day("2024-12-31") + Days::new(number))
}

pub fn registry(seed: u64) -> Facts {
    let mut dice = Dice { state: seed, made: 0 };
    let (places, place_successions) = places(&mut dice);
    let parties = parties(&mut dice, &places);
    let party_successions = party_successions(&mut dice, &parties);
    let at = |level| places.iter().filter(move |row| row.level == level).collect::<Vec<_>>();
    let (provinces, communes) = (at(Level::Province), at(Level::Commune));

    let marks = (0..4).map(|_| {
        let (valid_from, valid_to) = dice.period();
        party_mark::Model {
            id: dice.id().into(),
            party_id: dice.pick(&parties).id,
            mark: *dice.pick(&[Mark::Coordinator, Mark::Leadership]),
            province_id: dice.pick(&provinces).id,
            valid_from,
            valid_to,
        }
    });
    let marks = marks.collect();
    let assignments = (0..4).map(|_| {
        let (valid_from, valid_to) = dice.period();
        assignment::Model {
            id: dice.id().into(),
            department_id: dice.pick(&parties).id,
            commune_id: dice.pick(&communes).id,
            document_id: dice.id().into(),
            valid_from,
            valid_to,
            version: 1,
        }
    });
    let assignments = assignments.collect();
    let mandates = (0..5).map(|_| mandate(&mut dice, &parties, &places)).collect();
    Facts {
        places: places.clone(),
        place_successions,
        party_successions,
        parties,
        marks,
        assignments,
        mandates,
    }
}

/// Two provinces with districts and communes that become one with communes alone.
fn places(dice: &mut Dice) -> (Vec<place::Model>, Vec<place_succession::Model>) {
    let reform = Some(Dice::day(REFORM));
    let mut places = Vec::new();
    let mut edges = Vec::new();
    let after = dice.place(Level::Province, None, REFORM, None);
    let mut communes_after = Vec::new();
    for _ in 0..3 {
        communes_after.push(dice.place(Level::Commune, Some(&after), REFORM, None));
    }
    for _ in 0..2 {
        let province = dice.place(Level::Province, None, 0, reform);
        edges.push((province.id, after.id));
        for _ in 0..2 {
            let district = dice.place(Level::District, Some(&province), 0, reform);
            for _ in 0..=dice.below(1) {
                let commune = dice.place(Level::Commune, Some(&district), 0, reform);
                for successor in &communes_after {
                    if dice.below(2) == 0 {
                        edges.push((commune.id, successor.id));
                    }
                }
                places.push(commune);
            }
            places.push(district);
        }
        places.push(province);
    }
    // A province of its own, which nothing became.
    let alone = dice.place(Level::Province, None, 3, None);
    places.push(dice.place(Level::Commune, Some(&alone), 3, None));
    places.extend(communes_after.into_iter().chain([after, alone]));
    let edges = edges.into_iter().map(|(predecessor_id, successor_id)| place_succession::Model {
        predecessor_id,
        successor_id,
        kind: place_succession::Kind::Part,
        weight_ppm: None,
    });
    (places, edges.collect())
}

/// An authority for most places, and some others.
fn parties(dice: &mut Dice, places: &[place::Model]) -> Vec<party::Model> {
    let mut parties = Vec::new();
    for place in places {
        if dice.below(3) == 0 {
            continue;
        }
        let kind = match place.level {
            Level::Province => Kind::ProvincialAuthority,
            Level::District => Kind::DistrictAuthority,
            Level::Commune => Kind::CommuneAuthority,
        };
        parties.push(dice.party(kind, Some(place.id)));
    }
    for kind in [Kind::Department, Kind::Department, Kind::MassOrganization, Kind::Bank, Kind::Bank]
    {
        let place = (kind != Kind::Bank).then(|| dice.pick(places).id);
        parties.push(dice.party(kind, place));
    }
    // Head offices stand before their branches, so that there is no circle.
    for branch in 1..parties.len() {
        if dice.below(2) == 0 {
            let head = parties[dice.below(branch as u64 - 1) as usize].id;
            parties[branch].parent_id = Some(head);
        }
    }
    parties
}

/// Edges from parties to later ones in the list, so that there is no circle.
fn party_successions(dice: &mut Dice, parties: &[party::Model]) -> Vec<party_succession::Model> {
    let mut edges: Vec<party_succession::Model> = Vec::new();
    for _ in 0..5 {
        let before = dice.below(parties.len() as u64 - 2);
        let after = before + 1 + dice.below(parties.len() as u64 - before - 2);
        let (before, after) = (&parties[before as usize], &parties[after as usize]);
        if edges.iter().all(|edge| edge.predecessor_id != before.id) || dice.below(1) == 0 {
            let some_day = Dice::day(dice.below(LENGTH));
            edges.push(party_succession::Model {
                predecessor_id: before.id,
                successor_id: after.id,
                effective_on: before.valid_to.unwrap_or(some_day),
                document_id: None,
            });
        }
    }
    edges
}

fn mandate(dice: &mut Dice, parties: &[party::Model], places: &[place::Model]) -> mandate::Model {
    let principal_id = dice.pick(parties).id;
    let others: Vec<_> = parties.iter().filter(|party| party.id != principal_id).collect();
    let (valid_from, valid_to) = dice.period();
    mandate::Model {
        id: dice.id().into(),
        principal_id,
        agent_id: dice.pick(&others).id,
        acts: Act::iter().filter(|_| dice.below(2) == 0).collect(),
        place_id: (dice.below(1) == 0).then(|| dice.pick(places).id),
        document_id: None,
        valid_from,
        valid_to,
        made_by_id: principal_id,
        version: 1,
    }
}

/// A small generator (SplitMix64, Steele, Lea and Flood 2014): the same seed, the same registry.
struct Dice {
    state: u64,
    made: u128,
}

impl Dice {
    /// 0 to `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % (most + 1)
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len() as u64 - 1) as usize]
    }

    fn id(&mut self) -> Uuid {
        self.made += 1;
        Uuid::from_u128(self.made)
    }

    fn day(number: u64) -> NaiveDate {
        day("2025-01-01") + Days::new(number)
    }

    /// From a day to a day, sometimes without an end, sometimes without a single day.
    fn period(&mut self) -> (NaiveDate, Option<NaiveDate>) {
        let from = self.below(LENGTH);
        let to = from + self.below(LENGTH - from);
        (Self::day(from), (self.below(2) > 0).then(|| Self::day(to)))
    }

    fn place(
        &mut self,
        level: Level,
        parent: Option<&place::Model>,
        from: u64,
        to: Option<NaiveDate>,
    ) -> place::Model {
        let id: PlaceId = self.id().into();
        place::Model {
            id,
            level,
            kind: place::Kind::Xa,
            code: String::new(),
            name: String::new(),
            search_key: String::new(),
            parent_id: parent.map(|parent| parent.id),
            province_id: parent.map(|parent| parent.province_id.unwrap_or(parent.id)),
            valid_from: Self::day(from),
            valid_from_is_floor: false,
            valid_to: to,
        }
    }

    fn party(&mut self, kind: Kind, place_id: Option<PlaceId>) -> party::Model {
        let id: PartyId = self.id().into();
        let from = self.below(LENGTH / 2);
        let to = from + 1 + self.below(LENGTH - from);
        party::Model {
            id,
            kind,
            code: String::new(),
            name: String::new(),
            name_en: None,
            search_key: String::new(),
            place_id,
            parent_id: None,
            sector: None::<Sector>,
            is_front: false,
            prefix: None,
            valid_from: Self::day(from),
            valid_from_is_floor: false,
            valid_to: (self.below(1) == 0).then(|| Self::day(to)),
            version: 1,
        }
    }
}
