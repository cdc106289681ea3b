//! What is counted. What a kind is counted in never changes once it exists.

use std::collections::{HashMap, HashSet};

use entity::activity_kind;
use sea_orm::EntityTrait;

use super::{Import, Report, changes::Changes};
use crate::{domain::activity_kind::rules, error::Result, text};

pub async fn import(import: &Import<'_>, report: &mut Report) -> Result<()> {
    let stored = activity_kind::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<String, activity_kind::Model> =
        stored.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut seen = HashSet::new();
    let mut changes =
        Changes::<activity_kind::Entity>::versioned("activity kinds", |row| row.version += 1);
    for row in import.files.rows("activity_kinds.csv") {
        let refused = |refusal| row.refused(&refusal);
        let code = row.text("code")?;
        rules::code(&code).map_err(refused)?;
        if !seen.insert(code.clone()) {
            return Err(row.bad(format!("{code} stands there twice")));
        }
        let known = stored.get(&code);
        let name = row.label("name", rules::MAX_NAME)?;
        let name_en = row.label("name_en", rules::MAX_NAME)?;
        let wanted = activity_kind::Model {
            id: known.map_or_else(|| import.id(), |known| known.id),
            search_key: text::search_key([&*name, &name_en, &code]),
            code,
            name,
            name_en,
            unit: row.label("unit", rules::MAX_UNIT)?,
            unit_en: row.label("unit_en", rules::MAX_UNIT)?,
            precision: row.number("precision")?,
            measure: row.word("measure")?,
            pillar: row.word("pillar")?,
            promisers: row.words("promisers")?.into_iter().collect(),
            forces_parties: row.flag("forces_parties")?,
            version: known.map_or(1, |known| known.version),
        };
        rules::precision(wanted.precision).map_err(refused)?;
        let counted =
            |kind: &activity_kind::Model| (kind.unit.clone(), kind.precision, kind.measure);
        if known.is_some_and(|known| counted(known) != counted(&wanted)) {
            return Err(row.bad("unit, precision and measure never change; make a new kind"));
        }
        changes.want(known, wanted);
    }
    report.add("activity kinds", changes.write(import.tx).await?);
    Ok(())
}
