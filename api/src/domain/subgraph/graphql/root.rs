//! Root fields about subgraphs.

use async_graphql::{Context, Description, Object, SimpleObject};
use entity::subgraph;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    ApproveSubgraphInput, CheckSubgraphInput, FieldGrant, FieldGrantFilter, FieldGrantOrder,
    GrantFieldsInput, PublishSubgraphInput, RetireSubgraphInput, RevokeGrantInput,
    RollBackSupergraphInput, Subgraph, SubgraphBy, SubgraphCheck, SubgraphFilter, SubgraphOrder,
    SubgraphVersion, SubgraphVersionFilter, SubgraphVersionOrder, Supergraph, SupergraphOrder,
};
use crate::{
    domain::{
        party::graphql::Party,
        subgraph::{
            read,
            write::{self, Judged},
        },
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::{Outcome, UserError, batch_payload, payload},
    },
};

batch_payload! {
    /// What `grantFields` answers.
    GrantFieldsPayload { grants: FieldGrant by FieldGrantId }
}

payload! {
    /// What `revokeGrant` answers.
    RevokeGrantPayload { grant: FieldGrant } changed
}

/// Declares the payload of a mutation that holds something against the graph: the object, the refusals,
/// and what the checks found.
macro_rules! judged_payload {
    ($(#[$meta:meta])+ $name:ident { $object:ident: $ty:ident } $($replayed:ident)?) => {
        $(#[$meta])+
        pub struct $name(Outcome, Option<SubgraphCheck>);

        $(#[$meta])+
        #[Object]
        impl $name {
            /// The object as you may see it now; with `STALE_VERSION` the one that stands there. Null
            /// when refused otherwise, or where there is none yet.
            async fn $object(&self, ctx: &Context<'_>) -> Option<Result<$ty>> {
                $ty::find(ctx, self.0.object?.into()).await
            }

            /// What the checks found (kết quả kiểm tra); null where it was refused before them, and
            /// when sent again.
            async fn check(&self) -> Option<&SubgraphCheck> {
                self.1.as_ref()
            }

            /// Why nothing was changed; empty on success (lỗi nghiệp vụ).
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors()
            }

            $(
                /// Whether an earlier request with the same key did it (gửi lặp).
                async fn $replayed(&self) -> bool {
                    self.0.replayed
                }
            )?
        }

        impl $name {
            fn of<Id: entity::id::TypedId>(judged: Judged<Id>) -> Option<Result<Self>> {
                let check = judged.report.map(SubgraphCheck);
                Some(Outcome::of(judged.done).map(|outcome| Self(outcome, check)))
            }
        }
    };
}

judged_payload! {
    /// What `checkSubgraph` answers, with the subgraph as it is now.
    CheckSubgraphPayload { subgraph: Subgraph }
}

judged_payload! {
    /// What `publishSubgraph` answers.
    PublishSubgraphPayload { subgraph: Subgraph } replayed
}

judged_payload! {
    /// What `approveSubgraph` answers.
    ApproveSubgraphPayload { subgraph: Subgraph }
}

judged_payload! {
    /// What `retireSubgraph` answers. Operations that no longer work do not hold it back.
    RetireSubgraphPayload { subgraph: Subgraph }
}

judged_payload! {
    /// What `rollBackSupergraph` answers, with the graph that is served from now on.
    RollBackSupergraphPayload { supergraph: Supergraph } replayed
}

/// Whose a field of the graph is (chủ của trường).
#[derive(SimpleObject, Description)]
pub struct FieldOwner {
    /// The party whose subgraph answers it (bên); null where it is the common graph's.
    party: Option<Party>,
    /// The field as it stands in the schema, such as `Commune.vidutel` (trường).
    coordinate: String,
}

#[derive(Default)]
pub struct SubgraphQuery;

#[Object]
impl SubgraphQuery {
    /// One subgraph (một đồ thị con); null if there is none that you may see.
    async fn subgraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: SubgraphBy,
    ) -> Option<Result<Subgraph>> {
        let name = match by {
            SubgraphBy::Id(id) => return Subgraph::find(ctx, id.parse().ok()?).await,
            SubgraphBy::Name(name) => name,
        };
        let named = read::visible_to(ctx.viewer())
            .filter(subgraph::Column::Name.eq(name))
            .filter(subgraph::Column::RetiredAt.is_null());
        let row = named.one(ctx.app().db.reader()).await.map_err(Into::into).transpose()?;
        Some(row.map(Subgraph))
    }

    /// Subgraphs of your party (danh sách đồ thị con); of all parties for coordinator and leadership.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn subgraphs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<SubgraphFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<SubgraphOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Subgraph>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Subgraph)
            .await
    }

    /// Versions of the subgraphs that you may see (lịch sử phiên bản).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn subgraph_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<SubgraphVersionFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<SubgraphVersionOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<SubgraphVersion>> {
        let wanted = filter.unwrap_or_default().condition();
        let select = read::versions::visible_to(ctx.viewer()).filter(wanted);
        let (db, page) = (&ctx.app().db, Page { first, after, last, before });
        paging::page(db, select, order_by.unwrap_or_default().into(), page, SubgraphVersion).await
    }

    /// Fields of ours that your party was granted (danh sách quyền đọc trường); all grants for
    /// coordinator and leadership.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn field_grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<FieldGrantFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<FieldGrantOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<FieldGrant>> {
        let wanted = filter.unwrap_or_default().condition();
        let select = read::grants::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, FieldGrant)
            .await
    }

    /// The graphs that were or are served (lịch sử đồ thị ghép). For coordinator and leadership; empty
    /// for everybody else.
    async fn supergraphs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<SupergraphOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Supergraph>> {
        let select = read::supergraphs::visible_to(ctx.viewer());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Supergraph)
            .await
    }

    /// Whose a field of the served graph is (chủ của trường); null if there is none, and for whoever
    /// acts for no party.
    async fn field_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Type and field, such as `Commune.vidutel` (trường).")] coordinate: String,
    ) -> Option<Result<FieldOwner>> {
        ctx.viewer().party()?;
        let owner = read::field_owner(ctx.app(), &coordinate).await.transpose()?;
        Some(match owner {
            Ok(party) => Ok(FieldOwner { party: party.map(Party::from), coordinate }),
            Err(error) => Err(error),
        })
    }

    /// The live subgraphs that you may see and that are sent the value of a field of ours, or give it
    /// (đồ thị con đọc trường này): your own, and all for coordinator and leadership.
    async fn field_readers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Type and field, such as `Commune.code` (trường).")] coordinate: String,
    ) -> Result<Vec<Subgraph>> {
        let readers = read::readers(ctx.viewer(), &coordinate).all(ctx.app().db.reader()).await?;
        Ok(readers.into_iter().map(Subgraph).collect())
    }
}

