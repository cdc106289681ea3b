//! Making and ending assignments: one function per mutation, one transaction each.

use entity::{assignment, id::AssignmentId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::{
    graphql::{AssignDepartmentInput, EndAssignmentInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{document as documents, party as parties, place as places, reach},
    error::Result,
    period,
    refusal::UserErrorCode,
    tx::{Done, Key, check_version},
};

pub async fn assign_department(
    app: &App,
    viewer: &Viewer,
    input: AssignDepartmentInput,
    key: Key,
) -> Result<Done<AssignmentId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    let departments = parties::read::visible_to(viewer);
    let department = tx.find(departments, "departmentId", &input.department_id).await?;
    let commune = tx.find(places::read::visible_to(viewer), "communeId", &input.commune_id).await?;
    let documents = documents::read::visible_to(viewer);
    let document = tx.find(documents, "documentId", &input.document_id).await?;
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    rules::department(&department)?;
    rules::commune(&commune)?;
    documents::rules::directive(&document)?;
    let (from, to) = (input.valid_from.0, input.valid_to.map(|date| date.0));
    period::holds_a_day(from, to)?;
    period::begins_within(from, &commune.name, commune.valid_from, commune.valid_to)?;
    period::begins_within(from, &department.name, department.valid_from, department.valid_to)?;
    let same = read::visible_to(viewer)
        .filter(assignment::Column::DepartmentId.eq(department.id))
        .filter(assignment::Column::CommuneId.eq(commune.id));
    let known = same.all(&*tx).await?;
    if let Some(known) =
        known.iter().find(|row| period::overlap((row.valid_from, row.valid_to), (from, to)))
    {
        let what = format!("{} – {}", department.name, commune.name);
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("validFrom");
        return Err(refusal.with("what", what).object(known.id).into());
    }

    let row = assignment::Model {
        id: app.clock.uuid().into(),
        department_id: department.id,
        commune_id: commune.id,
        document_id: document.id,
        valid_from: from,
        valid_to: to,
        version: 1,
    };
    let id = row.id;
    tx.record_at(
        "DEPARTMENT_ASSIGNED",
        id,
        commune.id,
        json!({ "version": 1, "after": { "departmentId": department.id.to_string(),
            "communeId": commune.id.to_string(), "documentId": document.id.to_string(),
            "validFrom": from, "validTo": to } }),
    );
    row.into_active_model().insert(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}

pub async fn end_assignment(
    app: &App,
    viewer: &Viewer,
    input: EndAssignmentInput,
) -> Result<Done<AssignmentId>> {
    let mut tx = app.write(viewer).await?;
    tx.lock_registry_for(viewer).await?;
    let assignment = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::DefineRegistry)?;
    check_version(assignment.id, assignment.version, input.expected_version)?;

    let to = input.valid_to.0;
    period::ends(assignment.valid_from, assignment.valid_to, to, viewer.today)?;

    let (id, version) = (assignment.id, assignment.version + 1);
    tx.record_at(
        "ASSIGNMENT_ENDED",
        id,
        assignment.commune_id,
        json!({ "version": version, "before": { "validTo": assignment.valid_to },
            "after": { "validTo": to } }),
    );
    let mut row = assignment.into_active_model();
    row.valid_to = Set(Some(to));
    row.version = Set(version);
    row.update(&*tx).await?;
    reach::rebuild(&mut tx).await?;
    tx.done(id).await
}
