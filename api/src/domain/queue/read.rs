//! What waits for a party: conditions on commitments, deliveries and notes.

use std::ops::RangeInclusive;

use entity::{
    commitment::{self, Column as C, Status},
    delivery::{self, Column as D, Side, Stage, State},
    mandate::Act,
    note, place,
    reach::Role,
    verification::Capacity,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::ExprTrait,
};

use crate::{
    authz::Viewer,
    domain::{
        commitment::{
            health::{self, Health},
            read as commitments,
        },
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
    commitments::visible_to(viewer).filter(accepts(viewer, turn))
}

/// That a commitment waits for the viewer to decide.
pub fn accepts(viewer: &Viewer, turn: Turn) -> Condition {
    let governed = place::Entity::find()
        .filter(line::governed(viewer.today))
        .select_only()
        .column(place::Column::Id);
    let is_governed = C::PlaceId.in_subquery(governed.into_query());
    let stands = |role| line::stands(viewer, Matter::Acceptance, role, Act::Accept);
    let turn_of = |level| line::is_turn_of(level, Matter::Acceptance, viewer.today);
    let mine = match turn {
        Turn::First => Condition::any()
            .add(stands(Role::Authority))
            .add(stands(Role::Coordinator).add(is_governed.not())),
        Turn::NextInLine => Condition::any()
            .add(stands(Role::Coordinator).add(is_governed).add(turn_of(2)))
            .add(stands(Role::Leadership).add(turn_of(3))),
    };
    Condition::all()
        .add(C::WaitingSince.is_not_null())
        .add(C::Status.is_in([Status::Proposed, Status::Active]))
        .add(mine)
        .add(not(line::is_own(viewer, Matter::Acceptance)))
}

/// Entries to confirm or dispute, and reversals to decide on: these are the coordinator's from the
/// first day as well.
pub fn to_verify(viewer: &Viewer, turn: Turn) -> Select<delivery::Entity> {
    let mine = match turn {
        Turn::First => Condition::any().add(verifies_first(viewer)).add(reversals(viewer)),
        Turn::NextInLine => next_to_verify(viewer, 1..=3),
    };
    deliveries::visible_to(viewer).filter(waits()).filter(mine)
}

/// That an entry waits for the viewer to decide, by a right at its place or on its other side.
pub fn verifies(viewer: &Viewer) -> Condition {
    let mine = Condition::any().add(verifies_first(viewer)).add(next_to_verify(viewer, 1..=1));
    waits().add(mine)
}

/// The same by a mark: as the coordinator or the leadership.
pub fn verifies_by_mark(viewer: &Viewer) -> Condition {
    let mine = Condition::any().add(reversals(viewer)).add(next_to_verify(viewer, 2..=3));
    waits().add(mine)
}

fn waits() -> Condition {
    let open = D::State.eq(State::Reported).or(D::ReversalRequestedById.is_not_null());
    Condition::all().add(D::WaitingSince.is_not_null()).add(open)
}

fn verifies_first(viewer: &Viewer) -> Condition {
    let not_mine = not(line::is_own(viewer, Matter::OtherSide));
    let answered = Condition::all().add(answers(viewer)).add(not_mine);
    Condition::any()
        .add(arrival().add(stands(viewer, Role::Authority)).add(not_own(viewer)))
        .add(answered)
}

fn next_to_verify(viewer: &Viewer, levels: RangeInclusive<u32>) -> Condition {
    let beyond = LINE.into_iter().filter(|(capacity, _)| levels.contains(&line::level(*capacity)));
    beyond.fold(Condition::any().add(nothing()), |any, (capacity, role)| {
        let level = line::level(capacity);
        let turn = |matter| line::is_turn_of(level, matter, viewer.today);
        let arrived =
            arrival().add(stands(viewer, role)).add(turn(Matter::Arrival)).add(not_own(viewer));
        let answered = not(arrival())
            .add(line::stands(viewer, Matter::OtherSide, role, Act::Verify))
            .add(turn(Matter::OtherSide))
            .add(not_own(viewer));
        match level {
            1 => any.add(arrived),
            _ => any.add(arrived).add(answered),
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

/// That an entry is not the viewer's own matter; for a carrier, what comes into its hands is one
/// only if it reported it.
fn not_own(viewer: &Viewer) -> Condition {
    let given = D::Side.eq(Side::Giver);
    not(Condition::any()
        .add(line::is_own(viewer, Matter::OtherSide))
        .add(Condition::all().add(given).add(line::is_own(viewer, Matter::Decision))))
}

/// Receipts, for the givers; what came into the carrier's hands, for the carrier.
fn answers(viewer: &Viewer) -> Condition {
    let receipts = Condition::all().add(D::Side.eq(Side::Receiver)).add(gives(viewer));
    let held = D::Side.eq(Side::Giver).and(D::Stage.eq(Stage::ToCarrier));
    Condition::any().add(receipts).add(Condition::all().add(held).add(carries(viewer)))
}

/// Reversals, for the coordinator.
fn reversals(viewer: &Viewer) -> Condition {
    line::stands(viewer, Matter::OtherSide, Role::Coordinator, Act::Verify)
        .add(D::ReversalRequestedById.is_not_null())
        .add(not_own(viewer))
}

/// That the viewer may record on the commitment of an entry.
fn gives(viewer: &Viewer) -> Condition {
    on(viewer, reach::takes_part(viewer, C::ParticipantsId, C::PlaceId, &[Act::Record]))
}

/// The same, as somebody else than its carrier.
fn gives_to_carrier(viewer: &Viewer) -> Condition {
    let record = &[Act::Record];
    on(
        viewer,
        reach::takes_part_beside(viewer, C::ParticipantsId, C::CarrierId, C::PlaceId, record),
    )
}

/// That the viewer may verify as the carrier of the commitment of an entry.
fn carries(viewer: &Viewer) -> Condition {
    on(viewer, reach::owns_at(viewer, C::CarrierId, C::PlaceId, &[Act::Verify]))
}

fn not(condition: Condition) -> Condition {
    Condition::all().add(condition.not())
}

/// That an entry is of a commitment like this.
fn on(viewer: &Viewer, like: Condition) -> Condition {
    let of = commitments::visible_to(viewer).filter(like).select_only().column(C::Id);
    Condition::all().add(D::CommitmentId.in_subquery(of.into_query()))
}

/// Disputes that the viewer can end: on one side by taking the other one's figure, or above both.
pub fn disputed(viewer: &Viewer) -> Select<delivery::Entity> {
    let ends = Condition::any().add(agrees(viewer)).add(settles(viewer));
    deliveries::visible_to(viewer).filter(D::State.eq(State::Disputed)).filter(ends)
}

/// That the viewer stands on one side of an entry, and not on both.
pub fn agrees(viewer: &Viewer) -> Condition {
    let held = || D::Side.eq(Side::Giver).and(D::Stage.eq(Stage::ToCarrier));
    Condition::any()
        .add(one_of(gives_to_carrier(viewer), carries(viewer)).add(held()))
        .add(one_of(gives(viewer), stands(viewer, Role::Authority)).add(held().not()))
}

/// That a dispute is the viewer's to decide, above both sides.
pub fn settles(viewer: &Viewer) -> Condition {
    let decides = |role| line::stands(viewer, Matter::Decision, role, Act::Verify);
    let turn = line::is_turn_of(line::level(Capacity::Leadership), Matter::Decision, viewer.today);
    let above =
        Condition::any().add(decides(Role::Coordinator)).add(decides(Role::Leadership).add(turn));
    Condition::all().add(above).add(not(line::is_own(viewer, Matter::Decision)))
}

/// That the viewer reported an entry, or acts for who did.
pub fn reported(viewer: &Viewer) -> Condition {
    let by = |side, of: Condition| Condition::all().add(D::Side.eq(side)).add(of);
    let gave = reach::owns_at(viewer, D::ReportedById, C::PlaceId, &[Act::Record]);
    let received = reach::owns_at(viewer, D::ReportedById, D::CommuneId, &[Act::Verify]);
    Condition::any().add(by(Side::Giver, on(viewer, gave))).add(by(Side::Receiver, received))
}

/// That one of two conditions holds, and not both.
fn one_of(a: Condition, b: Condition) -> Condition {
    let both = Condition::all().add(a.clone()).add(b.clone());
    Condition::all().add(Condition::any().add(a).add(b)).add(not(both))
}

/// Commitments past their last due date without the reports that would meet them, of either side
/// and of those who help or run the programme.
pub fn overdue(viewer: &Viewer) -> Select<commitment::Entity> {
    commitments::visible_to(viewer)
        .filter(C::Status.eq(Status::Active))
        .filter(C::LastDueOn.lt(viewer.today))
        .filter(health::is(Health::Overdue, viewer.today))
        .filter(commitments::shared_with(viewer))
}

/// Open notes addressed to the party.
pub fn addressed(viewer: &Viewer) -> Select<note::Entity> {
    notes::visible_to(viewer)
        .filter(note::Column::Status.eq(note::Status::Open))
        .filter(reach::owns(viewer, note::Column::AddresseeId))
}
