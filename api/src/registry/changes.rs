//! The difference between the rows that are stored and the rows that the files want, and how it
//! is written: inserts in batches, updates only of rows that differ.

use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, IntoActiveModel};

use super::report::Tally;
use crate::{
    error::{Error, Result},
    tx::Tx,
};

/// Rows in one statement; SQLite takes 32,766 parameters.
const BATCH: usize = 500;

pub struct Changes<E: EntityTrait> {
    table: &'static str,
    /// Counts a change of a row that has a version.
    bump: fn(&mut E::Model),
    new: Vec<E::Model>,
    changed: Vec<E::Model>,
    unchanged: usize,
}

impl<E> Changes<E>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
    E::ActiveModel: Send,
{
    /// Of a table whose rows have no version.
    pub fn of(table: &'static str) -> Self {
        Self::versioned(table, |_| {})
    }

    /// Of a table whose rows count their changes.
    pub fn versioned(table: &'static str, bump: fn(&mut E::Model)) -> Self {
        Self { table, bump, new: Vec::new(), changed: Vec::new(), unchanged: 0 }
    }

    /// Wants a row: the stored one as it should be, with its id and version, or a new one.
    pub fn want(&mut self, stored: Option<&E::Model>, mut row: E::Model) {
        match stored {
            None => self.new.push(row),
            Some(stored) if *stored == row => self.unchanged += 1,
            Some(_) => {
                (self.bump)(&mut row);
                self.changed.push(row);
            }
        }
    }

    pub async fn write(self, tx: &Tx) -> Result<Tally> {
        let (inserted, updated) = (self.new.len(), self.changed.len());
        let refused = |cause: DbErr| {
            Error::BadInput(format!("{}: the database refuses a row: {cause}", self.table))
        };
        for row in self.changed {
            let row = row.into_active_model().reset_all();
            E::update(row).exec(&**tx).await.map_err(refused)?;
        }
        let mut new = self.new.into_iter().map(IntoActiveModel::into_active_model);
        loop {
            let batch: Vec<E::ActiveModel> = new.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            E::insert_many(batch).exec_without_returning(&**tx).await.map_err(refused)?;
        }
        Ok(Tally { inserted, updated, unchanged: self.unchanged })
    }
}
