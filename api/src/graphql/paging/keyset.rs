//! Where a page begins and ends: orders, cursors, and the condition and order they make in SQL.
//! Where the column of an order has no value, the row comes last; the other way round, first. That
//! is said in SQL, for the engines differ.

use async_graphql::connection::CursorType;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use entity::id::Identified;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Value,
    sea_query::{NullOrdering, Order as Direction, SelectStatement},
};
use uuid::Uuid;

use super::{MAX_PAGE, Page, Slice, id_of};
use crate::{
    error::{Error, Result},
    graphql::scalar::civil,
};

/// What a list is ordered by: a column, and a row's value in it.
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
    /// A column that may be null.
    SomeDate(fn(&M) -> Option<NaiveDate>),
    Int(fn(&M) -> i64),
    Id,
}

/// Where a row stands: its value in the column of the order, and its id.
struct At(Option<Value>, Uuid);

/// A column of an order, its direction, and where what has no value stands if it may have none.
type Part<C> = (C, Direction, Option<NullOrdering>);

impl<M: Identified> By<M> {
    pub(super) fn cursor(&self, row: &M) -> Cursor {
        let value = match self {
            Self::Text(value) => value(row),
            Self::Date(value) => value(row).to_string(),
            Self::SomeDate(value) => value(row).map(|date| date.to_string()).unwrap_or_default(),
            Self::Int(value) => value(row).to_string(),
            Self::Id => String::new(),
        };
        Cursor(value, row.id().into())
    }
}

impl<M> By<M> {
    fn at(&self, cursor: &str) -> Result<At> {
        let Cursor(text, id) = Cursor::decode_cursor(cursor)?;
        let value = match self {
            Self::Text(_) if text.contains('\0') => return Err(not_a_cursor()),
            Self::Text(_) => Some(text.into()),
            Self::SomeDate(_) if text.is_empty() => None,
            Self::Date(_) | Self::SomeDate(_) => {
                Some(civil(&text).ok_or_else(not_a_cursor)?.into())
            }
            Self::Int(_) => Some(text.parse::<i64>().map_err(|_| not_a_cursor())?.into()),
            Self::Id => Some(id.into()),
        };
        Ok(At(value, id))
    }

    const fn may_be_null(&self) -> bool {
        matches!(self, Self::SomeDate(_))
    }
}

impl<E: EntityTrait> Order<E> {
    /// That rows stand beyond one, on the side where values rise or fall. The bound is told twice,
    /// so that an index leads to it.
    fn beyond(&self, At(value, id): At, rising: bool) -> Result<Condition> {
        let (column, key) = (self.column, id_of::<E>()?);
        let further = if rising { key.gt(id) } else { key.lt(id) };
        if matches!(self.by, By::Id) {
            return Ok(Condition::all().add(further));
        }
        Ok(match value {
            Some(value) => {
                let (reached, passed) = match rising {
                    true => (column.gte(value.clone()), column.gt(value)),
                    false => (column.lte(value.clone()), column.lt(value)),
                };
                let passed = Condition::any().add(passed).add(further);
                let beyond = Condition::all().add(reached).add(passed);
                match rising && self.by.may_be_null() {
                    true => Condition::any().add(beyond).add(column.is_null()),
                    false => beyond,
                }
            }
            None if rising => Condition::all().add(column.is_null()).add(further),
            None => Condition::any().add(column.is_not_null()).add(further),
        })
    }

    /// Column and direction of each part of the order.
    pub(super) fn keys(&self, backward: bool) -> Result<Vec<Part<E::Column>>> {
        let (direction, nulls) = match self.descending == backward {
            true => (Direction::Asc, NullOrdering::Last),
            false => (Direction::Desc, NullOrdering::First),
        };
        let id = (id_of::<E>()?, direction.clone(), None);
        if matches!(self.by, By::Id) {
            return Ok(vec![id]);
        }
        let nulls = self.by.may_be_null().then_some(nulls);
        Ok(vec![(self.column, direction, nulls), id])
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

/// A page that was asked for rightly: how many rows, from which end, and what lies between.
pub(super) struct Cut {
    pub size: u64,
    pub backward: bool,
    is_bounded: bool,
    within: Condition,
}

impl Cut {
    pub fn of<E: EntityTrait>(page: &Page, order: &Order<E>) -> Result<Self> {
        let (size, backward) = page.size()?;
        let cursor = if backward { &page.before } else { &page.after };
        let within = match cursor {
            Some(cursor) => order.beyond(order.by.at(cursor)?, order.descending == backward)?,
            None => Condition::all(),
        };
        Ok(Self { size, backward, is_bounded: cursor.is_some(), within })
    }

    /// That rows lie between the cursor and the open end.
    pub fn within(&self) -> Condition {
        self.within.clone()
    }

    /// One row more than the page, so that it is known whether there are more.
    pub const fn limit(&self) -> u64 {
        self.size + 1
    }

    /// Limits a statement to the page and one more row.
    pub fn take_from<E: EntityTrait>(
        &self,
        statement: &mut SelectStatement,
        order: &Order<E>,
    ) -> Result<()> {
        statement.cond_where(self.within());
        for (column, direction, nulls) in order.keys(self.backward)? {
            let column = column.as_column_ref();
            match nulls {
                Some(nulls) => statement.order_by_with_nulls(column, direction, nulls),
                None => statement.order_by(column, direction),
            };
        }
        statement.limit(self.limit());
        Ok(())
    }

    /// What was read from the open end on, as a page.
    pub fn slice<I>(&self, mut rows: Vec<I>) -> Slice<I> {
        let more = rows.len() as u64 > self.size;
        if more {
            rows.pop();
        }
        if self.backward {
            rows.reverse();
        }
        Slice { rows, more }
    }

    /// Whether there is a page before and one after.
    pub const fn neighbours(&self, more: bool) -> (bool, bool) {
        if self.backward { (more, self.is_bounded) } else { (self.is_bounded, more) }
    }
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
