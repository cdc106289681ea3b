//! Entering documents.

use entity::{
    document, document_party,
    id::{DocumentId, PartyId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;

use super::{graphql::DefineDocumentInput, read, rules};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::party as parties,
    error::Result,
    refusal::UserErrorCode,
    text,
    tx::{Audience, Done, Draft, Key, Tx},
};

pub async fn define_document(
    app: &App,
    viewer: &Viewer,
    input: DefineDocumentInput,
    key: Key,
) -> Result<Done<DocumentId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let all = || parties::read::visible_to(viewer);
    // Locked, so that the same document is not entered twice at once.
    let issuer = tx.lock(all(), "issuerId", &input.issuer_id).await?;
    let mut named: Vec<PartyId> = Vec::new();
    for id in &input.named_party_ids {
        named.push(tx.find(all(), "namedPartyIds", id).await?.id);
    }
    named.sort_unstable();
    named.dedup();
    named.retain(|party| *party != issuer.id);
    let kind = input.kind.into();
    viewer.require(match kind {
        document::Kind::Directive => Action::DefineRegistry,
        _ => Action::EnterDocument { issuer: issuer.id },
    })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    let reference = rules::reference("reference", &input.reference)?;
    let issued_on = input.issued_on.0;
    let title = text::label("title", &input.title, rules::MAX_TITLE)?;
    rules::issued_on(issued_on, &issuer, viewer.today)?;

    let row = document::Model {
        id: app.clock.uuid().into(),
        issuer_id: issuer.id,
        search_key: text::search_key([
            &*format!("{}/{}", reference.number, reference.symbol),
            &*title,
        ]),
        number: reference.number,
        symbol: reference.symbol,
        issued_on,
        kind,
        force: input.force.into(),
        title,
        version: 1,
    };
    refuse_known(&tx, viewer, &row).await?;
    let id = row.id;
    let sides = named.iter().copied().chain([issuer.id]);
    let audience = Audience::of(sides).or_public(kind == document::Kind::Directive);
    let data = json!({ "version": 1, "after": { "issuerId": issuer.id.to_string(),
        "number": row.number, "symbol": row.symbol, "issuedOn": row.issued_on, "kind": row.kind,
        "force": row.force, "title": row.title,
        "namedPartyIds": named.iter().map(ToString::to_string).collect::<Vec<_>>() } });
    tx.log(Draft { audience, ..Draft::public("DOCUMENT_DEFINED", id, data) });
    row.into_active_model().insert(&*tx).await?;
    let named = named
        .into_iter()
        .map(|party| document_party::ActiveModel { document_id: Set(id), party_id: Set(party) });
    document_party::Entity::insert_many(named).exec_without_returning(&*tx).await?;
    tx.done(id).await
}

/// A document is entered once. Whoever may enter it sees all papers of its issuer, so that the
/// answer tells nothing new.
async fn refuse_known(tx: &Tx, viewer: &Viewer, new: &document::Model) -> Result<()> {
    let same = read::visible_to(viewer)
        .filter(document::Column::IssuerId.eq(new.issuer_id))
        .filter(document::Column::Number.eq(new.number.as_str()))
        .filter(document::Column::Symbol.eq(new.symbol.as_str()))
        .filter(document::Column::IssuedOn.eq(new.issued_on));
    match same.one(&**tx).await? {
        Some(known) => {
            let what = format!("{}/{}", known.number, known.symbol);
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at("reference");
            Err(refusal.with("what", what).object(known.id).into())
        }
        None => Ok(()),
    }
}
