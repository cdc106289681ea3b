//! Arguments of queries about places.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::{id::PlaceId, place};
use sea_orm::Condition;

use super::{PlaceKindFilter, PlaceLevelFilter};
use crate::graphql::{
    filter::{Filter, IdFilter, StringFilter, ids, search},
    paging::{By, Order},
    scalar::Date,
};

/// How to name one place (cách chỉ một đơn vị hành chính): exactly one of these.
#[derive(OneofObject)]
pub enum PlaceBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By its code on a date (mã số tại một ngày).
    Code(PlaceByCodeInput),
}

/// A code on a date (mã số tại một ngày).
#[derive(InputObject)]
pub struct PlaceByCodeInput {
    /// Official code with its leading zeros (mã số): 2, 3 or 5 digits.
    pub code: String,
    /// The date on which the code is read (tại ngày); today if it is left out.
    pub as_of: Option<Date>,
}

/// Which places (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Default)]
pub struct PlaceFilter {
    /// Level (cấp).
    pub level: Option<PlaceLevelFilter>,
    /// What the unit is called (loại).
    pub kind: Option<PlaceKindFilter>,
    /// Official code (mã số).
    pub code: Option<StringFilter>,
    /// The unit it lies in directly (cấp trên trực tiếp).
    pub parent: Option<IdFilter>,
    /// The province it lies in (tỉnh).
    pub province: Option<IdFilter>,
    /// Words of the name or of another spelling, from the start of a word; case, diacritics and
    /// đ/Đ do not matter (tìm theo tên).
    pub search: Option<String>,
}

impl PlaceFilter {
    pub fn condition(&self) -> Condition {
        use place::Column;
        Condition::all()
            .add(self.level.on(Column::Level))
            .add(self.kind.on(Column::Kind))
            .add(self.code.on(Column::Code))
            .add(ids::<PlaceId>(&self.parent, Column::ParentId))
            .add(ids::<PlaceId>(&self.province, Column::ProvinceId))
            .add(search(&self.search, Column::SearchKey))
    }
}

/// In which order places come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlaceOrder {
    /// By code (theo mã số).
    #[default]
    Code,
    /// By name without diacritics (theo tên).
    Name,
}

impl From<PlaceOrder> for Order<place::Entity> {
    fn from(order: PlaceOrder) -> Self {
        let descending = false;
        match order {
            PlaceOrder::Code => Self {
                column: place::Column::Code,
                by: By::Text(|row| row.code.clone()),
                descending,
            },
            PlaceOrder::Name => Self {
                column: place::Column::SearchKey,
                by: By::Text(|row| row.search_key.clone()),
                descending,
            },
        }
    }
}
