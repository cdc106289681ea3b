//! Saved operations on the graph.

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use entity::{id::SavedOperationId, saved_operation};
use sea_orm::QueryFilter;

use super::{
    read::{self, IsFavourite, OwnOperationByHash, SavedOperationById},
    write,
};
use crate::{
    authz::Action,
    domain::{
        operation::graphql::{Operation, OperationKind},
        party::graphql::Party,
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
        scalar::DateTime,
    },
    refusal::Language,
    tx::sha256,
};

mod input;

pub use input::{
    ChangeSavedOperationInput, DeleteSavedOperationInput, FavouriteOperationInput,
    SaveOperationInput, SavedContent, SavedOperationFilter, SavedOperationOrder,
    ShareSavedOperationInput, UnfavouriteOperationInput, UnshareSavedOperationInput,
};

/// What you may do with a saved operation now (quyền thao tác).
#[derive(SimpleObject)]
pub struct SavedOperationCan {
    /// Change or delete it (sửa, xóa).
    change: bool,
    /// Share it with everybody (dùng chung).
    share: bool,
    /// Share it no longer (thôi dùng chung).
    unshare: bool,
    /// Want it at hand, or no longer (đánh dấu yêu thích).
    favourite: bool,
    /// Register its text as a persisted operation of your party (đăng ký thành thao tác lưu sẵn).
    register: bool,
}

/// An operation that a party keeps to run by hand (thao tác đã lưu). Nothing runs because it is kept.
#[derive(Description)]
pub struct SavedOperation(pub saved_operation::Model);

impl SavedOperation {
    /// Batched lookup shared by `node` and payloads.
    pub async fn find(ctx: &Context<'_>, id: SavedOperationId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(SavedOperationById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl SavedOperation {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party that keeps it (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// Its title (tên); in Vietnamese where there is none in the language.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        match language.unwrap_or_else(|| ctx.language()) {
            Language::Vi => &self.0.title_vi,
            Language::En => self.0.title_en.as_deref().unwrap_or(&self.0.title_vi),
        }
    }

    /// Its title in Vietnamese (tên tiếng Việt).
    async fn title_vi(&self) -> &str {
        &self.0.title_vi
    }

    /// Its title in English (tên tiếng Anh); null if there is none.
    async fn title_en(&self) -> Option<&str> {
        self.0.title_en.as_deref()
    }

    /// What it is for, in Vietnamese (mô tả); null if nothing was said.
    async fn description_vi(&self) -> Option<&str> {
        self.0.description_vi.as_deref()
    }

    /// What it is for, in English (mô tả tiếng Anh); null if nothing was said.
    async fn description_en(&self) -> Option<&str> {
        self.0.description_en.as_deref()
    }

    /// The GraphQL text (văn bản).
    async fn document(&self) -> &str {
        &self.0.document
    }

    /// What it does (loại thao tác).
    async fn kind(&self) -> OperationKind {
        self.0.kind.into()
    }

    /// The values that variables begin with (giá trị ban đầu), as the text of a JSON object.
    async fn variables(&self) -> &str {
        &self.0.variables
    }

    /// Whether everybody who is signed in sees it (dùng chung).
    async fn shared(&self) -> bool {
        self.0.shared
    }

    /// Whether you want it at hand (yêu thích); false for a token.
    async fn favourite(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.reader().load_one(IsFavourite(self.0.id)).await?.is_some())
    }

    /// The persisted operation of your party with the same text (thao tác lưu sẵn cùng văn bản); null
    /// if there is none that is not retired.
    async fn registered(&self, ctx: &Context<'_>) -> Option<Result<Operation>> {
        let same = OwnOperationByHash(sha256(&self.0.document));
        let row = ctx.reader().load_one(same).await.transpose()?;
        Some(row.map(Operation))
    }

    /// When it was saved (thời điểm lưu).
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was changed last (thời điểm sửa gần nhất).
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// When it was deleted (thời điểm xóa); null while it is kept.
    async fn deleted_at(&self) -> Option<DateTime> {
        self.0.deleted_at.map(DateTime)
    }

    /// What you may do with it now (quyền thao tác).
    async fn viewer_can(&self, ctx: &Context<'_>) -> SavedOperationCan {
        let is_kept = self.0.deleted_at.is_none();
        let may = |action| is_kept && ctx.viewer().require(action).is_ok();
        let shares = may(Action::ShareSavedOperation);
        SavedOperationCan {
            change: may(Action::ChangeSavedOperation { party: self.0.party_id }),
            share: shares && !self.0.shared,
            unshare: shares && self.0.shared,
            favourite: may(Action::FavouriteOperation),
            register: may(Action::RegisterOperation),
        }
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

payload! {
    /// What `saveOperation` answers.
    SaveOperationPayload { saved_operation: SavedOperation } made
}

payload! {
    /// What `changeSavedOperation` answers.
    ChangeSavedOperationPayload { saved_operation: SavedOperation } changed
}

payload! {
    /// What `deleteSavedOperation` answers.
    DeleteSavedOperationPayload { saved_operation: SavedOperation } changed
}

payload! {
    /// What `shareSavedOperation` answers.
    ShareSavedOperationPayload { saved_operation: SavedOperation } changed
}

payload! {
    /// What `unshareSavedOperation` answers.
    UnshareSavedOperationPayload { saved_operation: SavedOperation } changed
}

payload! {
    /// What `favouriteOperation` answers.
    FavouriteOperationPayload { saved_operation: SavedOperation } changed
}

payload! {
    /// What `unfavouriteOperation` answers.
    UnfavouriteOperationPayload { saved_operation: SavedOperation } changed
}

#[derive(Default)]
pub struct SavedOperationQuery;

#[Object]
impl SavedOperationQuery {
    /// Saved operations of your party and those shared with everybody (danh sách thao tác đã lưu); of
    /// all parties for the coordinator's managers; none for who is not signed in.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn saved_operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<SavedOperationFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<SavedOperationOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<SavedOperation>> {
        let viewer = ctx.viewer();
        let filter = filter.unwrap_or_default().condition(viewer.member());
        let select = read::visible_to(viewer).filter(filter);
        let page = Page { first, after, last, before };
        let order = order_by.unwrap_or_default().into();
        paging::page(&ctx.app().db, select, order, page, SavedOperation).await
    }
}

