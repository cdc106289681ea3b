//! Who is next in line (DESIGN §3): commune, then the department assigned to it or its district,
//! then the coordinator, then the leadership. Somebody has their turn when each level before them
//! has nobody who is able, because nobody is there or it is their own matter, or has let its
//! fifteen working days pass. Silence is never consent: it only widens the circle of those who
//! may speak.

use chrono::NaiveDate;
use entity::{
    commitment, delivery, participant_set_member as member,
    place::{self, Level as PlaceLevel},
    reach::{self, Column, Role},
    verification::Capacity,
};
use sea_orm::{
    ColumnTrait, Condition, EntityName, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    prelude::Expr,
    sea_query::{Alias, ExprTrait, Func, Query, SelectStatement},
};

use super::standing::IN_THE_MATTER;
use crate::{authz::Viewer, graphql::filter::nothing, period};

/// Working days that each level has.
pub const DAYS: u32 = 15;

/// Why the next in line may not act yet, in Vietnamese and English.
pub const NOT_YET: [&str; 2] = [
    "Chưa đến lượt: cấp trước còn trong thời hạn 15 ngày làm việc.",
    "Not your turn yet: those before you still have their 15 working days.",
];

/// What waits for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// A proposal or an amendment, for whoever receives.
    Acceptance,
    /// A giving-side entry in a commune, for whoever receives.
    Arrival,
    /// An entry whose other side is a giver or a carrier: a receipt, or goods in a carrier's hands.
    OtherSide,
    /// A dispute that somebody above both sides decides.
    Decision,
}

/// Who decides, from the first to the last in line.
pub const LINE: [(Capacity, Role); 5] = [
    (Capacity::Authority, Role::Authority),
    (Capacity::Assigned, Role::Assigned),
    (Capacity::District, Role::District),
    (Capacity::Coordinator, Role::Coordinator),
    (Capacity::Leadership, Role::Leadership),
];

/// At which level of the line a capacity stands.
pub const fn level(capacity: Capacity) -> u32 {
    match capacity {
        Capacity::Giver | Capacity::Carrier | Capacity::Authority => 0,
        Capacity::Assigned | Capacity::District => 1,
        Capacity::Coordinator => 2,
        Capacity::Leadership => 3,
    }
}

/// The roles that stand at a level for a matter.
const fn roles(matter: Matter, level: u32) -> &'static [Role] {
    match (matter, level) {
        (Matter::OtherSide | Matter::Decision, 0 | 1) | (Matter::Acceptance, 1) => &[],
        (_, 0) => &[Role::Authority],
        (_, 1) => &[Role::Assigned, Role::District],
        (_, 2) => &[Role::Coordinator],
        _ => &[Role::Leadership],
    }
}

/// The day since which something must have waited for a level to have let its time pass.
pub fn deadline(today: NaiveDate, level: u32) -> NaiveDate {
    period::working_days_before(today, DAYS * (level + 1))
}

/// That everybody before a level has had their turn.
pub fn is_turn_of(level: u32, matter: Matter, today: NaiveDate) -> Condition {
    (0..level).fold(Condition::all(), |all, before| {
        // A decision is asked of the coordinator first.
        let turns = if matter == Matter::Decision { before.saturating_sub(2) } else { before };
        let patient = Expr::col(waiting(matter)).lte(deadline(today, turns));
        let other_side = matter == Matter::OtherSide && before == 0;
        match (roles(matter, before), other_side) {
            // There is always somebody on the other side.
            (_, true) => all.add(patient),
            ([], false) => all,
            (roles, false) => {
                let able = able(matter, roles, today);
                all.add(Condition::any().add(patient).add(able.not()))
            }
        }
    })
}

/// That the viewer holds a role at the place of a matter, by right or by a mandate for an act.
pub fn stands(viewer: &Viewer, matter: Matter, role: Role, act: entity::mandate::Act) -> Condition {
    let Some(party) = viewer.party() else { return nothing() };
    let by = Condition::any().add(Column::Act.is_null()).add(Column::Act.eq(act));
    let rows = reach::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Column::PartyId.eq(party))
        .filter(Column::Role.eq(role))
        .filter(Expr::col(Column::PlaceId.as_column_ref()).eq(place(matter)))
        .filter(by)
        .filter(crate::graphql::filter::valid_on(Column::ValidFrom, Column::ValidTo, viewer.today));
    let stands = Condition::all().add(Expr::exists(rows.into_query()));
    match (matter, role) {
        (Matter::Acceptance, Role::Authority) => stands.add(is_governed()),
        _ => stands,
    }
}

/// That a matter is one of the viewer's own: it owns or is kin of somebody on the other side of it,
/// or acts in the ledger for somebody who does (`Standing::barred` in SQL).
pub fn is_own(viewer: &Viewer, matter: Matter) -> Condition {
    let Some(party) = viewer.party() else { return nothing() };
    let at = |column: Column| Expr::col((Alias::new("lent"), column));
    let here = places(matter).into_iter().map(|place| at(Column::PlaceId).eq(place));
    let here = here.fold(Condition::any().add(at(Column::PlaceId).is_null()), Condition::add);
    let mut lent = Query::select();
    lent.expr(Expr::val(1))
        .from_as(reach::Entity.table_ref(), Alias::new("lent"))
        .and_where(at(Column::PartyId).eq(party))
        .and_where(at(Column::Role).eq(Role::Own))
        .and_where(at(Column::Act).is_in(IN_THE_MATTER))
        .cond_where(here)
        .cond_where(valid("lent", viewer.today))
        .and_where(Expr::exists(kin(matter, at(Column::PrincipalId), viewer.today)));
    Condition::any()
        .add(Expr::exists(kin(matter, Expr::val(party), viewer.today)))
        .add(Expr::exists(lent))
}

