//! A system that acts for a party. The secret is shown once; the row keeps its hash.

use ipnet::IpNet;
use sea_orm::entity::prelude::*;

use crate::{
    id::{ApiTokenId, MemberId, PartyId},
    json_set,
    member::Role,
    text_enum,
};

text_enum!(Scope {
    /// See what the party sees; every token has it.
    Read,
    /// Record and reverse, raise needs, answer notes.
    Record,
    /// Confirm, dispute, receipt.
    Verify,
    /// Propose, accept, amend, close, answer tasks, enter letters and agreements.
    Commit,
    /// The coordinator's registry.
    Registry,
    /// Mandates, members and tokens of the party.
    Admin,
    /// The party's subgraph.
    Publish,
});

json_set!(Scopes of Scope);

json_set!(
    /// Networks of either kind, such as `203.0.113.0/24`.
    Networks of IpNet
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiTokenId,
    pub party_id: PartyId,
    pub label: String,
    pub role: Role,
    #[sea_orm(column_type = "Json")]
    pub scopes: Scopes,
    /// Where it works from; everywhere if there are none.
    #[sea_orm(column_type = "Json")]
    pub networks: Networks,
    /// Whether it runs persisted operations and nothing else.
    pub persisted_only: bool,
    /// The first characters of the secret, to recognise it by.
    pub hint: String,
    /// SHA-256 of the whole token, lower-case hexadecimal.
    pub hash: String,
    /// The member who issued it; null when a token or the operator did.
    pub issued_by_id: Option<MemberId>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    /// Written at most once an hour.
    pub last_used_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
