//! In which capacity a viewer acts in the ledger: for whom, at which places, and in whose matters.
//! Read from `reach` once per mutation; everything asked of it after that is pure. What it answers
//! goes into an [`Action`](crate::authz::Action) or onto a row as the party that acted; it gives no
//! right by itself.

use std::collections::HashSet;

use entity::{
    id::{PartyId, PlaceId},
    mandate::{self, Act},
    reach::{self, Column, Role},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
};

use super::reach::read::AT_PLACE;
use crate::{authz::Viewer, error::Result, graphql::filter::valid_on, tx::Tx};

/// Acts that make a matter of the principal one of the agent's own.
pub const IN_THE_MATTER: [Act; 3] = [Act::Record, Act::Verify, Act::Accept];

/// What a party may call upon today, at some places.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// None for somebody who acts for no party; then nothing else is here.
    acting: Option<PartyId>,
    /// Its own, and what others lend it.
    rights: Vec<Right>,
    /// Whose rows count as its own or its lenders', and why.
    ties: Vec<Tie>,
}

#[derive(Clone, Copy, Debug)]
struct Right {
    role: Role,
    /// Whose right it was first: the holder or lender itself, or a predecessor of it.
    holder: PartyId,
    place: Option<PlaceId>,
    /// Set where it is lent: the one act that it allows.
    act: Option<Act>,
}

/// That a party owns the rows of another, or that those are its own matter.
#[derive(Clone, Copy, Debug)]
struct Tie {
    party: PartyId,
    role: Role,
    to: PartyId,
}

type Row = (PartyId, Role, PartyId, Option<PlaceId>, Option<Act>);

impl Standing {
    /// One statement: the rights of the viewer's party at these places and wherever they hold
    /// everywhere, and whose successor or kin it and its lenders are. Name every place that will be
    /// asked about.
    pub async fn load(tx: &Tx, viewer: &Viewer, places: &[PlaceId]) -> Result<Self> {
        Self::read(&**tx, viewer, places).await
    }

    /// The same outside a write.
    pub async fn read(
        db: &impl ConnectionTrait,
        viewer: &Viewer,
        places: &[PlaceId],
    ) -> Result<Self> {
        let Some(acting) = viewer.party() else { return Ok(Self::default()) };
        let rows = rows_of(acting, viewer, places).into_tuple().all(db).await?;
        Ok(Self::new(acting, rows))
    }

    fn new(acting: PartyId, rows: Vec<Row>) -> Self {
        let (mut rights, mut ties) = (Vec::new(), Vec::new());
        for (party, role, to, place, act) in rows {
            if party == acting && role != Role::Kin {
                rights.push(Right { role, holder: to, place, act });
            }
            if act.is_none() && matches!(role, Role::Own | Role::Kin) {
                ties.push(Tie { party, role, to });
            }
        }
        Self { acting: Some(acting), rights, ties }
    }

    /// The party that may act as the authority of a place: the acting one, or the one that lends
    /// it this act.
    pub fn authority(&self, place: PlaceId, act: Act) -> Option<PartyId> {
        self.holds(place, Role::Authority, act)
    }

    /// The same for any role at a place.
    pub fn holds(&self, place: PlaceId, role: Role, act: Act) -> Option<PartyId> {
        self.of(act, |right| right.role == role && right.place == Some(place))
    }

    /// The party that may act for one of these participants at a place: the acting one where it is
    /// one of them or a successor, else one that lends it this act there.
    pub fn gives(&self, participants: &[PartyId], place: PlaceId, act: Act) -> Option<PartyId> {
        self.of(act, |right| {
            right.role == Role::Own
                && participants.contains(&right.holder)
                && right.place.is_none_or(|at| at == place)
        })
    }

    /// Whether what lies at a place concerns the viewer: it governs it or a commune in it, helps or
    /// coordinates it, or acts there for somebody who does. To lead the programme is to look on.
    pub fn concerned(&self, place: PlaceId, acts: &[Act]) -> bool {
        let takes_part = |role| role != Role::Leadership && AT_PLACE.contains(&role);
        self.rights
            .iter()
            .any(|right| takes_part(right.role) && right.place == Some(place) && right.is_for(acts))
    }

