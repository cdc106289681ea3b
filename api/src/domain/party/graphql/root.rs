//! Root fields about parties.

use async_graphql::{Context, Object};
use sea_orm::QueryFilter;

use super::{
    DefinePartyInput, Party, PartyBy, PartyFilter, PartyOrder, RecordPartySuccessionInput,
    RevisePartyInput,
};
use crate::{
    domain::party::{
        read::{self, PartyByCode},
        write,
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        paging::{self, Page, Paged},
        payload::payload,
    },
};

payload! {
    /// What `defineParty` answers.
    DefinePartyPayload { party: Party } made
}

payload! {
    /// What `reviseParty` answers.
    RevisePartyPayload { party: Party } changed
}

payload! {
    /// What `recordPartySuccession` answers, with the predecessor.
    RecordPartySuccessionPayload { party: Party } made
}

#[derive(Default)]
pub struct PartyQuery;

#[Object]
impl PartyQuery {
    /// One party (một bên tham gia); null if there is none.
    async fn party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: PartyBy,
    ) -> Option<Result<Party>> {
        match by {
            PartyBy::Id(id) => Party::find(ctx, id.parse().ok()?).await,
            PartyBy::Code(code) => {
                let row = ctx.reader().load_one(PartyByCode(code)).await.transpose()?;
                Some(row.map(Party::from))
            }
        }
    }

    /// Parties, ended ones too (danh sách các bên tham gia).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<PartyFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<PartyOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Party>> {
        let select = read::visible_to(ctx.viewer()).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Party::from)
            .await
    }
}

#[derive(Default)]
pub struct PartyMutation;

#[Object]
impl PartyMutation {
    /// Defines a party (thêm bên tham gia). For managers of the coordinator.
    async fn define_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The party (nội dung).")] input: DefinePartyInput,
    ) -> Option<Result<DefinePartyPayload>> {
        let key = key(ctx, input.idempotency_key);
        DefinePartyPayload::of(write::define_party(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Corrects a party's names, head office or end (chỉnh sửa bên tham gia). For managers of the
    /// coordinator.
    async fn revise_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change (nội dung).")] input: RevisePartyInput,
    ) -> Option<Result<RevisePartyPayload>> {
        RevisePartyPayload::of(write::revise_party(ctx.app(), ctx.viewer(), input).await)
    }

    /// Records that a party carries on for another, which ends (ghi nhận kế thừa). For managers
    /// of the coordinator.
    async fn record_party_succession(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The succession (nội dung).")] input: RecordPartySuccessionInput,
    ) -> Option<Result<RecordPartySuccessionPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::record_party_succession(ctx.app(), ctx.viewer(), input, key).await;
        RecordPartySuccessionPayload::of(done)
    }
}
