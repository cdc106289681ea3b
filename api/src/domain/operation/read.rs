//! Selecting operations, and finding the one that somebody wants to run.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::Days;
use entity::{
    id::{OperationId, PartyId},
    operation, operation_use,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Select,
    sea_query::SimpleExpr,
};

use super::{rules, shared};
use crate::{
    app::App,
    authz::Viewer,
    domain::reach::read as reach,
    error::{Error, Result},
    graphql::context::{Reader, loader, many},
    tx::sha256,
};

/// For how many days the use of an operation is shown.
pub const SHOWN_DAYS: u64 = 30;

/// All for the coordinator's managers, one's own party's for everybody else.
pub fn visible_to(viewer: &Viewer) -> Select<operation::Entity> {
    let all = operation::Entity::find();
    if viewer.coordinates() {
        return all;
    }
    all.filter(reach::owns(viewer, operation::Column::PartyId))
}

/// The viewer's own that are not retired: its party's and its predecessors'.
pub fn own(viewer: &Viewer) -> Select<operation::Entity> {
    visible_to(viewer)
        .filter(reach::owns(viewer, operation::Column::PartyId))
        .filter(operation::Column::RetiredAt.is_null())
}

loader!(OperationById(OperationId): operation by id);

/// The viewer's own operation that meets a condition; its party's before a predecessor's, and of
/// those the latest.
pub async fn own_one(
    app: &App,
    viewer: &Viewer,
    condition: SimpleExpr,
) -> Result<Option<operation::Model>> {
    let Some(party) = viewer.party() else { return Ok(None) };
    let rows = own(viewer).filter(condition).order_by_asc(operation::Column::Id);
    let rows = rows.all(app.db.reader()).await?;
    Ok(rows.into_iter().max_by_key(|row| (row.party_id == party, row.id)))
}

/// The viewer's own operations that may be called by their names, in the order of these.
pub async fn callable(app: &App, viewer: &Viewer) -> Result<Vec<operation::Model>> {
    let rows = own(viewer).filter(operation::Column::Callable.eq(true));
    let mut rows = rows.all(app.db.reader()).await?;
    rows.sort_by(|a, b| {
        let rank = |row: &operation::Model| (Some(row.party_id) == viewer.party(), row.id);
        a.name.cmp(&b.name).then(rank(b).cmp(&rank(a)))
    });
    rows.dedup_by(|later, first| later.name == first.name);
    Ok(rows)
}

/// An operation that somebody may run.
#[derive(Clone, Debug)]
pub struct Runnable {
    pub hash: String,
    pub document: String,
    /// Whose it is, or who runs a shared one: for whom its use is counted. None where that is
    /// nobody's, or only looked at through somebody's eyes.
    pub party: Option<PartyId>,
}

impl Runnable {
    fn own(row: operation::Model, viewer: &Viewer) -> Self {
        let party = (!viewer.is_viewing()).then_some(row.party_id);
        Self { hash: row.hash, document: row.document, party }
    }

    fn shared(shared: &shared::Shared, viewer: &Viewer) -> Self {
        let (hash, document) = (shared.hash.clone(), shared.document.to_owned());
        Self { hash, document, party: viewer.party().filter(|_| !viewer.is_viewing()) }
    }
}

/// The operation whose document has this hash. A shared one is the same text as one's own.
pub async fn by_hash(app: &App, viewer: &Viewer, hash: &str) -> Result<Option<Runnable>> {
    if let Some(shared) = shared::by_hash(hash) {
        return Ok(Some(Runnable::shared(shared, viewer)));
    }
    let row = own_one(app, viewer, operation::Column::Hash.eq(hash)).await?;
    Ok(row.map(|row| Runnable::own(row, viewer)))
}

/// The persisted operation that a request names by its document id in the place of a text. Who runs
/// persisted operations alone may also send the text of one.
pub async fn persisted(app: &App, viewer: &Viewer, text: &str) -> Result<Option<Runnable>> {
    let is_bound = viewer.acting.as_ref().is_some_and(|acting| acting.persisted_only);
    let (found, why) = match rules::hash_of(text) {
        Some(hash) => {
            (by_hash(app, viewer, hash).await?, "no operation of this documentId is yours to run")
        }
        None if is_bound => (
            by_hash(app, viewer, &sha256(text)).await?,
            "this token runs persisted operations only",
        ),
        None => return Ok(None),
    };
    found.map(Some).ok_or(Error::NotRegistered(why))
}

/// The operation that may be called by this name: one's own, or else a shared one.
pub async fn by_name(app: &App, viewer: &Viewer, name: &str) -> Result<Option<Runnable>> {
    let row = own_one(app, viewer, operation::Column::Name.eq(name)).await?;
    if let Some(row) = row.filter(|row| row.callable) {
        return Ok(Some(Runnable::own(row, viewer)));
    }
    Ok(shared::by_name(name).map(|shared| Runnable::shared(shared, viewer)))
}

/// How much a document was run for a party of late, the latest day first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UseOfOperation {
    pub hash: String,
    pub party: PartyId,
}

impl Loader<UseOfOperation> for Reader {
    type Value = Vec<operation_use::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[UseOfOperation],
    ) -> Result<HashMap<UseOfOperation, Vec<operation_use::Model>>> {
        let today = self.viewer.today;
        let since = today.checked_sub_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(today);
        let any = keys.iter().fold(Condition::any(), |any, key| {
            let hash = operation_use::Column::Hash.eq(key.hash.as_str());
            any.add(hash.and(operation_use::Column::PartyId.eq(key.party)))
        });
        let rows = operation_use::Entity::find()
            .filter(any)
            .filter(operation_use::Column::Day.gte(since))
            .order_by_desc(operation_use::Column::Day)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| UseOfOperation { hash: row.hash.clone(), party: row.party_id }))
    }
}
