//! Everything that the rows of a batch refer to and the sender may see, read and locked at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    activity_kind, commitment,
    delivery::{self, Side, Stage},
    id::{ActivityKindId, CommitmentId, DeliveryId, PartyId, PlaceId},
    party,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    super::{
        super::read,
        silent::{self, Key as Open},
    },
    sent::Sent,
};
use crate::{
    authz::Viewer,
    domain::{
        activity_kind as activities,
        batch::{self, How},
        commitment::{read as commitments, rules as promises},
        ledger::Ledger,
        place as places,
        standing::Standing,
    },
    error::Result,
    graphql::payload::ErrorPolicy,
    tx::Tx,
};

pub struct Known {
    pub commitments: BTreeMap<Uuid, commitment::Model>,
    /// Open promises by their key, and those that are not written yet.
    pub open: BTreeMap<Open, CommitmentId>,
    pub new: BTreeSet<CommitmentId>,
    /// Entries in carriers' hands, and those that rows of the batch are taken from.
    pub sources: BTreeMap<Uuid, delivery::Model>,
    pub drawn: BTreeSet<Uuid>,
    pub lineages: places::read::Lineage,
    pub activities: BTreeMap<Uuid, activity_kind::Model>,
    pub givers: BTreeMap<Uuid, party::Model>,
    pub standing: Standing,
    /// References that are taken, and by what.
    pub taken: HashMap<(PartyId, String), Taken>,
    /// Whether rows are written though others are refused.
    pub in_part: bool,
    pub ledger: Ledger,
}

/// What has a reference.
#[derive(Clone, Copy)]
pub struct Taken {
    pub by: DeliveryId,
    /// Whether that is another row of the batch.
    pub in_batch: bool,
}

impl Known {
    pub async fn read(tx: &Tx, viewer: &Viewer, rows: &[Sent], how: How) -> Result<Self> {
        let open: BTreeSet<Open> = rows.iter().filter_map(|row| row.open(viewer)).collect();
        let givers = open.iter().map(|key| key.giver).collect();
        let givers = silent::lock_givers(tx, viewer, givers).await?;
        let open = silent::known(tx, viewer, &open).await?;

        let seen = || read::visible_to(viewer);
        let sources = rows.iter().filter_map(|row| row.drawn_from.as_ref()?.parse().ok());
        let sources = tx.find_all(seen(), sources).await?;
        let named = rows.iter().filter_map(|row| row.commitment.as_ref()?.parse().ok());
        let of_sources = sources.values().map(|entry| entry.commitment_id);
        let all = named.chain(of_sources).chain(open.values().copied());
        let commitments = tx.lock_all(commitments::visible_to(viewer), all).await?;
        let sources = tx.lock_all(seen(), sources.values().map(|entry| entry.id)).await?;

        let communes = batch::ids::<PlaceId>(rows.iter().filter_map(|row| row.commune.as_ref()));
        let activities = wanted_activities(rows, &commitments);
        let mut places: BTreeSet<PlaceId> = commitments.values().map(|row| row.place_id).collect();
        places.extend(communes.iter().copied().map(PlaceId::from));
        let standing = standing(tx, viewer, rows, &commitments, &givers, &places).await?;
        Ok(Self {
            lineages: places::read::lineages(tx, &communes).await?,
            activities: tx.find_all(activities::read::visible_to(viewer), activities).await?,
            givers,
            standing,
            taken: HashMap::new(),
            commitments,
            open,
            new: BTreeSet::new(),
            sources,
            drawn: BTreeSet::new(),
            in_part: !how.dry_run && how.policy == ErrorPolicy::RejectFailedRows,
            ledger: Ledger::default(),
        })
    }

    /// Finds the references of rows that are taken already, by those in whose name the viewer may
    /// act.
    pub async fn look_up_references(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        rows: &[Sent],
    ) -> Result<()> {
        let references = rows.iter().filter_map(|row| row.reference.as_deref());
        let references: BTreeSet<&str> = references.collect();
        // Whoever may see them: a reference is unique for ever.
        let reporters = self.standing.lenders().into_iter().chain(viewer.party());
        let rows = delivery::Entity::find()
            .filter(delivery::Column::ReportedById.is_in(reporters))
            .filter(delivery::Column::ExternalReference.is_in(references))
            .all(&**tx)
            .await?;
        let keyed = rows.into_iter().filter_map(|row| {
            let taken = Taken { by: row.id, in_batch: false };
            Some(((row.reported_by_id, row.external_reference?), taken))
        });
        self.taken.extend(keyed);
        Ok(())
    }
}

/// Activities that something is to be known of: of open promises, and of removals.
fn wanted_activities(
    rows: &[Sent],
    commitments: &BTreeMap<Uuid, commitment::Model>,
) -> BTreeSet<ActivityKindId> {
    let named = rows.iter().filter_map(|row| row.activity.as_ref()?.parse().ok());
    let removes = rows.iter().any(|row| row.quantity.0.is_sign_negative());
    let of_commitments = commitments.values().filter(|_| removes).map(|row| row.activity_id);
    named.chain(of_commitments).collect()
}

/// In which capacity the viewer acts; not asked where all is its own party's to record.
async fn standing(
    tx: &Tx,
    viewer: &Viewer,
    rows: &[Sent],
    commitments: &BTreeMap<Uuid, commitment::Model>,
    givers: &BTreeMap<Uuid, party::Model>,
    places: &BTreeSet<PlaceId>,
) -> Result<Standing> {
    let plain = rows.iter().all(|row| row.side == Side::Giver && row.stage != Stage::HandedOver);
    let gives = |row: &commitment::Model| viewer.owns_any(&promises::participants(row));
    let carries = |row: &commitment::Model| viewer.owns_any(row.carrier_id.as_slice());
    let is_giver = |row: &party::Model| viewer.owns_any(&[row.id]);
    let hands_over = rows.iter().all(|row| row.stage == Stage::HandedOver);
    let own = (plain && commitments.values().all(gives) && givers.values().all(is_giver))
        || (hands_over && commitments.values().all(carries));
    if own {
        return Ok(Standing::default());
    }
    let places: Vec<PlaceId> = places.iter().copied().collect();
    Standing::load(tx, viewer, &places).await
}
