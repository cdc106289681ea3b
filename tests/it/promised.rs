//! Commitments and deliveries as rows, for tests of what hangs on them.

use api::clock::Clock;
use entity::{
    activity_kind,
    commitment::{self, Disclosure, Parties, Schedule, Status},
    delivery::{self, Side, Stage, State},
    participant_set, participant_set_member, party, place,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use tests::{TestApp, day};

/// An open promise of one giver to a place, for the parties only and in force, unless a test says
/// otherwise.
pub async fn commitment(
    app: &TestApp,
    giver: &party::Model,
    place: &place::Model,
    activity: &activity_kind::Model,
    change: impl FnOnce(&mut commitment::Model),
) -> commitment::Model {
    let db = app.db().writer();
    let set = participant_set::Model { id: app.clock.uuid().into(), key: app.next().to_string() };
    let member = participant_set_member::Model { set_id: set.id, party_id: giver.id };
    let mut row = commitment::Model {
        id: app.clock.uuid().into(),
        giver_id: giver.id,
        joint_ids: Parties::default(),
        carrier_id: None,
        participants_id: set.id,
        place_id: place.id,
        activity_id: activity.id,
        precision: activity.precision,
        quantity: None,
        schedule: Schedule::default(),
        last_due_on: None,
        disclosure: Disclosure::Parties,
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
        proposed_at: app.clock.now(),
        accepted_at: Some(app.clock.now()),
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
    change(&mut row);
    set.into_active_model().insert(db).await.unwrap();
    participant_set_member::Entity::insert(member.into_active_model())
        .exec_without_returning(db)
        .await
        .unwrap();
    row.into_active_model().insert(db).await.unwrap()
}

/// One piece, reported by the giver and not verified yet.
pub async fn delivery(
    app: &TestApp,
    commitment: &commitment::Model,
    commune: &place::Model,
) -> delivery::Model {
    let row = delivery::Model {
        id: app.clock.uuid().into(),
        commitment_id: commitment.id,
        giver_id: commitment.giver_id,
        side: Side::Giver,
        stage: Stage::Direct,
        commune_id: Some(commune.id),
        quantity: 1,
        precision: commitment.precision,
        delivered_on: day("2026-11-20"),
        via_id: None,
        drawn_from_id: None,
        reverses_id: None,
        reason: None,
        evidence_number: None,
        evidence_hash: None,
        evidence_url: None,
        reported_by_id: commitment.giver_id,
        entered_by_id: commitment.giver_id,
        external_reference: None,
        recorded_at: app.clock.now(),
        state: State::Reported,
        received: None,
        agreed: None,
        drawn: 0,
        reversal_requested_by_id: None,
        waiting_since: None,
        version: 1,
    };
    row.into_active_model().insert(app.db().writer()).await.unwrap()
}
