//! Funding sources on the graph.

use async_graphql::{Context, Description, ID, Object};
use entity::{funding_source, id::FundingSourceId};

use super::read::{self, FundingSourceById};
use crate::{
    error::Result,
    graphql::{
        context::ContextExt,
        paging::{self, By, Order, Page, Paged},
    },
    refusal::Language,
};

/// Where the means of a commitment come from (nguồn kinh phí).
#[derive(Description)]
pub struct FundingSource(pub funding_source::Model);

impl FundingSource {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: FundingSourceId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(FundingSourceById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl FundingSource {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Code, unique for ever (mã).
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name (tên).
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Language; that of the request if it is left out.")] language: Option<
            Language,
        >,
    ) -> &str {
        match language.unwrap_or_else(|| ctx.language()) {
            Language::Vi => &self.0.name,
            Language::En => &self.0.name_en,
        }
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

#[derive(Default)]
pub struct FundingSourceQuery;

#[Object]
impl FundingSourceQuery {
    /// Funding sources (danh mục nguồn kinh phí), in the order of their codes.
    async fn funding_sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<FundingSource>> {
        let order = Order {
            column: funding_source::Column::Code,
            by: By::Text(|row: &funding_source::Model| row.code.clone()),
            descending: false,
        };
        let (select, page) = (read::visible_to(ctx.viewer()), Page { first, after, last, before });
        paging::page(&ctx.app().db, select, order, page, FundingSource).await
    }
}
