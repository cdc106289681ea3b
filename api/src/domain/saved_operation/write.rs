//! Saving, changing, sharing and marking operations: one transaction each.

use entity::{
    favourite,
    id::{MemberId, SavedOperationId},
    party, saved_operation,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::{Value, json};

use super::{
    graphql::{
        ChangeSavedOperationInput, DeleteSavedOperationInput, FavouriteOperationInput,
        SaveOperationInput, SavedContent, ShareSavedOperationInput, UnfavouriteOperationInput,
        UnshareSavedOperationInput,
    },
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    clock::civil_day,
    domain::operation::rules as operations,
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::{Audience, CHANGE, Done, Draft, Key, Tx, check_version},
};

/// Why there is no room for another, in Vietnamese and English.
const FULL: [&str; 2] = [
    "Đơn vị đã lưu đủ số thao tác: hãy xóa bớt những thao tác không dùng nữa.",
    "Your party keeps as many operations as it may: delete those it no longer uses.",
];

pub async fn save_operation(
    app: &App,
    viewer: &Viewer,
    input: SaveOperationInput,
    key: Key,
) -> Result<Done<SavedOperationId>> {
    let mut tx = app.write_once(viewer, key).await?;
    viewer.require(Action::SaveOperation)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    let party_id = viewer.party().ok_or_else(|| Error::internal("saved by nobody"))?;
    let row = saved_operation::Model {
        id: tx.id(),
        party_id,
        title_vi: String::new(),
        title_en: None,
        description_vi: None,
        description_en: None,
        search_key: String::new(),
        document: String::new(),
        kind: entity::operation::Kind::Query,
        variables: String::new(),
        shared: false,
        created_at: tx.now(),
        updated_at: tx.now(),
        deleted_at: None,
        version: 1,
    };
    let row = filled(app, row, input.content)?;
    refuse_one_too_many(&tx, &row).await?;

    let id = row.id;
    log(&mut tx, "OPERATION_SAVED", &row, json!({ "version": 1, "after": told(&row) }));
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn change_saved_operation(
    app: &App,
    viewer: &Viewer,
    input: ChangeSavedOperationInput,
) -> Result<Done<SavedOperationId>> {
    let mut tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::ChangeSavedOperation { party: row.party_id })?;
    check_version(row.id, row.version, input.expected_version)?;
    refuse_deleted(&row)?;

    let mut changed = filled(app, row.clone(), input.content)?;
    if changed == row {
        return Err(UserErrorCode::NoChange.refuse().into());
    }
    // What is shared is what the coordinator has read.
    changed.shared = row.shared && viewer.require(Action::ShareSavedOperation).is_ok();
    let id = row.id;
    change(&mut tx, "SAVED_OPERATION_CHANGED", row, changed).await?;
    tx.done(id).await
}

pub async fn delete_saved_operation(
    app: &App,
    viewer: &Viewer,
    input: DeleteSavedOperationInput,
) -> Result<Done<SavedOperationId>> {
    let mut tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::ChangeSavedOperation { party: row.party_id })?;
    check_version(row.id, row.version, input.expected_version)?;
    refuse_deleted(&row)?;

    let id = row.id;
    let mut changed = row.clone();
    (changed.shared, changed.deleted_at) = (false, Some(tx.now()));
    change(&mut tx, "SAVED_OPERATION_DELETED", row, changed).await?;
    tx.done(id).await
}

pub async fn share_saved_operation(
    app: &App,
    viewer: &Viewer,
    input: ShareSavedOperationInput,
) -> Result<Done<SavedOperationId>> {
    let mut tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::ShareSavedOperation)?;
    check_version(row.id, row.version, input.expected_version)?;
    refuse_deleted(&row)?;
    if row.shared {
        return Err(UserErrorCode::NoChange.refuse().into());
    }

    let id = row.id;
    let changed = saved_operation::Model { shared: true, ..row.clone() };
    change(&mut tx, "SAVED_OPERATION_SHARED", row, changed).await?;
    tx.done(id).await
}

pub async fn unshare_saved_operation(
    app: &App,
    viewer: &Viewer,
    input: UnshareSavedOperationInput,
) -> Result<Done<SavedOperationId>> {
    let mut tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::ShareSavedOperation)?;
    check_version(row.id, row.version, input.expected_version)?;
    if !row.shared {
        return Err(UserErrorCode::NoChange.refuse().into());
    }

    let id = row.id;
    let changed = saved_operation::Model { shared: false, ..row.clone() };
    change(&mut tx, "SAVED_OPERATION_UNSHARED", row, changed).await?;
    tx.done(id).await
}

