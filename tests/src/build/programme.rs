//! Documents, tasks, assignments, enrolments, mandates and activity kinds.

use api::clock::Clock;
use entity::{
    activity_kind::{self, Measure, Pillar},
    assignment, document, document_party, enrolment,
    id::DocumentId,
    mandate::{self, Act},
    party::{self, Kind},
    place, task, task_answer,
};
use uuid::Uuid;

use super::Build;
use crate::{TestApp, day};

/// Stands for the document that `prepare` fills in.
pub(super) fn open() -> DocumentId {
    Uuid::nil().into()
}

impl TestApp {
    /// A directive, unless a test says otherwise.
    pub fn document(&self, issuer: &party::Model) -> Build<'_, document::Model> {
        let number = self.next();
        let row = document::Model {
            id: self.clock.uuid().into(),
            issuer_id: issuer.id,
            number: number.to_string(),
            symbol: "QĐ-THU".to_owned(),
            issued_on: day("2026-01-05"),
            kind: document::Kind::Directive,
            force: document::Force::Assigns,
            title: format!("Văn bản thử {number}"),
            search_key: String::new(),
            version: 1,
        };
        Build::new(self, row)
    }

    /// That a document names a party beside its issuer.
    pub fn names(
        &self,
        document: &document::Model,
        party: &party::Model,
    ) -> Build<'_, document_party::Model> {
        let row = document_party::Model { document_id: document.id, party_id: party.id };
        Build::new(self, row)
    }

    /// A task of every department, unless a test says otherwise.
    pub fn task(&self, document: &document::Model) -> Build<'_, task::Model> {
        let number = self.next();
        let row = task::Model {
            id: self.clock.uuid().into(),
            document_id: document.id,
            ordinal: i32::try_from(1000 + number).expect("a test makes few tasks"),
            text: format!("Nhiệm vụ thử {number}"),
            text_en: None,
            due_on: None,
            party_id: None,
            party_kind: Some(Kind::Department),
            version: 1,
        };
        Build::new(self, row)
    }

    pub fn answer(
        &self,
        task: &task::Model,
        party: &party::Model,
    ) -> Build<'_, task_answer::Model> {
        let row = task_answer::Model {
            id: self.clock.uuid().into(),
            task_id: task.id,
            party_id: party.id,
            answered_by_id: party.id,
            state: task_answer::State::InProgress,
            text: "Đang thực hiện".to_owned(),
            answered_at: self.clock.now(),
            version: 1,
        };
        Build::new(self, row)
    }

    /// Under Decision 1431, unless a test says otherwise.
    pub fn assignment(
        &self,
        department: &party::Model,
        commune: &place::Model,
    ) -> Build<'_, assignment::Model> {
        let row = assignment::Model {
            id: self.clock.uuid().into(),
            department_id: department.id,
            commune_id: commune.id,
            document_id: open(),
            valid_from: commune.valid_from,
            valid_to: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// As a commune that the model is replicated to, under Decision 1431.
    pub fn enrolment(&self, commune: &place::Model) -> Build<'_, enrolment::Model> {
        let row = enrolment::Model {
            id: self.clock.uuid().into(),
            commune_id: commune.id,
            stage: enrolment::Stage::Replicated,
            document_id: open(),
            valid_from: commune.valid_from,
            valid_to: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// Made by the principal, for recording, everywhere.
    pub fn mandate(
        &self,
        principal: &party::Model,
        agent: &party::Model,
    ) -> Build<'_, mandate::Model> {
        let row = mandate::Model {
            id: self.clock.uuid().into(),
            principal_id: principal.id,
            agent_id: agent.id,
            acts: [Act::Record].into_iter().collect(),
            place_id: None,
            document_id: None,
            valid_from: day("2026-01-01"),
            valid_to: None,
            made_by_id: principal.id,
            version: 1,
        };
        Build::new(self, row)
    }

    pub fn activity_kind(&self, code: &str) -> Build<'_, activity_kind::Model> {
        let row = activity_kind::Model {
            id: self.clock.uuid().into(),
            code: code.to_owned(),
            name: "Hoạt động thử".to_owned(),
            name_en: "Test activity".to_owned(),
            unit: "cái".to_owned(),
            unit_en: "piece".to_owned(),
            precision: 0,
            measure: Measure::Flow,
            pillar: Pillar::DigitalSociety,
            promisers: [Kind::TelecomCompany, Kind::Bank].into_iter().collect(),
            forces_parties: false,
            search_key: String::new(),
            version: 1,
        };
        Build::new(self, row)
    }
}

impl Build<'_, task::Model> {
    /// Asks this party instead.
    pub fn asks(self, party: &party::Model) -> Self {
        self.with(|row| (row.party_id, row.party_kind) = (Some(party.id), None))
    }

    /// Asks every party of this kind instead.
    pub fn asks_all(self, kind: Kind) -> Self {
        self.with(|row| (row.party_id, row.party_kind) = (None, Some(kind)))
    }
}

impl Build<'_, assignment::Model> {
    pub fn valid(self, from: &str, to: Option<&str>) -> Self {
        let (from, to) = (day(from), to.map(day));
        self.with(|row| (row.valid_from, row.valid_to) = (from, to))
    }
}

impl Build<'_, mandate::Model> {
    pub fn acts(self, acts: impl IntoIterator<Item = Act>) -> Self {
        self.with(|row| row.acts = acts.into_iter().collect())
    }

    /// Only there.
    pub fn at(self, place: &place::Model) -> Self {
        self.with(|row| row.place_id = Some(place.id))
    }

    pub fn valid(self, from: &str, to: Option<&str>) -> Self {
        let (from, to) = (day(from), to.map(day));
        self.with(|row| (row.valid_from, row.valid_to) = (from, to))
    }
}
