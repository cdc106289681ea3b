//! Root fields about needs.

use async_graphql::{Context, Object};
use sea_orm::QueryFilter;

use super::{Need, NeedBy, NeedFilter, NeedOrder, RaiseNeedInput, WithdrawNeedInput};
use crate::{
    domain::need::{read, write},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
    },
};

payload! {
    /// What `raiseNeed` answers.
    RaiseNeedPayload { need: Need } made
}

payload! {
    /// What `withdrawNeed` answers.
    WithdrawNeedPayload { need: Need } changed
}

#[derive(Default)]
pub struct NeedQuery;

#[Object]
impl NeedQuery {
    /// One need (một nhu cầu); null if there is none that you may see.
    async fn need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: NeedBy,
    ) -> Option<Result<Need>> {
        match by {
            NeedBy::Id(id) => Need::find(ctx, id.parse().ok()?).await,
            NeedBy::ExternalReference(by) => {
                let row = read::by_external_reference(ctx.app(), ctx.viewer(), &by).await;
                Some(row.transpose()?.map(Need))
            }
        }
    }

    /// Needs that you may see (danh sách nhu cầu): open ones of every commune, withdrawn ones of the
    /// communes that you govern, help or coordinate.
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn needs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<NeedFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<NeedOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Need>> {
        let wanted = filter.unwrap_or_default().condition(ctx.viewer());
        let select = read::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Need).await
    }
}

#[derive(Default)]
pub struct NeedMutation;

#[Object]
impl NeedMutation {
    /// Says what a commune lacks (nêu nhu cầu). For reporters of its authority, and of an agent with
    /// a mandate for it.
    async fn raise_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The need (nội dung).")] input: RaiseNeedInput,
    ) -> Option<Result<RaiseNeedPayload>> {
        let key = key(ctx, input.idempotency_key);
        RaiseNeedPayload::of(write::raise_need(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Takes a need back (rút nhu cầu). For reporters of the commune's authority, and of an agent
    /// with a mandate for it.
    async fn withdraw_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which need, and why (nội dung).")] input: WithdrawNeedInput,
    ) -> Option<Result<WithdrawNeedPayload>> {
        WithdrawNeedPayload::of(write::withdraw_need(ctx.app(), ctx.viewer(), input).await)
    }
}
