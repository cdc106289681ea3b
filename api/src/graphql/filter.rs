//! Filters of the shape `{ eq, in, gte, lte, not }`, one input type per kind of value.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use entity::id::TypedId;
use sea_orm::{ColumnTrait, Condition, Value, prelude::Expr};

use super::scalar::Date;
use crate::text;

/// Filters by id (mã đối tượng). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct IdFilter {
    /// Exactly this id.
    pub eq: Option<ID>,
    /// One of these ids, at most 500.
    #[graphql(validator(max_items = 500))]
    pub r#in: Option<Vec<ID>>,
    /// Any id but this one.
    pub not: Option<ID>,
}

/// Filters by a text without folding (chuỗi ký tự). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct StringFilter {
    /// Exactly this text.
    pub eq: Option<String>,
    /// One of these texts, at most 500.
    #[graphql(validator(max_items = 500))]
    pub r#in: Option<Vec<String>>,
    /// Any text but this one.
    pub not: Option<String>,
}

/// Filters by a civil date (ngày). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct DateFilter {
    /// Exactly this date.
    pub eq: Option<Date>,
    /// This date or a later one.
    pub gte: Option<Date>,
    /// This date or an earlier one.
    pub lte: Option<Date>,
    /// Any date but this one.
    pub not: Option<Date>,
}

/// What a filter asks of a column. A filter that was not given asks nothing.
pub trait Filter {
    fn on(&self, column: impl ColumnTrait) -> Condition;
}

impl<F: Filter> Filter for Option<F> {
    fn on(&self, column: impl ColumnTrait) -> Condition {
        self.as_ref().map_or_else(Condition::all, |filter| filter.on(column))
    }
}

impl IdFilter {
    /// The condition on a column of ids of one type; an id of another type matches no row.
    pub fn on<Id: TypedId + std::str::FromStr>(&self, column: impl ColumnTrait) -> Condition {
        let uuid = |id: &ID| id.parse::<Id>().ok().map(|id| -> uuid::Uuid { id.into() });
        let mut all = Condition::all();
        if let Some(id) = &self.eq {
            all = all.add(column.is_in(uuid(id)));
        }
        if let Some(ids) = &self.r#in {
            all = all.add(column.is_in(ids.iter().filter_map(uuid)));
        }
        if let Some(id) = self.not.as_ref().and_then(uuid) {
            all = all.add(is_not(&column, id));
        }
        all
    }
}

/// The condition of an optional id filter.
pub fn ids<Id: TypedId + std::str::FromStr>(
    filter: &Option<IdFilter>,
    column: impl ColumnTrait,
) -> Condition {
    filter.as_ref().map_or_else(Condition::all, |filter| filter.on::<Id>(column))
}

impl Filter for StringFilter {
    fn on(&self, column: impl ColumnTrait) -> Condition {
        let mut all = Condition::all();
        if let Some(text) = &self.eq {
            all = all.add(column.eq(text.as_str()));
        }
        if let Some(texts) = &self.r#in {
            all = all.add(column.is_in(texts.iter().map(String::as_str)));
        }
        if let Some(text) = &self.not {
            all = all.add(is_not(&column, text.as_str()));
        }
        all
    }
}

impl Filter for DateFilter {
    fn on(&self, column: impl ColumnTrait) -> Condition {
        let mut all = Condition::all();
        if let Some(Date(date)) = self.eq {
            all = all.add(column.eq(date));
        }
        if let Some(Date(date)) = self.gte {
            all = all.add(column.gte(date));
        }
        if let Some(Date(date)) = self.lte {
            all = all.add(column.lte(date));
        }
        if let Some(Date(date)) = self.not {
            all = all.add(is_not(&column, date));
        }
        all
    }
}

/// Any value but one, and none at all.
pub fn is_not(column: &impl ColumnTrait, value: impl Into<Value>) -> Condition {
    Condition::any().add(column.ne(value.into())).add(column.is_null())
}

/// The condition that what somebody typed stands in a search key. Something that holds nothing to
/// search for is found nowhere.
pub fn search(typed: &Option<String>, key: impl ColumnTrait) -> Condition {
    match typed.as_deref().map(text::search_pattern) {
        None => Condition::all(),
        Some(Some(pattern)) => Condition::all().add(key.like(pattern)),
        Some(None) => nothing(),
    }
}

/// A condition that no row meets. An empty `any` would be left out and mean everything.
pub fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

/// The condition that `[from, to)` holds a date.
pub fn valid_on(from: impl ColumnTrait, to: impl ColumnTrait, on: NaiveDate) -> Condition {
    Condition::all().add(from.lte(on)).add(Condition::any().add(to.is_null()).add(to.gt(on)))
}

/// Declares a GraphQL enum for a closed set of words of a row, and its filter.
macro_rules! row_enum {
    (
        $(#[$meta:meta])+ $name:ident, $filter:ident = $row:ty {
            $($(#[$vmeta:meta])+ $variant:ident),+ $(,)?
        }
    ) => {
        $(#[$meta])+
        #[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vmeta])+ $variant),+ }

        impl From<$row> for $name {
            fn from(value: $row) -> Self {
                match value { $(<$row>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $row {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }

        #[doc = concat!("Filters by `", stringify!($name), "`. All given conditions must hold.")]
        #[derive(async_graphql::InputObject, Clone, Debug, Default)]
        pub struct $filter {
            /// Exactly this value.
            pub eq: Option<$name>,
            /// One of these values.
            pub r#in: Option<Vec<$name>>,
            /// Any value but this one.
            pub not: Option<$name>,
        }

        impl $crate::graphql::filter::Filter for $filter {
            fn on(&self, column: impl sea_orm::ColumnTrait) -> sea_orm::Condition {
                let row = |value: $name| <$row>::from(value);
                let mut all = sea_orm::Condition::all();
                if let Some(value) = self.eq {
                    all = all.add(column.eq(row(value)));
                }
                if let Some(values) = &self.r#in {
                    all = all.add(column.is_in(values.iter().copied().map(row)));
                }
                if let Some(value) = self.not {
                    all = all.add($crate::graphql::filter::is_not(&column, row(value)));
                }
                all
            }
        }
    };
}
pub(crate) use row_enum;
