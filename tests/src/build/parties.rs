//! Places and parties with their successions and marks.

use api::clock::Clock;
use entity::{
    party::{self, Kind, Sector},
    party_mark::{self, Mark},
    party_succession,
    place::{self, Level},
    place_alias, place_succession,
};

use super::{BEGINNING, Build};
use crate::{TestApp, day};

impl TestApp {
    pub fn place(&self, level: Level, code: &str, name: &str) -> Build<'_, place::Model> {
        let row = place::Model {
            id: self.clock.uuid().into(),
            level,
            kind: match level {
                Level::Province => place::Kind::Tinh,
                Level::District => place::Kind::Huyen,
                Level::Commune => place::Kind::Xa,
            },
            code: code.to_owned(),
            name: name.to_owned(),
            search_key: String::new(),
            parent_id: None,
            province_id: None,
            valid_from: day(BEGINNING),
            valid_from_is_floor: false,
            valid_to: None,
        };
        Build::new(self, row)
    }

    pub fn alias(&self, place: &place::Model, name: &str) -> Build<'_, place_alias::Model> {
        let (id, name) = (self.clock.uuid().into(), name.to_owned());
        Build::new(self, place_alias::Model { id, place_id: place.id, name })
    }

    pub fn place_succession(
        &self,
        predecessor: &place::Model,
        successor: &place::Model,
    ) -> Build<'_, place_succession::Model> {
        let row = place_succession::Model {
            predecessor_id: predecessor.id,
            successor_id: successor.id,
            kind: place_succession::Kind::MergedWhole,
            weight_ppm: None,
        };
        Build::new(self, row)
    }

    /// A party with a code and name of its own; state bodies and mass organisations are of the
    /// province where a test names no other place.
    pub fn party(&self, kind: Kind) -> Build<'_, party::Model> {
        let number = self.next();
        let row = party::Model {
            id: self.clock.uuid().into(),
            kind,
            code: format!("TEST-{number}"),
            name: format!("Bên thử {number}"),
            name_en: Some(format!("Test party {number}")),
            search_key: String::new(),
            place_id: None,
            parent_id: None,
            sector: (kind == Kind::TelecomCompany).then_some(Sector::Telecom),
            is_front: false,
            prefix: None,
            valid_from: day(BEGINNING),
            valid_from_is_floor: false,
            valid_to: None,
            version: 1,
        };
        Build::new(self, row)
    }

    pub fn party_succession(
        &self,
        predecessor: &party::Model,
        successor: &party::Model,
        on: &str,
    ) -> Build<'_, party_succession::Model> {
        let row = party_succession::Model {
            predecessor_id: predecessor.id,
            successor_id: successor.id,
            effective_on: day(on),
            document_id: None,
        };
        Build::new(self, row)
    }

    pub fn mark(
        &self,
        party: &party::Model,
        mark: Mark,
        province: &place::Model,
    ) -> Build<'_, party_mark::Model> {
        let row = party_mark::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            mark,
            province_id: province.id,
            valid_from: day(BEGINNING),
            valid_to: None,
        };
        Build::new(self, row)
    }
}

impl Build<'_, place::Model> {
    /// Puts it into another place.
    pub fn inside(self, parent: &place::Model) -> Self {
        let province = parent.province_id.unwrap_or(parent.id);
        self.with(|row| {
            row.parent_id = Some(parent.id);
            row.province_id = Some(province);
        })
    }

    pub fn valid(self, from: &str, to: Option<&str>) -> Self {
        let (from, to) = (day(from), to.map(day));
        self.with(|row| (row.valid_from, row.valid_to) = (from, to))
    }
}

impl Build<'_, party::Model> {
    pub fn code(self, code: &str) -> Self {
        self.with(|row| code.clone_into(&mut row.code))
    }

    pub fn name(self, name: &str) -> Self {
        self.with(|row| name.clone_into(&mut row.name))
    }

    pub fn at(self, place: &place::Model) -> Self {
        self.with(|row| row.place_id = Some(place.id))
    }

    pub fn branch_of(self, parent: &party::Model) -> Self {
        self.with(|row| row.parent_id = Some(parent.id))
    }

    pub fn valid(self, from: &str, to: Option<&str>) -> Self {
        let (from, to) = (day(from), to.map(day));
        self.with(|row| (row.valid_from, row.valid_to) = (from, to))
    }
}
