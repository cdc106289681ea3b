//! Administrative units. A code means something only together with a date: rows with the same
//! level and code never overlap in time.

use sea_orm::entity::prelude::*;

use crate::{id::PlaceId, text_enum};

text_enum!(Level { Province, District, Commune });

text_enum!(
    /// What the unit is called: tỉnh, thành phố, huyện, quận, thị xã, xã, phường, thị trấn, đặc khu.
    Kind { Tinh, ThanhPho, Huyen, Quan, ThiXa, Xa, Phuong, ThiTran, DacKhu }
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlaceId,
    pub level: Level,
    pub kind: Kind,
    pub code: String,
    pub name: String,
    /// Folded name and aliases, each after a space, for word-start search.
    pub search_key: String,
    pub parent_id: Option<PlaceId>,
    /// The province it lies in; null for a province.
    pub province_id: Option<PlaceId>,
    pub valid_from: Date,
    /// Whether `valid_from` is only the first day the registry vouches for.
    pub valid_from_is_floor: bool,
    /// The first day it no longer exists.
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
