//! Selecting saved operations, and what a member or a party has to do with them.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    favourite,
    id::{MemberId, SavedOperationId},
    operation, saved_operation,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    authz::{Identity, Viewer},
    domain::{operation::read as operations, reach::read as reach},
    error::{Error, Result},
    graphql::{
        context::{Reader, loader},
        filter::nothing,
    },
};

/// All that there are: what a party may keep is counted over them.
pub fn all() -> Select<saved_operation::Entity> {
    saved_operation::Entity::find()
}

/// One's own party's, deleted ones too; what is shared, for everybody who is signed in; and all for
/// the coordinator's managers.
pub fn visible_to(viewer: &Viewer) -> Select<saved_operation::Entity> {
    let all = all();
    if viewer.coordinates() {
        return all;
    }
    if viewer.identity == Identity::Public {
        return all.filter(nothing());
    }
    let own = reach::owns(viewer, saved_operation::Column::PartyId);
    all.filter(Condition::any().add(saved_operation::Column::Shared.eq(true)).add(own))
}

loader!(SavedOperationById(SavedOperationId): saved_operation by id);

/// That a member wants an operation at hand, or does not.
pub fn is_favourite(member: Option<MemberId>, is: bool) -> Condition {
    let marked = favourite::Entity::find()
        .select_only()
        .column(favourite::Column::SavedOperationId)
        .filter(member.map_or_else(nothing, |member| {
            Condition::all().add(favourite::Column::MemberId.eq(member))
        }))
        .into_query();
    let id = saved_operation::Column::Id;
    Condition::all().add(if is { id.in_subquery(marked) } else { id.not_in_subquery(marked) })
}

/// Whether the viewer wants an operation at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IsFavourite(pub SavedOperationId);

impl Loader<IsFavourite> for Reader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[IsFavourite]) -> Result<HashMap<IsFavourite, ()>> {
        let Some(member) = self.viewer.member() else { return Ok(HashMap::new()) };
        let rows = favourite::Entity::find()
            .filter(favourite::Column::MemberId.eq(member))
            .filter(favourite::Column::SavedOperationId.is_in(keys.iter().map(|key| key.0)))
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (IsFavourite(row.saved_operation_id), ())).collect())
    }
}

/// The viewer's own persisted operation whose document has this hash: its party's before a
/// predecessor's, and of those the latest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnOperationByHash(pub String);

impl Loader<OwnOperationByHash> for Reader {
    type Value = operation::Model;
    type Error = Error;

    async fn load(
        &self,
        keys: &[OwnOperationByHash],
    ) -> Result<HashMap<OwnOperationByHash, operation::Model>> {
        let mut rows = operations::own(&self.viewer)
            .filter(operation::Column::Hash.is_in(keys.iter().map(|key| key.0.as_str())))
            .all(self.app.db.reader())
            .await?;
        rows.sort_by_key(|row| (Some(row.party_id) == self.viewer.party(), row.id));
        Ok(rows.into_iter().map(|row| (OwnOperationByHash(row.hash.clone()), row)).collect())
    }
}
