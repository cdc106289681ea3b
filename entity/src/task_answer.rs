//! How one party that was asked answered a task.

use sea_orm::entity::prelude::*;

use crate::{
    id::{PartyId, TaskAnswerId, TaskId},
    text_enum,
};

text_enum!(State { InProgress, Done, Declined });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskAnswerId,
    pub task_id: TaskId,
    /// The party that was asked.
    pub party_id: PartyId,
    /// The party that answered: itself or its successor.
    pub answered_by_id: PartyId,
    pub state: State,
    pub text: String,
    pub answered_at: DateTimeUtc,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
