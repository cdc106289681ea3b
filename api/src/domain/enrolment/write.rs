//! Making and ending enrolments: one function per mutation, one transaction each.

use entity::{enrolment, id::EnrolmentId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::{
    graphql::{EndEnrolmentInput, EnrolCommuneInput},
    read,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{assignment::rules, document as documents, place as places},
    error::Result,
    period,
    refusal::UserErrorCode,
    tx::{Done, Key, check_version},
};

pub async fn enrol_commune(
    app: &App,
    viewer: &Viewer,
    input: EnrolCommuneInput,
    key: Key,
) -> Result<Done<EnrolmentId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    let commune = tx.find(places::read::visible_to(viewer), "communeId", &input.commune_id).await?;
    let documents = documents::read::visible_to(viewer);
    let document = tx.find(documents, "documentId", &input.document_id).await?;
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    rules::commune(&commune)?;
    documents::rules::directive(&document)?;
    let (from, to) = (input.valid_from.0, input.valid_to.map(|date| date.0));
    period::holds_a_day(from, to)?;
    period::begins_within(from, &commune.name, commune.valid_from, commune.valid_to)?;
    let same = read::visible_to(viewer).filter(enrolment::Column::CommuneId.eq(commune.id));
    let known = same.all(&*tx).await?;
    if let Some(known) =
        known.iter().find(|row| period::overlap((row.valid_from, row.valid_to), (from, to)))
    {
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("validFrom");
        return Err(refusal.with("what", commune.name).object(known.id).into());
    }

    let row = enrolment::Model {
        id: app.clock.uuid().into(),
        commune_id: commune.id,
        stage: input.stage.into(),
        document_id: document.id,
        valid_from: from,
        valid_to: to,
        version: 1,
    };
    let id = row.id;
    tx.record_at(
        "COMMUNE_ENROLLED",
        id,
        commune.id,
        json!({ "version": 1, "after": { "communeId": commune.id.to_string(), "stage": row.stage,
            "documentId": document.id.to_string(), "validFrom": from, "validTo": to } }),
    );
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn end_enrolment(
    app: &App,
    viewer: &Viewer,
    input: EndEnrolmentInput,
) -> Result<Done<EnrolmentId>> {
    let mut tx = app.write(viewer).await?;
    let enrolment = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::DefineRegistry)?;
    check_version(enrolment.id, enrolment.version, input.expected_version)?;

    let to = input.valid_to.0;
    period::ends(enrolment.valid_from, enrolment.valid_to, to, viewer.today)?;

    let (id, version) = (enrolment.id, enrolment.version + 1);
    tx.record_at(
        "ENROLMENT_ENDED",
        id,
        enrolment.commune_id,
        json!({ "version": version, "before": { "validTo": enrolment.valid_to },
            "after": { "validTo": to } }),
    );
    let mut row = enrolment.into_active_model();
    row.valid_to = Set(Some(to));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}
