//! Recording entries: what the rows of a batch refer to is read and locked at once, each row is
//! judged by itself, and all that are accepted are written at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_graphql::ID;
use entity::{
    activity_kind,
    commitment::{self, Status},
    delivery::{self, Side, Stage, State},
    id::{ActivityKindId, CommitmentId, DeliveryId, PartyId, PlaceId},
    mandate::Act,
    party, place,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    super::{
        graphql::{EvidenceInput, RecordDeliveryInput, RecordReceiptInput},
        read, rules,
    },
    event, put_all,
    silent::{self, Key as Open},
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        activity_kind as activities,
        batch::{self, Batch, How},
        commitment::{
            read as commitments, rules as promises,
            write::{found, not_found, promises as may_promise},
        },
        ledger::Ledger,
        party as parties, place as places,
        standing::Standing,
    },
    error::{Error, Result},
    graphql::{payload::ErrorPolicy, scalar::Decimal},
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{Done, DoneBatch, Key, Tx},
};

pub async fn record_deliveries(
    app: &App,
    viewer: &Viewer,
    rows: Vec<RecordDeliveryInput>,
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    let tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    viewer.require(Action::Record { gives: true })?;
    batch::size(how, rows.len())?;
    let rows = rows.into_iter().map(Sent::by_giver).collect();
    record(tx, viewer, rows, how, Side::Giver).await
}

pub async fn record_receipt(
    app: &App,
    viewer: &Viewer,
    input: RecordReceiptInput,
    key: Key,
) -> Result<Done<DeliveryId>> {
    let tx = app.write_batch(viewer, key, 1).await?;
    viewer.require(Action::Verify { stands: true })?;
    let how = How { list: "receipt", dry_run: false, policy: ErrorPolicy::RejectAll };
    let done = record(tx, viewer, vec![Sent::by_receiver(input)], how, Side::Receiver).await?;
    match done.rows.into_iter().next() {
        Some(Ok(id)) => Ok(Done { id: id.into(), replayed: done.replayed, secret: None }),
        Some(Err(refusal)) => Err(refusal.out_of_row().into()),
        None => Err(Error::internal("a receipt without its row")),
    }
}

/// A row as it was sent, by either side.
struct Sent {
    commitment: Option<ID>,
    giver: Option<ID>,
    activity: Option<ID>,
    commune: Option<ID>,
    quantity: Decimal,
    delivered_on: chrono::NaiveDate,
    stage: Stage,
    drawn_from: Option<ID>,
    reason: Option<String>,
    evidence: Option<EvidenceInput>,
    reference: Option<String>,
}

impl Sent {
    fn by_giver(row: RecordDeliveryInput) -> Self {
        Self {
            commitment: row.commitment_id,
            giver: None,
            activity: row.activity_id,
            commune: row.commune_id,
            quantity: row.quantity,
            delivered_on: row.delivered_on.0,
            stage: row.stage.map_or(Stage::Direct, Into::into),
            drawn_from: row.drawn_from_id,
            reason: row.reason,
            evidence: row.evidence,
            reference: row.external_reference,
        }
    }

    fn by_receiver(row: RecordReceiptInput) -> Self {
        Self {
            commitment: row.commitment_id,
            giver: row.giver_id,
            activity: row.activity_id,
            commune: Some(row.commune_id),
            quantity: row.quantity,
            delivered_on: row.delivered_on.0,
            stage: Stage::Direct,
            drawn_from: None,
            reason: None,
            evidence: row.evidence,
            reference: row.external_reference,
        }
    }

    /// The open promise that it belongs to, where it names no commitment.
    fn open(&self, viewer: &Viewer) -> Option<Open> {
        if self.commitment.is_some() || self.drawn_from.is_some() {
            return None;
        }
        let giver = match &self.giver {
            Some(giver) => giver.parse().ok()?,
            None => viewer.party()?,
        };
        let commune = self.commune.as_ref()?.parse().ok()?;
        let activity = self.activity.as_ref()?.parse().ok()?;
        Some(Open::new(giver, commune, activity, self.delivered_on))
    }
}

async fn record(
    mut tx: Tx,
    viewer: &Viewer,
    rows: Vec<Sent>,
    how: How,
    side: Side,
) -> Result<DoneBatch> {
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let mut known = Known::read(&tx, viewer, &rows, side).await?;
    let mut batch = Batch::judge(how, rows, |at, row| known.judge(&tx, viewer, at, row, side))?;
    let rows = batch.accepted();
    write(&mut tx, &mut known, rows).await?;
    batch.finish(tx, |entry| entry.id.into()).await
}

