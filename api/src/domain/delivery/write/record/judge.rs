//! Judging one row by what is known: what it belongs to, who reports it, and whether the rules let
//! it be. A row that is refused leaves nothing behind for the rows after it.

use entity::{
    activity_kind::Measure,
    commitment::{self, Status},
    delivery::{self, Side, Stage, State},
    id::{DeliveryId, PartyId, PlaceId},
    mandate::Act,
    place,
};

use super::{
    super::{
        super::rules,
        silent::{self, Key as Open},
    },
    known::{Known, Taken},
    sent::Sent,
};
use crate::{
    authz::{Action, Viewer},
    domain::{
        commitment::{
            rules as promises,
            write::{found, not_found, promises as may_promise},
        },
        party as parties,
    },
    error::{Error, Result},
    graphql::scalar::Decimal,
    refusal::{Refusal, UserErrorCode},
    text,
    tx::Tx,
};

/// What a row belongs to, and its key where that is an open promise which is not there yet.
struct Target {
    commitment: commitment::Model,
    new: Option<Open>,
}

impl Known {
    pub fn judge(
        &mut self,
        tx: &Tx,
        viewer: &Viewer,
        at: usize,
        row: &Sent,
    ) -> Result<delivery::Model> {
        row.belongs_somewhere()?;
        let commune = self.commune(row)?;
        let Target { mut commitment, new } = self.target(tx, viewer, row, commune.as_ref())?;
        let reporter = self.reporter(viewer, row, &commitment, commune.as_ref())?;
        if let Some(key) = new {
            self.may_promise(viewer, key)?;
        }
        promises::stands_in(&commitment, &[Status::Active])
            .map_err(|refusal| refusal.at("commitmentId"))?;
        rules::delivered_on(row.delivered_on, viewer.today)?;
        self.place(row, commune.as_ref(), &commitment)?;
        let entry = self.entry(tx, viewer, at, row, &commitment, commune.map(|place| place.id))?;
        let entry = delivery::Model { reported_by_id: reporter, ..entry };
        let source = self.draw(row, entry.quantity)?;
        let entry = match &source {
            Some(source) => delivery::Model {
                giver_id: source.giver_id,
                drawn_from_id: Some(source.id),
                ..entry
            },
            None => entry,
        };
        self.reference(&entry)?;
        self.ledger.entry(&mut commitment, None, &entry)?;

        // Nothing is refused any more.
        if let Some(reference) = &entry.external_reference {
            let taken = Taken { by: entry.id, in_batch: true };
            self.taken.insert((reporter, reference.clone()), taken);
        }
        if let Some(source) = source {
            self.drawn.insert(source.id.into());
            self.sources.insert(source.id.into(), source);
        }
        if let Some(key) = new {
            self.open.insert(key, commitment.id);
            self.new.insert(commitment.id);
        }
        self.commitments.insert(commitment.id.into(), commitment);
        Ok(entry)
    }

