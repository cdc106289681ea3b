//! Proposing: what the rows of a batch refer to is read at once, each row is judged by itself, and
//! all that are accepted are written at once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use async_graphql::ID;
use chrono::NaiveDate;
use entity::{
    activity_kind,
    commitment::{self, Due, Parties, Schedule, Status},
    commitment_document, document, funding_source,
    id::{
        ActivityKindId, CommitmentId, DocumentId, FundingSourceId, NeedId, PartyId, PlaceId,
        TaskId, TypedId,
    },
    need, party, place, task,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    super::graphql::{DueInput, ProposeCommitmentInput},
    event, participants, promise_data, read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        activity_kind as activities,
        batch::{self, Batch, How},
        document as documents, funding_source as funding,
        ledger::Ledger,
        need as needs, party as parties, place as places, task as tasks,
    },
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{CHUNK, DoneBatch, Key, Tx},
};

pub async fn propose_commitments(
    app: &App,
    viewer: &Viewer,
    rows: Vec<ProposeCommitmentInput>,
    how: How,
    key: Key,
) -> Result<DoneBatch> {
    let mut tx = app.write_batch(viewer, key, rows.len().min(batch::MAX_ROWS)).await?;
    if let Some(party) = viewer.party() {
        viewer.require(Action::Promise { giver: party })?;
    } else {
        viewer.require(Action::Oversee)?;
    }
    batch::size(how, rows.len())?;
    if let Some(done) = tx.replay_batch().await? {
        return Ok(done);
    }
    let mut known = Known::read(&tx, viewer, &rows).await?;
    let mut batch = Batch::judge(how, rows, |at, row| known.judge(&tx, viewer, at, row))?;
    write(&mut tx, batch.accepted()).await?;
    batch.finish(tx, |new| new.row.id.into()).await
}

/// A commitment that is about to be written.
struct New {
    row: commitment::Model,
    documents: BTreeSet<DocumentId>,
}

async fn write(tx: &mut Tx, rows: Vec<(usize, &mut New)>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sets = rows.iter().map(|(_, new)| rules::participants(&new.row).into_iter().collect());
    participants::ensure(tx, &sets.collect()).await?;
    let mut ledger = Ledger::default();
    let mut based = Vec::new();
    for (_, new) in &rows {
        ledger.promise(None, &new.row);
        tx.log(proposed(&new.row));
        based.extend(new.documents.iter().map(|document| commitment_document::ActiveModel {
            commitment_id: Set(new.row.id),
            document_id: Set(*document),
        }));
    }
    let rows: Vec<_> = rows.iter().map(|(_, new)| new.row.clone().into_active_model()).collect();
    commitment::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    for based in based.chunks(CHUNK) {
        commitment_document::Entity::insert_many(based.to_vec())
            .exec_without_returning(&**tx)
            .await?;
    }
    ledger.save(tx).await
}

/// What stands in the log of a new commitment.
pub fn proposed(row: &commitment::Model) -> crate::tx::Draft {
    let mut after = promise_data(&rules::promise(row));
    after["status"] = json!(row.status);
    after["activityId"] = json!(row.activity_id.to_string());
    after["disclosure"] = json!(row.disclosure);
    event("COMMITMENT_PROPOSED", row, json!({ "after": after }))
}

/// Everything that the rows refer to and the viewer may see.
struct Known {
    places: BTreeMap<Uuid, place::Model>,
    activities: BTreeMap<Uuid, activity_kind::Model>,
    parties: BTreeMap<Uuid, party::Model>,
    documents: BTreeMap<Uuid, document::Model>,
    tasks: BTreeMap<Uuid, task::Model>,
    needs: BTreeMap<Uuid, need::Model>,
    funding: BTreeMap<Uuid, funding_source::Model>,
    before: BTreeMap<Uuid, commitment::Model>,
    lineages: places::read::Lineage,
    /// References that are taken, and by what.
    taken: HashMap<(PartyId, String), CommitmentId>,
}

