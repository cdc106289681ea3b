//! Changing activity kinds: one function per mutation, one transaction each.

use entity::{activity_kind, id::ActivityKindId, party::Kinds};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::{
    graphql::{DefineActivityKindInput, ReviseActivityKindInput},
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::party::graphql::PartyKind,
    error::Result,
    refusal::{Refusal, UserErrorCode},
    text,
    tx::{Done, Key, check_version},
};

pub async fn define_activity_kind(
    app: &App,
    viewer: &Viewer,
    input: DefineActivityKindInput,
    key: Key,
) -> Result<Done<ActivityKindId>> {
    let mut tx = app.write_once(viewer, key).await?;
    tx.lock_registry_for(viewer).await?;
    viewer.require(Action::DefineRegistry)?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    rules::code(&input.code)?;
    rules::precision(input.precision)?;
    let same_code = activity_kind::Column::Code.eq(input.code.as_str());
    if let Some(known) = read::visible_to(viewer).filter(same_code).one(&*tx).await? {
        let refusal = UserErrorCode::AlreadyRecorded.refuse().at("code");
        return Err(refusal.with("what", known.code).object(known.id).into());
    }
    let words = Words::of(&input.name, &input.name_en, &input.code)?;

    let row = activity_kind::Model {
        id: app.clock.uuid().into(),
        name: words.name,
        name_en: words.name_en,
        search_key: words.search_key,
        unit: text::label("unit", &input.unit, rules::MAX_UNIT)?,
        unit_en: text::label("unitEn", &input.unit_en, rules::MAX_UNIT)?,
        code: input.code,
        precision: input.precision,
        measure: input.measure.into(),
        pillar: input.pillar.into(),
        promisers: promisers(&input.promisers)?,
        forces_parties: input.forces_parties,
        version: 1,
    };
    let id = row.id;
    tx.record(
        "ACTIVITY_KIND_DEFINED",
        id,
        json!({ "version": 1, "after": { "code": row.code, "name": row.name, "nameEn": row.name_en,
            "unit": row.unit, "unitEn": row.unit_en, "precision": row.precision,
            "pillar": row.pillar,
            "measure": row.measure, "promisers": row.promisers,
            "forcesParties": row.forces_parties } }),
    );
    row.into_active_model().insert(&*tx).await?;
    tx.done(id).await
}

pub async fn revise_activity_kind(
    app: &App,
    viewer: &Viewer,
    input: ReviseActivityKindInput,
) -> Result<Done<ActivityKindId>> {
    let mut tx = app.write(viewer).await?;
    let kind = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::DefineRegistry)?;
    check_version(kind.id, kind.version, input.expected_version)?;

    let words = Words::of(&input.name, &input.name_en, &kind.code)?;
    let promisers = promisers(&input.promisers)?;

    tx.record(
        "ACTIVITY_KIND_REVISED",
        kind.id,
        json!({
            "version": kind.version + 1,
            "before": { "name": kind.name, "nameEn": kind.name_en, "pillar": kind.pillar,
                "promisers": kind.promisers, "forcesParties": kind.forces_parties },
            "after": { "name": words.name, "nameEn": words.name_en,
                "pillar": entity::activity_kind::Pillar::from(input.pillar),
                "promisers": promisers, "forcesParties": input.forces_parties },
        }),
    );
    let (id, version) = (kind.id, kind.version + 1);
    let mut row = kind.into_active_model();
    row.name = Set(words.name);
    row.name_en = Set(words.name_en);
    row.search_key = Set(words.search_key);
    row.pillar = Set(input.pillar.into());
    row.promisers = Set(promisers);
    row.forces_parties = Set(input.forces_parties);
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

/// The words that a kind is known by.
struct Words {
    name: String,
    name_en: String,
    search_key: String,
}

impl Words {
    fn of(name: &str, name_en: &str, code: &str) -> Result<Self, Refusal> {
        let name = text::label("name", name, rules::MAX_NAME)?;
        let name_en = text::label("nameEn", name_en, rules::MAX_NAME)?;
        let search_key = text::search_key([&*name, &*name_en, code]);
        Ok(Self { name, name_en, search_key })
    }
}

fn promisers(kinds: &[PartyKind]) -> Result<Kinds, Refusal> {
    rules::promisers(kinds.len())?;
    Ok(kinds.iter().map(|kind| (*kind).into()).collect())
}
