//! What the viewer may do with commitments and deliveries: what the queue is made of, asked of rows
//! that are on a page, in one statement for all of them.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    commitment::Column as C,
    delivery::Column as D,
    id::{CommitmentId, DeliveryId},
    mandate::Act,
    party,
    reach::Role,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    prelude::Expr, sea_query::CaseStatement,
};

use super::read::{self, Turn};
use crate::{
    authz::Viewer,
    domain::{
        commitment::read as commitments,
        delivery::read as deliveries,
        line::{self, Matter},
        reach::read as reach,
    },
    error::{Error, Result},
    graphql::context::Reader,
};

/// The rights on one commitment, whatever its state and the viewer's role.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RightsOnCommitment(pub CommitmentId);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnCommitment {
    /// It waits for the viewer to accept.
    pub accepts: bool,
    /// One of its sides, who may close it.
    pub closes: bool,
    pub records: bool,
    /// The coordinator stands on the giving side.
    pub is_coordinators: bool,
    /// The viewer does.
    pub is_own: bool,
    pub giver_has_ended: bool,
}

/// The same on one delivery.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RightsOnDelivery(pub DeliveryId);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDelivery {
    pub verifies: bool,
    pub verifies_by_mark: bool,
    pub agrees: bool,
    pub settles: bool,
    pub reported: bool,
}

impl Loader<RightsOnCommitment> for Reader {
    type Value = OnCommitment;
    type Error = Error;

    async fn load(
        &self,
        keys: &[RightsOnCommitment],
    ) -> Result<HashMap<RightsOnCommitment, OnCommitment>> {
        let viewer = &*self.viewer;
        let rows = commitments::visible_to(viewer)
            .filter(C::Id.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column(C::Id);
        let accepts = [Turn::First, Turn::NextInLine].map(|turn| read::accepts(viewer, turn));
        let ended = party::Entity::find()
            .filter(party::Column::ValidTo.lte(viewer.today))
            .select_only()
            .column(party::Column::Id);
        let ended = C::GiverId.in_subquery(ended.into_query());
        let rows = asked(
            rows,
            [
                accepts.into_iter().fold(Condition::any(), Condition::add),
                closes(viewer),
                reach::takes_part(viewer, C::ParticipantsId, C::PlaceId, &[Act::Record]),
                line::is_coordinators_own(viewer.today),
                line::is_own(viewer, Matter::Acceptance),
                Condition::all().add(ended),
            ],
        );
        type Row = (CommitmentId, i32, i32, i32, i32, i32, i32);
        let rows: Vec<Row> = rows.into_tuple().all(self.app.db.reader()).await?;
        let rights = rows.into_iter().map(|row| {
            let rights = OnCommitment {
                accepts: row.1 == 1,
                closes: row.2 == 1,
                records: row.3 == 1,
                is_coordinators: row.4 == 1,
                is_own: row.5 == 1,
                giver_has_ended: row.6 == 1,
            };
            (RightsOnCommitment(row.0), rights)
        });
        Ok(rights.collect())
    }
}

impl Loader<RightsOnDelivery> for Reader {
    type Value = OnDelivery;
    type Error = Error;

    async fn load(
        &self,
        keys: &[RightsOnDelivery],
    ) -> Result<HashMap<RightsOnDelivery, OnDelivery>> {
        let viewer = &*self.viewer;
        let rows = deliveries::visible_to(viewer)
            .filter(D::Id.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column(D::Id);
        let rows = asked(
            rows,
            [
                read::verifies(viewer),
                read::verifies_by_mark(viewer),
                read::agrees(viewer),
                read::settles(viewer),
                read::reported(viewer),
            ],
        );
        type Row = (DeliveryId, i32, i32, i32, i32, i32);
        let rows: Vec<Row> = rows.into_tuple().all(self.app.db.reader()).await?;
        let rights = rows.into_iter().map(|row| {
            let rights = OnDelivery {
                verifies: row.1 == 1,
                verifies_by_mark: row.2 == 1,
                agrees: row.3 == 1,
                settles: row.4 == 1,
                reported: row.5 == 1,
            };
            (RightsOnDelivery(row.0), rights)
        });
        Ok(rights.collect())
    }
}

/// Asks some things of each row: 1 where one holds.
fn asked<E: EntityTrait, const N: usize>(rows: Select<E>, of: [Condition; N]) -> Select<E> {
    of.into_iter().enumerate().fold(rows, |rows, (at, condition)| {
        let holds = CaseStatement::new().case(condition, Expr::cust("1")).finally(Expr::cust("0"));
        rows.expr_as(holds, format!("asked_{at}"))
    })
}

/// Whether the viewer is on one of the sides of a commitment, as who closes it.
fn closes(viewer: &Viewer) -> Condition {
    let gives = reach::takes_part(viewer, C::ParticipantsId, C::PlaceId, &[Act::Accept]);
    let receives = line::stands(viewer, Matter::Acceptance, Role::Authority, Act::Accept);
    Condition::any().add(gives).add(receives)
}
