//! Judging one row by what is known: who promises what to whom, on what it rests, and whether the
//! rules let it be. A row that is refused leaves nothing behind for the rows after it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use async_graphql::ID;
use chrono::NaiveDate;
use entity::{
    activity_kind,
    commitment::{self, Due, Parties, Schedule, Status},
    document,
    id::{CommitmentId, DocumentId, NeedId, PartyId},
    need, party, place,
};
use uuid::Uuid;

use super::{
    super::{super::graphql::DueInput, participants, rules},
    New, ProposeCommitmentInput, blank,
    known::{Known, Taken},
};
use crate::{
    authz::{Action, Viewer},
    domain::party as parties,
    error::Result,
    refusal::{Refusal, UserErrorCode},
    text,
    tx::Tx,
};

impl Known {
    pub(super) fn judge(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        at: usize,
        input: &ProposeCommitmentInput,
    ) -> Result<New> {
        let place = found(&self.places, "placeId", &input.place_id)?.clone();
        let activity = found(&self.activities, "activityId", &input.activity_id)?.clone();
        let giver = self.giver(viewer, input)?.clone();
        let (joint, carrier) = self.others(viewer, input, &giver)?;
        viewer.require(Action::Promise { giver: giver.id })?;
        parties::rules::exists(&giver, viewer.today, "giverId")?;
        exists_today(&place, viewer.today)?;
        promises(&giver, &activity)?;
        let (documents, assigned) = self.basis(viewer, input, &giver)?;
        let need_id = self.need(input, &place, &activity)?;
        let funding_source_id = match &input.funding_source_id {
            Some(id) => Some(found(&self.funding, "fundingSourceId", id)?.id),
            None => None,
        };
        let quantity = input.quantity.map(|quantity| {
            quantity.to_raw(activity.precision).map_err(|refusal| refusal.at("quantity"))
        });
        let quantity = quantity.transpose()?;
        let due = dues(&input.schedule, activity.precision)?;
        let schedule = rules::schedule(quantity, due, activity.precision)?;
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
            replaces_id: self.replaced(viewer, input)?,
            bundle,
            text: text::optional_label("text", &input.text, rules::MAX_TEXT)?,
            external_reference: self.reference(input, giver.id, id)?,
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
        viewer: &Viewer,
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
        // What a predecessor was asked is asked of who carries on for it.
        let asked = task.party_id.is_some_and(|asked| viewer.owns_any(&[asked]))
            || task.party_kind == Some(giver.kind);
        let document = self.documents.get(&task.document_id.into());
        let assigns = document.is_some_and(|d| d.force == document::Force::Assigns);
        if !asked || !assigns || !rules::is_state_body(giver.kind) {
            let refusal = UserErrorCode::WrongKind.refuse().at("taskId");
            return Err(refusal.with("expected", "ASSIGNED_TASK"));
        }
        documents.insert(task.document_id);
        Ok((documents, true))
    }

    /// An open need for the activity, of a commune that lies in the place or is succeeded by it.
    fn need(
        &self,
        input: &ProposeCommitmentInput,
        place: &place::Model,
        activity: &activity_kind::Model,
    ) -> Result<Option<NeedId>, Refusal> {
        let Some(id) = &input.need_id else { return Ok(None) };
        let need = found(&self.needs, "needId", id)?;
        let line = |place| self.lineages.get(&place).map_or(&[][..], Vec::as_slice);
        let (places, communes) = (line(place.id), line(need.commune_id));
        let inside = communes.iter().any(|commune| {
            let around = [Some(commune.id), commune.parent_id, commune.province_id];
            places.iter().any(|place| around.contains(&Some(place.id)))
        });
        if inside && need.status == need::Status::Open && need.activity_id == activity.id {
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

    /// The giver's own reference, which nothing else of it has. Which other row has it is told where
    /// that row is there, or is going to be.
    fn reference(
        &mut self,
        input: &ProposeCommitmentInput,
        giver: PartyId,
        id: CommitmentId,
    ) -> Result<Option<String>, Refusal> {
        let Some(reference) = &input.external_reference else { return Ok(None) };
        let reference = text::external_reference("externalReference", reference)?;
        let Some(first) = self.taken.get(&(giver, reference.clone())) else {
            let taken = Taken { by: id, in_batch: true };
            self.taken.insert((giver, reference.clone()), taken);
            return Ok(Some(reference));
        };
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("externalReference");
        let refusal = refusal.with("what", reference);
        if first.in_batch && !self.in_part {
            return Err(refusal);
        }
        Err(refusal.with("id", first.by).object(first.by))
    }
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
