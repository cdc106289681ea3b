//! What goes in about operations: filters, orders, and the inputs of mutations.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::{id::PartyId, operation};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::graphql::{
    filter::{Filter, IdFilter, StringFilter, ids},
    paging::{By, Order},
};

/// How to name one operation (cách chỉ một thao tác): exactly one of these.
#[derive(OneofObject)]
pub enum OperationBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its name (tên thao tác).
    Name(String),
    /// By the hash of its document (mã văn bản): `sha256:` and 64 hexadecimal digits.
    DocumentId(String),
}

/// Which operations (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct OperationFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// The name (tên thao tác).
    pub name: Option<StringFilter>,
    /// Whether it may be called by its name (gọi được theo tên).
    pub callable: Option<bool>,
    /// Whether it is retired (đã ngừng dùng).
    pub retired: Option<bool>,
}

impl OperationFilter {
    pub fn condition(&self) -> Condition {
        let retired = operation::Column::RetiredAt;
        Condition::all()
            .add(ids::<PartyId>(&self.party, operation::Column::PartyId))
            .add(self.name.on(operation::Column::Name))
            .add_option(self.callable.map(|callable| operation::Column::Callable.eq(callable)))
            .add_option(self.retired.map(|is| match is {
                true => retired.is_not_null(),
                false => retired.is_null(),
            }))
    }
}

/// In which order operations come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum OperationOrder {
    /// By name (theo tên).
    #[default]
    Name,
    /// The latest first (mới nhất trước).
    Newest,
}

impl From<OperationOrder> for Order<operation::Entity> {
    fn from(order: OperationOrder) -> Self {
        match order {
            OperationOrder::Name => Self {
                column: operation::Column::Name,
                by: By::Text(|row: &operation::Model| row.name.clone()),
                descending: false,
            },
            // Ids begin with the instant at which they were made.
            OperationOrder::Newest => {
                Self { column: operation::Column::Id, by: By::Id, descending: true }
            }
        }
    }
}

/// A new persisted operation of your party (thao tác lưu sẵn mới).
#[derive(InputObject)]
pub struct RegisterOperationInput {
    /// What it is called by (tên thao tác): a letter, then at most 63 of letters, digits, `_` and
    /// `-`, and no name of a shared operation.
    pub name: String,
    /// The GraphQL text (văn bản) with exactly one operation, at most 32 KiB. It never changes.
    pub document: String,
    /// Whether it may be called as `/operations/{name}` (gọi được theo tên). Then it is no
    /// subscription, and a mutation has one root field and selects
    /// `userErrors { code message path }`.
    #[graphql(default)]
    pub callable: bool,
    /// The operation of your party's that it takes the place of (thay cho thao tác), which is
    /// retired in the same step; null where there is none.
    pub replaces_id: Option<ID>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// An operation that is no longer to be run (ngừng thao tác lưu sẵn).
#[derive(InputObject)]
pub struct RetireOperationInput {
    /// The operation (thao tác).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}
