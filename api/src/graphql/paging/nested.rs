//! Lists that hang on each of many objects: what a party owes, what was delivered on a commitment.
//! One statement reads a page of each of them, however many objects there are, and one counts them.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use async_graphql::{
    Context, OutputType, SimpleObject,
    connection::{Connection, ConnectionNameType, Edge, EdgeNameType},
    dataloader::Loader,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoSimpleExpr, Iterable, QuerySelect,
    QueryTrait, Select,
    prelude::Expr,
    sea_query::{
        ExprTrait, Func, JoinType, OverStatement, Query, SelectStatement, WindowStatement,
    },
};
use uuid::Uuid;

use super::{
    Cursor, Link, List, Listing, Order, Paged, Slice, Total, connection, id_of, keyset::Cut,
};
use crate::{
    authz::Viewer,
    error::{Error, Result},
    graphql::context::{ContextExt, Reader, arguments},
};

/// Names of what a statement computes beside the columns of the rows.
const PARENT: &str = "paging_parent";
const CHILD: &str = "paging_child";
const RANK: &str = "paging_rank";
const INHERITED: &str = "paging_inherited";

/// A list that hangs on objects, the same for all of them.
struct Hung<R: Listing> {
    link: Link<R::Entity>,
    /// Of the field, in a fixed order.
    arguments: String,
    select: Select<R::Entity>,
    order: Order<R::Entity>,
    cut: Cut,
    joins: R::Joins,
}

/// The page of a list that hangs on one object. Two keys are of one list where the field, its
/// arguments and what is joined are the same.
pub struct PageOf<R: Listing>(Uuid, Arc<Hung<R>>);

/// How many rows such a list has.
pub struct CountOf<R: Listing>(PageOf<R>);

impl<R: Listing> PageOf<R> {
    fn same(&self) -> (&str, &str, R::Joins) {
        (self.1.link.name, &self.1.arguments, self.1.joins)
    }
}

impl<R: Listing> Clone for PageOf<R> {
    fn clone(&self) -> Self {
        Self(self.0, self.1.clone())
    }
}

impl<R: Listing> PartialEq for PageOf<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 && self.same() == other.same()
    }
}

impl<R: Listing> Eq for PageOf<R> {}

impl<R: Listing> Hash for PageOf<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.same()).hash(state);
    }
}

impl<R: Listing> Clone for CountOf<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: Listing> PartialEq for CountOf<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<R: Listing> Eq for CountOf<R> {}

impl<R: Listing> Hash for CountOf<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// A row and whether the object has it from a predecessor.
#[derive(Clone)]
pub struct Held<R> {
    row: R,
    inherited: bool,
}

impl<R: Listing> Loader<PageOf<R>> for Reader {
    type Value = Slice<Held<R>>;
    type Error = Error;

    async fn load(&self, keys: &[PageOf<R>]) -> Result<HashMap<PageOf<R>, Slice<Held<R>>>> {
        let mut pages = HashMap::new();
        for (list, parents) in lists(keys.iter()) {
            let statement = match parents.as_slice() {
                [parent] => list.of_one(&self.viewer, *parent)?,
                parents => list.of_many(&self.viewer, parents)?,
            };
            let mut rows: HashMap<Uuid, Vec<Held<R>>> = HashMap::new();
            for result in self.app.db.reader().query_all(&statement).await? {
                let row = R::read(&result, list.joins)?;
                let inherited = result.try_get::<i32>("", INHERITED)? != 0;
                rows.entry(result.try_get("", PARENT)?).or_default().push(Held { row, inherited });
            }
            let page = |(parent, rows)| (PageOf(parent, list.clone()), list.cut.slice(rows));
            pages.extend(rows.into_iter().map(page));
        }
        Ok(pages)
    }
}

impl<R: Listing> Loader<CountOf<R>> for Reader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf<R>]) -> Result<HashMap<CountOf<R>, u64>> {
        let mut counts = HashMap::new();
        for (list, parents) in lists(keys.iter().map(|key| &key.0)) {
            let statement = list.count(&self.viewer, &parents);
            for result in self.app.db.reader().query_all(&statement).await? {
                let key = CountOf(PageOf(result.try_get("", PARENT)?, list.clone()));
                let count: i64 = result.try_get("", RANK)?;
                counts.insert(key, u64::try_from(count).map_err(Error::internal)?);
            }
        }
        Ok(counts)
    }
}

/// The different lists among the keys, each with the objects it is asked of.
fn lists<'a, R: Listing>(
    keys: impl Iterator<Item = &'a PageOf<R>>,
) -> Vec<(Arc<Hung<R>>, Vec<Uuid>)> {
    let mut lists: Vec<(&PageOf<R>, Vec<Uuid>)> = Vec::new();
    for key in keys {
        match lists.iter_mut().find(|(known, _)| known.same() == key.same()) {
            Some((_, parents)) => parents.push(key.0),
            None => lists.push((key, vec![key.0])),
        }
    }
    lists.into_iter().map(|(key, parents)| (key.1.clone(), parents)).collect()
}

impl<R: Listing> Hung<R> {
    /// A page of one object: an index of the order may lead to it.
    fn of_one(&self, viewer: &Viewer, parent: Uuid) -> Result<SelectStatement> {
        let mut select = self.select.clone().into_query();
        let (parent, inherited) = self.link.add_to(&mut select, viewer, &[parent]);
        select.expr_as(parent, PARENT).expr_as(inherited, INHERITED);
        R::join(self.joins, &mut select);
        self.cut.take_from(&mut select, &self.order)?;
        Ok(select)
    }

