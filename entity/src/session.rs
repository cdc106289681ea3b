//! Somebody who is signed in at the console. The secret is the browser's; the row keeps its hash.

use sea_orm::entity::prelude::*;

use crate::id::{PartyId, SessionId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// SHA-256 of the whole secret, lower-case hexadecimal.
    #[sea_orm(unique)]
    pub hash: String,
    pub issuer: String,
    pub subject: String,
    /// The party that was chosen, whether or not the person is still a member of it.
    pub party_id: Option<PartyId>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// The party that is looked at through its own eyes, with why and until when.
    pub viewed_party_id: Option<PartyId>,
    pub view_reason: Option<String>,
    pub view_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
