//! What is counted. Unit, precision and measure never change once the kind exists.

use sea_orm::entity::prelude::*;

use crate::{id::ActivityKindId, party::Kinds, text_enum};

text_enum!(
    /// How a sum is read: an amount in a period, or a level at a date.
    Measure { Flow, Stock }
);

text_enum!(Pillar { DigitalGovernment, DigitalEconomy, DigitalSociety });

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_kind")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityKindId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub unit: String,
    pub unit_en: String,
    /// Digits after the decimal point, 0 to 6.
    pub precision: i32,
    pub measure: Measure,
    pub pillar: Pillar,
    /// Who may promise it.
    #[sea_orm(column_type = "Json")]
    pub promisers: Kinds,
    /// Whether rows of this kind are always for the parties only.
    pub forces_parties: bool,
    /// Folded code and names, for word-start search.
    pub search_key: String,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