    /// A page of each of several objects: rows are ranked within their object by their ids alone,
    /// and what makes a page is read in full.
    fn of_many(&self, viewer: &Viewer, parents: &[Uuid]) -> Result<SelectStatement> {
        let id = id_of::<R::Entity>()?;
        let mut ranked = self.select.clone().select_only().into_query();
        let (parent, inherited) = self.link.add_to(&mut ranked, viewer, parents);
        let mut window = WindowStatement::new();
        window.add_partition_by(parent.clone());
        for (column, direction, nulls) in self.order.keys(self.cut.backward)? {
            let column = column.as_column_ref();
            match nulls {
                Some(nulls) => window.order_by_with_nulls(column, direction, nulls),
                None => window.order_by(column, direction),
            };
        }
        ranked
            .cond_where(self.cut.within())
            .expr_as(id.into_simple_expr(), CHILD)
            .expr_as(parent, PARENT)
            .expr_as(inherited, INHERITED)
            .expr_window_as(Func::cust("row_number"), window, RANK);

        let is_ranked = id.into_simple_expr().eq(Expr::col(("ranked", CHILD)));
        let rank = Expr::col(("ranked", RANK));
        let mut select = Query::select();
        select
            .from_subquery(ranked, "ranked")
            .join(JoinType::InnerJoin, R::Entity::default(), is_ranked)
            .exprs(<R::Entity as EntityTrait>::Column::iter().map(IntoSimpleExpr::into_simple_expr))
            .expr_as(Expr::col(("ranked", PARENT)), PARENT)
            .expr_as(Expr::col(("ranked", INHERITED)), INHERITED)
            .cond_where(Condition::all().add(rank.clone().lte(self.cut.limit())))
            .order_by_expr(rank, sea_orm::Order::Asc);
        R::join(self.joins, &mut select);
        Ok(select)
    }

    fn count(&self, viewer: &Viewer, parents: &[Uuid]) -> SelectStatement {
        let mut select = self.select.clone().select_only().into_query();
        let (parent, _) = self.link.add_to(&mut select, viewer, parents);
        select
            .expr_as(parent.clone(), PARENT)
            .expr_as(Expr::cust("COUNT(*)"), RANK)
            .add_group_by([parent]);
        select
    }
}

/// What an edge says of how an object came to a row.
#[derive(SimpleObject)]
pub struct Lineage {
    /// Whether it is there only because of a predecessor (của đơn vị tiền nhiệm): the row names
    /// that one and not the object itself.
    of_predecessor: bool,
}

/// A page of what hangs on an object, with what it has from its predecessors marked as such.
pub type Inherited<T> = Connection<Cursor, T, Total, Lineage, Naming, Naming>;

/// Names of the types of [`Inherited`].
pub struct Naming;

impl ConnectionNameType for Naming {
    fn type_name<T: OutputType>() -> String {
        format!("Inherited{}Connection", T::type_name())
    }
}

impl EdgeNameType for Naming {
    fn type_name<T: OutputType>() -> String {
        format!("Inherited{}Edge", T::type_name())
    }
}

/// Reads the page of a list that hangs on an object, together with those of all other objects that
/// are asked for the same, and wraps each row.
pub async fn nested<R: Listing, T: OutputType>(
    ctx: &Context<'_>,
    parent: impl Into<Uuid>,
    link: Link<R::Entity>,
    list: List<R>,
    wrap: impl Fn(R) -> T,
) -> Result<Paged<T>> {
    let (key, slice) = load(ctx, parent.into(), link, list).await?;
    let (cut, by) = (&key.1.cut, &key.1.order.by);
    let edge = |held: Held<R>| Edge::new(by.cursor(held.row.row()), wrap(held.row));
    Ok(connection(cut, slice.map(edge), total(&key)))
}

/// The same, with what comes from predecessors marked on the edges.
pub async fn inherited<R: Listing, T: OutputType>(
    ctx: &Context<'_>,
    parent: impl Into<Uuid>,
    link: Link<R::Entity>,
    list: List<R>,
    wrap: impl Fn(R) -> T,
) -> Result<Inherited<T>> {
    let (key, slice) = load(ctx, parent.into(), link, list).await?;
    let (cut, by) = (&key.1.cut, &key.1.order.by);
    let edge = |held: Held<R>| {
        let lineage = Lineage { of_predecessor: held.inherited };
        Edge::with_additional_fields(by.cursor(held.row.row()), wrap(held.row), lineage)
    };
    Ok(connection(cut, slice.map(edge), total(&key)))
}

async fn load<R: Listing>(
    ctx: &Context<'_>,
    parent: Uuid,
    link: Link<R::Entity>,
    list: List<R>,
) -> Result<(PageOf<R>, Slice<Held<R>>)> {
    let List { select, order, page, joins } = list;
    let cut = Cut::of(&page, &order)?;
    let arguments = arguments(ctx);
    let key = PageOf(parent, Arc::new(Hung { link, arguments, select, order, cut, joins }));
    let slice = ctx.reader().load_one(key.clone()).await?.unwrap_or_default();
    Ok((key, slice))
}

fn total<R: Listing>(key: &PageOf<R>) -> Total {
    let key = CountOf(key.clone());
    Total(Box::new(move |ctx| {
        let key = key.clone();
        Box::pin(async move { Ok(ctx.reader().load_one(key).await?.unwrap_or_default()) })
    }))
}
