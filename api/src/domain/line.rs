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
    ColumnTrait, Condition, EntityName, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
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

/// Whether somebody stands there by a mark, which only managers act by.
pub const fn is_by_mark(capacity: Capacity) -> bool {
    matches!(capacity, Capacity::Coordinator | Capacity::Leadership)
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

/// The day since which something must have waited for so many levels to have let their time pass.
pub fn deadline(today: NaiveDate, levels: u32) -> NaiveDate {
    period::working_days_before(today, DAYS * levels)
}

/// That everybody before a level has had their turn: fifteen working days for each level before it
/// that is able to act, and none for the others.
pub fn is_turn_of(level: u32, matter: Matter, today: NaiveDate) -> Condition {
    let before = (0..level).filter_map(|before| counts(matter, before, today));
    let before: Vec<Expr> = before.collect();
    let most = i32::try_from(before.len()).unwrap_or(i32::MAX);
    let Some(able) = before.into_iter().reduce(ExprTrait::add) else { return Condition::all() };
    (0..=most).fold(Condition::any(), |any, levels| {
        let few = Condition::all().add(able.clone().lte(levels));
        let since = deadline(today, levels.unsigned_abs());
        any.add(match levels {
            0 => few,
            _ => few.add(Expr::col(waiting(matter)).lte(since)),
        })
    })
}

/// 1 where somebody at a level is able to act, else 0; nothing where a matter has no such level.
fn counts(matter: Matter, level: u32, today: NaiveDate) -> Option<Expr> {
    match (roles(matter, level), matter, level) {
        // There is always somebody on the other side.
        (_, Matter::OtherSide, 0) => Some(Expr::val(1)),
        ([], ..) => None,
        (roles, ..) => {
            let able = Condition::all().add(able(matter, roles, today));
            Some(Expr::case(able, 1).finally(0).into())
        }
    }
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
        (Matter::Acceptance, Role::Authority) => stands.add(is_governed(viewer.today)),
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

/// That the coordinator cannot decide about a commitment, because that would be its own matter.
pub fn is_coordinators_own(today: NaiveDate) -> Condition {
    Condition::all().add(able(Matter::Acceptance, &[Role::Coordinator], today).not())
}

/// Places for which an authority accepts; for a province, and for a district that has ended, the
/// coordinator does.
pub fn governed(today: NaiveDate) -> Condition {
    let district = Condition::all()
        .add(place::Column::Level.eq(PlaceLevel::District))
        .add(place::Column::ValidTo.is_null().or(place::Column::ValidTo.gt(today)));
    Condition::any().add(place::Column::Level.eq(PlaceLevel::Commune)).add(district)
}

fn is_governed(today: NaiveDate) -> Expr {
    let governed =
        place::Entity::find().filter(governed(today)).select_only().column(place::Column::Id);
    place(Matter::Acceptance).in_subquery(governed.into_query())
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
        (Matter::Acceptance, [Role::Authority]) => able.and(is_governed(today)),
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
    let set = of_entry(commitment::Column::ParticipantsId);
    reported.add(party.in_subquery(participants(set)))
}

fn valid(alias: &'static str, today: NaiveDate) -> Condition {
    let at = |column: Column| Expr::col((Alias::new(alias), column));
    Condition::all()
        .add(at(Column::ValidFrom).lte(today))
        .add(at(Column::ValidTo).is_null().or(at(Column::ValidTo).gt(today)))
}

/// The place of a matter. Goods in a carrier's hands are where they were promised to.
fn place(matter: Matter) -> Expr {
    let commune = Expr::col((delivery::Entity, delivery::Column::CommuneId));
    match matter {
        Matter::Acceptance => Expr::col((commitment::Entity, commitment::Column::PlaceId)),
        Matter::Arrival => commune,
        Matter::OtherSide | Matter::Decision => {
            let promised_to = of_entry(commitment::Column::PlaceId);
            Func::coalesce([commune, promised_to]).into()
        }
    }
}

/// Every place that a matter has to do with.
fn places(matter: Matter) -> Vec<Expr> {
    match matter {
        Matter::Acceptance => vec![place(matter)],
        _ => vec![place(matter), of_entry(commitment::Column::PlaceId)],
    }
}

/// A column of the commitment of an entry.
fn of_entry(column: commitment::Column) -> Expr {
    let of = Expr::col((delivery::Entity, delivery::Column::CommitmentId));
    let id = Expr::col((commitment::Entity, commitment::Column::Id));
    let rows: Select<commitment::Entity> =
        commitment::Entity::find().select_only().column(column).filter(id.eq(of));
    Expr::from(rows.into_query())
}

fn waiting(matter: Matter) -> sea_orm::sea_query::ColumnRef {
    match matter {
        Matter::Acceptance => commitment::Column::WaitingSince.as_column_ref().into(),
        _ => delivery::Column::WaitingSince.as_column_ref().into(),
    }
}
