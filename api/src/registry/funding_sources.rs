//! Where the means of commitments come from.

use std::collections::{HashMap, HashSet};

use entity::funding_source;
use sea_orm::EntityTrait;

use super::{Import, Report, changes::Changes};
use crate::{domain::activity_kind::rules, error::Result};

pub async fn import(import: &Import<'_>, report: &mut Report) -> Result<()> {
    let stored = funding_source::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<String, funding_source::Model> =
        stored.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut seen = HashSet::new();
    let mut changes =
        Changes::<funding_source::Entity>::versioned("funding sources", |row| row.version += 1);
    for row in import.files.rows("funding_sources.csv") {
        let code = row.text("code")?;
        rules::code(&code).map_err(|refusal| row.refused(&refusal))?;
        if !seen.insert(code.clone()) {
            return Err(row.bad(format!("{code} stands there twice")));
        }
        let known = stored.get(&code);
        let wanted = funding_source::Model {
            id: known.map_or_else(|| import.id(), |known| known.id),
            code,
            name: row.label("name", rules::MAX_NAME)?,
            name_en: row.label("name_en", rules::MAX_NAME)?,
            version: known.map_or(1, |known| known.version),
        };
        changes.want(known, wanted);
    }
    report.add("funding sources", changes.write(import.tx).await?);
    Ok(())
}
