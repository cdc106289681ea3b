//! Persisted operations on the graph.

use async_graphql::{
    Context, Description, Enum, ID, Object, SimpleObject,
    parser::{parse_query, types::ExecutableDocument},
};
use entity::{id::OperationId, operation, operation_use};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    read::{self, OperationById, UseOfOperation},
    rules,
    shared::{self, Shared},
    write,
};
use crate::{
    domain::party::graphql::Party,
    error::{Error, Result},
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
        scalar::{Date, DateTime},
    },
    refusal::Language,
};

mod input;

pub use input::{
    OperationBy, OperationFilter, OperationOrder, RegisterOperationInput, RetireOperationInput,
};

/// What an operation does (loại thao tác).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "operation::Kind")]
pub enum OperationKind {
    /// It reads (truy vấn).
    Query,
    /// It changes something (thay đổi dữ liệu).
    Mutation,
    /// It goes on answering (theo dõi).
    Subscription,
}

/// A variable of an operation (biến).
#[derive(SimpleObject)]
pub struct OperationVariable {
    /// Its name, without the dollar sign (tên biến).
    name: String,
    /// Its GraphQL type, such as `[ID!]!` (kiểu).
    r#type: String,
    /// The GraphQL value that it has where none is sent (giá trị mặc định); null if there is none.
    default_value: Option<String>,
}

/// How often an operation was run on one day (số lần dùng trong ngày).
#[derive(Description)]
pub struct OperationUse(operation_use::Model);

#[Object(use_type_description)]
impl OperationUse {
    /// The day in Vietnam (ngày).
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// How often it was run (số lần); up to some seconds of a server that was cut off are missing.
    async fn uses(&self) -> i32 {
        i32::try_from(self.0.uses).unwrap_or(i32::MAX)
    }

    /// When it was run last on that day (lần dùng gần nhất).
    async fn last_used_at(&self) -> DateTime {
        DateTime(self.0.last_used_at)
    }
}

/// A persisted operation of a party (thao tác lưu sẵn): a text that never changes.
#[derive(Description)]
pub struct Operation(pub operation::Model);

impl Operation {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: OperationId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(OperationById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Operation {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The party whose it is (bên).
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.party_id).await
    }

    /// What the party calls it (tên thao tác), unique among those that are not retired.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is called by as `documentId` (mã văn bản): `sha256:` and the hash of the document.
    async fn document_id(&self) -> String {
        format!("{}{}", rules::HASH_PREFIX, self.0.hash)
    }

    /// The GraphQL text (văn bản).
    async fn document(&self) -> &str {
        &self.0.document
    }

    /// What it does (loại thao tác).
    async fn kind(&self) -> OperationKind {
        self.0.kind.into()
    }

    /// Its variables, in the order of the text (các biến).
    async fn variables(&self) -> Result<Vec<OperationVariable>> {
        let document = parse_query(&self.0.document).map_err(Error::internal)?;
        Ok(variables(&document))
    }

    /// Whether it may be called as `/operations/{name}` (gọi được theo tên).
    async fn callable(&self) -> bool {
        self.0.callable
    }

    /// How often it was run (số lần dùng) on each of the last 30 days on which it was, the latest
    /// first.
    async fn usage(&self, ctx: &Context<'_>) -> Result<Vec<OperationUse>> {
        usage(ctx, UseOfOperation { hash: self.0.hash.clone(), party: self.0.party_id }).await
    }

