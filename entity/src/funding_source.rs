//! Where the means of a commitment come from: data, not an enum, for the province may extend it.

use sea_orm::entity::prelude::*;

use crate::id::FundingSourceId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funding_source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FundingSourceId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
