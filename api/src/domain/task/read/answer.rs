//! Selecting answers to tasks: those of the viewer's own side, and all of them for coordinator and
//! leadership, each with a task that the viewer sees.

use entity::{id::TaskId, task, task_answer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{authz::Viewer, domain::reach::read as reach, graphql::context::loader};

pub fn visible_to(viewer: &Viewer) -> Select<task_answer::Entity> {
    let tasks = super::visible_to(viewer).select_only().column(task::Column::Id);
    let all = task_answer::Entity::find()
        .filter(task_answer::Column::TaskId.in_subquery(tasks.into_query()));
    match viewer.oversees() {
        true => all,
        false => all.filter(reach::owns(viewer, task_answer::Column::PartyId)),
    }
}

loader!(AnswersToTask(TaskId): each task_answer by task_id in answered_at);
