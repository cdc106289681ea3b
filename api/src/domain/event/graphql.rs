//! Events on the graph: the change feed, and thin events for the history of other objects.

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use entity::event;
use serde_json::Value;

use super::{
    cursor::{self, Seal},
    read::{self, EventsOfSubject, MAX_PAGE},
};
use crate::{
    domain::party::graphql::Party,
    error::{Error, Result},
    graphql::{context::ContextExt, node::Node, scalar::DateTime},
};

/// One state change (sự kiện), without its values: read them through the subject.
#[derive(Description)]
pub struct Event(pub event::Model);

impl Event {
    /// The history of an object that the viewer sees, by its id, oldest first.
    pub async fn history(ctx: &Context<'_>, subject: impl ToString) -> Result<Vec<Self>> {
        let rows = ctx.reader().load_one(EventsOfSubject(subject.to_string())).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Self).collect())
    }
}

#[Object(use_type_description)]
impl Event {
    /// Opaque stable id (mã sự kiện); the same one wherever this event is told.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What happened (loại sự kiện), a stable code such as `DELIVERY_CONFIRMED`; docs/events.md
    /// lists them, and the list grows: pass over what you do not know.
    async fn r#type(&self) -> &str {
        &self.0.r#type
    }

    /// When it was recorded (thời điểm ghi nhận).
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// Id of the object that it is about (mã đối tượng); `registry` for an import of the official
    /// lists.
    async fn subject_id(&self) -> ID {
        self.0.subject.clone().into()
    }

    /// The object that it is about, as it is now (đối tượng); null if you may no longer see it, or if
    /// objects of its type are not looked up by id.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        Node::find(ctx, &self.0.subject.as_str().into()).await
    }

    /// The version of the object after the change (phiên bản); null where the change has none.
    async fn version(&self) -> Option<i32> {
        let data: Value = serde_json::from_str(&self.0.data).ok()?;
        data["version"].as_i64().and_then(|version| version.try_into().ok())
    }

    /// The party that acted (bên thực hiện); null for the operator of the system.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.actor_id?).await
    }
}

/// A part of the change feed (luồng thay đổi), in the order in which it all happened.
#[derive(SimpleObject)]
pub struct EventFeed {
    /// The events that you may see today, the oldest first, at most as many as asked for. There may
    /// be fewer although there is more: then much was passed over that you may not see.
    nodes: Vec<Event>,
    /// Where to go on, also when there was nothing new: keep it, and ask for what comes after it
    /// (con trỏ). It is for your party alone. Null if you act for no party.
    end_cursor: Option<String>,
    /// Whether there is more to read already (còn nữa). If not, ask again later.
    has_more: bool,
}

#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// What has happened that your party may see today (luồng thay đổi): everything since a cursor,
    /// nothing lost and nothing twice. `SCOPE_GAINED` and `SCOPE_LOST` say that more or less of
    /// their subject has come into your sight: read it again, for what happened to it before that
    /// may not be told. Empty for who acts for no party, and for a party that has ended.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Cursor to start after; from the beginning if it is left out.")]
        after: Option<String>,
        #[graphql(desc = "How many events, 1 to 1000.")] first: i32,
    ) -> Result<EventFeed> {
        let size = u64::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first));
        let size =
            size.ok_or_else(|| Error::BadInput(format!("ask for 1 to {MAX_PAGE} events")))?;
        let (app, viewer) = (ctx.app(), ctx.viewer());
        let Some(acting) = &viewer.acting else {
            return match after {
                Some(_) => Err(cursor::not_yours()),
                None => Ok(EventFeed { nodes: Vec::new(), end_cursor: None, has_more: false }),
            };
        };
        let seal = Seal::of(app, acting.party).await?;
        let after = after.map_or(Ok(0), |cursor| seal.open(&cursor))?;
        let feed = match acting.own.is_empty() {
            true => read::Feed { events: Vec::new(), end: after, has_more: false },
            false => read::feed(app, viewer, acting, after, size).await?,
        };
        Ok(EventFeed {
            nodes: feed.events.into_iter().map(Event).collect(),
            end_cursor: Some(seal.seal(&*app.clock, feed.end)?),
            has_more: feed.has_more,
        })
    }
}
