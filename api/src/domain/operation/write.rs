//! Registering and retiring operations: one transaction each.

use entity::{id::OperationId, operation, party};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::json;

use super::{
    graphql::{RegisterOperationInput, RetireOperationInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    clock::civil_day,
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::{CHANGE, Done, Key, Tx, check_version, sha256},
};

/// Why there is no room for another, in Vietnamese and English.
const FULL: [&str; 2] = [
    "Đơn vị đã có đủ số thao tác lưu sẵn: hãy ngừng bớt những thao tác không dùng nữa.",
    "Your party has as many operations as it may: retire those it no longer uses.",
];

pub async fn register_operation(
    app: &App,
    viewer: &Viewer,
    input: RegisterOperationInput,
    key: Key,
) -> Result<Done<OperationId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let replaced = match &input.replaces_id {
        Some(id) => Some(tx.lock(read::visible_to(viewer), "replacesId", id).await?),
        None => None,
    };
    viewer.require(Action::RegisterOperation)?;
    if let Some(row) = &replaced {
        viewer.require(Action::RetireOperation { party: row.party_id })?;
    }
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    let row = judge(app, viewer, &tx, &input)?;
    if let Some(replaced) = replaced {
        refuse_retired(&replaced, "replacesId")?;
        retire(&mut tx, replaced).await?;
    }
    refuse_known(&tx, viewer, &row).await?;
    let id = row.id;
    tx.record_for(
        "OPERATION_REGISTERED",
        id,
        [row.party_id],
        json!({ "version": 1, "after": { "name": row.name, "hash": row.hash, "kind": row.kind,
            "callable": row.callable } }),
    );
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn retire_operation(
    app: &App,
    viewer: &Viewer,
    input: RetireOperationInput,
) -> Result<Done<OperationId>> {
    let mut tx = app.write(viewer).await?;
    let row = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::RetireOperation { party: row.party_id })?;
    check_version(row.id, row.version, input.expected_version)?;
    refuse_retired(&row, "id")?;

    let id = row.id;
    retire(&mut tx, row).await?;
    tx.done(id).await
}

/// The row that an input asks for, if its text and name are good.
fn judge(
    app: &App,
    viewer: &Viewer,
    tx: &Tx,
    input: &RegisterOperationInput,
) -> Result<operation::Model> {
    let name = rules::name(&input.name)?;
    rules::text(&input.document)?;
    let checked = app.guard.checked(&input.document).map_err(|errors| rules::wrong(&errors))?;
    let kind = rules::kind(rules::sole(checked.document())?);
    if input.callable {
        rules::callable(checked.document())?;
    }
    Ok(operation::Model {
        id: tx.id(),
        party_id: viewer.party().ok_or_else(|| Error::internal("registered by nobody"))?,
        name,
        hash: sha256(&input.document),
        document: input.document.clone(),
        kind,
        callable: input.callable,
        created_at: tx.now(),
        retired_at: None,
        version: 1,
    })
}

/// Refuses a name or a text that the party has already, and one operation too many. Locks the party,
/// so that two requests do not both find room.
async fn refuse_known(tx: &Tx, viewer: &Viewer, row: &operation::Model) -> Result<()> {
    party::Entity::find_by_id(row.party_id).lock(CHANGE).one(&**tx).await?;
    let own = || read::own(viewer).filter(operation::Column::PartyId.eq(row.party_id));
    for (field, what, same) in [
        ("name", &row.name, operation::Column::Name.eq(row.name.as_str())),
        ("document", &row.hash, operation::Column::Hash.eq(row.hash.as_str())),
    ] {
        if let Some(known) = own().filter(same).one(&**tx).await? {
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at(field);
            return Err(refusal.with("what", what).object(known.id).into());
        }
    }
    if own().count(&**tx).await? >= rules::MAX_OPERATIONS {
        let refusal = UserErrorCode::WrongCount.refuse().because(FULL);
        return Err(refusal.with("min", 0).with("max", rules::MAX_OPERATIONS).into());
    }
    Ok(())
}

async fn retire(tx: &mut Tx, row: operation::Model) -> Result<()> {
    let (id, now, version) = (row.id, tx.now(), row.version + 1);
    let data = json!({ "version": version, "before": { "name": row.name, "hash": row.hash },
        "after": { "retiredAt": now } });
    tx.record_for("OPERATION_RETIRED", id, [row.party_id], data);
    let mut row = row.into_active_model();
    row.retired_at = Set(Some(now));
    row.version = Set(version);
    row.update(&**tx).await?;
    Ok(())
}

fn refuse_retired(row: &operation::Model, field: &str) -> Result<(), Refusal> {
    match row.retired_at {
        Some(on) => Err(UserErrorCode::AlreadyEnded.refuse().at(field).with("on", civil_day(on))),
        None => Ok(()),
    }
}
