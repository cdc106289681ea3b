//! Facts about this database: one row.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Whether it holds the demonstration set; `camket serve` refuses such a database.
    pub demonstration: bool,
    /// Counts the changes of the registry. Whoever rebuilds `reach` moves it first and so holds
    /// its lock.
    pub registry_revision: i64,
    /// The key that cursors of the change feed are sealed with, hexadecimal.
    pub cursor_key: String,
    /// The key that the subjects of statements to partners are made with, hexadecimal.
    pub subject_key: String,
}

impl ActiveModelBehavior for ActiveModel {}
