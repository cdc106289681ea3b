//! Selecting verifications: seen with their delivery, whose precision their figures have.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    delivery,
    id::{DeliveryId, VerificationId},
    verification::{self, Column},
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

pub fn visible_to(viewer: &Viewer) -> Select<verification::Entity> {
    let seen = super::visible_to(viewer).select_only().column(delivery::Column::Id);
    verification::Entity::find().filter(Column::DeliveryId.in_subquery(seen.into_query()))
}

/// A verification and the precision of its figure.
#[derive(Clone, Debug)]
pub struct Verified {
    pub row: verification::Model,
    pub precision: i32,
}

impl FromQueryResult for Verified {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let precision = row.try_get(prefix, "precision")?;
        Ok(Self { row: verification::Model::from_query_result(row, prefix)?, precision })
    }
}

/// Verifications with the precision of their deliveries, the oldest first.
fn verified(viewer: &Viewer) -> Select<verification::Entity> {
    let of = verification::Entity::belongs_to(delivery::Entity)
        .from(Column::DeliveryId)
        .to(delivery::Column::Id);
    visible_to(viewer)
        .join(JoinType::InnerJoin, of.into())
        .column(delivery::Column::Precision)
        .order_by_asc(Column::VerifiedAt)
        .order_by_asc(Column::Id)
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerificationById(pub VerificationId);

impl Loader<VerificationById> for Reader {
    type Value = Verified;
    type Error = Error;

    async fn load(&self, keys: &[VerificationById]) -> Result<HashMap<VerificationById, Verified>> {
        let rows = verified(&self.viewer)
            .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
            .into_model::<Verified>()
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|found| (VerificationById(found.row.id), found)).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerificationsOfDelivery(pub DeliveryId);

impl Loader<VerificationsOfDelivery> for Reader {
    type Value = Vec<Verified>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[VerificationsOfDelivery],
    ) -> Result<HashMap<VerificationsOfDelivery, Vec<Verified>>> {
        let rows = verified(&self.viewer)
            .filter(Column::DeliveryId.is_in(keys.iter().map(|key| key.0)))
            .into_model::<Verified>()
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |found| VerificationsOfDelivery(found.row.delivery_id)))
    }
}
