//! How much of an activity a commune lacks, by when.

use sea_orm::entity::prelude::*;

use crate::{
    id::{ActivityKindId, NeedId, PartyId, PlaceId},
    text_enum,
};

text_enum!(Status { Open, Withdrawn });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "need")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NeedId,
    pub commune_id: PlaceId,
    pub activity_id: ActivityKindId,
    /// In units of 10^−precision.
    pub quantity: i64,
    /// The activity's, which never changes.
    pub precision: i32,
    pub due_on: Date,
    /// In the commune's own words; may be empty.
    pub text: String,
    pub status: Status,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// The authority whose need it is; `entered_by_id` may be its agent.
    pub raised_by_id: PartyId,
    pub entered_by_id: PartyId,
    pub external_reference: Option<String>,
    pub raised_at: DateTimeUtc,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
