//! What goes in about subgraphs: filters, orders, and the inputs of mutations.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::{
    field_grant,
    id::{PartyId, SubgraphId},
    subgraph, subgraph_version, supergraph,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::object::SubgraphVersionStateFilter;
use crate::graphql::{
    filter::{Filter, IdFilter, StringFilter, ids},
    paging::{By, Order},
    payload::ErrorPolicy,
};

/// How to name one subgraph (cách chỉ một đồ thị con): exactly one of these.
#[derive(OneofObject)]
pub enum SubgraphBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its name (tên), among those that are not retired.
    Name(String),
}

/// Which subgraphs (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct SubgraphFilter {
    /// The party (bên).
    pub party: Option<IdFilter>,
    /// Whether it is retired (đã ngừng).
    pub retired: Option<bool>,
}

impl SubgraphFilter {
    pub fn condition(&self) -> Condition {
        let retired = subgraph::Column::RetiredAt;
        Condition::all().add(ids::<PartyId>(&self.party, subgraph::Column::PartyId)).add_option(
            self.retired.map(|is| match is {
                true => retired.is_not_null(),
                false => retired.is_null(),
            }),
        )
    }
}

/// In which order subgraphs come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum SubgraphOrder {
    /// By name (theo tên).
    #[default]
    Name,
}

impl From<SubgraphOrder> for Order<subgraph::Entity> {
    fn from(order: SubgraphOrder) -> Self {
        match order {
            SubgraphOrder::Name => Self {
                column: subgraph::Column::Name,
                by: By::Text(|row: &subgraph::Model| row.name.clone()),
                descending: false,
            },
        }
    }
}

/// Which versions (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct SubgraphVersionFilter {
    /// The subgraph (đồ thị con).
    pub subgraph: Option<IdFilter>,
    /// Where it stands (trạng thái).
    pub state: Option<SubgraphVersionStateFilter>,
}

impl SubgraphVersionFilter {
    pub fn condition(&self) -> Condition {
        Condition::all()
            .add(ids::<SubgraphId>(&self.subgraph, subgraph_version::Column::SubgraphId))
            .add(self.state.on(subgraph_version::Column::State))
    }
}

/// In which order versions come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum SubgraphVersionOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
}

impl From<SubgraphVersionOrder> for Order<subgraph_version::Entity> {
    fn from(order: SubgraphVersionOrder) -> Self {
        match order {
            // Ids begin with the instant at which they were made.
            SubgraphVersionOrder::Newest => {
                Self { column: subgraph_version::Column::Id, by: By::Id, descending: true }
            }
        }
    }
}

/// Which grants (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct FieldGrantFilter {
    /// The party that it is granted to (bên được cấp).
    pub party: Option<IdFilter>,
    /// Type and field, such as `Commune.code` (trường).
    pub coordinate: Option<StringFilter>,
    /// Whether it was taken back (đã thu hồi).
    pub revoked: Option<bool>,
}

impl FieldGrantFilter {
    pub fn condition(&self) -> Condition {
        let revoked = field_grant::Column::RevokedAt;
        Condition::all()
            .add(ids::<PartyId>(&self.party, field_grant::Column::PartyId))
            .add(self.coordinate.on(field_grant::Column::Coordinate))
            .add_option(self.revoked.map(|is| match is {
                true => revoked.is_not_null(),
                false => revoked.is_null(),
            }))
    }
}

/// In which order grants come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum FieldGrantOrder {
    /// By field (theo trường).
    #[default]
    Coordinate,
}

impl From<FieldGrantOrder> for Order<field_grant::Entity> {
    fn from(order: FieldGrantOrder) -> Self {
        match order {
            FieldGrantOrder::Coordinate => Self {
                column: field_grant::Column::Coordinate,
                by: By::Text(|row: &field_grant::Model| row.coordinate.clone()),
                descending: false,
            },
        }
    }
}

/// In which order composed graphs come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum SupergraphOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
}

impl From<SupergraphOrder> for Order<supergraph::Entity> {
    fn from(order: SupergraphOrder) -> Self {
        match order {
            SupergraphOrder::Newest => Self {
                column: supergraph::Column::Number,
                by: By::Int(|row: &supergraph::Model| row.number.into()),
                descending: true,
            },
        }
    }
}

/// A version that is to be checked and not published (phiên bản cần kiểm tra).
#[derive(InputObject)]
pub struct CheckSubgraphInput {
    /// Whose subgraph it is (bên): your own party or a predecessor of it.
    pub party_id: ID,
    /// Where it is asked (địa chỉ), such as `https://graph.example.vn/graphql`.
    pub url: String,
    /// Its schema (lược đồ) as a Federation 2 subgraph, at most 204,800 bytes.
    pub sdl: String,
    /// Whether it may take away what is not in use (cho phép thay đổi phá vỡ).
    #[graphql(default)]
    pub allow_breaking: bool,
}

/// A version of a subgraph (phiên bản cần công bố).
#[derive(InputObject)]
pub struct PublishSubgraphInput {
    /// Whose subgraph it is (bên): your own party or a predecessor of it.
    pub party_id: ID,
    /// Where it is asked (địa chỉ), such as `https://graph.example.vn/graphql`.
    pub url: String,
    /// Its schema (lược đồ) as a Federation 2 subgraph, at most 204,800 bytes.
    pub sdl: String,
    /// Whether it may take away what is not in use (cho phép thay đổi phá vỡ). What an operation uses
    /// that was run in the last 30 days stays in any case.
    #[graphql(default)]
    pub allow_breaking: bool,
    /// The version of the subgraph this is based on (phiên bản đã đọc); 0 for the first.
    pub expected_version: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// What the coordinator decides on a version (quyết định).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubgraphDecision {
    /// All that it needs is approved, and it is served (phê duyệt).
    Approve,
    /// It is not served (từ chối).
    Decline,
}

/// A decision on the version that waits (quyết định về phiên bản đang chờ).
#[derive(InputObject)]
pub struct ApproveSubgraphInput {
    /// The subgraph (đồ thị con).
    pub id: ID,
    /// What is decided (quyết định).
    pub decision: SubgraphDecision,
    /// Why it is declined (lý do), at most 2,000 characters; needed for that alone.
    pub reason: Option<String>,
    /// The version of the subgraph this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A subgraph that is to be no part of the graph any more (ngừng đồ thị con).
#[derive(InputObject)]
pub struct RetireSubgraphInput {
    /// The subgraph (đồ thị con).
    pub id: ID,
    /// The version of the subgraph this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// A field that is granted to a party (quyền đọc một trường).
#[derive(InputObject)]
pub struct GrantFieldInput {
    /// The party (bên được cấp); it has a prefix.
    pub party_id: ID,
    /// Type and field, such as `Commune.code` (trường): one whose value is public and the same for
    /// everybody.
    pub coordinate: String,
}

/// Fields that are granted (các quyền đọc trường).
#[derive(InputObject)]
pub struct GrantFieldsInput {
    /// The grants (các quyền), 1 to 500.
    pub grants: Vec<GrantFieldInput>,
    /// Judges every row and changes nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do where rows are refused (cách xử lý khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// A grant that is taken back (thu hồi quyền đọc).
#[derive(InputObject)]
pub struct RevokeGrantInput {
    /// The grant (quyền đọc).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// An earlier graph to go back to (quay lại đồ thị trước).
#[derive(InputObject)]
pub struct RollBackSupergraphInput {
    /// The number of that graph (số thứ tự).
    pub number: i32,
    /// The number of the graph that is served, which this is based on (số đang phục vụ).
    pub expected_number: i32,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}
