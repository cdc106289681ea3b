//! Root fields about places.

use async_graphql::{Context, Object};
use sea_orm::QueryFilter;

use super::{Place, PlaceBy, PlaceFilter, PlaceOrder, input::PlaceByCodeInput};
use crate::{
    domain::place::read::{self, PlaceByCode},
    error::{Error, Result},
    graphql::{
        context::ContextExt,
        paging::{self, Page, Paged},
        scalar::Date,
    },
};

#[derive(Default)]
pub struct PlaceQuery;

#[Object]
impl PlaceQuery {
    /// One administrative unit (một đơn vị hành chính); null if there is none.
    async fn place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: PlaceBy,
    ) -> Option<Result<Place>> {
        match by {
            PlaceBy::Id(id) => Place::find(ctx, id.parse().ok()?).await,
            PlaceBy::Code(PlaceByCodeInput { code, as_of }) => {
                if !matches!(code.len(), 2 | 3 | 5) {
                    let what = "a code has 2, 3 or 5 digits; spreadsheets drop leading zeros";
                    return Some(Err(Error::BadInput(what.to_owned())));
                }
                let on = as_of.map_or(ctx.viewer().today, |date| date.0);
                let row = ctx.reader().load_one(PlaceByCode(code, on)).await.transpose()?;
                Some(row.map(Place::from))
            }
        }
    }

    /// Administrative units that exist on a date (danh sách đơn vị hành chính tại một ngày).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The date (tại ngày); today if it is left out.")] as_of: Option<Date>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<PlaceFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<PlaceOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Place>> {
        let on = as_of.map_or(ctx.viewer().today, |date| date.0);
        let select = read::as_of(ctx.viewer(), on).filter(filter.unwrap_or_default().condition());
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Place::from)
            .await
    }
}
