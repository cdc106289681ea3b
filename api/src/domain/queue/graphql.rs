//! The work queue on the graph.

use async_graphql::{Context, Description, Object};
use entity::{commitment, delivery, note};
use sea_orm::Select;

use super::read::{self, Turn};
use crate::{
    domain::{
        commitment::{
            graphql::{Commitment, CommitmentOrder},
            read::{Joins, Listed},
        },
        delivery::graphql::{Delivery, DeliveryOrder},
        note::graphql::Note,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{self, By, List, Order, Page, Paged},
    },
};

mod can;

pub use can::{CommitmentCan, DeliveryCan, NeedCan, NoteCan};

/// What waits for the party that you act for (việc cần làm); nothing where you act for none. It does
/// not depend on your own role: what only a manager may decide stands there for everybody.
#[derive(Description)]
pub struct WorkQueue;

#[Object(use_type_description)]
impl WorkQueue {
    /// Proposals and amendments that wait for you to accept or decline (chờ chấp thuận), the longest
    /// waiting first: of the places you govern, and for the coordinator of the province.
    async fn to_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Commitment>> {
        let page = Page { first, after, last, before };
        commitments(ctx, read::to_accept(ctx.viewer(), Turn::First), longest_waiting(), page).await
    }

    /// Deliveries that wait for you to confirm or dispute (chờ xác nhận), and reversals that wait for
    /// your consent, the longest waiting first: as the side that did not report them. Reversals are
    /// the coordinator's as well.
    async fn to_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Delivery>> {
        let page = Page { first, after, last, before };
        deliveries(ctx, read::to_verify(ctx.viewer(), Turn::First), page).await
    }

    /// Deliveries in dispute that you may end (đang đối soát), the longest waiting first: by taking
    /// the other side's figure, or as the coordinator by deciding one.
    async fn disputed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Delivery>> {
        let page = Page { first, after, last, before };
        deliveries(ctx, read::disputed(ctx.viewer()), page).await
    }

    /// Commitments that concern you and are past their last due date (quá hạn), the earliest due
    /// first; for coordinator and leadership, all of them.
    async fn overdue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Commitment>> {
        let page = Page { first, after, last, before };
        commitments(ctx, read::overdue(ctx.viewer()), earliest_due(), page).await
    }

    /// Proposals and amendments that you may decide on as the next in line (chấp thuận thay cấp
    /// trước), the longest waiting first: 15 working days have passed, or nobody before you can.
    async fn next_to_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Commitment>> {
        let page = Page { first, after, last, before };
        commitments(ctx, read::to_accept(ctx.viewer(), Turn::NextInLine), longest_waiting(), page)
            .await
    }

    /// Deliveries and reversals that you may decide on as the next in line (xác nhận thay cấp
    /// trước), the longest waiting first: 15 working days have passed, or nobody before you can.
    async fn next_to_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Delivery>> {
        let page = Page { first, after, last, before };
        deliveries(ctx, read::to_verify(ctx.viewer(), Turn::NextInLine), page).await
    }

    /// Open notes addressed to your party (ghi chú gửi đến), the earliest due first and those
    /// without a due date last.
    async fn notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Note>> {
        let page = Page { first, after, last, before };
        let select = read::addressed(ctx.viewer());
        paging::page(&ctx.app().db, select, by_due_date(), page, Note).await
    }
}

async fn commitments(
    ctx: &Context<'_>,
    select: Select<commitment::Entity>,
    order: Order<commitment::Entity>,
    page: Page,
) -> Result<Paged<Commitment>> {
    let joins = Joins::of_list(&ctx.look_ahead());
    let list = List::<Listed> { select, order, page, joins };
    paging::list(&ctx.app().db, list, Commitment::from).await
}

async fn deliveries(
    ctx: &Context<'_>,
    select: Select<delivery::Entity>,
    page: Page,
) -> Result<Paged<Delivery>> {
    paging::page(&ctx.app().db, select, DeliveryOrder::Waiting.into(), page, Delivery).await
}

fn longest_waiting() -> Order<commitment::Entity> {
    let (column, by) = (
        commitment::Column::WaitingSince,
        By::SomeDate(|row: &commitment::Model| row.waiting_since),
    );
    Order { column, by, descending: false }
}

fn earliest_due() -> Order<commitment::Entity> {
    CommitmentOrder::LastDueOn.into()
}

fn by_due_date() -> Order<note::Entity> {
    let by = By::SomeDate(|row: &note::Model| row.due_on);
    Order { column: note::Column::DueOn, by, descending: false }
}