async fn write(
    tx: &mut Tx,
    known: &mut Known,
    rows: Vec<(usize, &mut delivery::Model)>,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let used: BTreeSet<CommitmentId> = rows.iter().map(|(_, entry)| entry.commitment_id).collect();
    let new = known.new.iter().filter(|id| used.contains(id));
    let new = new.filter_map(|id| known.commitments.get(&(*id).into()).cloned()).collect();
    silent::insert(tx, new).await?;
    let mut ledger = Ledger::default();
    for (_, entry) in &rows {
        let commitment = known.commitments.get_mut(&entry.commitment_id.into());
        let commitment = commitment.ok_or_else(|| Error::internal("an entry of no commitment"))?;
        ledger.entry(commitment, None, entry)?;
        let data = json!({ "after": { "commitmentId": commitment.id.to_string(),
            "quantity": entry.quantity, "deliveredOn": entry.delivered_on, "side": entry.side,
            "stage": entry.stage, "reportedBy": entry.reported_by_id.to_string() } });
        tx.log(event("DELIVERY_RECORDED", entry, commitment, data));
    }
    let drawn: BTreeSet<Uuid> =
        rows.iter().filter_map(|(_, entry)| entry.drawn_from_id).map(Into::into).collect();
    let rows = rows.into_iter().map(|(_, entry)| entry.clone().into_active_model());
    delivery::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    put_all(tx, known.sources.values().filter(|entry| drawn.contains(&entry.id.into()))).await?;
    ledger.save(tx).await
}

/// Everything that the rows refer to and the viewer may see.
struct Known {
    commitments: BTreeMap<Uuid, commitment::Model>,
    /// Open promises by their key, and those that are not written yet.
    open: BTreeMap<Open, CommitmentId>,
    new: BTreeSet<CommitmentId>,
    /// Entries in carriers' hands.
    sources: BTreeMap<Uuid, delivery::Model>,
    lineages: places::read::Lineage,
    activities: BTreeMap<Uuid, activity_kind::Model>,
    givers: BTreeMap<Uuid, party::Model>,
    standing: Standing,
    /// References that are taken, and by what.
    taken: HashMap<(PartyId, String), DeliveryId>,
}

impl Known {
    async fn read(tx: &Tx, viewer: &Viewer, rows: &[Sent], side: Side) -> Result<Self> {
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
        Ok(Self {
            lineages: places::read::lineages(tx, &communes).await?,
            activities: tx.find_all(activities::read::visible_to(viewer), activities).await?,
            givers,
            standing: standing(tx, viewer, &commitments, &places, side).await?,
            taken: taken(tx, rows).await?,
            commitments,
            open,
            new: BTreeSet::new(),
            sources,
        })
    }

    fn judge(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        at: usize,
        row: Sent,
        side: Side,
    ) -> Result<delivery::Model> {
        let commune = self.commune(&row)?;
        let id = self.commitment(tx, viewer, &row, commune.as_ref())?;
        let commitment = self.commitments.get(&id.into()).cloned();
        let commitment = commitment.ok_or_else(|| not_found("commitmentId"))?;
        let reported_by_id = self.reporter(viewer, &row, &commitment, commune.as_ref(), side)?;
        promises::stands_in(&commitment, &[Status::Active])
            .map_err(|refusal| refusal.at("commitmentId"))?;
        rules::delivered_on(row.delivered_on, viewer.today)?;
        self.place(&row, commune.as_ref(), &commitment)?;
        let reason = row.reason.as_deref();
        let reason = reason.map(|text| text::label("reason", text, rules::MAX_TEXT)).transpose()?;
        let quantity =
            row.quantity.to_raw(commitment.precision).map_err(|refusal| refusal.at("quantity"))?;
        let measure = self.activities.get(&commitment.activity_id.into()).map(|kind| kind.measure);
        rules::quantity(quantity, measure, row.stage, reason.as_deref())?;
        let evidence = rules::evidence(row.evidence.clone())?;
        let (giver_id, drawn_from_id) = self.drawn_from(&row, &commitment, quantity)?;
        let id: DeliveryId = tx.planned(at);
        let external_reference = self.reference(&row, reported_by_id, id)?;
        self.draw(drawn_from_id, quantity);
        Ok(delivery::Model {
            id,
            commitment_id: commitment.id,
            giver_id,
            side,
            stage: row.stage,
            commune_id: commune.map(|commune| commune.id),
            quantity,
            precision: commitment.precision,
            delivered_on: row.delivered_on,
            via_id: commitment.carrier_id.filter(|_| row.stage != Stage::Direct),
            drawn_from_id,
            reverses_id: None,
            reason,
            evidence_number: evidence.number,
            evidence_hash: evidence.hash,
            evidence_url: evidence.url,
            reported_by_id,
            entered_by_id: viewer.party().ok_or_else(|| Error::internal("entered by nobody"))?,
            external_reference,
            recorded_at: tx.now(),
            state: State::Reported,
            received: None,
            agreed: None,
            drawn: 0,
            reversal_requested_by_id: None,
            waiting_since: Some(viewer.today),
            version: 1,
        })
    }