    /// Whether one of these participants is the viewer's own, or lends it one of these acts there.
    pub fn takes_part(&self, participants: &[PartyId], place: PlaceId, acts: &[Act]) -> bool {
        self.rights.iter().any(|right| {
            right.role == Role::Own
                && participants.contains(&right.holder)
                && right.place.is_none_or(|at| at == place)
                && right.is_for(acts)
        })
    }

    /// Whether something is the viewer's own matter (`OWN_MATTER`), because one of these parties is
    /// the acting one, one that it acts for in the ledger, or kin of either: a predecessor, a head
    /// office, a branch.
    pub fn barred(&self, parties: &[PartyId]) -> bool {
        let Some(acting) = self.acting else { return false };
        let mut sides = HashSet::from([acting]);
        let own = self.rights.iter().filter(|right| right.role == Role::Own);
        for right in own.filter(|right| right.is_for(&IN_THE_MATTER)) {
            sides.insert(right.holder);
            sides.extend(right.act.and_then(|_| self.lender(right.holder)));
        }
        let kin = self.ties.iter().filter(|tie| sides.contains(&tie.party)).map(|tie| tie.to);
        let barred: HashSet<PartyId> = kin.chain(sides.iter().copied()).collect();
        parties.iter().any(|party| barred.contains(party))
    }

    /// For whom the viewer acts by a right that fits, its own before a lent one.
    fn of(&self, act: Act, fits: impl Fn(&Right) -> bool) -> Option<PartyId> {
        let fitting = || self.rights.iter().filter(|right| fits(right));
        if fitting().any(|right| right.act.is_none()) {
            return self.acting;
        }
        let lent = fitting().filter(|right| right.act == Some(act));
        lent.filter_map(|right| self.lender(right.holder)).min()
    }

    /// In whose names the viewer may act beside its own.
    pub fn lenders(&self) -> HashSet<PartyId> {
        let lent = self.rights.iter().filter(|right| right.act.is_some());
        lent.filter_map(|right| self.lender(right.holder)).collect()
    }

    /// Who lends a right: whoever held it first, or else its successor.
    fn lender(&self, holder: PartyId) -> Option<PartyId> {
        let owns = |tie: &&Tie| tie.role == Role::Own && tie.to == holder;
        let lenders = self.ties.iter().filter(owns).map(|tie| tie.party);
        let mut lenders: Vec<_> = lenders.filter(|party| Some(*party) != self.acting).collect();
        lenders.sort_unstable_by_key(|party| (*party != holder, *party));
        lenders.first().copied()
    }
}

impl Right {
    fn is_for(&self, acts: &[Act]) -> bool {
        self.act.is_none_or(|act| acts.contains(&act))
    }
}

fn rows_of(acting: PartyId, viewer: &Viewer, places: &[PlaceId]) -> Select<reach::Entity> {
    let everywhere = Condition::all()
        .add(Column::Role.is_in([Role::Own, Role::Kin]))
        .add(Column::PlaceId.is_null());
    let here = Column::PlaceId.is_in(places.iter().copied());
    let own = Condition::all()
        .add(Column::PartyId.eq(acting))
        .add(Condition::any().add(everywhere.clone()).add(here));
    let lenders = mandate::Entity::find()
        .select_only()
        .column(mandate::Column::PrincipalId)
        .filter(mandate::Column::AgentId.eq(acting))
        .filter(valid_on(mandate::Column::ValidFrom, mandate::Column::ValidTo, viewer.today));
    let of_lenders = everywhere
        .add(Column::Act.is_null())
        .add(Column::PartyId.in_subquery(lenders.into_query()));
    reach::Entity::find()
        .select_only()
        .columns([Column::PartyId, Column::Role, Column::PrincipalId, Column::PlaceId, Column::Act])
        .filter(Condition::any().add(own).add(of_lenders))
        .filter(valid_on(Column::ValidFrom, Column::ValidTo, viewer.today))
}

#[cfg(test)]
mod tests;