    /// When it was registered (thời điểm đăng ký).
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was retired (thời điểm ngừng dùng); null while it can be run.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A persisted operation for everybody (thao tác dùng chung). All of them may be called as
/// `/operations/{name}`.
#[derive(Description)]
pub struct SharedOperation(&'static Shared);

#[Object(use_type_description)]
impl SharedOperation {
    /// Its name (tên thao tác).
    async fn name(&self) -> &str {
        self.0.name
    }

    /// What it is for (mục đích).
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        self.0.title(language.unwrap_or_else(|| ctx.language()))
    }

    /// What it is called by as `documentId` (mã văn bản): `sha256:` and the hash of the document.
    async fn document_id(&self) -> String {
        format!("{}{}", rules::HASH_PREFIX, self.0.hash)
    }

    /// The GraphQL text (văn bản).
    async fn document(&self) -> &str {
        self.0.document
    }

    /// What it does (loại thao tác).
    async fn kind(&self) -> OperationKind {
        self.0.kind.into()
    }

    /// Its variables, in the order of the text (các biến).
    async fn variables(&self) -> Vec<OperationVariable> {
        variables(&self.0.parsed)
    }

    /// How often your party ran it (số lần dùng) on each of the last 30 days on which it did, the
    /// latest first.
    async fn usage(&self, ctx: &Context<'_>) -> Result<Vec<OperationUse>> {
        match ctx.viewer().party() {
            Some(party) => usage(ctx, UseOfOperation { hash: self.0.hash.clone(), party }).await,
            None => Ok(Vec::new()),
        }
    }
}

fn variables(document: &ExecutableDocument) -> Vec<OperationVariable> {
    let operations = document.operations.iter();
    let definitions = operations.flat_map(|(_, operation)| &operation.node.variable_definitions);
    definitions
        .map(|definition| OperationVariable {
            name: definition.node.name.node.to_string(),
            r#type: definition.node.var_type.node.to_string(),
            default_value: definition.node.default_value.as_ref().map(|v| v.node.to_string()),
        })
        .collect()
}

async fn usage(ctx: &Context<'_>, of: UseOfOperation) -> Result<Vec<OperationUse>> {
    let days = ctx.reader().load_one(of).await?.unwrap_or_default();
    Ok(days.into_iter().map(OperationUse).collect())
}

payload! {
    /// What `registerOperation` answers.
    RegisterOperationPayload { operation: Operation } made
}

payload! {
    /// What `retireOperation` answers.
    RetireOperationPayload { operation: Operation } changed
}

#[derive(Default)]
pub struct OperationQuery;

#[Object]
impl OperationQuery {
    /// One persisted operation (một thao tác lưu sẵn); null if there is none that you may see. By
    /// name or document id it is one of your party's own that is not retired.
    async fn operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: OperationBy,
    ) -> Option<Result<Operation>> {
        let same = match &by {
            OperationBy::Id(id) => return Operation::find(ctx, id.parse().ok()?).await,
            OperationBy::Name(name) => operation::Column::Name.eq(name.as_str()),
            OperationBy::DocumentId(id) => operation::Column::Hash.eq(rules::hash_of(id)?),
        };
        let row = read::own_one(ctx.app(), ctx.viewer(), same).await;
        Some(row.transpose()?.map(Operation))
    }

    /// Persisted operations of your party (danh sách thao tác lưu sẵn); of all parties for the
    /// coordinator's managers.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<OperationFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<OperationOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Operation>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Operation)
            .await
    }

    /// Persisted operations for everybody (danh sách thao tác dùng chung), in the order of their
    /// names.
    async fn shared_operations(&self) -> Vec<SharedOperation> {
        shared::all().iter().map(SharedOperation).collect()
    }
}

#[derive(Default)]
pub struct OperationMutation;

#[Object]
impl OperationMutation {
    /// Registers a persisted operation of your party (đăng ký thao tác lưu sẵn). For its managers.
    async fn register_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The operation (nội dung).")] input: RegisterOperationInput,
    ) -> Option<Result<RegisterOperationPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::register_operation(ctx.app(), ctx.viewer(), input, key).await;
        RegisterOperationPayload::of(done)
    }

    /// Retires a persisted operation (ngừng thao tác lưu sẵn): from then on nobody can run it. For
    /// managers of its party.
    async fn retire_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: RetireOperationInput,
    ) -> Option<Result<RetireOperationPayload>> {
        RetireOperationPayload::of(write::retire_operation(ctx.app(), ctx.viewer(), input).await)
    }
}
