//! Selecting commitments and their amendments.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    commitment::{self, Column, Disclosure},
    commitment_document, document,
    id::CommitmentId,
    party,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use super::graphql::CommitmentByReference;
use crate::{
    app::App,
    authz::Viewer,
    domain::{
        document::read as documents,
        party::read as parties,
        reach::read::{self as reach, LEDGER_ACTS},
    },
    error::{Error, Result},
    graphql::{
        context::{Reader, many},
        paging::Listing,
    },
};

pub mod amendments;
pub mod links;
mod listed;

pub use listed::{CommitmentById, Joins, Listed};

/// Public ones, and those that concern the viewer.
pub fn visible_to(viewer: &Viewer) -> Select<commitment::Entity> {
    let all = commitment::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let public = Column::Disclosure.eq(Disclosure::Public);
    all.filter(Condition::any().add(public).add(concerning(viewer)))
}

/// That a commitment concerns the viewer: as a participant, by its place, or as an agent of
/// somebody whom it concerns.
pub fn concerning(viewer: &Viewer) -> Condition {
    use Column::{ParticipantsId, PlaceId};
    Condition::any()
        .add(reach::takes_part(viewer, ParticipantsId, PlaceId, &LEDGER_ACTS))
        .add(reach::reaches(viewer, PlaceId, &LEDGER_ACTS))
}

/// That a commitment concerns the viewer or is the viewer's to oversee: who may read what one side
/// wrote down for itself, however public the commitment is.
pub fn shared_with(viewer: &Viewer) -> Condition {
    if viewer.oversees() { Condition::all() } else { concerning(viewer) }
}

/// Whether a commitment concerns the viewer; loads nothing where it does not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IsShared(pub CommitmentId);

impl Loader<IsShared> for Reader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[IsShared]) -> Result<HashMap<IsShared, ()>> {
        let ids: Vec<CommitmentId> = visible_to(&self.viewer)
            .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
            .filter(shared_with(&self.viewer))
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .all(self.app.db.reader())
            .await?;
        Ok(ids.into_iter().map(|id| (IsShared(id), ())).collect())
    }
}

/// The documents that a commitment rests on, of those that the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentsOfCommitment(pub CommitmentId);

impl Loader<DocumentsOfCommitment> for Reader {
    type Value = Vec<document::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[DocumentsOfCommitment],
    ) -> Result<HashMap<DocumentsOfCommitment, Vec<document::Model>>> {
        use commitment_document::Column::{CommitmentId, DocumentId as Basis};
        let basis = document::Entity::belongs_to(commitment_document::Entity)
            .from(document::Column::Id)
            .to(Basis);
        let rows = documents::visible_to(&self.viewer)
            .join(JoinType::InnerJoin, basis.into())
            .select_also(commitment_document::Entity)
            .filter(CommitmentId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(document::Column::IssuedOn)
            .order_by_asc(document::Column::Id)
            .all(self.app.db.reader())
            .await?;
        let rows = rows.into_iter().filter_map(|(row, basis)| Some((basis?.commitment_id, row)));
        let groups = many(rows.collect(), |(of, _)| DocumentsOfCommitment(*of));
        let alone = |rows: Vec<_>| rows.into_iter().map(|(_, row)| row).collect();
        Ok(groups.into_iter().map(|(key, rows)| (key, alone(rows))).collect())
    }
}

/// The one commitment with this reference of its giver, if the viewer shares it.
pub async fn by_reference(
    app: &App,
    viewer: &Viewer,
    by: &CommitmentByReference,
    joins: Joins,
) -> Result<Option<Listed>> {
    let givers = parties::visible_to(viewer)
        .filter(party::Column::Code.eq(by.giver_code.as_str()))
        .select_only()
        .column(party::Column::Id);
    let mut select = visible_to(viewer)
        .filter(shared_with(viewer))
        .filter(Column::GiverId.in_subquery(givers.into_query()))
        .filter(Column::ExternalReference.eq(by.reference.as_str()))
        .into_query();
    joins.add_to(&mut select);
    let row = app.db.reader().query_one(&select).await?;
    Ok(row.map(|row| Listed::read(&row, joins)).transpose()?)
}
