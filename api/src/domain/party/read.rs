//! Selecting parties. Their names are public: everybody sees all of them.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    id::{PartyId, PlaceId},
    party, party_mark, party_succession, reach,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Expr,
};

use crate::{
    authz::Viewer,
    error::{Error, Result},
    graphql::{
        context::{Reader, loader, many},
        filter::valid_on,
    },
};

pub fn visible_to(_: &Viewer) -> Select<party::Entity> {
    party::Entity::find()
}

loader!(PartyById(PartyId): party by id);
loader!(PartyByCode(String): party by code);
loader!(BranchesOfParty(PartyId): each party by parent_id in code);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MarksOfParty(pub PartyId);

impl Loader<MarksOfParty> for Reader {
    type Value = Vec<party_mark::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[MarksOfParty],
    ) -> Result<HashMap<MarksOfParty, Vec<party_mark::Model>>> {
        let rows = party_mark::Entity::find()
            .filter(party_mark::Column::PartyId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(party_mark::Column::ValidFrom)
            .order_by_asc(party_mark::Column::Id)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| MarksOfParty(row.party_id)))
    }
}

/// Who coordinates or leads the programme at a place today, by mark or by succession.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoldersOfMark(pub PlaceId, pub reach::Role);

impl Loader<HoldersOfMark> for Reader {
    type Value = Vec<party::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[HoldersOfMark],
    ) -> Result<HashMap<HoldersOfMark, Vec<party::Model>>> {
        use reach::Column::{PartyId, PlaceId, Role, ValidFrom, ValidTo};
        let relation = reach::Entity::belongs_to(party::Entity).from(PartyId).to(party::Column::Id);
        let rows = reach::Entity::find()
            .join(JoinType::InnerJoin, relation.into())
            .select_also(party::Entity)
            .filter(PlaceId.is_in(keys.iter().map(|key| key.0)))
            .filter(Role.is_in(keys.iter().map(|key| key.1)))
            .filter(reach::Column::Act.is_null())
            .filter(valid_on(ValidFrom, ValidTo, self.viewer.today))
            .order_by_asc(party::Column::Code)
            .all(self.app.db.reader())
            .await?;
        let mut holders: HashMap<_, Vec<party::Model>> = HashMap::new();
        for (reach, party) in rows {
            if let (Some(place), Some(party)) = (reach.place_id, party) {
                let found = holders.entry(HoldersOfMark(place, reach.role)).or_default();
                if !found.iter().any(|known| known.id == party.id) {
                    found.push(party);
                }
            }
        }
        Ok(holders)
    }
}

/// One edge of the succession of parties with the party at its other end.
pub type Succession = (party_succession::Model, party::Model);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PredecessorsOfParty(pub PartyId);

impl Loader<PredecessorsOfParty> for Reader {
    type Value = Vec<Succession>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PredecessorsOfParty],
    ) -> Result<HashMap<PredecessorsOfParty, Vec<Succession>>> {
        use party_succession::Column::{PredecessorId, SuccessorId};
        let of = SuccessorId.is_in(keys.iter().map(|key| key.0));
        let rows = self.party_successions(PredecessorId, of).await?;
        Ok(many(rows, |(edge, _)| PredecessorsOfParty(edge.successor_id)))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuccessorsOfParty(pub PartyId);

impl Loader<SuccessorsOfParty> for Reader {
    type Value = Vec<Succession>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[SuccessorsOfParty],
    ) -> Result<HashMap<SuccessorsOfParty, Vec<Succession>>> {
        use party_succession::Column::{PredecessorId, SuccessorId};
        let of = PredecessorId.is_in(keys.iter().map(|key| key.0));
        let rows = self.party_successions(SuccessorId, of).await?;
        Ok(many(rows, |(edge, _)| SuccessorsOfParty(edge.predecessor_id)))
    }
}

impl Reader {
    /// Edges with the party at the end that a column names, in the order of its code.
    async fn party_successions(
        &self,
        end: party_succession::Column,
        of: Expr,
    ) -> Result<Vec<Succession>> {
        let relation =
            party_succession::Entity::belongs_to(party::Entity).from(end).to(party::Column::Id);
        let rows = party_succession::Entity::find()
            .join(JoinType::InnerJoin, relation.into())
            .select_also(party::Entity)
            .filter(of)
            .order_by_asc(party::Column::Code)
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().filter_map(|(edge, party)| Some((edge, party?))).collect())
    }
}
