//! What goes in about saved operations: filters, orders, and the inputs of mutations.

use async_graphql::{Enum, ID, InputObject};
use entity::{
    id::{MemberId, PartyId},
    saved_operation,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::super::read;
use crate::graphql::{
    filter::{IdFilter, ids, search},
    paging::{By, Order},
};

/// Which saved operations (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct SavedOperationFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// The start of any word of a title, without regard to case and diacritics (tìm theo tên).
    pub search: Option<String>,
    /// Whether it is shared with everybody (dùng chung).
    pub shared: Option<bool>,
    /// Whether you want it at hand (yêu thích).
    pub favourite: Option<bool>,
    /// Whether it was deleted (đã xóa). Left out means those that were not.
    pub deleted: Option<bool>,
}

impl SavedOperationFilter {
    pub fn condition(&self, member: Option<MemberId>) -> Condition {
        use saved_operation::Column;
        let deleted = match self.deleted {
            Some(true) => Column::DeletedAt.is_not_null(),
            Some(false) | None => Column::DeletedAt.is_null(),
        };
        Condition::all()
            .add(ids::<PartyId>(&self.party, Column::PartyId))
            .add(search(&self.search, Column::SearchKey))
            .add(deleted)
            .add_option(self.shared.map(|shared| Column::Shared.eq(shared)))
            .add_option(self.favourite.map(|is| read::is_favourite(member, is)))
    }
}

/// In which order saved operations come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum SavedOperationOrder {
    /// By title, without regard to case and diacritics (theo tên).
    #[default]
    Title,
    /// The latest first (mới nhất trước).
    Newest,
}

impl From<SavedOperationOrder> for Order<saved_operation::Entity> {
    fn from(order: SavedOperationOrder) -> Self {
        match order {
            SavedOperationOrder::Title => Self {
                column: saved_operation::Column::SearchKey,
                by: By::Text(|row: &saved_operation::Model| row.search_key.clone()),
                descending: false,
            },
            // Ids begin with the instant at which they were made.
            SavedOperationOrder::Newest => {
                Self { column: saved_operation::Column::Id, by: By::Id, descending: true }
            }
        }
    }
}

/// What is kept of an operation (nội dung thao tác đã lưu). There is no place for headers.
#[derive(InputObject)]
pub struct SavedContent {
    /// Its title in Vietnamese (tên tiếng Việt), at most 120 characters.
    pub title_vi: String,
    /// Its title in English (tên tiếng Anh), at most 120 characters.
    pub title_en: Option<String>,
    /// What it is for, in Vietnamese (mô tả), at most 2,000 characters.
    pub description_vi: Option<String>,
    /// What it is for, in English (mô tả tiếng Anh), at most 2,000 characters.
    pub description_en: Option<String>,
    /// The GraphQL text (văn bản) with exactly one operation that this schema knows, at most 32 KiB.
    pub document: String,
    /// The values that variables begin with (giá trị ban đầu): a JSON object of variables that the
    /// text declares, at most 8 KiB. Idempotency keys are left out of it; tokens, codes and personal
    /// numbers are refused.
    #[graphql(default_with = "\"{}\".to_owned()")]
    pub variables: String,
}

/// An operation to keep for your party (lưu thao tác).
#[derive(InputObject)]
pub struct SaveOperationInput {
    #[graphql(flatten)]
    pub content: SavedContent,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// A saved operation as it is to be (sửa thao tác đã lưu): what is left out is emptied.
#[derive(InputObject)]
pub struct ChangeSavedOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
    #[graphql(flatten)]
    pub content: SavedContent,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A saved operation that is no longer to be kept (xóa thao tác đã lưu).
#[derive(InputObject)]
pub struct DeleteSavedOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A saved operation to be shared with everybody (dùng chung thao tác đã lưu).
#[derive(InputObject)]
pub struct ShareSavedOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc): what you have read is what is shared.
    pub expected_version: i32,
}

/// A saved operation to be shared no longer (thôi dùng chung thao tác đã lưu).
#[derive(InputObject)]
pub struct UnshareSavedOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A saved operation that you want at hand (đánh dấu yêu thích). It changes your marks, not the
/// operation, so it takes no version.
#[derive(InputObject)]
pub struct FavouriteOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
}

/// A saved operation that you no longer want at hand (bỏ đánh dấu yêu thích).
#[derive(InputObject)]
pub struct UnfavouriteOperationInput {
    /// The saved operation (thao tác đã lưu).
    pub id: ID,
}
