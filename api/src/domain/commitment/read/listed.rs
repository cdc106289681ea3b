//! A commitment with the public reference data that was read in the same statement. What has a
//! permission of its own never comes this way.

use std::{collections::HashMap, ops::BitOr, sync::Arc};

use async_graphql::{Lookahead, dataloader::Loader};
use entity::{
    activity_kind,
    commitment::{self, Column},
    id::CommitmentId,
    party, place,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, IntoSimpleExpr,
    Iterable, QueryFilter, QueryResult, QueryTrait,
    prelude::Expr,
    sea_query::{ExprTrait, JoinType, SelectStatement},
};

use super::visible_to;
use crate::{
    error::{Error, Result},
    graphql::{context::Reader, paging::Listing},
};

/// What is read together with commitments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Joins {
    pub place: bool,
    pub activity: bool,
    pub giver: bool,
}

impl Joins {
    /// What a selection of commitments asks for.
    pub fn of(commitments: &Lookahead<'_>) -> Self {
        let asked = |name| commitments.field(name).exists();
        Self { place: asked("place"), activity: asked("activity"), giver: asked("giver") }
    }

    /// What the nodes of a connection of commitments ask for.
    pub fn of_list(connection: &Lookahead<'_>) -> Self {
        let nodes = Self::of(&connection.field("nodes"));
        nodes | Self::of(&connection.field("edges").field("node"))
    }

    /// Adds the tables and their columns to a select from `commitment`.
    pub fn add_to(self, select: &mut SelectStatement) {
        if self.place {
            join::<place::Entity>(select, Column::PlaceId, place::Column::Id, "place_");
        }
        if self.activity {
            let id = activity_kind::Column::Id;
            join::<activity_kind::Entity>(select, Column::ActivityId, id, "activity_");
        }
        if self.giver {
            join::<party::Entity>(select, Column::GiverId, party::Column::Id, "giver_");
        }
    }
}

impl BitOr for Joins {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            place: self.place | other.place,
            activity: self.activity | other.activity,
            giver: self.giver | other.giver,
        }
    }
}

fn join<E: EntityTrait>(select: &mut SelectStatement, from: Column, id: E::Column, prefix: &str) {
    let is = from.into_simple_expr().eq(Expr::col(id.as_column_ref()));
    select.join(JoinType::InnerJoin, E::default(), is);
    for column in E::Column::iter() {
        let name = format!("{prefix}{}", column.as_str());
        select.expr_as(column.into_simple_expr(), name);
    }
}

/// A commitment and what was joined to it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub row: commitment::Model,
    pub place: Option<place::Model>,
    pub activity: Option<activity_kind::Model>,
    pub giver: Option<party::Model>,
}

impl From<commitment::Model> for Listed {
    fn from(row: commitment::Model) -> Self {
        Self { row, place: None, activity: None, giver: None }
    }
}

impl Listing for Listed {
    type Entity = commitment::Entity;
    type Joins = Joins;

    fn join(joins: Joins, select: &mut SelectStatement) {
        joins.add_to(select);
    }

    fn read(row: &QueryResult, joins: Joins) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            row: commitment::Model::from_query_result(row, "")?,
            place: joined(row, "place_", joins.place)?,
            activity: joined(row, "activity_", joins.activity)?,
            giver: joined(row, "giver_", joins.giver)?,
        })
    }

    fn row(&self) -> &commitment::Model {
        &self.row
    }
}

fn joined<M: FromQueryResult>(
    row: &QueryResult,
    prefix: &str,
    is_joined: bool,
) -> Result<Option<M>, sea_orm::DbErr> {
    is_joined.then(|| M::from_query_result(row, prefix)).transpose()
}

/// One commitment with what is to be read together with it; a batch reads what any of its keys
/// asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommitmentById(pub CommitmentId, pub Joins);

impl Loader<CommitmentById> for Reader {
    type Value = Arc<Listed>;
    type Error = Error;

    async fn load(&self, keys: &[CommitmentById]) -> Result<HashMap<CommitmentById, Arc<Listed>>> {
        let joins = keys.iter().fold(Joins::default(), |all, key| all | key.1);
        let ids = Column::Id.is_in(keys.iter().map(|key| key.0));
        let mut select = visible_to(&self.viewer).filter(ids).into_query();
        joins.add_to(&mut select);
        let rows = self.app.db.reader().query_all(&select).await?;
        let found = rows.iter().map(|row| {
            let found = Listed::read(row, joins)?;
            Ok((found.row.id, Arc::new(found)))
        });
        let found = found.collect::<Result<HashMap<_, _>, sea_orm::DbErr>>()?;
        Ok(keys.iter().filter_map(|key| Some((*key, found.get(&key.0)?.clone()))).collect())
    }
}