#[derive(Default)]
pub struct SavedOperationMutation;

#[Object]
impl SavedOperationMutation {
    /// Keeps an operation for your party (lưu thao tác). For its reporters and managers. To promote
    /// it, a manager sends its `document` to `registerOperation` under a name.
    async fn save_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The operation (nội dung).")] input: SaveOperationInput,
    ) -> Option<Result<SaveOperationPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::save_operation(ctx.app(), ctx.viewer(), input, key).await;
        SaveOperationPayload::of(done)
    }

    /// Changes a saved operation (sửa thao tác đã lưu). For reporters and managers of its party. It
    /// is then no longer shared, unless the coordinator's managers change it.
    async fn change_saved_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and how it is to be (nội dung).")]
        input: ChangeSavedOperationInput,
    ) -> Option<Result<ChangeSavedOperationPayload>> {
        let done = write::change_saved_operation(ctx.app(), ctx.viewer(), input).await;
        ChangeSavedOperationPayload::of(done)
    }

    /// Deletes a saved operation (xóa thao tác đã lưu): it is in no list any more unless its party
    /// asks for what it deleted. For reporters and managers of its party.
    async fn delete_saved_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: DeleteSavedOperationInput,
    ) -> Option<Result<DeleteSavedOperationPayload>> {
        let done = write::delete_saved_operation(ctx.app(), ctx.viewer(), input).await;
        DeleteSavedOperationPayload::of(done)
    }

    /// Shares a saved operation with everybody who is signed in (dùng chung thao tác đã lưu). For the
    /// coordinator's managers.
    async fn share_saved_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: ShareSavedOperationInput,
    ) -> Option<Result<ShareSavedOperationPayload>> {
        let done = write::share_saved_operation(ctx.app(), ctx.viewer(), input).await;
        ShareSavedOperationPayload::of(done)
    }

    /// Shares a saved operation no longer (thôi dùng chung thao tác đã lưu). For the coordinator's
    /// managers.
    async fn unshare_saved_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: UnshareSavedOperationInput,
    ) -> Option<Result<UnshareSavedOperationPayload>> {
        let done = write::unshare_saved_operation(ctx.app(), ctx.viewer(), input).await;
        UnshareSavedOperationPayload::of(done)
    }

    /// Marks a saved operation as one that you want at hand (đánh dấu yêu thích). For every member;
    /// not for a token.
    async fn favourite_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: FavouriteOperationInput,
    ) -> Option<Result<FavouriteOperationPayload>> {
        let done = write::favourite_operation(ctx.app(), ctx.viewer(), input).await;
        FavouriteOperationPayload::of(done)
    }

    /// Takes that mark away (bỏ đánh dấu yêu thích). For every member; not for a token.
    async fn unfavourite_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: UnfavouriteOperationInput,
    ) -> Option<Result<UnfavouriteOperationPayload>> {
        let done = write::unfavourite_operation(ctx.app(), ctx.viewer(), input).await;
        UnfavouriteOperationPayload::of(done)
    }
}
