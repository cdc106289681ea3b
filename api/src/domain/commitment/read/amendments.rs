//! Selecting amendments: seen with their commitment, whose precision their quantities have.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    amendment::{self, Column},
    commitment,
    id::{AmendmentId, CommitmentId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select,
};

use crate::{
    authz::Viewer,
    error::{Error, Result},
    graphql::context::{Reader, many},
};

pub fn visible_to(viewer: &Viewer) -> Select<amendment::Entity> {
    let seen = super::visible_to(viewer).select_only().column(commitment::Column::Id);
    amendment::Entity::find().filter(Column::CommitmentId.in_subquery(seen.into_query()))
}

/// An amendment and the precision of its quantities.
#[derive(Clone, Debug)]
pub struct Amended {
    pub row: amendment::Model,
    pub precision: i32,
}

impl FromQueryResult for Amended {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let precision = row.try_get(prefix, "precision")?;
        Ok(Self { row: amendment::Model::from_query_result(row, prefix)?, precision })
    }
}

/// Amendments with the precision of their commitments, the oldest first.
fn amended(viewer: &Viewer) -> Select<amendment::Entity> {
    let of = amendment::Entity::belongs_to(commitment::Entity)
        .from(Column::CommitmentId)
        .to(commitment::Column::Id);
    visible_to(viewer)
        .join(JoinType::InnerJoin, of.into())
        .column(commitment::Column::Precision)
        .order_by_asc(Column::AmendedAt)
        .order_by_asc(Column::Id)
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AmendmentById(pub AmendmentId);

impl Loader<AmendmentById> for Reader {
    type Value = Amended;
    type Error = Error;

    async fn load(&self, keys: &[AmendmentById]) -> Result<HashMap<AmendmentById, Amended>> {
        let rows = amended(&self.viewer)
            .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
            .into_model::<Amended>()
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|found| (AmendmentById(found.row.id), found)).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AmendmentsOfCommitment(pub CommitmentId);

impl Loader<AmendmentsOfCommitment> for Reader {
    type Value = Vec<Amended>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AmendmentsOfCommitment],
    ) -> Result<HashMap<AmendmentsOfCommitment, Vec<Amended>>> {
        let rows = amended(&self.viewer)
            .filter(Column::CommitmentId.is_in(keys.iter().map(|key| key.0)))
            .into_model::<Amended>()
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |found| AmendmentsOfCommitment(found.row.commitment_id)))
    }
}
