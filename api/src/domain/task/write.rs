//! Defining and answering tasks: one function per mutation, one transaction each.

use entity::{id::TaskId, task, task_answer};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::{
    graphql::{AnswerTaskInput, DefineTaskInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{document as documents, party as parties},
    error::{Error, Result},
    text,
    tx::{Done, Key, check_version},
};

pub async fn define_task(
    app: &App,
    viewer: &Viewer,
    input: DefineTaskInput,
    key: Key,
) -> Result<Done<TaskId>> {
    let mut tx = app.write_once(viewer, key).await?;
    // Locked, so that two tasks of a document do not take the same ordinal.
    let visible = documents::read::visible_to(viewer);
    let document = tx.lock(visible, "documentId", &input.document_id).await?;
    let party = match &input.party_id {
        Some(id) => Some(tx.find(parties::read::visible_to(viewer), "partyId", id).await?.id),
        None => None,
    };
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    documents::rules::directive(&document)?;
    rules::asks(party.is_some(), input.party_kind.is_some())?;
    let text_en = input.text_en.as_deref().unwrap_or_default();
    let text_en = text::optional_label("textEn", text_en, rules::MAX_TEXT)?;
    let same = read::visible_to(viewer).filter(task::Column::DocumentId.eq(document.id));
    let known = same.all(&*tx).await?;

    let row = task::Model {
        id: app.clock.uuid().into(),
        document_id: document.id,
        ordinal: known.iter().map(|task| task.ordinal).max().unwrap_or_default() + 1,
        text: text::label("text", &input.text, rules::MAX_TEXT)?,
        text_en: (!text_en.is_empty()).then_some(text_en),
        due_on: input.due_on.map(|date| date.0),
        party_id: party,
        party_kind: input.party_kind.map(Into::into),
        version: 1,
    };
    let id = row.id;
    tx.record(
        "TASK_DEFINED",
        id,
        json!({ "version": 1, "after": { "documentId": document.id.to_string(), "ordinal": row.ordinal,
            "text": row.text, "textEn": row.text_en, "dueOn": row.due_on,
            "partyId": party.map(|id| id.to_string()), "partyKind": row.party_kind } }),
    );
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn answer_task(
    app: &App,
    viewer: &Viewer,
    input: AnswerTaskInput,
    key: Key,
) -> Result<Done<TaskId>> {
    let mut tx = app.write_once(viewer, key).await?;
    // Locked, so that one party's first answer is not given twice at once.
    let task = tx.lock(read::visible_to(viewer), "taskId", &input.task_id).await?;
    let party = tx.find(parties::read::visible_to(viewer), "partyId", &input.party_id).await?;
    viewer.require(Action::AnswerTask { asked: party.id })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    let known = read::answer::visible_to(viewer)
        .filter(task_answer::Column::TaskId.eq(task.id))
        .filter(task_answer::Column::PartyId.eq(party.id))
        .one(&*tx)
        .await?;
    let current = known.as_ref().map_or(0, |answer| answer.version);
    check_version(task.id, current, input.expected_version)?;
    rules::asked(&task, &party)?;
    let text = text::optional_label("text", &input.text, rules::MAX_TEXT)?;
    let answered_by = viewer.party().ok_or_else(|| Error::internal("answered by nobody"))?;
    let state: task_answer::State = input.state.into();

    tx.record_for(
        "TASK_ANSWERED",
        task.id,
        [party.id],
        json!({
            "before": known.as_ref().map(|answer| json!({ "state": answer.state, "text": answer.text })),
            "after": { "partyId": party.id.to_string(), "state": state, "text": text },
        }),
    );
    let mut row = match known {
        Some(known) => known.into_active_model(),
        None => task_answer::ActiveModel {
            task_id: Set(task.id),
            party_id: Set(party.id),
            ..Default::default()
        },
    };
    row.answered_by_id = Set(answered_by);
    row.state = Set(state);
    row.text = Set(text);
    row.answered_at = Set(tx.now());
    row.version = Set(current + 1);
    if current == 0 {
        row.id = Set(app.clock.uuid().into());
        row.insert(&*tx).await?;
    } else {
        row.update(&*tx).await?;
    }
    tx.done(task.id).await
}