/// What composes is held on the heap: its state is large, and the schema's own would grow by it.
#[derive(Default)]
pub struct SubgraphMutation;

#[Object]
impl SubgraphMutation {
    /// Says what would become of a version (kiểm tra đồ thị con), and changes nothing. For managers of
    /// its party.
    async fn check_subgraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version (nội dung).")] input: CheckSubgraphInput,
    ) -> Option<Result<CheckSubgraphPayload>> {
        CheckSubgraphPayload::of(
            Box::pin(write::check_subgraph(ctx.app(), ctx.viewer(), input)).await,
        )
    }

    /// Publishes a version (công bố đồ thị con): it is served at once where nothing of it is new to the
    /// coordinator, else it waits. For managers of its party.
    async fn publish_subgraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version (nội dung).")] input: PublishSubgraphInput,
    ) -> Option<Result<PublishSubgraphPayload>> {
        let key = key(ctx, input.idempotency_key);
        PublishSubgraphPayload::of(
            Box::pin(write::publish_subgraph(ctx.app(), ctx.viewer(), input, key)).await,
        )
    }

    /// Decides on the version of a subgraph that waits (phê duyệt đồ thị con). For managers of the
    /// coordinator.
    async fn approve_subgraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision (nội dung).")] input: ApproveSubgraphInput,
    ) -> Option<Result<ApproveSubgraphPayload>> {
        ApproveSubgraphPayload::of(
            Box::pin(write::approve_subgraph(ctx.app(), ctx.viewer(), input)).await,
        )
    }

    /// Grants fields of ours to parties' subgraphs (cấp quyền đọc trường). For managers of the
    /// coordinator.
    async fn grant_fields(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grants (nội dung).")] input: GrantFieldsInput,
    ) -> Option<Result<GrantFieldsPayload>> {
        let key = key(ctx, input.idempotency_key);
        GrantFieldsPayload::of(
            Box::pin(write::grant_fields(ctx.app(), ctx.viewer(), input, key)).await,
        )
    }

    /// Takes a grant back that no live subgraph uses (thu hồi quyền đọc trường). For managers of the
    /// coordinator.
    async fn revoke_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: RevokeGrantInput,
    ) -> Option<Result<RevokeGrantPayload>> {
        RevokeGrantPayload::of(Box::pin(write::revoke_grant(ctx.app(), ctx.viewer(), input)).await)
    }

    /// Retires a subgraph (ngừng đồ thị con): the graph goes on without it. For managers of its party
    /// and of the coordinator.
    async fn retire_subgraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: RetireSubgraphInput,
    ) -> Option<Result<RetireSubgraphPayload>> {
        RetireSubgraphPayload::of(
            Box::pin(write::retire_subgraph(ctx.app(), ctx.viewer(), input)).await,
        )
    }

    /// Serves an earlier graph again (quay lại đồ thị trước), as a new one of the same parts. For
    /// managers of the coordinator.
    async fn roll_back_supergraph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one (nội dung).")] input: RollBackSupergraphInput,
    ) -> Option<Result<RollBackSupergraphPayload>> {
        let key = key(ctx, input.idempotency_key);
        RollBackSupergraphPayload::of(
            Box::pin(write::roll_back_supergraph(ctx.app(), ctx.viewer(), input, key)).await,
        )
    }
}