/// A mark is the member's own business: it is no change of the operation, and nobody is told.
pub async fn favourite_operation(
    app: &App,
    viewer: &Viewer,
    input: FavouriteOperationInput,
) -> Result<Done<SavedOperationId>> {
    let tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::FavouriteOperation)?;
    refuse_deleted(&row)?;
    let marked = (marking(viewer)?, row.id);
    if favourite::Entity::find_by_id(marked).one(&*tx).await?.is_some() {
        return Err(UserErrorCode::NoChange.refuse().into());
    }

    let mark =
        favourite::ActiveModel { member_id: Set(marked.0), saved_operation_id: Set(marked.1) };
    favourite::Entity::insert(mark).exec_without_returning(&*tx).await?;
    tx.done(row.id).await
}

pub async fn unfavourite_operation(
    app: &App,
    viewer: &Viewer,
    input: UnfavouriteOperationInput,
) -> Result<Done<SavedOperationId>> {
    let tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::FavouriteOperation)?;

    let marked = (marking(viewer)?, row.id);
    if favourite::Entity::delete_by_id(marked).exec(&*tx).await?.rows_affected == 0 {
        return Err(UserErrorCode::NoChange.refuse().into());
    }
    tx.done(row.id).await
}

fn marking(viewer: &Viewer) -> Result<MemberId> {
    viewer.member().ok_or_else(|| Error::internal("a mark of nobody"))
}

/// A row with what was sent, if that is good.
fn filled(
    app: &App,
    row: saved_operation::Model,
    content: SavedContent,
) -> Result<saved_operation::Model> {
    let words = rules::words(&content)?;
    operations::text(&content.document)?;
    rules::holds_no_secret("document", &content.document)?;
    let checked = app.guard.checked(&content.document);
    let checked = checked.map_err(|errors| operations::wrong(&errors))?;
    let operation = operations::sole(checked.document())?;
    Ok(saved_operation::Model {
        title_vi: words.title_vi,
        title_en: words.title_en,
        description_vi: words.description_vi,
        description_en: words.description_en,
        search_key: words.search_key,
        kind: operations::kind(operation),
        variables: rules::variables(&content.variables, operation)?,
        document: content.document,
        ..row
    })
}

/// Locks the party, so that two requests do not both find room.
async fn refuse_one_too_many(tx: &Tx, row: &saved_operation::Model) -> Result<()> {
    party::Entity::find_by_id(row.party_id).lock(CHANGE).one(&**tx).await?;
    let kept = saved_operation::Column::DeletedAt.is_null();
    let own = saved_operation::Column::PartyId.eq(row.party_id);
    if read::all().filter(own).filter(kept).count(&**tx).await? >= rules::MAX_SAVED {
        let refusal = UserErrorCode::WrongCount.refuse().because(FULL);
        return Err(refusal.with("min", 0).with("max", rules::MAX_SAVED).into());
    }
    Ok(())
}

fn refuse_deleted(row: &saved_operation::Model) -> Result<(), Refusal> {
    match row.deleted_at {
        Some(on) => Err(UserErrorCode::AlreadyEnded.refuse().at("id").with("on", civil_day(on))),
        None => Ok(()),
    }
}

/// Writes a row as it is to be, and the event with whatever differs.
async fn change(
    tx: &mut Tx,
    r#type: &'static str,
    before: saved_operation::Model,
    after: saved_operation::Model,
) -> Result<()> {
    let version = before.version + 1;
    let (old, new) = differing(told(&before), told(&after));
    let concerned = saved_operation::Model { shared: before.shared || after.shared, ..before };
    log(tx, r#type, &concerned, json!({ "version": version, "before": old, "after": new }));
    let after = saved_operation::Model { version, updated_at: tx.now(), ..after };
    after.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}

/// An event for the party, and for everybody where it is or was shared.
fn log(tx: &mut Tx, r#type: &'static str, row: &saved_operation::Model, data: Value) {
    let audience = Audience::of([row.party_id]).or_public(row.shared);
    tx.log(Draft { audience, ..Draft::public(r#type, row.id, data) });
}

/// What an event says of a row.
fn told(row: &saved_operation::Model) -> Value {
    json!({ "titleVi": row.title_vi, "titleEn": row.title_en,
        "descriptionVi": row.description_vi, "descriptionEn": row.description_en,
        "document": row.document, "variables": row.variables, "shared": row.shared,
        "deletedAt": row.deleted_at })
}

/// The fields of two objects in which they differ.
fn differing(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(mut before), Value::Object(mut after)) = (before, after) else {
        return (Value::Null, Value::Null);
    };
    after.retain(|field, value| before.get(field) != Some(value));
    before.retain(|field, _| after.contains_key(field));
    (before.into(), after.into())
}
