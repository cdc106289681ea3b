//! Tasks and their answers on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object};
use entity::{
    id::{PartyId, TaskId},
    task, task_answer,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    read::{self, TaskById, answer::AnswersToTask},
    write,
};
use crate::{
    authz::Viewer,
    domain::{
        document::{
            self,
            graphql::{Document, DocumentFilter},
        },
        party::{
            graphql::{Party, PartyKind, PartyKindFilter},
            read as parties,
        },
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{Filter, IdFilter, ids, nothing, row_enum},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::{Date, DateTime},
    },
    refusal::Language,
};

row_enum! {
    /// How a party that was asked stands to a task (tình trạng thực hiện).
    TaskState, TaskStateFilter = task_answer::State {
        /// It is at work (đang thực hiện).
        InProgress,
        /// It has done it (đã hoàn thành).
        Done,
        /// It will not do it (không thực hiện), with its reason.
        Declined,
    }
}

/// What a document asks of one party or of every party of a kind (nhiệm vụ).
#[derive(Description)]
pub struct Task(pub task::Model);

impl Task {
    /// Batched lookup shared by payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: TaskId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(TaskById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Task {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The document that asks it (văn bản).
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        Document::find(ctx, self.0.document_id).await
    }

    /// Its place among the tasks of the document, from 1 (thứ tự).
    async fn ordinal(&self) -> i32 {
        self.0.ordinal
    }

    /// What is asked (nội dung); in English only where a translation is known.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        match language.unwrap_or_else(|| ctx.language()) {
            Language::En => self.0.text_en.as_deref().unwrap_or(&self.0.text),
            Language::Vi => &self.0.text,
        }
    }

    /// Day by which it is to be done (thời hạn); null if the document names none.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// The party that is asked (bên được giao); null if a kind of party is.
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id?).await
    }

    /// The kind of party that is asked (loại bên được giao); null if one party is.
    async fn party_kind(&self) -> Option<PartyKind> {
        self.0.party_kind.map(Into::into)
    }

    /// The answers that you may see, one per party, oldest first (trả lời). A party without one
    /// has not answered yet.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<TaskAnswer>> {
        let rows = ctx.reader().load_one(AnswersToTask(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(TaskAnswer).collect())
    }

    /// Counts the changes of this object (phiên bản); answers have versions of their own.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// How one party answered a task (trả lời về nhiệm vụ).
#[derive(Description)]
pub struct TaskAnswer(pub task_answer::Model);

#[Object(use_type_description)]
impl TaskAnswer {
    /// The party that was asked (bên được giao).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// Who answered for it (bên trả lời): itself or a successor.
    async fn answered_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.answered_by_id).await
    }

    /// How it stands (tình trạng).
    async fn state(&self) -> TaskState {
        self.0.state.into()
    }

    /// In its own words (nội dung); may be empty.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it answered last (thời điểm).
    async fn answered_at(&self) -> DateTime {
        DateTime(self.0.answered_at)
    }

    /// Counts the changes of this answer (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Which tasks (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct TaskFilter {
    /// The document that asks (văn bản); only documents that you may see count.
    pub document: Option<DocumentFilter>,
    /// A party that is asked, by name or by its kind (bên được giao, đích danh hoặc theo loại).
    pub asks: Option<ID>,
    /// The party that is asked by name (bên được giao đích danh).
    pub party: Option<IdFilter>,
    /// The kind of party that is asked (loại bên được giao).
    pub party_kind: Option<PartyKindFilter>,
}

impl TaskFilter {
    fn condition(&self, viewer: &Viewer) -> Condition {
        use task::Column;
        let mut all = Condition::all()
            .add(ids::<PartyId>(&self.party, Column::PartyId))
            .add(self.party_kind.on(Column::PartyKind));
        if let Some(asked) = &self.asks {
            all = all.add(asks(viewer, asked));
        }
        let Some(document) = &self.document else { return all };
        let documents = document::read::visible_to(viewer)
            .filter(document.condition(viewer))
            .select_only()
            .column(entity::document::Column::Id);
        all.add(Column::DocumentId.in_subquery(documents.into_query()))
    }
}

/// That a task asks a party, by name or by its kind.
fn asks(viewer: &Viewer, party: &ID) -> Condition {
    let Ok(party) = party.parse::<PartyId>() else { return nothing() };
    let kind = parties::visible_to(viewer)
        .filter(entity::party::Column::Id.eq(party))
        .select_only()
        .column(entity::party::Column::Kind);
    Condition::any()
        .add(task::Column::PartyId.eq(party))
        .add(task::Column::PartyKind.in_subquery(kind.into_query()))
}

/// In which order tasks come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskOrder {
    /// As they were entered (theo thứ tự nhập).
    #[default]
    Entered,
}

impl From<TaskOrder> for Order<task::Entity> {
    fn from(order: TaskOrder) -> Self {
        match order {
            TaskOrder::Entered => Self { column: task::Column::Id, by: By::Id, descending: false },
        }
    }
}

/// A new task (nhiệm vụ mới) of a directive.
#[derive(InputObject)]
pub struct DefineTaskInput {
    /// The document that asks it (văn bản).
    pub document_id: ID,
    /// What is asked (nội dung), at most 2,000 characters.
    pub text: String,
    /// The same in English (nội dung tiếng Anh), at most 2,000 characters.
    pub text_en: Option<String>,
    /// Day by which it is to be done (thời hạn).
    pub due_on: Option<Date>,
    /// The party that is asked (bên được giao); this or `partyKind`.
    pub party_id: Option<ID>,
    /// The kind of party that is asked (loại bên được giao); this or `partyId`.
    pub party_kind: Option<PartyKind>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// An answer to a task (trả lời về nhiệm vụ): the first, or in place of the last one.
#[derive(InputObject)]
pub struct AnswerTaskInput {
    /// The task (nhiệm vụ).
    pub task_id: ID,
    /// The party that was asked (bên được giao): your own or a predecessor of it.
    pub party_id: ID,
    /// How it stands (tình trạng).
    pub state: TaskState,
    /// In your own words (nội dung), at most 2,000 characters.
    #[graphql(default)]
    pub text: String,
    /// The version of the party's answer this is based on (phiên bản đã đọc); 0 for the first.
    pub expected_version: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

payload! {
    /// What `defineTask` answers.
    DefineTaskPayload { task: Task } made
}

payload! {
    /// What `answerTask` answers.
    AnswerTaskPayload { task: Task } made
}

#[derive(Default)]
pub struct TaskQuery;

#[Object]
impl TaskQuery {
    /// Tasks of the documents that you may see (danh sách nhiệm vụ).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<TaskFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<TaskOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Task>> {
        let wanted = filter.unwrap_or_default().condition(ctx.viewer());
        let select = read::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Task).await
    }
}

#[derive(Default)]
pub struct TaskMutation;

#[Object]
impl TaskMutation {
    /// Enters what a document asks (thêm nhiệm vụ). For managers of the coordinator.
    async fn define_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task (nội dung).")] input: DefineTaskInput,
    ) -> Option<Result<DefineTaskPayload>> {
        let key = key(ctx, input.idempotency_key);
        DefineTaskPayload::of(write::define_task(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Answers a task for a party that was asked (trả lời về nhiệm vụ). For managers of that party
    /// or of its successor.
    async fn answer_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer (nội dung).")] input: AnswerTaskInput,
    ) -> Option<Result<AnswerTaskPayload>> {
        let key = key(ctx, input.idempotency_key);
        AnswerTaskPayload::of(write::answer_task(ctx.app(), ctx.viewer(), input, key).await)
    }
}
