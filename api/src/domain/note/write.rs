//! Writing notes and having done with them: one function per mutation, one transaction each.

use entity::{
    commitment,
    id::{CommitmentId, DeliveryId, NeedId, NoteId, PartyId},
    need,
    note::{self, Status},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use super::{
    graphql::{DoneNoteInput, WriteNoteInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        commitment::{read as commitments, rules::participants},
        delivery::read as deliveries,
        need::read::{self as needs, NEED_ACTS},
        party as parties,
        reach::read::LEDGER_ACTS,
        standing::Standing,
    },
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Done, Draft, Key, Tx, check_version},
};

pub async fn write_note(
    app: &App,
    viewer: &Viewer,
    input: WriteNoteInput,
    key: Key,
) -> Result<Done<NoteId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let subject = Subject::find(&tx, viewer, &input).await?;
    let addressee = match &input.addressee_id {
        Some(id) => Some(tx.find(parties::read::visible_to(viewer), "addresseeId", id).await?),
        None => None,
    };
    let concerns = subject.concerns(&tx, viewer).await?;
    viewer.require(Action::WriteNote { concerns })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    if let Some(addressee) = &addressee {
        parties::rules::exists(addressee, viewer.today, "addresseeId")?;
    }
    let due_on = input.due_on.map(|date| date.0);
    rules::due(due_on, addressee.is_some(), viewer.today)?;

    let row = note::Model {
        id: tx.id(),
        need_id: subject.need(),
        commitment_id: subject.commitment(),
        delivery_id: subject.delivery(),
        text: text::label("text", &input.text, text::MAX_TEXT)?,
        written_by_id: acting(viewer)?,
        addressee_id: addressee.map(|party| party.id),
        due_on,
        written_at: tx.now(),
        status: Status::Open,
        answer: None,
        done_by_id: None,
        done_at: None,
        version: 1,
    };
    let id = row.id;
    let after = json!({ "needId": row.need_id.map(|id| id.to_string()),
        "commitmentId": row.commitment_id.map(|id| id.to_string()),
        "deliveryId": row.delivery_id.map(|id| id.to_string()), "text": row.text,
        "addresseeId": row.addressee_id.map(|id| id.to_string()), "dueOn": row.due_on,
        "status": row.status });
    log(&mut tx, "NOTE_WRITTEN", &row, json!({ "version": row.version, "after": after })).await?;
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn done_note(app: &App, viewer: &Viewer, input: DoneNoteInput) -> Result<Done<NoteId>> {
    let mut tx = app.write(viewer).await?;
    let note = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let (written_by, addressee) = (note.written_by_id, note.addressee_id);
    viewer.require(Action::DoneNote { written_by, addressee })?;
    check_version(note.id, note.version, input.expected_version)?;

    let status = rules::done(note.status)?;
    let answer = text::optional_label("answer", &input.answer, text::MAX_TEXT)?;
    let answer = (!answer.is_empty()).then_some(answer);
    let done_by = acting(viewer)?;

    let (id, version) = (note.id, note.version + 1);
    let data = json!({ "version": version, "before": { "status": note.status },
        "after": { "status": status, "answer": answer, "doneById": done_by.to_string() } });
    log(&mut tx, "NOTE_DONE", &note, data).await?;
    let mut row = note.into_active_model();
    row.status = Set(status);
    row.answer = Set(answer);
    row.done_by_id = Set(Some(done_by));
    row.done_at = Set(Some(tx.now()));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

/// What a note is on; a delivery comes with its commitment.
enum Subject {
    Need(need::Model),
    Commitment(Box<commitment::Model>),
    Delivery(DeliveryId, Box<commitment::Model>),
}

impl Subject {
    async fn find(tx: &Tx, viewer: &Viewer, input: &WriteNoteInput) -> Result<Self> {
        let commitments = || commitments::visible_to(viewer);
        match (&input.need_id, &input.commitment_id, &input.delivery_id) {
            (Some(id), None, None) => {
                Ok(Self::Need(tx.find(needs::visible_to(viewer), "needId", id).await?))
            }
            (None, Some(id), None) => {
                let commitment = tx.find(commitments(), "commitmentId", id).await?;
                Ok(Self::Commitment(commitment.into()))
            }
            (None, None, Some(id)) => {
                let delivery = tx.find(deliveries::visible_to(viewer), "deliveryId", id).await?;
                let id = delivery.commitment_id.to_string().into();
                let commitment = tx.find(commitments(), "deliveryId", &id).await?;
                Ok(Self::Delivery(delivery.id, commitment.into()))
            }
            _ => {
                let refusal = UserErrorCode::ExactlyOne.refuse().at("needId");
                Err(refusal.with("fields", "needId, commitmentId, deliveryId").into())
            }
        }
    }

    /// Whether it is the viewer's business: more than to see it because everybody does, or because
    /// the viewer leads the programme.
    async fn concerns(&self, tx: &Tx, viewer: &Viewer) -> Result<bool> {
        Ok(match self {
            Self::Need(need) => {
                let standing = Standing::load(tx, viewer, &[need.commune_id]).await?;
                standing.concerned(need.commune_id, &NEED_ACTS)
            }
            Self::Commitment(row) | Self::Delivery(_, row) => {
                let standing = Standing::load(tx, viewer, &[row.place_id]).await?;
                standing.concerned(row.place_id, &LEDGER_ACTS)
                    || standing.takes_part(&participants(row), row.place_id, &LEDGER_ACTS)
            }
        })
    }

    fn need(&self) -> Option<NeedId> {
        match self {
            Self::Need(need) => Some(need.id),
            Self::Commitment(_) | Self::Delivery(..) => None,
        }
    }

    fn commitment(&self) -> Option<CommitmentId> {
        match self {
            Self::Need(_) => None,
            Self::Commitment(row) | Self::Delivery(_, row) => Some(row.id),
        }
    }

    fn delivery(&self) -> Option<DeliveryId> {
        match self {
            Self::Delivery(id, _) => Some(*id),
            Self::Need(_) | Self::Commitment(_) => None,
        }
    }
}

/// An event about a note. It names neither commune nor giver: the addressee may not see these.
async fn log(tx: &mut Tx, r#type: &'static str, note: &note::Model, data: Value) -> Result<()> {
    let audience = read::audience(tx, note).await?;
    tx.log(Draft { audience, ..Draft::public(r#type, note.id, data) });
    Ok(())
}

fn acting(viewer: &Viewer) -> Result<PartyId> {
    viewer.party().ok_or_else(|| Error::internal("a note by nobody"))
}
