//! Documents and the parties that they name.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    document, document_party,
    id::{DocumentId, PartyId},
};
use sea_orm::EntityTrait;

use super::{Import, Report, changes::Changes, files::Row, parties::Parties};
use crate::{
    domain::document::rules::{self, Reference},
    error::Result,
    text,
};

type Key = (PartyId, String, String, NaiveDate);

/// All documents as they will be stored.
pub struct Documents {
    rows: HashMap<Key, DocumentId>,
}

impl Documents {
    /// The document that the columns issuer, number, symbol and issued_on cite.
    pub fn cited(&self, row: &Row, parties: &Parties) -> Result<DocumentId> {
        let key = key(row, parties)?;
        self.rows.get(&key).copied().ok_or_else(|| {
            let (_, number, symbol, issued_on) = &key;
            let reference = rules::printed(number, symbol);
            row.bad(format!("no document {reference} of {issued_on} by that issuer"))
        })
    }
}

fn key(row: &Row, parties: &Parties) -> Result<Key> {
    let issuer = parties.named(row, "issuer")?.id;
    let typed = rules::printed(&row.text("number")?, &row.text("symbol")?);
    let Reference { number, symbol } =
        rules::reference("number and symbol", &typed).map_err(|refusal| row.refused(&refusal))?;
    Ok((issuer, number, symbol, row.date("issued_on")?))
}

pub async fn import(
    import: &Import<'_>,
    parties: &Parties,
    report: &mut Report,
) -> Result<Documents> {
    let stored = document::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<Key, document::Model> = stored
        .into_iter()
        .map(|row| ((row.issuer_id, row.number.clone(), row.symbol.clone(), row.issued_on), row))
        .collect();
    let mut documents =
        Documents { rows: stored.iter().map(|(key, row)| (key.clone(), row.id)).collect() };
    let mut seen = HashSet::new();
    let mut named = Vec::new();
    let mut changes = Changes::<document::Entity>::versioned("documents", |row| row.version += 1);
    for row in import.files.rows("documents.csv") {
        let key = key(&row, parties)?;
        if !seen.insert(key.clone()) {
            return Err(row.bad("this document stands there twice"));
        }
        let known = stored.get(&key);
        let id = known.map_or_else(|| import.id(), |known| known.id);
        for code in row.optional("named_parties").iter().flat_map(|codes| codes.split('|')) {
            named.push((id, parties.by_code(&row, "named_parties", code.trim())?.id));
        }
        documents.rows.insert(key.clone(), id);
        let (issuer_id, number, symbol, issued_on) = key;
        let title = row.label("title", rules::MAX_TITLE)?;
        let wanted = document::Model {
            id,
            issuer_id,
            search_key: text::search_key([&*rules::printed(&number, &symbol), &title]),
            number,
            symbol,
            issued_on,
            kind: row.word("kind")?,
            force: row.word("force")?,
            title,
            version: known.map_or(1, |known| known.version),
        };
        changes.want(known, wanted);
    }
    report.add("documents", changes.write(import.tx).await?);
    name(import, named, report).await?;
    Ok(documents)
}

async fn name(
    import: &Import<'_>,
    named: Vec<(DocumentId, PartyId)>,
    report: &mut Report,
) -> Result<()> {
    let stored = document_party::Entity::find().all(&**import.tx).await?;
    let stored: HashMap<(DocumentId, PartyId), document_party::Model> =
        stored.into_iter().map(|row| ((row.document_id, row.party_id), row)).collect();
    let mut seen = HashSet::new();
    let mut changes = Changes::<document_party::Entity>::of("named parties");
    for (document_id, party_id) in named {
        if seen.insert((document_id, party_id)) {
            let known = stored.get(&(document_id, party_id));
            changes.want(known, document_party::Model { document_id, party_id });
        }
    }
    report.add("named parties", changes.write(import.tx).await?);
    Ok(())
}
