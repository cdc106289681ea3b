//! What an import did, table by table.

use std::fmt;

use serde_json::{Value, json};

/// Rows of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub inserted: usize,
    pub updated: usize,
    /// Rows of the files that were there already, exactly so.
    pub unchanged: usize,
}

impl Tally {
    const fn changed(self) -> usize {
        self.inserted + self.updated
    }
}

/// All tables that the files speak of, in the order of the import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    tables: Vec<(&'static str, Tally)>,
}

impl Report {
    /// Adds what was done to a table; one that the files do not speak of is left out.
    pub(super) fn add(&mut self, table: &'static str, tally: Tally) {
        if tally != Tally::default() {
            self.tables.push((table, tally));
        }
    }

    pub fn table(&self, name: &str) -> Tally {
        let found = self.tables.iter().find(|(table, _)| *table == name);
        found.map_or_else(Tally::default, |(_, tally)| *tally)
    }

    pub fn is_changed(&self) -> bool {
        self.tables.iter().any(|(_, tally)| tally.changed() > 0)
    }

    pub(super) fn touches(&self, tables: &[&str]) -> bool {
        tables.iter().any(|table| self.table(table).changed() > 0)
    }

    /// The changed tables, for the event log.
    pub(super) fn data(&self) -> Value {
        let changed = self.tables.iter().filter(|(_, tally)| tally.changed() > 0);
        changed
            .map(|(table, tally)| {
                let counts = json!({ "inserted": tally.inserted, "updated": tally.updated });
                ((*table).to_owned(), counts)
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<18} {:>8} {:>8} {:>9}", "table", "inserted", "updated", "unchanged")?;
        for (table, Tally { inserted, updated, unchanged }) in &self.tables {
            write!(f, "\n{table:<18} {inserted:>8} {updated:>8} {unchanged:>9}")?;
        }
        Ok(())
    }
}
