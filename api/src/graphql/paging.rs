//! Relay connections over keyset cursors. Every list asks for `first` or `last`, is ordered by one
//! column and then the id, reads one row more than the page, and counts only when asked to. A list
//! at the root is read by [`page`] or [`list`]; one that hangs on each of many objects by
//! [`nested`], for all of them in one statement.

use std::hash::Hash;

use async_graphql::{
    Context, Object, ObjectType, OutputType,
    connection::{Connection, ConnectionNameType, Edge, EdgeNameType},
};
use entity::id::Identified;
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable, ModelTrait, PaginatorTrait,
    PrimaryKeyToColumn, QueryResult, QueryTrait, Select, sea_query::SelectStatement,
};

use crate::{
    db::Db,
    error::{Error, Result},
};

mod keyset;
mod link;
pub mod nested;

pub use keyset::{By, Cursor, Order};
pub use link::{Keys, Link};

use keyset::Cut;

/// The largest page.
pub const MAX_PAGE: u64 = 100;

/// Which page of a list: `first` with an optional `after`, or `last` with an optional `before`.
#[derive(Clone, Debug)]
pub struct Page {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// What a list reads of each of its rows: the row alone, or with what is joined to it.
pub trait Listing: Clone + Send + Sync + 'static {
    type Entity: EntityTrait<Model: Identified + Send + Sync>;
    /// What is to be joined.
    type Joins: Copy + Default + Eq + Hash + Send + Sync;

    /// Adds the tables and columns that are joined to a select of the rows.
    fn join(joins: Self::Joins, select: &mut SelectStatement);

    fn read(result: &QueryResult, joins: Self::Joins) -> Result<Self, DbErr>;

    fn row(&self) -> &<Self::Entity as EntityTrait>::Model;
}

impl<M> Listing for M
where
    M: ModelTrait + FromQueryResult + Identified + Send + Sync + 'static,
    M::Entity: EntityTrait<Model = M>,
{
    type Entity = M::Entity;
    type Joins = ();

    fn join((): (), _: &mut SelectStatement) {}

    fn read(result: &QueryResult, (): ()) -> Result<Self, DbErr> {
        M::from_query_result(result, "")
    }

    fn row(&self) -> &M {
        self
    }
}

/// A list: the rows that the viewer may see and asked for, in their order, and which page of it.
pub struct List<R: Listing> {
    pub select: Select<R::Entity>,
    pub order: Order<R::Entity>,
    pub page: Page,
    pub joins: R::Joins,
}

/// How a total is counted.
type Counting = dyn for<'a> Fn(&'a Context<'_>) -> BoxFuture<'a, Result<u64>> + Send + Sync;

/// Counts the rows of all pages, when that is selected.
pub struct Total(Box<Counting>);

#[Object(name = "Total")]
impl Total {
    /// Number of objects on all pages together that you may see (tổng số). Counted only when
    /// selected.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        i32::try_from((self.0)(ctx).await?).map_err(Error::internal)
    }
}

/// A page of a list.
pub type Paged<T> = Connection<Cursor, T, Total>;

/// Reads one page of `select`, which holds what the viewer may see and nothing else, and wraps
/// each row.
pub async fn page<E, T>(
    db: &Db,
    select: Select<E>,
    order: Order<E>,
    page: Page,
    wrap: impl Fn(E::Model) -> T,
) -> Result<Paged<T>>
where
    E: EntityTrait,
    E::Model: Listing<Entity = E, Joins = ()> + Identified,
    T: OutputType,
{
    let all = List::<E::Model> { select, order, page, joins: () };
    list(db, all, wrap).await
}

/// Reads one page of a list and wraps each row.
pub async fn list<R: Listing, T: OutputType>(
    db: &Db,
    list: List<R>,
    wrap: impl Fn(R) -> T,
) -> Result<Paged<T>> {
    let List { select, order, page, joins } = list;
    let cut = Cut::of(&page, &order)?;
    let counted = select.clone();
    let mut statement = select.into_query();
    R::join(joins, &mut statement);
    cut.take_from(&mut statement, &order)?;
    let rows = db.reader().query_all(&statement).await?;
    let rows = rows.iter().map(|row| R::read(row, joins)).collect::<Result<Vec<_>, _>>()?;

    let db = db.clone();
    let total = Total(Box::new(move |_| {
        let (db, select) = (db.clone(), counted.clone());
        Box::pin(async move { Ok(select.count(db.reader()).await?) })
    }));
    let edges = cut.slice(rows).map(|row| Edge::new(order.by.cursor(row.row()), wrap(row)));
    Ok(connection(&cut, edges, total))
}

/// The column of an entity's one id.
fn id_of<E: EntityTrait>() -> Result<E::Column> {
    let id = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    id.ok_or_else(|| Error::internal("a list of rows without a primary key"))
}

/// The rows of a page in the order of the list, and whether there are more beyond its open end.
#[derive(Clone)]
pub struct Slice<I> {
    rows: Vec<I>,
    more: bool,
}

impl<I> Default for Slice<I> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: false }
    }
}

impl<I> Slice<I> {
    fn map<J>(self, each: impl FnMut(I) -> J) -> Slice<J> {
        Slice { rows: self.rows.into_iter().map(each).collect(), more: self.more }
    }
}

fn connection<T, F, N, M>(
    cut: &Cut,
    edges: Slice<Edge<Cursor, T, F, M>>,
    total: Total,
) -> Connection<Cursor, T, Total, F, N, M>
where
    T: OutputType,
    F: ObjectType,
    N: ConnectionNameType,
    M: EdgeNameType,
{
    let (previous, next) = cut.neighbours(edges.more);
    let mut connection = Connection::with_additional_fields(previous, next, total);
    connection.edges = edges.rows;
    connection
}
