//! Needs, commitments with what they rest on, deliveries and what is said about them, and notes.
//! Sums follow by themselves: whatever is inserted here satisfies the invariants of the ledger.

use std::collections::BTreeSet;

use api::{clock::Clock, domain::commitment::write::participants};
use entity::{
    activity_kind, amendment,
    commitment::{self, Disclosure, Due, Schedule, Status},
    commitment_document, document, funding_source,
    id::PlaceId,
    participant_set, participant_set_member, party, place,
};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use super::{Build, Row, inserts};
use crate::{TestApp, day, ledger};

mod delivery;

/// Stands for a row that `prepare` fills in.
fn open<Id: From<Uuid>>() -> Id {
    Uuid::nil().into()
}

/// What a promise is of, where a test does not say.
const ACTIVITY: &str = "smartphones_handed_over";
/// Where it is promised to: Xã Nghĩa Tá.
const COMMUNE: &str = "02071";
/// By when.
const DUE: &str = "2026-12-31";

impl TestApp {
    /// 100 smartphones to Xã Nghĩa Tá by the end of 2026, accepted, disclosed as this kind of giver
    /// does by default.
    pub fn commitment(&self, giver: &party::Model) -> Build<'_, commitment::Model> {
        use party::Kind::{Bank, TelecomCompany};
        let company = matches!(giver.kind, TelecomCompany | Bank);
        let row = commitment::Model {
            id: self.clock.uuid().into(),
            giver_id: giver.id,
            joint_ids: commitment::Parties::default(),
            carrier_id: None,
            participants_id: open(),
            place_id: open(),
            activity_id: open(),
            precision: 0,
            quantity: Some(100),
            schedule: Schedule(vec![Due { due_on: day(DUE), quantity: 100 }]),
            last_due_on: None,
            disclosure: if company { Disclosure::Parties } else { Disclosure::Public },
            status: Status::Active,
            reason: None,
            funding_source_id: None,
            need_id: None,
            replaces_id: None,
            bundle: None,
            text: String::new(),
            open_year: None,
            entered_by_id: giver.id,
            external_reference: None,
            proposed_at: self.clock.now(),
            accepted_at: Some(self.clock.now()),
            closed_at: None,
            waiting_since: None,
            version: 1,
            reported: 0,
            confirmed: 0,
            unverified: 0,
            disputed: 0,
            difference: 0,
            open_entries: 0,
            unmet_on: None,
        };
        Build::new(self, row)
    }

    /// That a commitment rests on a document.
    pub fn basis(
        &self,
        commitment: &commitment::Model,
        document: &document::Model,
    ) -> Build<'_, commitment_document::Model> {
        let row =
            commitment_document::Model { commitment_id: commitment.id, document_id: document.id };
        Build::new(self, row)
    }

    /// An amendment by the giver that holds and changes nothing, unless a test says otherwise.
    pub fn amendment(
        &self,
        commitment: &commitment::Model,
        document: &document::Model,
    ) -> Build<'_, amendment::Model> {
        let promise = amendment::Promise {
            quantity: commitment.quantity,
            schedule: commitment.schedule.clone(),
            place_id: commitment.place_id.into(),
        };
        let row = amendment::Model {
            id: self.clock.uuid().into(),
            commitment_id: commitment.id,
            document_id: document.id,
            reason: "Điều chỉnh thử".to_owned(),
            promise_before: promise.clone(),
            promise_after: promise,
            amended_by_id: commitment.giver_id,
            amended_at: self.clock.now(),
            state: amendment::State::InForce,
            decided_by_id: None,
            decided_at: None,
            decision_reason: None,
        };
        Build::new(self, row)
    }

    pub fn funding_source(&self, code: &str) -> Build<'_, funding_source::Model> {
        let row = funding_source::Model {
            id: self.clock.uuid().into(),
            code: code.to_owned(),
            name: "Nguồn thử".to_owned(),
            name_en: "Test source".to_owned(),
            version: 1,
        };
        Build::new(self, row)
    }
}

impl Build<'_, commitment::Model> {
    pub fn to(self, place: &place::Model) -> Self {
        self.with(|row| row.place_id = place.id)
    }

    pub fn of(self, activity: &activity_kind::Model) -> Self {
        self.with(|row| (row.activity_id, row.precision) = (activity.id, activity.precision))
    }

    /// So much, in units of the last digit, by the end of 2026.
    pub fn quantity(self, quantity: i64) -> Self {
        self.schedule([(DUE, quantity)])
    }

    /// By these days so much in all.
    pub fn schedule<'d>(self, dues: impl IntoIterator<Item = (&'d str, i64)>) -> Self {
        let dues = dues.into_iter().map(|(on, quantity)| Due { due_on: day(on), quantity });
        let dues: Vec<Due> = dues.collect();
        self.with(|row| {
            row.quantity = dues.last().map(|due| due.quantity);
            row.schedule = Schedule(dues);
        })
    }

    /// Without a quantity.
    pub fn open(self) -> Self {
        self.schedule([])
    }

    pub fn between_parties(self) -> Self {
        self.with(|row| row.disclosure = Disclosure::Parties)
    }

    pub fn public(self) -> Self {
        self.with(|row| row.disclosure = Disclosure::Public)
    }

    /// Not yet accepted.
    pub fn proposed(self) -> Self {
        let today = self.app.clock.today();
        self.with(|row| {
            (row.status, row.accepted_at) = (Status::Proposed, None);
            row.waiting_since = Some(today);
        })
    }

    pub fn joint(self, party: &party::Model) -> Self {
        self.with(|row| {
            row.joint_ids = row.joint_ids.iter().chain([party.id]).collect();
        })
    }

    pub fn carrier(self, party: &party::Model) -> Self {
        self.with(|row| row.carrier_id = Some(party.id))
    }
}

impl Row for commitment::Model {
    async fn prepare(&mut self, app: &TestApp) {
        if self.activity_id == open() {
            let activity = app.activity(ACTIVITY).await;
            (self.activity_id, self.precision) = (activity.id, activity.precision);
        }
        if self.place_id == open::<PlaceId>() {
            self.place_id = app.commune(COMMUNE).await.id;
        }
        self.last_due_on = self.schedule.0.last().map(|due| due.due_on);
        self.unmet_on = self.schedule.0.first().map(|due| due.due_on);
        let givers = [self.giver_id].into_iter().chain(self.joint_ids.iter());
        let members = givers.chain(self.carrier_id).collect::<BTreeSet<_>>();
        self.participants_id = participants::id(&members);
        let nothing = || OnConflict::new().do_nothing().to_owned();
        let key = Set(Uuid::from(self.participants_id).simple().to_string());
        let set = participant_set::ActiveModel { id: Set(self.participants_id), key };
        let set = participant_set::Entity::insert(set).on_conflict(nothing()).try_insert();
        set.exec_without_returning(app.db().writer()).await.expect("a set of participants");
        let members = members.into_iter().map(|party| participant_set_member::ActiveModel {
            set_id: Set(self.participants_id),
            party_id: Set(party),
        });
        let members = participant_set_member::Entity::insert_many(members);
        let members = members.on_conflict(nothing()).try_insert();
        members.exec_without_returning(app.db().writer()).await.expect("participants");
    }

    inserts!(commitment);

    async fn follow(rows: &[Self], app: &TestApp) {
        let touched = rows.iter().map(|row| row.id).collect();
        ledger::settle(app.db().writer(), &touched).await.expect("sums follow from the ledger");
    }
}

super::plain!(amendment, commitment_document, funding_source);
