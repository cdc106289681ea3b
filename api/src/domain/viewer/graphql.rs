//! The viewer on the graph.

use async_graphql::{Context, Description, Object, SimpleObject};
use entity::api_token::Scopes;
use sea_orm::Iterable;

use crate::{
    authz::{Acting, Identity},
    domain::{
        member::{
            graphql::{Member, Role},
            read,
        },
        party::graphql::Party,
        queue::graphql::WorkQueue,
        token::graphql::{ApiToken, TokenScope},
    },
    error::Result,
    graphql::{context::ContextExt, scalar::Date},
};

/// Who is asking (người dùng hiện tại).
#[derive(Description)]
pub struct Viewer;

#[Object(use_type_description)]
impl Viewer {
    /// The party that you act for (bên đang đại diện); null for somebody without a membership, and
    /// for a member of several parties who names none in the header `Camket-Party`.
    async fn party(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, ctx.viewer().party()?).await
    }

    /// What you may do for it (vai trò); null where `party` is.
    async fn role(&self, ctx: &Context<'_>) -> Option<Role> {
        Some(self.acting(ctx)?.role.into())
    }

    /// What your token is limited to (phạm vi); all there are for a person, none where `party` is
    /// null.
    async fn scopes(&self, ctx: &Context<'_>) -> Vec<TokenScope> {
        let Some(acting) = self.acting(ctx) else { return Vec::new() };
        let all = || entity::api_token::Scope::iter().collect::<Scopes>();
        let scopes = acting.scopes.clone().unwrap_or_else(all);
        scopes.iter().map(Into::into).collect()
    }

    /// Whether the party has rights today (còn quyền): false once it has ended.
    async fn has_rights(&self, ctx: &Context<'_>) -> bool {
        self.acting(ctx).is_some_and(|acting| !acting.own.is_empty())
    }

    /// Whether the party coordinates the programme today (là đơn vị điều phối).
    async fn is_coordinator(&self, ctx: &Context<'_>) -> bool {
        self.acting(ctx).is_some_and(|acting| acting.coordinator)
    }

    /// Whether the party leads the programme today (là lãnh đạo chương trình).
    async fn is_leadership(&self, ctx: &Context<'_>) -> bool {
        self.acting(ctx).is_some_and(|acting| acting.leadership)
    }

    /// Your membership in that party (tư cách thành viên); null for a token.
    async fn member(&self, ctx: &Context<'_>) -> Option<Result<Member>> {
        Member::find(ctx, self.acting(ctx)?.member?).await
    }

    /// Your token (mã truy cập); null for a person.
    async fn api_token(&self, ctx: &Context<'_>) -> Option<Result<ApiToken>> {
        ApiToken::find(ctx, self.acting(ctx)?.token?).await
    }

    /// All your memberships, in the order of the parties' codes (các tư cách thành viên); none for
    /// a token.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        let Identity::Person { issuer, subject } = &ctx.viewer().identity else {
            return Ok(Vec::new());
        };
        let rows = read::memberships(ctx.app().db.reader(), issuer, subject).await?;
        let membership = |(member, party): (entity::member::Model, entity::party::Model)| {
            Membership { role: member.role.into(), party: Party::from(party) }
        };
        Ok(rows.into_iter().map(membership).collect())
    }

    /// What waits for that party (việc cần làm): to accept, to verify, to settle, overdue, as the next
    /// in line, and notes.
    async fn work_queue(&self) -> WorkQueue {
        WorkQueue
    }

    /// Today in Vietnam (hôm nay): the day that your rights are asked for.
    async fn today(&self, ctx: &Context<'_>) -> Date {
        Date(ctx.viewer().today)
    }
}

impl Viewer {
    fn acting<'a>(&self, ctx: &'a Context<'_>) -> Option<&'a Acting> {
        ctx.viewer().acting.as_ref()
    }
}

/// One of your memberships (tư cách thành viên).
#[derive(SimpleObject)]
pub struct Membership {
    /// The party; name it by its code in the header `Camket-Party` (bên).
    party: Party,
    /// What you may do for it (vai trò).
    role: Role,
}

#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who you are and which rights you have today (người dùng hiện tại); null for the public.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        (ctx.viewer().identity != Identity::Public).then_some(Viewer)
    }
}
