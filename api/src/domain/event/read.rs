//! Selecting events: the feed of a party, and the history of an object.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dataloader::Loader;
use entity::{event, event_audience, id::PartyId, reach};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
    prelude::Expr,
    sea_query::{Alias, Func, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::subject;
use crate::{
    app::App,
    authz::{Acting, Viewer},
    domain::reach::{read::AT_PLACE, scope},
    error::{Error, Result},
    graphql::{
        context::{Reader, many},
        filter::valid_on,
    },
    tx::Audience,
};

/// The largest page.
pub const MAX_PAGE: i32 = 1_000;

/// The least number of events that are looked at in one go.
const MIN_CHUNK: u64 = 100;

/// How often a request goes on looking for events that may be seen.
const MAX_CHUNKS: u8 = 8;

/// How many parties and places are asked for in one statement: what PostgreSQL takes to plan it
/// grows with their square, and SQLite joins at most 500 selects.
const KEYS: usize = 50;

/// An answer to a task is told to those whose own letters it could be, although the task may be
/// seen by everybody.
const TASK_ANSWERED: &str = "TASK_ANSWERED";

/// Types of which the audience says more than the subject.
const ADDRESSED: [&str; 3] = [scope::GAINED, scope::LOST, TASK_ANSWERED];

/// Events in the order of the log.
pub struct Feed {
    pub events: Vec<event::Model>,
    /// Up to where the log was read.
    pub end: i64,
    /// Whether there is more to read already.
    pub has_more: bool,
}

/// How near to an event the viewer stands by its audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    /// As everybody, by a place, or for a principal.
    Around = 1,
    /// By a predecessor.
    Own = 2,
    /// It is told to the viewer's party itself.
    Me = 3,
}

/// An event of the log as it concerns the viewer.
#[derive(FromQueryResult)]
struct Scanned {
    #[sea_orm(nested)]
    event: event::Model,
    /// A [`Near`]; 0 for who is not in the audience and reads the log all the same.
    near: i32,
    /// Under how many of the keys that were asked for it was found.
    keys: i64,
}

/// A part of the log, as far as it was read.
struct Chunk {
    scanned: Vec<Scanned>,
    end: i64,
    /// Whether nothing follows.
    is_last: bool,
}

/// The next `first` events after a position that the viewer may see. Everything is read as of one
/// instant: what a party gains while its feed is read stands behind the end of the page, together
/// with the `SCOPE_GAINED` that tells of it.
pub async fn feed(
    app: &App,
    viewer: &Viewer,
    acting: &Acting,
    after: i64,
    first: u64,
) -> Result<Feed> {
    let db = app.db.snapshot().await?;
    let feed = feed_in(&db, viewer, acting, after, first).await;
    db.rollback().await?;
    feed
}

async fn feed_in(
    db: &DatabaseTransaction,
    viewer: &Viewer,
    acting: &Acting,
    after: i64,
    first: u64,
) -> Result<Feed> {
    let sight = Sight::of(db, viewer, acting).await?;
    // One more, which tells whether there is more.
    let size = Ord::max(first + 1, MIN_CHUNK);
    let mut feed = Feed { events: Vec::new(), end: after, has_more: true };
    for _ in 0..MAX_CHUNKS {
        let chunk = sight.chunk(db, feed.end, size).await?;
        for event in visible(db, viewer, chunk.scanned).await? {
            if feed.events.len() as u64 == first {
                feed.end = event.position - 1;
                return Ok(feed);
            }
            feed.events.push(event);
        }
        feed.end = chunk.end;
        if chunk.is_last {
            feed.has_more = false;
            break;
        }
    }
    Ok(feed)
}

/// Those that the viewer may see by its rights of today.
async fn visible(
    db: &DatabaseTransaction,
    viewer: &Viewer,
    scanned: Vec<Scanned>,
) -> Result<Vec<event::Model>> {
    let told = scanned.into_iter().filter(|scanned| is_told(viewer, scanned));
    let told: Vec<event::Model> = told.map(|scanned| scanned.event).collect();
    let subjects = told.iter().map(|event| event.subject.as_str());
    let seen = subject::visible(db, viewer, subjects).await?;
    let seen: Vec<bool> = told.iter().map(|event| seen.contains(&*event.subject)).collect();
    Ok(told.into_iter().zip(seen).filter_map(|(event, seen)| seen.then_some(event)).collect())
}

