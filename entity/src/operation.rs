//! A persisted operation of a party: a text that never changes, under a name of the party's.

use sea_orm::entity::prelude::*;

use crate::{
    id::{OperationId, PartyId},
    text_enum,
};

text_enum!(Kind { Query, Mutation, Subscription });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OperationId,
    pub party_id: PartyId,
    pub name: String,
    /// SHA-256 of the document, lower-case hexadecimal.
    pub hash: String,
    pub document: String,
    pub kind: Kind,
    /// Whether it may be called as `/operations/{name}`.
    pub callable: bool,
    pub created_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
