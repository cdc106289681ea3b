//! What waits for a party: conditions on commitments, deliveries and notes.

use entity::{
    commitment::{self, Column as C, Status},
    delivery::{self, Column as D, Side, Stage, State},
    mandate::Act,
    note, place,
    reach::Role,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    authz::Viewer,
    domain::{
        commitment::read as commitments,
        delivery::read as deliveries,
        line::{self, LINE, Matter},
        note::read as notes,
        reach::read as reach,
    },
    graphql::filter::nothing,
};

/// Whether somebody is the first to be asked, or comes after who was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    First,
    NextInLine,
}

/// Proposals and amendments to decide on.
pub fn to_accept(viewer: &Viewer, turn: Turn) -> Select<commitment::Entity> {
    let provinces = place::Entity::find()
        .filter(place::Column::Level.eq(place::Level::Province))
        .select_only()
        .column(place::Column::Id);
    let in_province = || C::PlaceId.in_subquery(provinces.clone().into_query());
    let stands = |role| line::stands(viewer, Matter::Acceptance, role, Act::Accept);
    let coordinates = stands(Role::Coordinator);
    let mine = match turn {
        Turn::First => Condition::any()
            .add(stands(Role::Authority))
            .add(coordinates.add(in_province())),
        Turn::NextInLine => {
            let turn_of = |level| line::is_turn_of(level, Matter::Acceptance, viewer.today);
            Condition::any()
                .add(coordinates.add(in_province().not()).add(turn_of(2)))
                .add(stands(Role::Leadership).add(turn_of(3)))
        }
    };
    commitments::visible_to(viewer)
        .filter(C::WaitingSince.is_not_null())
        .filter(C::Status.is_in([Status::Proposed, Status::Active]))
        .filter(mine)
        .filter(line::is_own(viewer, Matter::Acceptance).not())
}

/// Entries to confirm or dispute, and reversals to decide on.
pub fn to_verify(viewer: &Viewer, turn: Turn) -> Select<delivery::Entity> {
    let waits = Condition::any()
        .add(D::State.eq(State::Reported))
        .add(D::ReversalRequestedById.is_not_null());
    let mine = match turn {
        Turn::First => Condition::any()
            .add(arrival().add(stands(viewer, Role::Authority)).add(not_own(viewer)))
            .add(other_side(viewer)),
        Turn::NextInLine => next_to_verify(viewer),
    };
    deliveries::visible_to(viewer)
        .filter(waits)
        .filter(D::WaitingSince.is_not_null())
        .filter(mine)
}

fn next_to_verify(viewer: &Viewer) -> Condition {
    let beyond = LINE.into_iter().filter(|(capacity, _)| line::level(*capacity) > 0);
    beyond.fold(Condition::any().add(nothing()), |any, (capacity, role)| {
        let level = line::level(capacity);
        let turn = |matter| line::is_turn_of(level, matter, viewer.today);
        let here = arrival().add(stands(viewer, role)).add(turn(Matter::Arrival));
        let there = Condition::all()
            .add(arrival().not())
            .add(stands(viewer, role))
            .add(turn(Matter::OtherSide))
            .add(line::is_own(viewer, Matter::OtherSide).not());
        match level {
            1 => any.add(here.add(not_own(viewer))),
            _ => any.add(here.add(not_own(viewer))).add(there),
        }
    })
}

/// What givers report in a commune.
fn arrival() -> Condition {
    Condition::all().add(D::Side.eq(Side::Giver)).add(D::Stage.ne(Stage::ToCarrier))
}

fn stands(viewer: &Viewer, role: Role) -> Condition {
    line::stands(viewer, Matter::Arrival, role, Act::Verify)
}

fn not_own(viewer: &Viewer) -> Condition {
    line::is_own(viewer, Matter::Arrival).not()
}

/// Receipts for the givers, and what came into the carrier's hands for the carrier.
fn other_side(viewer: &Viewer) -> Condition {
    let of = |select: Select<commitment::Entity>| {
        D::CommitmentId.in_subquery(select.select_only().column(C::Id).into_query())
    };
    let participants = reach::takes_part(viewer, C::ParticipantsId, C::PlaceId, &[Act::Record]);
    let participants = commitments::visible_to(viewer).filter(participants);
    let carrier = reach::owns(viewer, C::CarrierId);
    let carrier = commitments::visible_to(viewer).filter(carrier);
    let mine = Condition::any()
        .add(Condition::all().add(D::Side.eq(Side::Receiver)).add(of(participants)))
        .add(Condition::all().add(D::Stage.eq(Stage::ToCarrier)).add(of(carrier)));
    Condition::all().add(mine).add(line::is_own(viewer, Matter::OtherSide).not())
}

/// Disputes that somebody on either side can end, or the coordinator.
pub fn disputed(viewer: &Viewer) -> Select<delivery::Entity> {
    let of = commitments::visible_to(viewer).filter(reach::takes_part(
        viewer,
        C::ParticipantsId,
        C::PlaceId,
        &[Act::Record],
    ));
    let of = of.select_only().column(C::Id);
    let decides = line::stands(viewer, Matter::Decision, Role::Coordinator, Act::Verify);
    let leads = line::stands(viewer, Matter::Decision, Role::Leadership, Act::Verify)
        .add(line::is_turn_of(3, Matter::Decision, viewer.today));
    let above = Condition::all()
        .add(Condition::any().add(decides).add(leads))
        .add(line::is_own(viewer, Matter::Decision).not());
    deliveries::visible_to(viewer).filter(D::State.eq(State::Disputed)).filter(
        Condition::any()
            .add(D::CommitmentId.in_subquery(of.into_query()))
            .add(stands(viewer, Role::Authority))
            .add(above),
    )
}

/// Commitments past their last due date without the reports that would meet them, of either side
/// and of those who help or run the programme.
pub fn overdue(viewer: &Viewer) -> Select<commitment::Entity> {
    let late = commitments::visible_to(viewer)
        .filter(C::Status.eq(Status::Active))
        .filter(C::LastDueOn.lt(viewer.today))
        .filter(C::UnmetOn.is_not_null());
    match viewer.oversees() {
        true => late,
        false => late.filter(commitments::concerning(viewer)),
    }
}

/// Open notes addressed to the party.
pub fn addressed(viewer: &Viewer) -> Select<note::Entity> {
    notes::visible_to(viewer)
        .filter(note::Column::Status.eq(note::Status::Open))
        .filter(reach::owns(viewer, note::Column::AddresseeId))
}
