//! A document that a commitment rests on.

use sea_orm::entity::prelude::*;

use crate::id::{CommitmentId, DocumentId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub commitment_id: CommitmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: DocumentId,
}

impl ActiveModelBehavior for ActiveModel {}
