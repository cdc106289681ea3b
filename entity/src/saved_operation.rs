//! An operation that a party keeps to run by hand, with its titles and the values it begins with;
//! shared with everybody who is signed in, or the party's alone.

use sea_orm::entity::prelude::*;

use crate::{
    id::{PartyId, SavedOperationId},
    operation::Kind,
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_operation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedOperationId,
    pub party_id: PartyId,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub description_vi: Option<String>,
    pub description_en: Option<String>,
    /// Both titles, folded for search and for the order of a list.
    pub search_key: String,
    pub document: String,
    pub kind: Kind,
    /// A JSON object with the values that some of the variables begin with.
    pub variables: String,
    pub shared: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
