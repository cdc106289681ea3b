//! Parties that a document names, beside its issuer.

use sea_orm::entity::prelude::*;

use crate::id::{DocumentId, PartyId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: DocumentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub party_id: PartyId,
}

impl ActiveModelBehavior for ActiveModel {}