impl Known {
    async fn read(tx: &Tx, viewer: &Viewer, rows: &[ProposeCommitmentInput]) -> Result<Self> {
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
        let answering = rows.iter().filter(|row| row.need_id.is_some());
        let answering = batch::ids::<PlaceId>(answering.map(|row| &row.place_id));
        let places = typed::<PlaceId>(rows.iter().map(|row| &row.place_id));
        let activities = typed::<ActivityKindId>(rows.iter().map(|row| &row.activity_id));
        Ok(Self {
            places: tx.find_all(places::read::visible_to(viewer), places).await?,
            activities: tx.find_all(activities::read::visible_to(viewer), activities).await?,
            parties: tx.find_all(parties::read::visible_to(viewer), parties).await?,
            documents: tx.find_all(documents::read::visible_to(viewer), documents).await?,
            tasks,
            needs: tx.find_all(needs::read::visible_to(viewer), needs).await?,
            funding: tx.find_all(funding::read::visible_to(viewer), funding).await?,
            before: tx.find_all(read::visible_to(viewer), before).await?,
            lineages: places::read::lineages(tx, &answering).await?,
            taken: taken(tx, rows).await?,
        })
    }

    fn judge(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        at: usize,
        input: ProposeCommitmentInput,
    ) -> Result<New> {
        let place = found(&self.places, "placeId", &input.place_id)?.clone();
        let activity = found(&self.activities, "activityId", &input.activity_id)?.clone();
        let giver = self.giver(viewer, &input)?.clone();
        let (joint, carrier) = self.others(viewer, &input, &giver)?;
        viewer.require(Action::Promise { giver: giver.id })?;
        parties::rules::exists(&giver, viewer.today, "giverId")?;
        exists_today(&place, viewer.today)?;
        promises(&giver, &activity)?;
        let (documents, assigned) = self.basis(&input, &giver)?;
        let need_id = self.need(&input, &place, &activity)?;
        let funding_source_id = match &input.funding_source_id {
            Some(id) => Some(found(&self.funding, "fundingSourceId", id)?.id),
            None => None,
        };
        let quantity = input.quantity.map(|quantity| {
            quantity.to_raw(activity.precision).map_err(|refusal| refusal.at("quantity"))
        });
        let quantity = quantity.transpose()?;
        let schedule = rules::schedule(quantity, dues(&input.schedule, activity.precision)?)?;
        let chosen = input.disclosure.map(Into::into);
        let disclosure = rules::disclosure(giver.kind, activity.forces_parties, chosen)?;
        let bundle = input.bundle.as_deref();
        let bundle = bundle.map(|text| text::external_reference("bundle", text)).transpose()?;
        let id: CommitmentId = tx.planned(at);
        let row = commitment::Model {
            joint_ids: joint.iter().copied().collect::<Parties>(),
            carrier_id: carrier,
            funding_source_id,
            need_id,
            replaces_id: self.replaced(viewer, &input)?,
            bundle,
            text: text::optional_label("text", &input.text, rules::MAX_TEXT)?,
            external_reference: self.reference(&input, giver.id, id)?,
            ..blank(tx, viewer, id, &giver, &place, &activity, disclosure)?
        };
        let row = commitment::Model { participants_id: set_of(&row), ..row };
        let row = promised(row, quantity, schedule, assigned, viewer.today, tx);
        Ok(New { row, documents })
    }

    /// Who promises: named, or the party that is acting.
    fn giver(&self, viewer: &Viewer, input: &ProposeCommitmentInput) -> Result<&party::Model> {
        match &input.giver_id {
            Some(id) => Ok(found(&self.parties, "giverId", id)?),
            None => {
                let acting = viewer.party().and_then(|id| self.parties.get(&id.into()));
                Ok(acting.ok_or_else(|| not_found("giverId"))?)
            }
        }
    }

    /// Joint givers and carrier: other parties that exist today, each in one part.
    fn others(
        &self,
        viewer: &Viewer,
        input: &ProposeCommitmentInput,
        giver: &party::Model,
    ) -> Result<(BTreeSet<PartyId>, Option<PartyId>)> {
        if input.joint_giver_ids.len() > rules::MAX_JOINT {
            let refusal = UserErrorCode::WrongCount.refuse().at("jointGiverIds");
            return Err(refusal.with("min", 0).with("max", rules::MAX_JOINT).into());
        }
        let mut parts = HashSet::from([giver.id]);
        let mut other = |field: &str, id: &ID| -> Result<PartyId, Refusal> {
            let party = found(&self.parties, field, id)?;
            parties::rules::exists(party, viewer.today, field)?;
            if parts.insert(party.id) {
                return Ok(party.id);
            }
            let refusal = UserErrorCode::WrongKind.refuse().at(field);
            Err(refusal.with("expected", "OTHER_PARTY"))
        };
        let joint = input.joint_giver_ids.iter().map(|id| other("jointGiverIds", id));
        let joint = joint.collect::<Result<_, _>>()?;
        let carrier = input.carrier_id.as_ref().map(|id| other("carrierId", id)).transpose()?;
        Ok((joint, carrier))
    }

