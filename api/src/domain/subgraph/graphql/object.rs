//! Subgraphs, their versions, grants, and graphs as objects of the graph.

use async_graphql::{Context, Description, Enum, ID, Object};
use entity::{
    field_grant,
    id::{FieldGrantId, SubgraphId, SubgraphVersionId, SupergraphId},
    subgraph, subgraph_approval,
    subgraph_version::{self, State},
    supergraph,
};

use super::check::{SchemaChange, SubgraphApprovalKind, SubgraphApprovalNeed, changes, needs};
use crate::{
    domain::{
        member::graphql::Member,
        party::graphql::Party,
        subgraph::read::{
            ApprovalsOfSubgraph, PartsOfSupergraph, ReadsOfVersion, SdlOfVersion, SubgraphById,
            VersionInState, grants::GrantById, supergraphs::SupergraphById, versions::VersionById,
        },
    },
    error::Result,
    graphql::{context::ContextExt, filter::row_enum, scalar::DateTime},
};

row_enum! {
    /// Where a version stands (trạng thái của phiên bản).
    SubgraphVersionState, SubgraphVersionStateFilter = State {
        /// The coordinator has to approve something of it (chờ phê duyệt).
        AwaitingApproval,
        /// Part of the graph that is served (đang phục vụ).
        Live,
        /// Another version took its place, or the graph went back to one without it (đã được thay thế).
        Replaced,
        /// The coordinator declined it (đã bị từ chối).
        Declined,
        /// Another version was published, or the subgraph retired, while it waited (đã rút).
        Withdrawn,
        /// The subgraph was retired while it was live (đã ngừng).
        Retired,
    }
}

/// A part of the federated graph that a party runs (đồ thị con).
#[derive(Description)]
pub struct Subgraph(pub subgraph::Model);

impl Subgraph {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: SubgraphId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(SubgraphById(id)).await.transpose()?;
        Some(row.map(Self))
    }

    async fn in_state(&self, ctx: &Context<'_>, state: State) -> Option<Result<SubgraphVersion>> {
        let row = ctx.reader().load_one(VersionInState(self.0.id, state)).await.transpose()?;
        Some(row.map(SubgraphVersion))
    }
}

