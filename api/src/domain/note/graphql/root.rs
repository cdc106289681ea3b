//! Root fields about notes.

use async_graphql::{Context, Object};
use sea_orm::QueryFilter;

use super::{DoneNoteInput, Note, NoteFilter, NoteOrder, WriteNoteInput};
use crate::{
    domain::note::{read, write},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
    },
};

payload! {
    /// What `writeNote` answers.
    WriteNotePayload { note: Note } made
}

payload! {
    /// What `doneNote` answers.
    DoneNotePayload { note: Note } changed
}

#[derive(Default)]
pub struct NoteQuery;

#[Object]
impl NoteQuery {
    /// Notes that you may see (danh sách ghi chú): on what concerns you, addressed to you, or written
    /// by you; all of them for coordinator and leadership.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<NoteFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<NoteOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Note>> {
        let wanted = filter.unwrap_or_default().condition(ctx.viewer());
        let select = read::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Note).await
    }
}

#[derive(Default)]
pub struct NoteMutation;

#[Object]
impl NoteMutation {
    /// Writes a note on a need, a commitment or a delivery (viết ghi chú). For reporters of those
    /// whom it concerns and of the coordinator.
    async fn write_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note (nội dung).")] input: WriteNoteInput,
    ) -> Option<Result<WriteNotePayload>> {
        let key = key(ctx, input.idempotency_key);
        WriteNotePayload::of(write::write_note(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Says that nothing is left to do about a note, with an answer or without (hoàn thành ghi chú).
    /// For reporters of its addressee and of its writer.
    async fn done_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which note, and the answer (nội dung).")] input: DoneNoteInput,
    ) -> Option<Result<DoneNotePayload>> {
        DoneNotePayload::of(write::done_note(ctx.app(), ctx.viewer(), input).await)
    }
}
