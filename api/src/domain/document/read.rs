//! Selecting documents.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use entity::{
    document, document_party,
    id::{DocumentId, PartyId},
    party,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select, prelude::Expr,
};

use crate::{
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

/// What stands at the head of a document: at most one has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentByHead {
    pub issuer_code: String,
    pub number: String,
    pub symbol: String,
    pub issued_on: NaiveDate,
}

impl Loader<DocumentByHead> for Reader {
    type Value = document::Model;
    type Error = Error;

    /// All four are asked for one by one: what the statement finds is at most the documents that
    /// a few numbers have in common, and what it is asked for stays flat.
    async fn load(
        &self,
        keys: &[DocumentByHead],
    ) -> Result<HashMap<DocumentByHead, document::Model>> {
        use document::Column::{IssuedOn, IssuerId, Number, Symbol};
        let issuer =
            document::Entity::belongs_to(party::Entity).from(IssuerId).to(party::Column::Id);
        let codes = keys.iter().map(|key| key.issuer_code.as_str());
        let rows = visible_to(&self.viewer)
            .join(JoinType::InnerJoin, issuer.into())
            .select_also(party::Entity)
            .filter(party::Column::Code.is_in(codes))
            .filter(Number.is_in(keys.iter().map(|key| key.number.as_str())))
            .filter(Symbol.is_in(keys.iter().map(|key| key.symbol.as_str())))
            .filter(IssuedOn.is_in(keys.iter().map(|key| key.issued_on)))
            .all(self.app.db.reader())
            .await?;
        let keyed = rows.into_iter().filter_map(|(row, issuer)| {
            let (number, symbol) = (row.number.clone(), row.symbol.clone());
            let head = DocumentByHead {
                issuer_code: issuer?.code,
                number,
                symbol,
                issued_on: row.issued_on,
            };
            Some((head, row))
        });
        Ok(keyed.collect())
    }
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