    /// The documents it rests on, and whether it fulfils a task that was assigned to a state body.
    fn basis(
        &self,
        input: &ProposeCommitmentInput,
        giver: &party::Model,
    ) -> Result<(BTreeSet<DocumentId>, bool), Refusal> {
        let max = rules::MAX_DOCUMENTS;
        if input.document_ids.len() > max {
            let refusal = UserErrorCode::WrongCount.refuse().at("documentIds");
            return Err(refusal.with("min", 0).with("max", max));
        }
        let documents = input.document_ids.iter();
        let documents = documents.map(|id| Ok(found(&self.documents, "documentIds", id)?.id));
        let mut documents: BTreeSet<DocumentId> = documents.collect::<Result<_, Refusal>>()?;
        let Some(id) = &input.task_id else { return Ok((documents, false)) };
        let task = found(&self.tasks, "taskId", id)?;
        let asked = task.party_id == Some(giver.id) || task.party_kind == Some(giver.kind);
        let document = self.documents.get(&task.document_id.into());
        let assigns = document.is_some_and(|d| d.force == document::Force::Assigns);
        if !asked || !assigns || !rules::is_state_body(giver.kind) {
            let refusal = UserErrorCode::WrongKind.refuse().at("taskId");
            return Err(refusal.with("expected", "ASSIGNED_TASK"));
        }
        documents.insert(task.document_id);
        Ok((documents, true))
    }

    /// An open need for the activity, of a commune in the place or of one that it succeeded.
    fn need(
        &self,
        input: &ProposeCommitmentInput,
        place: &place::Model,
        activity: &activity_kind::Model,
    ) -> Result<Option<NeedId>, Refusal> {
        let Some(id) = &input.need_id else { return Ok(None) };
        let need = found(&self.needs, "needId", id)?;
        let lineage = self.lineages.get(&place.id).map_or(&[][..], Vec::as_slice);
        let here = lineage.iter().any(|place| place.id == need.commune_id);
        let fits = need.status == need::Status::Open && need.activity_id == activity.id;
        if fits && (here || place.level != place::Level::Commune) {
            return Ok(Some(need.id));
        }
        Err(UserErrorCode::WrongKind.refuse().at("needId").with("expected", "NEED_OF_PLACE"))
    }

    /// A declined proposal of one's own.
    fn replaced(
        &self,
        viewer: &Viewer,
        input: &ProposeCommitmentInput,
    ) -> Result<Option<CommitmentId>, Refusal> {
        let Some(id) = &input.replaces_id else { return Ok(None) };
        let before = found(&self.before, "replacesId", id)?;
        let own = viewer.require(Action::Promise { giver: before.giver_id }).is_ok();
        if own && before.status == Status::Declined {
            return Ok(Some(before.id));
        }
        let refusal = UserErrorCode::WrongKind.refuse().at("replacesId");
        Err(refusal.with("expected", "DECLINED_PROPOSAL"))
    }

    /// The giver's own reference, which nothing else of it has.
    fn reference(
        &mut self,
        input: &ProposeCommitmentInput,
        giver: PartyId,
        id: CommitmentId,
    ) -> Result<Option<String>, Refusal> {
        let Some(reference) = &input.external_reference else { return Ok(None) };
        let reference = text::external_reference("externalReference", reference)?;
        match self.taken.insert((giver, reference.clone()), id) {
            None => Ok(Some(reference)),
            Some(first) => {
                self.taken.insert((giver, reference.clone()), first);
                let refusal = UserErrorCode::AlreadyRecorded.refuse().at("externalReference");
                Err(refusal.with("what", reference).with("id", first).object(first))
            }
        }
    }
}

/// References of the rows that are taken already, by whoever.
async fn taken(
    tx: &Tx,
    rows: &[ProposeCommitmentInput],
) -> Result<HashMap<(PartyId, String), CommitmentId>> {
    let references: BTreeSet<&str> =
        rows.iter().filter_map(|row| row.external_reference.as_deref()).collect();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    // Of any giver: it is looked up by the giver of each row, which is the sender's own.
    let same = commitment::Column::ExternalReference.is_in(references);
    let rows = commitment::Entity::find().filter(same).all(&**tx).await?;
    let keyed =
        rows.into_iter().filter_map(|row| Some(((row.giver_id, row.external_reference?), row.id)));
    Ok(keyed.collect())
}

