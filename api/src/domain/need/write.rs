//! Raising and withdrawing needs: one function per mutation, one transaction each.

use entity::{
    id::{NeedId, PartyId},
    mandate::Act,
    need::{self, Status},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use super::{
    graphql::{RaiseNeedInput, WithdrawNeedInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        activity_kind as activities, assignment::rules as assignments, place as places,
        standing::Standing,
    },
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Audience, Done, Draft, Key, Tx, check_version},
};

pub async fn raise_need(
    app: &App,
    viewer: &Viewer,
    input: RaiseNeedInput,
    key: Key,
) -> Result<Done<NeedId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let commune = tx.find(places::read::visible_to(viewer), "communeId", &input.commune_id).await?;
    let activities = activities::read::visible_to(viewer);
    let activity = tx.find(activities, "activityId", &input.activity_id).await?;
    let standing = Standing::load(&tx, viewer, &[commune.id]).await?;
    let raised_by = standing.authority(commune.id, Act::RaiseNeed);
    viewer.require(Action::RaiseNeed { by: raised_by.is_some() })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    assignments::commune(&commune)?;
    rules::exists(&commune, viewer.today)?;
    let quantity = rules::quantity(input.quantity, activity.precision)?;
    rules::due(input.due_on.0, viewer.today)?;
    let text = text::optional_label("text", &input.text, text::MAX_TEXT)?;
    let nobody = || Error::internal("a need raised by nobody");
    let raised_by = raised_by.ok_or_else(nobody)?;
    let external_reference = match &input.external_reference {
        Some(reference) => Some(new_reference(&tx, raised_by, reference).await?),
        None => None,
    };

    let row = need::Model {
        id: tx.id(),
        commune_id: commune.id,
        activity_id: activity.id,
        quantity,
        precision: activity.precision,
        due_on: input.due_on.0,
        text,
        status: Status::Open,
        reason: None,
        raised_by_id: raised_by,
        entered_by_id: viewer.party().ok_or_else(nobody)?,
        external_reference,
        raised_at: tx.now(),
        version: 1,
    };
    let id = row.id;
    tx.log(raised(&row));
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

/// A reference that the party has not used for a need yet.
async fn new_reference(tx: &Tx, raised_by: PartyId, reference: &str) -> Result<String> {
    let reference = text::external_reference("externalReference", reference)?;
    let Some(known) = read::referred_to(tx, raised_by, &reference).await? else {
        return Ok(reference);
    };
    let refusal = UserErrorCode::AlreadyRecorded.refuse().at("externalReference");
    Err(refusal.with("what", reference).with("id", known).object(known).into())
}

pub async fn withdraw_need(
    app: &App,
    viewer: &Viewer,
    input: WithdrawNeedInput,
) -> Result<Done<NeedId>> {
    let mut tx = app.write(viewer).await?;
    let need = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    let standing = Standing::load(&tx, viewer, &[need.commune_id]).await?;
    let by = standing.authority(need.commune_id, Act::RaiseNeed);
    viewer.require(Action::WithdrawNeed { by: by.is_some() })?;
    check_version(need.id, need.version, input.expected_version)?;

    let status = rules::withdraw(need.status)?;
    let reason = text::label("reason", &input.reason, text::MAX_TEXT)?;

    let (id, version) = (need.id, need.version + 1);
    let data = json!({ "version": version, "before": { "status": need.status },
        "after": { "status": status, "reason": reason } });
    tx.log(about("NEED_WITHDRAWN", &need, data));
    let mut row = need.into_active_model();
    row.status = Set(status);
    row.reason = Set(Some(reason));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

fn raised(row: &need::Model) -> Draft {
    let after = json!({ "communeId": row.commune_id.to_string(),
        "activityId": row.activity_id.to_string(), "quantity": row.quantity,
        "precision": row.precision, "dueOn": row.due_on, "text": row.text, "status": row.status,
        "raisedById": row.raised_by_id.to_string(), "enteredById": row.entered_by_id.to_string(),
        "externalReference": row.external_reference });
    about("NEED_RAISED", row, json!({ "version": row.version, "after": after }))
}

/// An event for everybody, and for whoever reaches the commune.
fn about(r#type: &'static str, need: &need::Model, data: Value) -> Draft {
    Draft {
        commune: Some(need.commune_id),
        audience: Audience::public().at(need.commune_id),
        ..Draft::public(r#type, need.id, data)
    }
}