/// Whether the viewer is among those whom an event is told to, where its subject does not say it.
fn is_told(viewer: &Viewer, Scanned { event, near, .. }: &Scanned) -> bool {
    match &*event.r#type {
        scope::GAINED | scope::LOST => *near >= Near::Me as i32,
        TASK_ANSWERED => *near >= Near::Own as i32 || viewer.oversees(),
        _ => true,
    }
}

/// Where in the log the viewer looks.
enum Sight {
    /// Everywhere; who oversees the programme.
    All(PartyId),
    /// Under the keys of the audience that lead to the viewer.
    Keys(Vec<(Uuid, Near)>),
}

impl Sight {
    async fn of(db: &DatabaseTransaction, viewer: &Viewer, acting: &Acting) -> Result<Self> {
        if viewer.oversees() {
            return Ok(Self::All(acting.party));
        }
        let mut keys = BTreeMap::from([(Audience::PUBLIC, Near::Around)]);
        for (key, near) in reached(db, viewer, acting.party).await? {
            let known = keys.entry(key).or_insert(near);
            *known = Ord::max(*known, near);
        }
        keys.insert(acting.party.into(), Near::Me);
        Ok(Self::Keys(keys.into_iter().collect()))
    }

    /// The next events after a position, at most so many.
    async fn chunk(&self, db: &DatabaseTransaction, after: i64, size: u64) -> Result<Chunk> {
        let keys = match self {
            Self::All(me) => {
                let scanned = whole_log(*me, after, size).into_model().all(db).await?;
                return Ok(Chunk::of(scanned, after, size, i64::MAX));
            }
            Self::Keys(keys) => keys,
        };
        let mut scanned: BTreeMap<i64, Scanned> = BTreeMap::new();
        let mut complete = i64::MAX;
        for keys in keys.chunks(KEYS) {
            // No event stands there more often than there are keys: one at least is whole.
            let limit = size + keys.len() as u64;
            let mut found = under(keys, after, limit).into_model::<Scanned>().all(db).await?;
            let read: i64 = found.iter().map(|found| found.keys).sum();
            if read.unsigned_abs() == limit
                && let Some(cut_off) = found.pop()
            {
                complete = Ord::min(complete, cut_off.event.position - 1);
            }
            for found in found {
                let known = scanned.get(&found.event.position);
                if known.is_none_or(|known| known.near < found.near) {
                    scanned.insert(found.event.position, found);
                }
            }
        }
        Ok(Chunk::of(scanned.into_values().collect(), after, size, complete))
    }
}

impl Chunk {
    /// At most `size` of what was read, and nothing behind the position up to which it is complete.
    fn of(mut scanned: Vec<Scanned>, after: i64, size: u64, complete: i64) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        scanned.retain(|found| found.event.position <= complete);
        let is_full = scanned.len() >= size;
        scanned.truncate(size);
        let last = scanned.last().map_or(after, |last| last.event.position);
        let is_cut = complete < i64::MAX;
        let end = if is_cut && !is_full { complete } else { last };
        Self { scanned, end, is_last: !is_cut && !is_full }
    }
}

/// Principals and places that the viewer reaches today, by whatever right. A principal of whom
/// nothing is lent is a predecessor.
async fn reached(
    db: &DatabaseTransaction,
    viewer: &Viewer,
    party: PartyId,
) -> Result<Vec<(Uuid, Near)>> {
    use reach::Column::{Act, PartyId, PlaceId, PrincipalId, Role, ValidFrom, ValidTo};
    let rows = |key: reach::Column, near: Near| {
        reach::Entity::find()
            .select_only()
            .expr_as(Expr::col(key), "key")
            .expr_as(Expr::val(near as i32), "near")
            .filter(PartyId.eq(party))
            .filter(valid_on(ValidFrom, ValidTo, viewer.today))
    };
    let own = rows(PrincipalId, Near::Own).filter(Role.eq(reach::Role::Own));
    let lent = rows(PrincipalId, Near::Around).filter(Role.eq(reach::Role::Own));
    let places = rows(PlaceId, Near::Around).filter(Role.is_in(AT_PLACE));
    let mut keys = own.filter(Act.is_null()).into_query();
    keys.union(UnionType::Distinct, lent.filter(Act.is_not_null()).into_query());
    keys.union(UnionType::Distinct, places.into_query());
    let rows = db.query_all(&keys).await?;
    let key = |row: &QueryResult| {
        let is_own = row.try_get::<i32>("", "near")? == Near::Own as i32;
        Ok((row.try_get("", "key")?, if is_own { Near::Own } else { Near::Around }))
    };
    rows.iter().map(key).collect()
}

