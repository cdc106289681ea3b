//! What binds somebody: directive, agreement, minutes, a party's own letter.

use sea_orm::entity::prelude::*;

use crate::{
    id::{DocumentId, PartyId},
    text_enum,
};

text_enum!(Kind {
    /// Public; the coordinator enters it.
    Directive,
    Agreement,
    Minutes,
    Letter,
});

text_enum!(Force { Assigns, Requests, Agrees });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    pub issuer_id: PartyId,
    /// As printed before the symbol: `1431`, `09/2019`.
    pub number: String,
    /// Type and issuer: `QĐ-UBND`, `UBND-VXNV`.
    pub symbol: String,
    pub issued_on: Date,
    pub kind: Kind,
    pub force: Force,
    pub title: String,
    /// Folded reference and title, for word-start search.
    pub search_key: String,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
