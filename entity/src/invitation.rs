//! A one-use code that makes whoever signs in with it a member.

use sea_orm::entity::prelude::*;

use crate::{
    id::{InvitationId, MemberId, PartyId},
    member::Role,
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub party_id: PartyId,
    pub invited_by_id: PartyId,
    pub role: Role,
    pub label: String,
    /// SHA-256 of the code, lower-case hexadecimal.
    pub code_hash: String,
    /// Whether a manager of the party still has to approve it.
    pub awaits_approval: bool,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub accepted_at: Option<DateTimeUtc>,
    pub member_id: Option<MemberId>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
