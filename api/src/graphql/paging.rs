//! Relay connections over keyset cursors. Every list asks for `first` or `last`, is ordered by one
//! column and then the id, reads one row more than the page, and counts only when asked to.

use async_graphql::{
    Object, OutputType,
    connection::{Connection, CursorType, Edge},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use entity::id::Identified;
use futures_util::future::BoxFuture;
use sea_orm::{
    EntityTrait, IntoIdentity, Iterable, PaginatorTrait, PrimaryKeyToColumn, Select, Value,
};
use uuid::Uuid;

use super::scalar::civil;
use crate::{
    db::Db,
    error::{Error, Result},
};

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

/// What a list is ordered by: a column without nulls, and a row's value in it.
pub struct Order<E: EntityTrait> {
    pub column: E::Column,
    pub by: By<E::Model>,
    pub descending: bool,
}

/// The type of the column that a list is ordered by. It, and never a client's cursor, says how a
/// value is bound.
pub enum By<M> {
    Text(fn(&M) -> String),
    Date(fn(&M) -> NaiveDate),
    Id,
}

impl<M: Identified> By<M> {
    fn cursor(&self, row: &M) -> Cursor {
        let value = match self {
            Self::Text(value) => value(row),
            Self::Date(value) => value(row).to_string(),
            Self::Id => String::new(),
        };
        Cursor(value, row.id().into())
    }

    fn bound(&self, Cursor(text, id): Cursor) -> Result<(Value, Uuid)> {
        let value = match self {
            Self::Text(_) if text.contains('\0') => return Err(not_a_cursor()),
            Self::Text(_) => text.into(),
            Self::Date(_) => civil(&text).ok_or_else(not_a_cursor)?.into(),
            Self::Id => id.into(),
        };
        Ok((value, id))
    }
}

/// Where a row stands in its list: its value in the column of the order, and its id. Opaque to
/// clients.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Cursor(String, Uuid);

impl CursorType for Cursor {
    type Error = Error;

    fn decode_cursor(text: &str) -> Result<Self> {
        let json = URL_SAFE_NO_PAD.decode(text).ok();
        json.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(not_a_cursor)
    }

    fn encode_cursor(&self) -> String {
        serde_json::to_vec(self).map(|json| URL_SAFE_NO_PAD.encode(json)).unwrap_or_default()
    }
}

fn not_a_cursor() -> Error {
    Error::BadInput("not a cursor of this list".to_owned())
}

/// Counts the rows of all pages, when that is selected.
pub struct Total(Box<dyn Fn() -> BoxFuture<'static, Result<u64>> + Send + Sync>);

#[Object(name = "Total")]
impl Total {
    /// Number of objects on all pages together that you may see (tổng số). Counted only when
    /// selected.
    async fn total_count(&self) -> Result<i32> {
        i32::try_from((self.0)().await?).map_err(Error::internal)
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
    E::Model: Identified + Send + Sync,
    E::Column: IntoIdentity,
    T: OutputType,
{
    let (size, backward) = page.size()?;
    let id = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    let id = id.ok_or_else(|| Error::internal("a list of rows without a primary key"))?;
    let counted = select.clone();
    let mut cursor = select.cursor_by((order.column, id));
    if let Some(after) = &page.after {
        cursor.after(order.by.bound(Cursor::decode_cursor(after)?)?);
    }
    if let Some(before) = &page.before {
        cursor.before(order.by.bound(Cursor::decode_cursor(before)?)?);
    }
    if order.descending {
        cursor.desc();
    }
    if backward {
        cursor.last(size + 1)
    } else {
        cursor.first(size + 1)
    };
    let mut rows = cursor.all(db.reader()).await?;

    let more = rows.len() as u64 > size;
    if more {
        let surplus = if backward { 0 } else { rows.len() - 1 };
        rows.remove(surplus);
    }
    let (has_previous, has_next) = match backward {
        true => (more, page.before.is_some()),
        false => (page.after.is_some(), more),
    };
    let db = db.clone();
    let total = Total(Box::new(move || {
        let (db, select) = (db.clone(), counted.clone());
        Box::pin(async move { Ok(select.count(db.reader()).await?) })
    }));
    let mut connection = Connection::with_additional_fields(has_previous, has_next, total);
    connection
        .edges
        .extend(rows.into_iter().map(|row| Edge::new(order.by.cursor(&row), wrap(row))));
    Ok(connection)
}

impl Page {
    /// How many rows, and whether from the end.
    fn size(&self) -> Result<(u64, bool)> {
        let (size, backward) = match (self.first, self.last) {
            (Some(first), None) if self.before.is_none() => (first, false),
            (None, Some(last)) if self.after.is_none() => (last, true),
            _ => {
                return Err(Error::BadInput(
                    "give `first` with an optional `after`, or `last` with an optional `before`"
                        .to_owned(),
                ));
            }
        };
        match u64::try_from(size) {
            Ok(size) if size <= MAX_PAGE => Ok((size, backward)),
            _ => Err(Error::BadInput(format!("a page has 0 to {MAX_PAGE} objects"))),
        }
    }
}