/// A commitment as it begins: nothing promised, nothing delivered.
pub fn blank(
    tx: &Tx,
    viewer: &Viewer,
    id: CommitmentId,
    giver: &party::Model,
    place: &place::Model,
    activity: &activity_kind::Model,
    disclosure: commitment::Disclosure,
) -> Result<commitment::Model> {
    Ok(commitment::Model {
        id,
        giver_id: giver.id,
        joint_ids: Parties::default(),
        carrier_id: None,
        participants_id: participants::id(&[giver.id].into()),
        place_id: place.id,
        activity_id: activity.id,
        precision: activity.precision,
        quantity: None,
        schedule: Schedule::default(),
        last_due_on: None,
        disclosure,
        status: Status::Proposed,
        reason: None,
        funding_source_id: None,
        need_id: None,
        replaces_id: None,
        bundle: None,
        text: String::new(),
        open_year: None,
        entered_by_id: viewer.party().ok_or_else(|| Error::internal("proposed by nobody"))?,
        external_reference: None,
        proposed_at: tx.now(),
        accepted_at: None,
        closed_at: None,
        waiting_since: Some(viewer.today),
        version: 1,
        reported: 0,
        confirmed: 0,
        unverified: 0,
        disputed: 0,
        difference: 0,
        open_entries: 0,
        unmet_on: None,
    })
}

fn set_of(row: &commitment::Model) -> entity::id::ParticipantSetId {
    participants::id(&rules::participants(row).into_iter().collect())
}

/// The same with its promise; what was assigned to a state body needs no acceptance.
fn promised(
    mut row: commitment::Model,
    quantity: Option<i64>,
    schedule: Schedule,
    assigned: bool,
    today: NaiveDate,
    tx: &Tx,
) -> commitment::Model {
    let promise = entity::amendment::Promise { quantity, schedule, place_id: row.place_id.into() };
    rules::put_in_force(&mut row, &promise);
    row.waiting_since = (!assigned).then_some(today);
    if assigned {
        row.status = Status::Active;
        row.accepted_at = Some(tx.now());
    }
    row
}

/// Due dates in units of the activity.
pub fn dues(dues: &[DueInput], precision: i32) -> Result<Vec<Due>, Refusal> {
    let due = |due: &DueInput| {
        let quantity = due.quantity.to_raw(precision).map_err(|refusal| refusal.at("schedule"))?;
        Ok(Due { due_on: due.due_on.0, quantity })
    };
    dues.iter().map(due).collect()
}

/// Nothing is promised to a place that is no more, or not yet.
pub fn exists_today(place: &place::Model, today: NaiveDate) -> Result<(), Refusal> {
    if place.valid_from <= today && place.valid_to.is_none_or(|end| today < end) {
        return Ok(());
    }
    let to = place.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string());
    let refusal = UserErrorCode::OutsideValidity.refuse().at("placeId").with("what", &place.name);
    Err(refusal.with("from", place.valid_from).with("to", to))
}

/// Some activities are promised by some kinds of party only.
pub fn promises(giver: &party::Model, activity: &activity_kind::Model) -> Result<(), Refusal> {
    if activity.promisers.contains(giver.kind) {
        return Ok(());
    }
    Err(UserErrorCode::WrongKind.refuse().at("giverId").with("expected", "PROMISER"))
}

/// What a field of a row names, if it is there to be seen.
pub fn found<'a, M>(known: &'a BTreeMap<Uuid, M>, field: &str, id: &ID) -> Result<&'a M, Refusal>
where
    M: entity::id::Identified,
{
    let id: Option<M::Id> = id.parse().ok();
    id.and_then(|id| known.get(&id.into())).ok_or_else(|| not_found(field))
}

pub fn not_found(field: &str) -> Refusal {
    UserErrorCode::NotFound.refuse().at(field)
}

fn typed<'a, Id: TypedId + std::str::FromStr>(ids: impl IntoIterator<Item = &'a ID>) -> Vec<Id> {
    ids.into_iter().filter_map(|id| id.parse().ok()).collect()
}
