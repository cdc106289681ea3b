//! Selecting places. They are public facts: everybody sees all of them.

use std::collections::{BTreeSet, HashMap};

use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use entity::{id::PlaceId, party, place, place_alias, place_succession};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select, Statement, prelude::Expr,
};
use uuid::Uuid;

use crate::{
    authz::Viewer,
    domain::{line, party::read as parties},
    error::{Error, Result},
    graphql::{
        context::{Reader, loader, many},
        filter::valid_on,
    },
    tx::Tx,
};

pub fn visible_to(_: &Viewer) -> Select<place::Entity> {
    place::Entity::find()
}

/// Places that exist on a date.
pub fn as_of(viewer: &Viewer, on: NaiveDate) -> Select<place::Entity> {
    visible_to(viewer).filter(valid_on(place::Column::ValidFrom, place::Column::ValidTo, on))
}

/// Whether an authority accepts what is promised to a place.
pub async fn is_governed(tx: &Tx, viewer: &Viewer, place: PlaceId) -> Result<bool> {
    let governed =
        visible_to(viewer).filter(place::Column::Id.eq(place)).filter(line::governed(viewer.today));
    Ok(governed.one(&**tx).await?.is_some())
}

/// A place with all that it succeeded, itself included.
pub type Lineage = HashMap<PlaceId, Vec<place::Model>>;

/// The lineages of some places; one statement.
pub async fn lineages(tx: &Tx, places: &BTreeSet<Uuid>) -> Result<Lineage> {
    if places.is_empty() {
        return Ok(Lineage::new());
    }
    let marks: Vec<_> = (1..=places.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "WITH RECURSIVE lineage (descendant_id, place_id) AS (\
         SELECT id, id FROM place WHERE id IN ({}) UNION \
         SELECT l.descendant_id, s.predecessor_id FROM lineage l \
         JOIN place_succession s ON s.successor_id = l.place_id) \
         SELECT l.descendant_id, p.* FROM lineage l JOIN place p ON p.id = l.place_id",
        marks.join(", ")
    );
    let values = places.iter().map(|id| (*id).into());
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let mut lineages = Lineage::new();
    for row in tx.query_all_raw(statement).await? {
        let descendant: PlaceId = row.try_get("", "descendant_id")?;
        let place = place::Model::from_query_result(&row, "")?;
        lineages.entry(descendant).or_default().push(place);
    }
    Ok(lineages)
}

loader!(PlaceById(PlaceId): place by id);

/// A code on a date: at most one place.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PlaceByCode(pub String, pub NaiveDate);

impl Loader<PlaceByCode> for Reader {
    type Value = place::Model;
    type Error = Error;

    async fn load(&self, keys: &[PlaceByCode]) -> Result<HashMap<PlaceByCode, place::Model>> {
        let codes = place::Column::Code.is_in(keys.iter().map(|key| key.0.as_str()));
        let rows = visible_to(&self.viewer).filter(codes).all(self.app.db.reader()).await?;
        let on = |row: &place::Model, key: &PlaceByCode| {
            row.code == key.0
                && row.valid_from <= key.1
                && row.valid_to.is_none_or(|end| key.1 < end)
        };
        let found = |key: &PlaceByCode| rows.iter().find(|row| on(row, key)).cloned();
        Ok(keys.iter().filter_map(|key| Some((key.clone(), found(key)?))).collect())
    }
}

/// A code with the first day of its validity: at most one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlaceByCodeFrom(pub String, pub NaiveDate);

impl Loader<PlaceByCodeFrom> for Reader {
    type Value = place::Model;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PlaceByCodeFrom],
    ) -> Result<HashMap<PlaceByCodeFrom, place::Model>> {
        let rows = visible_to(&self.viewer)
            .filter(place::Column::Code.is_in(keys.iter().map(|key| key.0.as_str())))
            .filter(place::Column::ValidFrom.is_in(keys.iter().map(|key| key.1)))
            .all(self.app.db.reader())
            .await?;
        let keyed = |row: place::Model| (PlaceByCodeFrom(row.code.clone(), row.valid_from), row);
        Ok(rows.into_iter().map(keyed).collect())
    }
}

loader!(
    /// The units that lie directly in a place.
    ChildrenOfPlace(PlaceId): each place by parent_id in code
);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AliasesOfPlace(pub PlaceId);

impl Loader<AliasesOfPlace> for Reader {
    type Value = Vec<place_alias::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AliasesOfPlace],
    ) -> Result<HashMap<AliasesOfPlace, Vec<place_alias::Model>>> {
        let rows = place_alias::Entity::find()
            .filter(place_alias::Column::PlaceId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(place_alias::Column::Name)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| AliasesOfPlace(row.place_id)))
    }
}

/// One edge of the succession graph with the place at its other end.
pub type Succession = (place_succession::Model, place::Model);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PredecessorsOfPlace(pub PlaceId);

impl Loader<PredecessorsOfPlace> for Reader {
    type Value = Vec<Succession>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PredecessorsOfPlace],
    ) -> Result<HashMap<PredecessorsOfPlace, Vec<Succession>>> {
        use place_succession::Column::{PredecessorId, SuccessorId};
        let of = SuccessorId.is_in(keys.iter().map(|key| key.0));
        let rows = self.successions(PredecessorId, of).await?;
        Ok(many(rows, |(edge, _)| PredecessorsOfPlace(edge.successor_id)))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuccessorsOfPlace(pub PlaceId);

impl Loader<SuccessorsOfPlace> for Reader {
    type Value = Vec<Succession>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[SuccessorsOfPlace],
    ) -> Result<HashMap<SuccessorsOfPlace, Vec<Succession>>> {
        use place_succession::Column::{PredecessorId, SuccessorId};
        let of = PredecessorId.is_in(keys.iter().map(|key| key.0));
        let rows = self.successions(SuccessorId, of).await?;
        Ok(many(rows, |(edge, _)| SuccessorsOfPlace(edge.predecessor_id)))
    }
}

impl Reader {
    /// Edges with the place at the end that a column names, in the order of its code.
    async fn successions(
        &self,
        end: place_succession::Column,
        of: Expr,
    ) -> Result<Vec<Succession>> {
        let relation = place_succession::Entity::belongs_to(place::Entity)
            .from(end)
            .to(place::Column::Id)
            .into();
        let rows = place_succession::Entity::find()
            .join(JoinType::InnerJoin, relation)
            .select_also(place::Entity)
            .filter(of)
            .order_by_asc(place::Column::Code)
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().filter_map(|(edge, place)| Some((edge, place?))).collect())
    }
}

/// The authority of a place: at most one party, valid or ended with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuthorityOfPlace(pub PlaceId);

impl Loader<AuthorityOfPlace> for Reader {
    type Value = party::Model;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AuthorityOfPlace],
    ) -> Result<HashMap<AuthorityOfPlace, party::Model>> {
        let rows = parties::visible_to(&self.viewer)
            .filter(party::Column::PlaceId.is_in(keys.iter().map(|key| key.0)))
            .filter(party::Column::Kind.is_in([
                party::Kind::ProvincialAuthority,
                party::Kind::DistrictAuthority,
                party::Kind::CommuneAuthority,
            ]))
            .all(self.app.db.reader())
            .await?;
        let keyed = rows.into_iter().filter_map(|row| Some((AuthorityOfPlace(row.place_id?), row)));
        Ok(keyed.collect())
    }
}