/// The acceptance of what is promised to a province is the coordinator's, not its authority's.
fn is_governed() -> Expr {
    let provinces = place::Entity::find()
        .filter(place::Column::Level.eq(PlaceLevel::Province))
        .select_only()
        .column(place::Column::Id);
    place(Matter::Acceptance).not_in_subquery(provinces.into_query())
}

/// That somebody at a level can act: there is a party, and not all of them are barred.
fn able(matter: Matter, roles: &[Role], today: NaiveDate) -> Expr {
    let at = |column: Column| Expr::col((Alias::new("able"), column));
    let mut rows = Query::select();
    rows.expr(Expr::val(1))
        .from_as(reach::Entity.table_ref(), Alias::new("able"))
        .and_where(at(Column::PlaceId).eq(place(matter)))
        .and_where(at(Column::Role).is_in(roles.iter().copied()))
        .and_where(at(Column::Act).is_null())
        .cond_where(valid("able", today))
        .and_where(Expr::exists(kin(matter, at(Column::PartyId), today)).not());
    let able = Expr::exists(rows);
    match (matter, roles) {
        (Matter::Acceptance, [Role::Authority]) => able.and(is_governed()),
        _ => able,
    }
}

/// The rows that tie a party to those whose matter it is.
fn kin(matter: Matter, party: Expr, today: NaiveDate) -> SelectStatement {
    let at = |column: Column| Expr::col((Alias::new("kin"), column));
    let mut rows = Query::select();
    rows.expr(Expr::val(1))
        .from_as(reach::Entity.table_ref(), Alias::new("kin"))
        .and_where(at(Column::PartyId).eq(party))
        .and_where(at(Column::Role).is_in([Role::Own, Role::Kin]))
        .and_where(at(Column::Act).is_null())
        .cond_where(valid("kin", today))
        .cond_where(is_involved(matter, at(Column::PrincipalId)));
    rows
}

/// That a party reported or entered, or stands on the giving side.
fn is_involved(matter: Matter, party: Expr) -> Condition {
    let participants = |set: Expr| {
        let mut members = Query::select();
        members
            .expr(Expr::col((member::Entity, member::Column::PartyId)))
            .from(member::Entity)
            .and_where(Expr::col((member::Entity, member::Column::SetId)).eq(set));
        members
    };
    if matter == Matter::Acceptance {
        let set = Expr::col((commitment::Entity, commitment::Column::ParticipantsId));
        return Condition::all().add(party.in_subquery(participants(set)));
    }
    let entry = |column: delivery::Column| Expr::col((delivery::Entity, column));
    let reported = Condition::any()
        .add(party.clone().eq(entry(delivery::Column::ReportedById)))
        .add(party.clone().eq(entry(delivery::Column::EnteredById)));
    if matter == Matter::OtherSide {
        return reported;
    }
    let set = of_commitment(commitment::Column::ParticipantsId);
    reported.add(party.in_subquery(participants(set)))
}

fn valid(alias: &'static str, today: NaiveDate) -> Condition {
    let at = |column: Column| Expr::col((Alias::new(alias), column));
    Condition::all()
        .add(at(Column::ValidFrom).lte(today))
        .add(at(Column::ValidTo).is_null().or(at(Column::ValidTo).gt(today)))
}

/// Where a matter is decided: the place that something is promised to, or the commune that an entry
/// names. What is in a carrier's hands names none and is decided where it is promised to.
fn place(matter: Matter) -> Expr {
    let commune = || Expr::col(delivery::Column::CommuneId.as_column_ref());
    match matter {
        Matter::Acceptance => Expr::col(commitment::Column::PlaceId.as_column_ref()),
        Matter::Arrival => commune(),
        Matter::OtherSide | Matter::Decision => {
            let promised_to = of_commitment(commitment::Column::PlaceId);
            Func::coalesce([commune(), promised_to]).into()
        }
    }
}

/// Every place that a matter has to do with.
fn places(matter: Matter) -> Vec<Expr> {
    match matter {
        Matter::Acceptance => vec![place(matter)],
        _ => vec![place(matter), of_commitment(commitment::Column::PlaceId)],
    }
}

/// A column of the commitment of an entry.
fn of_commitment(column: commitment::Column) -> Expr {
    let of = Expr::col(delivery::Column::CommitmentId.as_column_ref());
    let commitment = commitment::Entity::find()
        .select_only()
        .column(column)
        .filter(Expr::col(commitment::Column::Id.as_column_ref()).eq(of));
    Expr::from(commitment.into_query())
}

fn waiting(matter: Matter) -> sea_orm::sea_query::ColumnRef {
    match matter {
        Matter::Acceptance => commitment::Column::WaitingSince.as_column_ref().into(),
        _ => delivery::Column::WaitingSince.as_column_ref().into(),
    }
}
