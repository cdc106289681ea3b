//! Subscriptions: the change feed, and parts of it, as it goes on. A subscription lives in turns
//! ([`crate::graphql::live`]): each turn reads what was added to the log since the one before, with
//! the rights of that moment, and ends.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_graphql::{Context, Description, ID, Object, Subscription};
use entity::{
    event,
    id::{CommitmentId, DeliveryId, NeedId, PartyId, PlaceId, TypedId},
};
use futures_util::{Stream, stream};

use super::{cursor::Seal, graphql::Event, read};
use crate::{
    domain::{commitment::graphql::Commitment, delivery::graphql::Delivery, need::graphql::Need},
    error::{Error, Result},
    graphql::context::ContextExt,
    hub,
};

/// The most events that one turn reads.
const PAGE: u64 = 100;

/// How far a subscription has come; kept from turn to turn.
#[derive(Debug, Default)]
pub struct Turn(Mutex<Come>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Come {
    /// Up to where the log was read; none before the first turn.
    pub to: Option<i64>,
    /// Whether there is more to read already.
    pub has_more: bool,
    /// Whether the present turn has read the log.
    pub has_run: bool,
}

impl Turn {
    pub fn come(&self) -> Come {
        *self.lock()
    }

    pub fn begin(&self) {
        self.lock().has_run = false;
    }

    fn end(&self, to: i64, has_more: bool) {
        *self.lock() = Come { to: Some(to), has_more, has_run: true };
    }

    fn lock(&self) -> MutexGuard<'_, Come> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that happened (thông báo), with where to go on after it.
#[derive(Description)]
pub struct EventNotice(Noticed);

/// A change of a promise (thông báo về cam kết), with where to go on after it.
#[derive(Description)]
pub struct CommitmentNotice(Noticed);

/// Something that was delivered, or said of it (thông báo về kết quả), with where to go on after
/// it.
#[derive(Description)]
pub struct DeliveryNotice(Noticed);

/// A need that was raised (thông báo về nhu cầu), with where to go on after it.
#[derive(Description)]
pub struct NeedNotice(Noticed);

struct Noticed {
    cursor: String,
    event: event::Model,
}

/// What all notices have, and the object that a notice is about.
macro_rules! notices {
    ($($notice:ident $(, $subject:ident: $object:ident by $id:ident, $what:literal)?;)+) => {$(
        #[Object(use_type_description)]
        impl $notice {
            /// Where to go on after this event (con trỏ): what `after` takes, here and in the query
            /// `events`.
            async fn cursor(&self) -> &str {
                &self.0.cursor
            }

            /// What happened (sự kiện).
            async fn event(&self) -> Event {
                Event(self.0.event.clone())
            }

            $(
                #[doc = $what]
                async fn $subject(&self, ctx: &Context<'_>) -> Option<Result<$object>> {
                    $object::find(ctx, self.0.event.subject.parse::<$id>().ok()?).await
                }
            )?
        }

        impl From<Noticed> for $notice {
            fn from(noticed: Noticed) -> Self {
                Self(noticed)
            }
        }
    )+};
}

notices! {
    EventNotice;
    CommitmentNotice, commitment: Commitment by CommitmentId,
        "The commitment as it is now (cam kết); null if you may no longer see it.";
    DeliveryNotice, delivery: Delivery by DeliveryId,
        "The delivery as it is now (kết quả); null if you may no longer see it.";
    NeedNotice, need: Need by NeedId,
        "The need as it is now (nhu cầu); null if you may no longer see it.";
}

/// What happens, as it happens: each field is a part of the change feed that your party may see.
/// With `after` it begins where a cursor points and misses nothing; without, it begins now. It ends
/// when your token, your membership or your role does.
#[derive(Description)]
pub struct Subscription;

#[Subscription(use_type_description)]
impl Subscription {
    /// Everything that happens (luồng thay đổi trực tiếp).
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Cursor to start after; now if it is left out.")] after: Option<String>,
    ) -> Result<impl Stream<Item = EventNotice>> {
        noticed(ctx, after, |_| true).await
    }

    /// Proposals, decisions, amendments and ends of commitments (cam kết thay đổi).
    async fn commitment_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this commitment (cam kết).")] commitment_id: Option<ID>,
        #[graphql(desc = "Only of this giver (bên cam kết).")] giver_id: Option<ID>,
        #[graphql(desc = "Only what is promised to this place itself (đơn vị).")] place_id: Option<
            ID,
        >,
        #[graphql(desc = "Cursor to start after; now if it is left out.")] after: Option<String>,
    ) -> Result<impl Stream<Item = CommitmentNotice>> {
        let part = Part::new(giver_id, place_id)?;
        let only = commitment_id.map(|id| id.to_string());
        noticed(ctx, after, move |event| {
            is_about::<CommitmentId>(event)
                && only.as_ref().is_none_or(|only| *only == event.subject)
                && part.holds(event)
        })
        .await
    }

    /// Entries in the ledger, by either side (ghi nhận kết quả).
    async fn delivery_recorded(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this giver (bên cam kết).")] giver_id: Option<ID>,
        #[graphql(desc = "Only in this commune (xã).")] commune_id: Option<ID>,
        #[graphql(desc = "Cursor to start after; now if it is left out.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DeliveryNotice>> {
        let part = Part::new(giver_id, commune_id)?;
        noticed(ctx, after, move |event| is_record(event) && part.holds(event)).await
    }

    /// What is said of entries afterwards (xác nhận kết quả): confirmed, disputed, agreed, settled,
    /// taken back.
    async fn delivery_verified(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this giver (bên cam kết).")] giver_id: Option<ID>,
        #[graphql(desc = "Only in this commune (xã).")] commune_id: Option<ID>,
        #[graphql(desc = "Cursor to start after; now if it is left out.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DeliveryNotice>> {
        let part = Part::new(giver_id, commune_id)?;
        noticed(ctx, after, move |event| {
            is_about::<DeliveryId>(event) && !is_record(event) && part.holds(event)
        })
        .await
    }

    /// Needs of communes (nhu cầu mới).
    async fn need_raised(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this commune (xã).")] commune_id: Option<ID>,
        #[graphql(desc = "Cursor to start after; now if it is left out.")] after: Option<String>,
    ) -> Result<impl Stream<Item = NeedNotice>> {
        let part = Part::new(None, commune_id)?;
        noticed(ctx, after, move |event| event.r#type == "NEED_RAISED" && part.holds(event)).await
    }
}

/// What a subscription is limited to; an event names the giver and the place it is about.
struct Part {
    giver: Option<PartyId>,
    place: Option<PlaceId>,
}

impl Part {
    fn new(giver: Option<ID>, place: Option<ID>) -> Result<Self> {
        Ok(Self { giver: parsed(giver)?, place: parsed(place)? })
    }

    fn holds(&self, event: &event::Model) -> bool {
        self.giver.is_none_or(|giver| event.giver_id == Some(giver))
            && self.place.is_none_or(|place| event.commune_id == Some(place))
    }
}

fn parsed<Id: std::str::FromStr>(id: Option<ID>) -> Result<Option<Id>> {
    let parse = |id: ID| {
        let what = || Error::BadInput(format!("{:?} is not an id of that type", id.as_str()));
        id.parse().map_err(|_| what())
    };
    id.map(parse).transpose()
}

fn is_about<Id: TypedId>(event: &event::Model) -> bool {
    event.subject.rsplit_once('_').is_some_and(|(prefix, _)| prefix == Id::PREFIX)
}

fn is_record(event: &event::Model) -> bool {
    event.r#type == "DELIVERY_RECORDED"
}

/// One turn: what was added to the log and fits.
async fn noticed<N: From<Noticed>>(
    ctx: &Context<'_>,
    after: Option<String>,
    fits: impl Fn(&event::Model) -> bool,
) -> Result<impl Stream<Item = N>> {
    let (app, viewer, turn) = (ctx.app(), ctx.viewer(), ctx.turn()?);
    let nobody = Error::Unauthenticated("only who acts for a party that exists today is told");
    let acting = viewer.acting.as_ref().filter(|acting| !acting.own.is_empty()).ok_or(nobody)?;
    let seal = Seal::of(app, acting.party).await?;
    let after = match (turn.come().to, after) {
        (Some(to), _) => to,
        (None, Some(cursor)) => seal.open(&cursor)?,
        (None, None) => {
            turn.end(hub::end_of_log(app).await?, false);
            return Ok(stream::iter(Vec::new()));
        }
    };
    let feed = read::feed(app, viewer, acting, after, PAGE).await?;
    let notices = feed.events.into_iter().filter(fits).map(|event| {
        let cursor = seal.seal(&*app.clock, event.position)?;
        Ok(N::from(Noticed { cursor, event }))
    });
    let notices = notices.collect::<Result<Vec<N>>>()?;
    turn.end(feed.end, feed.has_more);
    Ok(stream::iter(notices))
}