/// The log itself, and whether an event is told to this party.
fn whole_log(me: PartyId, after: i64, size: u64) -> Select<event::Entity> {
    let told = event_audience::Entity::find()
        .select_only()
        .expr(Expr::val(Near::Me as i32))
        .filter(event_audience::Column::AudienceId.eq(Uuid::from(me)))
        .filter(
            Expr::col(event_audience::Column::Position.as_column_ref())
                .eq(Expr::col(event::Column::Position.as_column_ref())),
        );
    let told = Expr::SubQuery(None, Box::new(told.into_query().into()));
    event::Entity::find()
        .expr_as(Func::coalesce([told, Expr::val(0)]), "near")
        .expr_as(Expr::val(1_i64), "keys")
        .filter(event::Column::Position.gt(after))
        .order_by_asc(event::Column::Position)
        .limit(size)
}

/// What stands first under some keys, so many entries. Each key is read in order and no further than
/// they reach, so that the cost does not grow with the log. The entries are counted before they are
/// grouped: else PostgreSQL would read all that each key might give.
fn under(keys: &[(Uuid, Near)], after: i64, limit: u64) -> Select<event::Entity> {
    let [position, near, count] = ["position", "near", "keys"].map(Alias::new);
    let mut of_keys = keys.iter().map(|(key, near)| under_key(*key, *near, after, limit));
    let mut all = of_keys.next().unwrap_or_default();
    all.unions(of_keys.map(|of_key| (UnionType::All, of_key)));
    let first = Query::select()
        .columns([position.clone(), near.clone()])
        .from_subquery(all, Alias::new("keyed"))
        .order_by(position.clone(), sea_orm::Order::Asc)
        .limit(limit)
        .to_owned();
    let merged = Query::select()
        .column(position.clone())
        .expr_as(Func::max(Expr::col(near.clone())), near.clone())
        .expr_as(Func::count(Expr::col(near.clone())), count.clone())
        .from_subquery(first, Alias::new("entries"))
        .group_by_col(position.clone())
        .to_owned();
    let found = Alias::new("found");
    let same =
        Expr::col((found.clone(), position)).eq(Expr::col(event::Column::Position.as_column_ref()));
    let mut events = event::Entity::find()
        .expr_as(Expr::col((found.clone(), near)), "near")
        .expr_as(Expr::col((found.clone(), count)), "keys")
        .order_by_asc(event::Column::Position);
    QuerySelect::query(&mut events).join_subquery(JoinType::InnerJoin, merged, found, same);
    events
}

fn under_key(key: Uuid, near: Near, after: i64, limit: u64) -> SelectStatement {
    let rows = event_audience::Entity::find()
        .select_only()
        .column(event_audience::Column::Position)
        .filter(event_audience::Column::AudienceId.eq(key))
        .filter(event_audience::Column::Position.gt(after))
        .order_by_asc(event_audience::Column::Position)
        .limit(limit);
    // SQLite takes no limit inside a union but in a sub-select.
    Query::select()
        .column(Alias::new("position"))
        .expr_as(Expr::val(near as i32), Alias::new("near"))
        .from_subquery(rows.into_query(), Alias::new("key"))
        .to_owned()
}

/// The history of an object by its TypeID, oldest first; asked only about objects that the viewer
/// sees. What is told to some parties alone is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventsOfSubject(pub String);

impl Loader<EventsOfSubject> for Reader {
    type Value = Vec<event::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[EventsOfSubject],
    ) -> Result<HashMap<EventsOfSubject, Vec<event::Model>>> {
        let rows = event::Entity::find()
            .filter(event::Column::Subject.is_in(keys.iter().map(|key| key.0.as_str())))
            .filter(event::Column::Type.is_not_in(ADDRESSED))
            .order_by_asc(event::Column::Position)
            .all(self.app.db.reader())
            .await?;
        Ok(many(rows, |row| EventsOfSubject(row.subject.clone())))
    }
}