    /// The commune that a row names.
    fn commune(&self, row: &Sent) -> Result<Option<place::Model>, Refusal> {
        let Some(id) = &row.commune else { return Ok(None) };
        let id: PlaceId = id.parse().map_err(|_| not_found("communeId"))?;
        let lineage = self.lineages.get(&id).ok_or_else(|| not_found("communeId"))?;
        Ok(lineage.iter().find(|place| place.id == id).cloned())
    }

    /// The commitment that a row names, that of the entry it is taken from, or the open promise.
    fn commitment(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        row: &Sent,
        commune: Option<&place::Model>,
    ) -> Result<CommitmentId> {
        if (row.stage == Stage::HandedOver) != row.drawn_from.is_some() {
            let refusal = UserErrorCode::Required.refuse().at("drawnFromId");
            return Err(refusal.with("kind", "HANDED_OVER").into());
        }
        let drawn_from = match &row.drawn_from {
            Some(id) => Some(found(&self.sources, "drawnFromId", id)?.commitment_id),
            None => None,
        };
        if let Some(id) = &row.commitment {
            let named = found(&self.commitments, "commitmentId", id)?.id;
            if drawn_from.is_some_and(|of| of != named) {
                let refusal = UserErrorCode::NotFound.refuse().at("drawnFromId");
                return Err(refusal.into());
            }
            return Ok(named);
        }
        match (drawn_from, &row.activity) {
            (Some(of), _) => Ok(of),
            (None, Some(_)) => self.open_promise(tx, viewer, row, commune),
            (None, None) => {
                let refusal = UserErrorCode::ExactlyOne.refuse().at("commitmentId");
                Err(refusal.with("fields", "commitmentId, activityId").into())
            }
        }
    }

    /// The open promise of the giver for the commune, activity and year; a new one where there is
    /// none, which is written with the first entry that is accepted on it.
    fn open_promise(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        row: &Sent,
        commune: Option<&place::Model>,
    ) -> Result<CommitmentId> {
        let field = if row.giver.is_some() { "giverId" } else { "commitmentId" };
        let activity = row.activity.as_ref().ok_or_else(|| not_found("activityId"))?;
        let activity = found(&self.activities, "activityId", activity)?;
        let commune = commune.ok_or_else(|| {
            UserErrorCode::Required.refuse().at("communeId").with("kind", "OPEN_PROMISE")
        })?;
        let key = row.open(viewer).ok_or_else(|| not_found(field))?;
        let giver = self.givers.get(&key.giver.into()).ok_or_else(|| not_found(field))?;
        if let Some(known) = self.open.get(&key) {
            return Ok(*known);
        }
        parties::rules::exists(giver, viewer.today, field)?;
        may_promise(giver, activity)?;
        let new = silent::new(tx, viewer, key.year, giver, commune, activity)?;
        let id = new.id;
        self.open.insert(key, id);
        self.new.insert(id);
        self.commitments.insert(id.into(), new);
        Ok(id)
    }

    /// For whom the viewer reports: a participant, the carrier of a hand-over, or the authority of
    /// the commune that received something. Nobody receives from itself.
    fn reporter(
        &self,
        viewer: &Viewer,
        row: &Sent,
        commitment: &commitment::Model,
        commune: Option<&place::Model>,
        side: Side,
    ) -> Result<PartyId> {
        let participants = promises::participants(commitment);
        let party = match (side, row.stage) {
            (Side::Receiver, _) => {
                commune.and_then(|commune| self.standing.authority(commune.id, Act::Verify))
            }
            (Side::Giver, Stage::HandedOver) => {
                let carrier: Vec<PartyId> = commitment.carrier_id.into_iter().collect();
                self.gives(viewer, &carrier, commitment)
            }
            (Side::Giver, _) => self.gives(viewer, &participants, commitment),
        };
        viewer.require(match side {
            Side::Giver => Action::Record { gives: party.is_some() },
            Side::Receiver => Action::Verify { stands: party.is_some() },
        })?;
        if side == Side::Receiver && self.standing.barred(&participants) {
            return Err(UserErrorCode::OwnMatter.refuse().into());
        }
        party.ok_or_else(|| UserErrorCode::Forbidden.refuse().into())
    }

