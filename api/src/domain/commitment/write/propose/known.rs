//! Everything that the rows of a batch refer to and the sender may see, read at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_graphql::ID;
use entity::{
    activity_kind, commitment, document, funding_source,
    id::{
        ActivityKindId, CommitmentId, DocumentId, FundingSourceId, NeedId, PartyId, PlaceId,
        TaskId, TypedId,
    },
    need, party, place, task,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{super::read, ProposeCommitmentInput};
use crate::{
    authz::Viewer,
    domain::{
        activity_kind as activities,
        batch::{self, How},
        document as documents, funding_source as funding, need as needs, party as parties,
        place as places, task as tasks,
    },
    error::Result,
    graphql::payload::ErrorPolicy,
    tx::Tx,
};

/// Everything that the rows refer to and the viewer may see.
pub struct Known {
    pub places: BTreeMap<Uuid, place::Model>,
    pub activities: BTreeMap<Uuid, activity_kind::Model>,
    pub parties: BTreeMap<Uuid, party::Model>,
    pub documents: BTreeMap<Uuid, document::Model>,
    pub tasks: BTreeMap<Uuid, task::Model>,
    pub needs: BTreeMap<Uuid, need::Model>,
    pub funding: BTreeMap<Uuid, funding_source::Model>,
    pub before: BTreeMap<Uuid, commitment::Model>,
    pub lineages: places::read::Lineage,
    /// References that are taken, and by what.
    pub taken: HashMap<(PartyId, String), Taken>,
    /// Whether rows are written though others are refused.
    pub in_part: bool,
}

/// What has a reference.
#[derive(Clone, Copy)]
pub struct Taken {
    pub by: CommitmentId,
    /// Whether that is another row of the batch.
    pub in_batch: bool,
}

impl Known {
    pub async fn read(
        tx: &Tx,
        viewer: &Viewer,
        rows: &[ProposeCommitmentInput],
        how: How,
    ) -> Result<Self> {
        let parties = rows
            .iter()
            .flat_map(|row| row.joint_giver_ids.iter().chain(&row.giver_id).chain(&row.carrier_id));
        let mut parties = typed::<PartyId>(parties);
        parties.extend(viewer.party());
        let tasks = typed::<TaskId>(rows.iter().filter_map(|row| row.task_id.as_ref()));
        let tasks = tx.find_all(tasks::read::visible_to(viewer), tasks).await?;
        let mut documents =
            typed::<DocumentId>(rows.iter().flat_map(|row| row.document_ids.iter()));
        documents.extend(tasks.values().map(|task| task.document_id));
        let needs = typed::<NeedId>(rows.iter().filter_map(|row| row.need_id.as_ref()));
        let before = typed::<CommitmentId>(rows.iter().filter_map(|row| row.replaces_id.as_ref()));
        let funding = rows.iter().filter_map(|row| row.funding_source_id.as_ref());
        let funding = typed::<FundingSourceId>(funding);
        let needs = tx.find_all(needs::read::visible_to(viewer), needs).await?;
        let answering = rows.iter().filter(|row| row.need_id.is_some());
        let mut answering = batch::ids::<PlaceId>(answering.map(|row| &row.place_id));
        answering.extend(needs.values().map(|need| Uuid::from(need.commune_id)));
        let places = typed::<PlaceId>(rows.iter().map(|row| &row.place_id));
        let activities = typed::<ActivityKindId>(rows.iter().map(|row| &row.activity_id));
        Ok(Self {
            places: tx.find_all(places::read::visible_to(viewer), places).await?,
            activities: tx.find_all(activities::read::visible_to(viewer), activities).await?,
            parties: tx.find_all(parties::read::visible_to(viewer), parties).await?,
            documents: tx.find_all(documents::read::visible_to(viewer), documents).await?,
            tasks,
            needs,
            funding: tx.find_all(funding::read::visible_to(viewer), funding).await?,
            before: tx.find_all(read::visible_to(viewer), before).await?,
            lineages: places::read::lineages(tx, &answering).await?,
            taken: taken(tx, viewer, rows).await?,
            in_part: !how.dry_run && how.policy == ErrorPolicy::RejectFailedRows,
        })
    }
}

/// References of the rows that are taken already: those of the viewer's party and of those it
/// carries on for, which are all that it can promise for.
async fn taken(
    tx: &Tx,
    viewer: &Viewer,
    rows: &[ProposeCommitmentInput],
) -> Result<HashMap<(PartyId, String), Taken>> {
    let references: BTreeSet<&str> =
        rows.iter().filter_map(|row| row.external_reference.as_deref()).collect();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let own = viewer.acting.iter().flat_map(|acting| acting.own.iter().copied());
    let rows = read::visible_to(viewer)
        .filter(commitment::Column::GiverId.is_in(own))
        .filter(commitment::Column::ExternalReference.is_in(references))
        .all(&**tx)
        .await?;
    let keyed = rows.into_iter().filter_map(|row| {
        let taken = Taken { by: row.id, in_batch: false };
        Some(((row.giver_id, row.external_reference?), taken))
    });
    Ok(keyed.collect())
}

fn typed<'a, Id: TypedId + std::str::FromStr>(ids: impl IntoIterator<Item = &'a ID>) -> Vec<Id> {
    ids.into_iter().filter_map(|id| id.parse().ok()).collect()
}
