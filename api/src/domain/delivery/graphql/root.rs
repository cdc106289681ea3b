//! Root fields about deliveries, and the lists of them that hang on commitments and places.

use async_graphql::{Context, Object};
use entity::{
    delivery,
    id::{CommitmentId, PlaceId},
};
use sea_orm::QueryFilter;

use super::{Delivery, DeliveryBy, DeliveryFilter, DeliveryOrder};
use crate::{
    domain::delivery::read::{self, links},
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
pub struct DeliveryQuery;

#[Object]
impl DeliveryQuery {
    /// One delivery (một kết quả thực hiện); null if there is none that you may see.
    async fn delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: DeliveryBy,
    ) -> Option<Result<Delivery>> {
        match by {
            DeliveryBy::Id(id) => Delivery::find(ctx, id.parse().ok()?).await,
            DeliveryBy::ExternalReference(by) => {
                let row = read::by_reference(ctx.app(), ctx.viewer(), &by).await.transpose()?;
                Some(row.map(Delivery))
            }
        }
    }

    /// Deliveries that you may see (danh sách kết quả thực hiện).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<DeliveryFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<DeliveryOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Delivery>> {
        let list = list(ctx, filter, order_by, Page { first, after, last, before });
        paging::list(&ctx.app().db, list, Delivery).await
    }
}

/// What was delivered on a commitment.
pub async fn on_commitment(
    ctx: &Context<'_>,
    commitment: CommitmentId,
    filter: Option<DeliveryFilter>,
    order: Option<DeliveryOrder>,
    page: Page,
) -> Result<Paged<Delivery>> {
    let list = list(ctx, filter, order, page);
    nested::nested(ctx, commitment, links::ON_COMMITMENT, list, Delivery).await
}

/// What arrived in a place, and with its predecessors in these.
pub async fn arrived(
    ctx: &Context<'_>,
    place: PlaceId,
    with_predecessors: bool,
    filter: Option<DeliveryFilter>,
    order: Option<DeliveryOrder>,
    page: Page,
) -> Result<Inherited<Delivery>> {
    let link = match with_predecessors {
        true => links::ARRIVED_IN_LINE,
        false => links::ARRIVED_IN_PLACE,
    };
    nested::inherited(ctx, place, link, list(ctx, filter, order, page), Delivery).await
}

fn list(
    ctx: &Context<'_>,
    filter: Option<DeliveryFilter>,
    order: Option<DeliveryOrder>,
    page: Page,
) -> List<delivery::Model> {
    let wanted = filter.unwrap_or_default().condition(ctx.viewer());
    let select = read::visible_to(ctx.viewer()).filter(wanted);
    List { select, order: order.unwrap_or_default().into(), page, joins: () }
}
