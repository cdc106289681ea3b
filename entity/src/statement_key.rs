//! A key that statements to partners are signed with. One is in use; those before it are kept for
//! whoever still verifies with them.

use sea_orm::entity::prelude::*;

use crate::id::StatementKeyId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatementKeyId,
    /// The 32 bytes of an Ed25519 public key, base64url.
    pub public_key: String,
    /// The 32 bytes that the private key is made of, base64url; gone once it is retired.
    pub secret: Option<String>,
    pub created_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
