//! A person (issuer and opaque subject) who acts for a party.

use sea_orm::entity::prelude::*;

use crate::{
    id::{MemberId, PartyId},
    text_enum,
};

text_enum!(
    /// What a member or token may do; each role may all that the one before it may.
    Role { Viewer, Reporter, Manager }
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub party_id: PartyId,
    pub issuer: String,
    pub subject: String,
    pub role: Role,
    /// What the party calls this member: an office, not a person's data.
    pub label: String,
    pub joined_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