    /// What a row says of itself.
    fn entry(
        &self,
        tx: &Tx,
        viewer: &Viewer,
        at: usize,
        row: &Sent,
        commitment: &commitment::Model,
        commune: Option<PlaceId>,
    ) -> Result<delivery::Model> {
        let reason = row.reason.as_deref();
        let reason = reason.map(|text| text::label("reason", text, rules::MAX_TEXT)).transpose()?;
        let precision = commitment.precision;
        let quantity = row.quantity.to_raw(precision).map_err(|refusal| refusal.at("quantity"))?;
        let activity = self.activities.get(&commitment.activity_id.into());
        let removable = activity.is_some_and(|kind| kind.measure == Measure::Stock)
            && row.side == Side::Giver
            && row.stage == Stage::Direct;
        rules::quantity(quantity, precision, removable, reason.as_deref())?;
        let evidence = rules::evidence(row.evidence.clone())?;
        let reference = row.reference.as_deref();
        let reference = reference
            .map(|text| text::external_reference("externalReference", text))
            .transpose()?;
        let entered_by_id = viewer.party().ok_or_else(|| Error::internal("entered by nobody"))?;
        Ok(delivery::Model {
            id: tx.planned::<DeliveryId>(at),
            commitment_id: commitment.id,
            giver_id: commitment.giver_id,
            side: row.side,
            stage: row.stage,
            commune_id: commune,
            quantity,
            precision,
            delivered_on: row.delivered_on,
            via_id: commitment.carrier_id.filter(|_| row.stage != Stage::Direct),
            drawn_from_id: None,
            reverses_id: None,
            reason,
            evidence_number: evidence.number,
            evidence_hash: evidence.hash,
            evidence_url: evidence.url,
            reported_by_id: entered_by_id,
            entered_by_id,
            external_reference: reference,
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
    fn target(
        &self,
        tx: &Tx,
        viewer: &Viewer,
        row: &Sent,
        commune: Option<&place::Model>,
    ) -> Result<Target> {
        let old =
            |commitment: &commitment::Model| Target { commitment: commitment.clone(), new: None };
        let source = row.drawn_from.as_ref().map(|id| found(&self.sources, "drawnFromId", id));
        let source = source.transpose()?;
        if let Some(id) = &row.commitment {
            let named = found(&self.commitments, "commitmentId", id)?;
            if source.is_some_and(|source| source.commitment_id != named.id) {
                return Err(not_found("drawnFromId").into());
            }
            return Ok(old(named));
        }
        if let Some(source) = source {
            let of = self.commitments.get(&source.commitment_id.into());
            return Ok(old(of.ok_or_else(|| not_found("drawnFromId"))?));
        }
        self.open_promise(tx, viewer, row, commune)
    }

    /// The open promise of the giver for the commune, activity and year; a new one where there is
    /// none, which is written with the first entry that is accepted on it.
    fn open_promise(
        &self,
        tx: &Tx,
        viewer: &Viewer,
        row: &Sent,
        commune: Option<&place::Model>,
    ) -> Result<Target> {
        let activity = row.activity.as_ref().ok_or_else(|| not_found("activityId"))?;
        let activity = found(&self.activities, "activityId", activity)?;
        let commune = commune.ok_or_else(|| {
            UserErrorCode::Required.refuse().at("communeId").with("kind", "OPEN_PROMISE")
        })?;
        let key = row.open(viewer).ok_or_else(|| not_found("giverId"))?;
        let giver = self.givers.get(&key.giver.into()).ok_or_else(|| not_found("giverId"))?;
        let known = self.open.get(&key).and_then(|id| self.commitments.get(&(*id).into()));
        if let Some(known) = known {
            return Ok(Target { commitment: known.clone(), new: None });
        }
        let commitment = silent::new(tx, viewer, key.year, giver, commune, activity)?;
        Ok(Target { commitment, new: Some(key) })
    }

    /// Whether the giver of a new open promise could make it.
    fn may_promise(&self, viewer: &Viewer, key: Open) -> Result<(), Refusal> {
        let giver = self.givers.get(&key.giver.into()).ok_or_else(|| not_found("giverId"))?;
        let activity = self.activities.get(&key.activity.into());
        let activity = activity.ok_or_else(|| not_found("activityId"))?;
        parties::rules::exists(giver, viewer.today, "giverId")?;
        may_promise(giver, activity)
    }

    /// For whom the viewer reports: a participant, the carrier of a hand-over, or the authority of
    /// the commune that received something. Nobody receives from itself.
    fn reporter(
        &self,
        viewer: &Viewer,
        row: &Sent,
        commitment: &commitment::Model,
        commune: Option<&place::Model>,
    ) -> Result<PartyId> {
        let participants = promises::participants(commitment);
        let party = match (row.side, row.stage) {
            (Side::Receiver, _) => {
                commune.and_then(|commune| self.standing.authority(commune.id, Act::Verify))
            }
            (Side::Giver, Stage::HandedOver) => {
                self.gives(viewer, commitment.carrier_id.as_slice(), commitment)
            }
            (Side::Giver, _) => self.gives(viewer, &participants, commitment),
        };
        viewer.require(match row.side {
            Side::Giver => Action::Record { gives: party.is_some() },
            Side::Receiver => Action::Verify { stands: party.is_some() },
        })?;
        if row.side == Side::Receiver && self.standing.barred(&participants) {
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

    /// The entry that a hand-over is taken from, as it is after that: no more than the carrier still
    /// holds.
    fn draw(&self, row: &Sent, quantity: i64) -> Result<Option<delivery::Model>, Refusal> {
        let Some(id) = &row.drawn_from else { return Ok(None) };
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
        let (drawn, version) = (source.drawn + quantity, source.version + 1);
        Ok(Some(delivery::Model { drawn, version, ..source.clone() }))
    }

    /// The reporter's own reference is nothing else's. Which other row has it is told where that row
    /// is there, or is going to be.
    fn reference(&self, entry: &delivery::Model) -> Result<(), Refusal> {
        let Some(reference) = &entry.external_reference else { return Ok(()) };
        let Some(first) = self.taken.get(&(entry.reported_by_id, reference.clone())) else {
            return Ok(());
        };
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("externalReference");
        let refusal = refusal.with("what", reference);
        if first.in_batch && !self.in_part {
            return Err(refusal);
        }
        Err(refusal.with("id", first.by).object(first.by))
    }
}
