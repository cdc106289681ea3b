//! Root fields about commitments, and the lists of them that hang on parties and places.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::id::{PartyId, PlaceId};
use sea_orm::QueryFilter;

use super::{Commitment, CommitmentBy, CommitmentFilter, CommitmentOrder};
use crate::{
    domain::commitment::read::{self, Joins, Listed, links},
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{
            self, List, Page, Paged,
            nested::{self, Inherited},
        },
    },
};

#[derive(Default)]
pub struct CommitmentQuery;

#[Object]
impl CommitmentQuery {
    /// One commitment (một cam kết); null if there is none that you may see.
    async fn commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: CommitmentBy,
    ) -> Option<Result<Commitment>> {
        match by {
            CommitmentBy::Id(id) => Commitment::find(ctx, id.parse().ok()?).await,
            CommitmentBy::ExternalReference(by) => {
                let joins = Joins::of(&ctx.look_ahead());
                let found = read::by_reference(ctx.app(), ctx.viewer(), &by, joins).await;
                Some(found.transpose()?.map(Commitment::from))
            }
        }
    }

    /// Commitments that you may see (danh sách cam kết).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<CommitmentFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<CommitmentOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Commitment>> {
        let list = list(ctx, filter, order_by, Page { first, after, last, before });
        paging::list(&ctx.app().db, list, Commitment::from).await
    }
}

/// What a party owes, as giver, joint giver or carrier, itself or through a predecessor.
pub async fn owes(
    ctx: &Context<'_>,
    party: PartyId,
    filter: Option<CommitmentFilter>,
    order: Option<CommitmentOrder>,
    page: Page,
) -> Result<Inherited<Commitment>> {
    let list = list(ctx, filter, order, page);
    nested::inherited(ctx, party, links::OWED_BY_PARTY, list, Commitment::from).await
}

/// What is owed to the place that a party is the authority of, or to a predecessor of that place.
pub async fn owed(
    ctx: &Context<'_>,
    party: PartyId,
    filter: Option<CommitmentFilter>,
    order: Option<CommitmentOrder>,
    page: Page,
) -> Result<Inherited<Commitment>> {
    let list = list(ctx, filter, order, page);
    nested::inherited(ctx, party, links::OWED_TO_PARTY, list, Commitment::from).await
}

/// What was promised to a place, and with its predecessors to these.
pub async fn promised(
    ctx: &Context<'_>,
    place: PlaceId,
    with_predecessors: bool,
    filter: Option<CommitmentFilter>,
    order: Option<CommitmentOrder>,
    page: Page,
) -> Result<Inherited<Commitment>> {
    let link = match with_predecessors {
        true => links::PROMISED_TO_LINE,
        false => links::PROMISED_TO_PLACE,
    };
    let list = list(ctx, filter, order, page);
    nested::inherited(ctx, place, link, list, Commitment::from).await
}

fn list(
    ctx: &Context<'_>,
    filter: Option<CommitmentFilter>,
    order: Option<CommitmentOrder>,
    page: Page,
) -> List<Listed> {
    let wanted = filter.unwrap_or_default().condition(ctx.viewer());
    List {
        select: read::visible_to(ctx.viewer()).filter(wanted),
        order: order.unwrap_or_default().into(),
        page,
        joins: Joins::of_list(&ctx.look_ahead()),
    }
}

impl From<Listed> for Commitment {
    fn from(listed: Listed) -> Self {
        Self(Arc::new(listed))
    }
}
