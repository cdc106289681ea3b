//! What became of a place: an edge from the old unit to a new one.

use sea_orm::entity::prelude::*;

use crate::{id::PlaceId, text_enum};

text_enum!(Kind {
    /// The whole unit went into the new one.
    MergedWhole,
    /// A part of it did.
    Part,
    /// A part of its area did, with all of its people.
    PartWithAllPeople,
    /// The new list carries the same unit.
    Unchanged,
    /// The same unit under a new name.
    Renamed,
});

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_succession")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub predecessor_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub successor_id: PlaceId,
    pub kind: Kind,
    /// Share of the predecessor that went here, in millionths; null while nobody published one.
    pub weight_ppm: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