#[Object(use_type_description)]
impl Subgraph {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party that runs it (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// What routers know it by (tên): the party's prefix.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The version that is part of the served graph (phiên bản đang phục vụ); null if there is none.
    async fn live(&self, ctx: &Context<'_>) -> Option<Result<SubgraphVersion>> {
        self.in_state(ctx, State::Live).await
    }

    /// The version that waits for the coordinator (phiên bản chờ phê duyệt); null if there is none.
    async fn waiting(&self, ctx: &Context<'_>) -> Option<Result<SubgraphVersion>> {
        self.in_state(ctx, State::AwaitingApproval).await
    }

    /// What the coordinator has approved of it (các mục đã phê duyệt).
    async fn approvals(&self, ctx: &Context<'_>) -> Result<Vec<SubgraphApproval>> {
        let rows = ctx.reader().load_one(ApprovalsOfSubgraph(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(SubgraphApproval).collect())
    }

    /// When its first version was published (thời điểm tạo).
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was retired (thời điểm ngừng); null while it is not.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }

    /// Counts the changes of this object, its versions included (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Something of a subgraph that the coordinator approved once and for all (mục đã phê duyệt).
#[derive(Description)]
pub struct SubgraphApproval(subgraph_approval::Model);

#[Object(use_type_description)]
impl SubgraphApproval {
    /// What it is (loại).
    async fn kind(&self) -> SubgraphApprovalKind {
        self.0.kind.into()
    }

    /// Which one, such as `Commune` (giá trị).
    async fn value(&self) -> &str {
        &self.0.value
    }

    /// When it was approved (thời điểm).
    async fn approved_at(&self) -> DateTime {
        DateTime(self.0.approved_at)
    }
}

/// What a party published as its subgraph (phiên bản của đồ thị con). It never changes.
#[derive(Description)]
pub struct SubgraphVersion(pub subgraph_version::Model);

impl SubgraphVersion {
    /// Batched lookup shared by query fields and other nouns.
    pub async fn find(ctx: &Context<'_>, id: SubgraphVersionId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(VersionById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl SubgraphVersion {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The subgraph (đồ thị con).
    async fn subgraph(&self, ctx: &Context<'_>) -> Option<Result<Subgraph>> {
        Subgraph::find(ctx, self.0.subgraph_id).await
    }

    /// Counts the versions of the subgraph, from 1 (số thứ tự).
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Where it is asked (địa chỉ).
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The schema as it was published (lược đồ). Its descriptions are the party's: show them as text.
    async fn sdl(&self, ctx: &Context<'_>) -> Result<String> {
        let sdl = ctx.reader().load_one(SdlOfVersion(self.0.id)).await?;
        Ok(sdl.unwrap_or_default())
    }

    /// SHA-256 of the schema, 64 hexadecimal digits (mã băm).
    async fn hash(&self) -> &str {
        &self.0.hash
    }

    /// Where it stands (trạng thái).
    async fn state(&self) -> SubgraphVersionState {
        self.0.state.into()
    }

    /// Whether it may take away what is not in use (cho phép thay đổi phá vỡ).
    async fn allow_breaking(&self) -> bool {
        self.0.allow_breaking
    }

    /// What of it nobody had approved when it was published (mục cần phê duyệt).
    async fn approvals_needed(&self) -> Vec<SubgraphApprovalNeed> {
        needs(&self.0.needs.0)
    }

    /// What clients see change from the graph that was served when it was published (các thay đổi);
    /// at most 500.
    async fn changes(&self) -> Vec<SchemaChange> {
        changes(&self.0.changes)
    }

    /// Fields of ours whose values it is sent or gives, such as `Commune.code`; ids aside (các trường
    /// được đọc).
    async fn reads(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let rows = ctx.reader().load_one(ReadsOfVersion(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(|row| row.coordinate).collect())
    }

    /// When it was published (thời điểm công bố).
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who published it (người công bố); null for a token, or if you may not see them.
    async fn published_by(&self, ctx: &Context<'_>) -> Option<Result<Member>> {
        Member::find(ctx, self.0.member_id?).await
    }

    /// When the coordinator approved or declined it (thời điểm quyết định); null if it did not.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Why it was declined (lý do từ chối); null if it was not.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}

/// That the router may send the value of a field of ours to a party's subgraph (quyền đọc trường).
#[derive(Description)]
pub struct FieldGrant(pub field_grant::Model);

impl FieldGrant {
    /// Batched lookup shared by query fields and payloads.
    pub async fn find(ctx: &Context<'_>, id: FieldGrantId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(GrantById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl FieldGrant {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party whose subgraph may be sent it (bên được cấp).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// Type and field, such as `Commune.code` (trường).
    async fn coordinate(&self) -> &str {
        &self.0.coordinate
    }

    /// When it was granted (thời điểm cấp).
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }

    /// When it was taken back (thời điểm thu hồi); null while it holds.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Why a graph was composed (lý do ghép).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "supergraph::Reason")]
pub enum SupergraphReason {
    /// A server started whose own schema was not part of it yet (khởi động máy chủ).
    Started,
    /// A party published a version that needed no approval (công bố).
    Published,
    /// The coordinator approved a version (phê duyệt).
    Approved,
    /// A subgraph was retired (ngừng đồ thị con).
    Retired,
    /// The coordinator went back to an earlier graph (quay lại).
    RolledBack,
}

/// A graph composed of ours and of the parties' subgraphs (đồ thị ghép). It never changes.
#[derive(Description)]
pub struct Supergraph(pub supergraph::Model);

impl Supergraph {
    /// Batched lookup shared by query fields and payloads.
    pub async fn find(ctx: &Context<'_>, id: SupergraphId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(SupergraphById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Supergraph {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the graphs of this installation, from 1 (số thứ tự).
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// SHA-256 of what routers are sent, 64 hexadecimal digits (mã băm).
    async fn hash(&self) -> &str {
        &self.0.hash
    }

    /// Why it was composed (lý do).
    async fn reason(&self) -> SupergraphReason {
        self.0.reason.into()
    }

    /// The subgraph that changed (đồ thị con thay đổi); null where it was none.
    async fn subgraph(&self, ctx: &Context<'_>) -> Option<Result<Subgraph>> {
        Subgraph::find(ctx, self.0.subgraph_id?).await
    }

    /// The number of the graph that it goes back to (quay lại số); null where it does not.
    async fn goes_back_to(&self) -> Option<i32> {
        self.0.goes_back_to
    }

    /// The versions of the parties that it is composed of, beside our own part (các thành phần).
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<SubgraphVersion>> {
        let rows = ctx.reader().load_one(PartsOfSupergraph(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(SubgraphVersion).collect())
    }

    /// What clients see change from the graph before it (các thay đổi); at most 500.
    async fn changes(&self) -> Vec<SchemaChange> {
        changes(&self.0.changes)
    }

    /// When it was composed (thời điểm ghép).
    async fn composed_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
