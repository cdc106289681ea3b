//! Tasks: what the documents ask, of one party or of every party of a kind.

use std::collections::{HashMap, HashSet};

use entity::{id::DocumentId, task};
use sea_orm::EntityTrait;

use super::{Import, Report, changes::Changes, documents::Documents, parties::Parties};
use crate::error::Result;

const MAX_TEXT: usize = 2_000;

pub async fn import(
    import: &Import<'_>,
    parties: &Parties,
    documents: &Documents,
    report: &mut Report,
) -> Result<()> {
    let stored = task::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<(DocumentId, i32), task::Model> =
        stored.into_iter().map(|row| ((row.document_id, row.ordinal), row)).collect();
    let mut seen = HashSet::new();
    let mut changes = Changes::<task::Entity>::versioned("tasks", |row| row.version += 1);
    for row in import.files.rows("tasks.csv") {
        let document_id = documents.cited(&row, parties)?;
        let ordinal = row.number("ordinal")?;
        if ordinal < 1 {
            return Err(row.bad("ordinal begins with 1"));
        }
        if !seen.insert((document_id, ordinal)) {
            return Err(row.bad("this task stands there twice"));
        }
        let party_id = parties.optional(&row, "party")?.map(|party| party.id);
        let party_kind = row.optional_word("party_kind")?;
        if party_id.is_some() == party_kind.is_some() {
            return Err(row.bad("give exactly one of party and party_kind"));
        }
        let known = stored.get(&(document_id, ordinal));
        let wanted = task::Model {
            id: known.map_or_else(|| import.id(), |known| known.id),
            document_id,
            ordinal,
            text: row.label("text", MAX_TEXT)?,
            text_en: row.optional_label("text_en", MAX_TEXT)?,
            due_on: row.optional_date("due_on")?,
            party_id,
            party_kind,
            version: known.map_or(1, |known| known.version),
        };
        changes.want(known, wanted);
    }
    report.add("tasks", changes.write(import.tx).await?);
    Ok(())
}
