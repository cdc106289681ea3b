//! Selecting needs, and whether they are met.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    commitment,
    id::{NeedId, PartyId},
    mandate::Act,
    need,
    need::Status,
    party,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select, prelude::Expr,
};

use super::graphql::NeedByExternalReference;
use crate::{
    app::App,
    authz::Viewer,
    domain::{commitment::read as commitments, reach::read as reach},
    error::{Error, Result},
    graphql::context::{Reader, loader},
    tx::{CHANGE, Tx},
};

/// Acts that need a sight of the needs of a commune.
pub const NEED_ACTS: [Act; 5] =
    [Act::RaiseNeed, Act::Record, Act::Verify, Act::Accept, Act::Report];

/// Open ones, and all of the communes that the viewer reaches.
pub fn visible_to(viewer: &Viewer) -> Select<need::Entity> {
    let all = need::Entity::find();
    if viewer.oversees() {
        return all;
    }
    all.filter(Condition::any().add(need::Column::Status.eq(Status::Open)).add(concerning(viewer)))
}

/// That a need is of a commune which the viewer governs, helps, or acts for.
pub fn concerning(viewer: &Viewer) -> Condition {
    reach::reaches(viewer, need::Column::CommuneId, &NEED_ACTS)
}

loader!(NeedById(NeedId): need by id);

/// Whether the viewer may take back a need in its commune's name; loads nothing where it may not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IsRaisers(pub NeedId);

impl Loader<IsRaisers> for Reader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[IsRaisers]) -> Result<HashMap<IsRaisers, ()>> {
        let ids: Vec<NeedId> = visible_to(&self.viewer)
            .filter(need::Column::Id.is_in(keys.iter().map(|key| key.0)))
            .filter(reach::governs(&self.viewer, need::Column::CommuneId, Act::RaiseNeed))
            .select_only()
            .column(need::Column::Id)
            .into_tuple()
            .all(self.app.db.reader())
            .await?;
        Ok(ids.into_iter().map(|id| (IsRaisers(id), ())).collect())
    }
}

/// The one need that a party refers to in its own words, if the viewer may see it.
pub async fn by_external_reference(
    app: &App,
    viewer: &Viewer,
    by: &NeedByExternalReference,
) -> Result<Option<need::Model>> {
    let raised_by = need::Entity::belongs_to(party::Entity)
        .from(need::Column::RaisedById)
        .to(party::Column::Id);
    Ok(visible_to(viewer)
        .join(JoinType::InnerJoin, raised_by.into())
        .filter(party::Column::Code.eq(by.raised_by_code.as_str()))
        .filter(need::Column::ExternalReference.eq(by.reference.as_str()))
        .one(app.db.reader())
        .await?)
}

/// The need for which a party has used a reference already, whoever may see it. Locks the party,
/// so that a reference is not used twice at once.
pub async fn referred_to(tx: &Tx, raised_by: PartyId, reference: &str) -> Result<Option<NeedId>> {
    party::Entity::find_by_id(raised_by).lock(CHANGE).one(&**tx).await?;
    Ok(need::Entity::find()
        .select_only()
        .column(need::Column::Id)
        .filter(need::Column::RaisedById.eq(raised_by))
        .filter(need::Column::ExternalReference.eq(reference))
        .into_tuple()
        .one(&**tx)
        .await?)
}

/// How much is confirmed on the commitments that name a need, of those that the viewer sees; in
/// units of the activity's last digit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConfirmedOfNeed(pub NeedId);

impl Loader<ConfirmedOfNeed> for Reader {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[ConfirmedOfNeed]) -> Result<HashMap<ConfirmedOfNeed, i64>> {
        let of_need = commitment::Column::NeedId;
        let rows: Vec<(NeedId, i64)> = commitments::visible_to(&self.viewer)
            .select_only()
            .column(of_need)
            // PostgreSQL adds big integers up to a numeric.
            .expr(confirmed().cast_as("bigint"))
            .filter(of_need.is_in(keys.iter().map(|key| key.0)))
            .group_by(of_need)
            .into_tuple()
            .all(self.app.db.reader())
            .await?;
        Ok(rows.into_iter().map(|(need, sum)| (ConfirmedOfNeed(need), sum)).collect())
    }
}

/// That a need is met, by the same count.
pub fn met(viewer: &Viewer) -> Condition {
    let of = Expr::col(commitment::Column::NeedId.as_column_ref());
    let wanted = Expr::col(need::Column::Quantity.as_column_ref());
    let meeting = commitments::visible_to(viewer)
        .select_only()
        .expr(Expr::val(1))
        .filter(of.clone().eq(Expr::col(need::Column::Id.as_column_ref())))
        .group_by(of)
        .having(confirmed().gte(wanted));
    Condition::all().add(Expr::exists(meeting.into_query()))
}

fn confirmed() -> Expr {
    Expr::col(commitment::Column::Confirmed.as_column_ref()).sum()
}
