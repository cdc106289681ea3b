//! Selecting tasks: those of documents that the viewer sees.

use entity::{
    document,
    id::{DocumentId, TaskId},
    task,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{authz::Viewer, domain::document::read as documents, graphql::context::loader};

pub mod answer;

pub fn visible_to(viewer: &Viewer) -> Select<task::Entity> {
    let documents = documents::visible_to(viewer).select_only().column(document::Column::Id);
    task::Entity::find().filter(task::Column::DocumentId.in_subquery(documents.into_query()))
}

loader!(TaskById(TaskId): task by id);
loader!(TasksOfDocument(DocumentId): each task by document_id in ordinal);
