//! Selecting documents.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    document, document_party,
    id::{DocumentId, PartyId},
    party,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select, prelude::Expr,
};

use super::{graphql::DocumentByReference, rules};
use crate::{
    app::App,
    authz::Viewer,
    domain::reach::read as reach,
    error::{Error, Result},
    graphql::context::{Reader, loader, many},
};

/// Directives, and of the other papers those of the viewer's own side or that name it. An
/// authority is named where its predecessor was, so that "if named" covers it.
pub fn visible_to(viewer: &Viewer) -> Select<document::Entity> {
    let all = document::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let named = document_party::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(
            Expr::col(document_party::Column::DocumentId.as_column_ref())
                .eq(Expr::col(document::Column::Id.as_column_ref())),
        )
        .filter(reach::owns(viewer, document_party::Column::PartyId));
    all.filter(
        Condition::any()
            .add(document::Column::Kind.eq(document::Kind::Directive))
            .add(reach::owns(viewer, document::Column::IssuerId))
            .add(Expr::exists(named.into_query())),
    )
}

loader!(DocumentById(DocumentId): document by id);

/// The one document with this head, if the viewer may see it.
pub async fn by_reference(
    app: &App,
    viewer: &Viewer,
    by: &DocumentByReference,
) -> Result<Option<document::Model>> {
    let Ok(reference) = rules::reference("reference", &by.reference) else {
        return Ok(None);
    };
    let issuer = document::Entity::belongs_to(party::Entity)
        .from(document::Column::IssuerId)
        .to(party::Column::Id);
    let row = visible_to(viewer)
        .join(JoinType::InnerJoin, issuer.into())
        .filter(party::Column::Code.eq(by.issuer_code.as_str()))
        .filter(document::Column::Number.eq(reference.number))
        .filter(document::Column::Symbol.eq(reference.symbol))
        .filter(document::Column::IssuedOn.eq(by.issued_on.0))
        .one(app.db.reader())
        .await?;
    Ok(row)
}

/// The parties that a document names; asked only of documents that the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartiesOfDocument(pub DocumentId);

impl Loader<PartiesOfDocument> for Reader {
    type Value = Vec<PartyId>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PartiesOfDocument],
    ) -> Result<HashMap<PartiesOfDocument, Vec<PartyId>>> {
        let rows = document_party::Entity::find()
            .filter(document_party::Column::DocumentId.is_in(keys.iter().map(|key| key.0)))
            .all(self.app.db.reader())
            .await?;
        let groups = many(rows, |row| PartiesOfDocument(row.document_id));
        let ids = |rows: Vec<document_party::Model>| rows.into_iter().map(|row| row.party_id);
        Ok(groups.into_iter().map(|(key, rows)| (key, ids(rows).collect())).collect())
    }
}
