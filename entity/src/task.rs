//! What a document asks of one party, or of every party of a kind.

use sea_orm::entity::prelude::*;

use crate::{
    id::{DocumentId, PartyId, TaskId},
    party,
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub document_id: DocumentId,
    /// Its place among the tasks of the document, from 1.
    pub ordinal: i32,
    pub text: String,
    pub text_en: Option<String>,
    pub due_on: Option<Date>,
    /// Exactly one of `party_id` and `party_kind` is set.
    pub party_id: Option<PartyId>,
    pub party_kind: Option<party::Kind>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