    fn gives(
        &self,
        viewer: &Viewer,
        participants: &[PartyId],
        commitment: &commitment::Model,
    ) -> Option<PartyId> {
        if viewer.owns_any(participants) {
            return viewer.party();
        }
        self.standing.gives(participants, commitment.place_id, Act::Record)
    }

    /// Where it is: in the place of the commitment, or in a carrier's hands and nowhere yet.
    fn place(
        &self,
        row: &Sent,
        commune: Option<&place::Model>,
        commitment: &commitment::Model,
    ) -> Result<(), Refusal> {
        if row.stage != Stage::Direct && commitment.carrier_id.is_none() {
            let refusal = UserErrorCode::WrongKind.refuse().at("stage");
            return Err(refusal.with("expected", "CARRIER"));
        }
        match (row.stage, commune) {
            (Stage::ToCarrier, None) => Ok(()),
            (Stage::ToCarrier, Some(_)) => {
                let refusal = UserErrorCode::NotApplicable.refuse().at("communeId");
                Err(refusal.with("kind", "TO_CARRIER"))
            }
            (_, None) => {
                let refusal = UserErrorCode::Required.refuse().at("communeId");
                Err(refusal.with("kind", "COMMUNE"))
            }
            (_, Some(commune)) => {
                let lineage = self.lineages.get(&commune.id).map_or(&[][..], Vec::as_slice);
                rules::commune(lineage, commune, commitment, row.delivered_on)
            }
        }
    }

    /// A hand-over takes from what the carrier still holds, and is credited to whoever gave that.
    fn drawn_from(
        &self,
        row: &Sent,
        commitment: &commitment::Model,
        quantity: i64,
    ) -> Result<(PartyId, Option<DeliveryId>), Refusal> {
        let Some(id) = &row.drawn_from else { return Ok((commitment.giver_id, None)) };
        let source = found(&self.sources, "drawnFromId", id)?;
        if source.stage != Stage::ToCarrier {
            let refusal = UserErrorCode::WrongKind.refuse().at("drawnFromId");
            return Err(refusal.with("expected", "TO_CARRIER"));
        }
        let available = rules::available(source);
        if quantity > available {
            let available = Decimal::of(available, source.precision).0;
            let refusal = UserErrorCode::ExceedsAvailable.refuse().at("quantity");
            return Err(refusal.with("available", available));
        }
        Ok((source.giver_id, Some(source.id)))
    }

    /// Takes it, once nothing else can refuse the row: what a refused row asked for stays there.
    fn draw(&mut self, from: Option<DeliveryId>, quantity: i64) {
        if let Some(source) = from.and_then(|id| self.sources.get_mut(&id.into())) {
            source.drawn += quantity;
            source.version += 1;
        }
    }

    /// The reporter's own reference, which nothing else of it has.
    fn reference(
        &mut self,
        row: &Sent,
        reporter: PartyId,
        id: DeliveryId,
    ) -> Result<Option<String>, Refusal> {
        let Some(reference) = &row.reference else { return Ok(None) };
        let reference = text::external_reference("externalReference", reference)?;
        let first = *self.taken.entry((reporter, reference.clone())).or_insert(id);
        if first == id {
            return Ok(Some(reference));
        }
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("externalReference");
        Err(refusal.with("what", reference).with("id", first).object(first))
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

/// In which capacity the viewer acts; not asked where all is its own party's.
async fn standing(
    tx: &Tx,
    viewer: &Viewer,
    commitments: &BTreeMap<Uuid, commitment::Model>,
    places: &BTreeSet<PlaceId>,
    side: Side,
) -> Result<Standing> {
    let own = |row: &commitment::Model| viewer.owns_any(&promises::participants(row));
    if side == Side::Giver && commitments.values().all(own) {
        return Ok(Standing::default());
    }
    let places: Vec<PlaceId> = places.iter().copied().collect();
    Standing::load(tx, viewer, &places).await
}

/// References of the rows that are taken already, by whoever.
async fn taken(tx: &Tx, rows: &[Sent]) -> Result<HashMap<(PartyId, String), DeliveryId>> {
    let references: BTreeSet<&str> =
        rows.iter().filter_map(|row| row.reference.as_deref()).collect();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    // Of any reporter: it is looked up by the reporter of each row, for whom the sender acts.
    let same = delivery::Column::ExternalReference.is_in(references);
    let rows = delivery::Entity::find().filter(same).all(&**tx).await?;
    let keyed = rows
        .into_iter()
        .filter_map(|row| Some(((row.reported_by_id, row.external_reference?), row.id)));
    Ok(keyed.collect())
}
