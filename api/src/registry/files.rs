//! Reading an import directory: which files there are, their rows, and values that are checked as
//! they are read. Every complaint names the file and the line.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Display,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use csv::StringRecord;
use include_dir::{Dir, include_dir};
use sea_orm::ActiveEnum;

use crate::{
    error::{Error, Result},
    refusal::{Language, Refusal},
    text,
    tx::sha256,
};

static PILOT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/registry/pilot");
static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/registry/demo");

/// The files that a directory may hold; any other `.csv` is a mistake.
const NAMES: [&str; 16] = [
    "activity_kinds.csv",
    "aliases.csv",
    "assignments.csv",
    "communes_after.csv",
    "communes_before.csv",
    "districts_before.csv",
    "documents.csv",
    "enrolments.csv",
    "funding_sources.csv",
    "parties.csv",
    "party_marks.csv",
    "party_successions.csv",
    "province_successions.csv",
    "provinces.csv",
    "successions.csv",
    "tasks.csv",
];

/// Where an import comes from.
#[derive(Clone, Debug)]
pub enum Source {
    Directory(PathBuf),
    /// The pilot's real units, documents and parties, built in.
    Pilot,
    /// The plainly named examples of `camket dev`, built in.
    Demo,
}

pub struct Files {
    /// What the event log calls the source: never a path of the machine.
    pub label: String,
    /// SHA-256 over names and contents.
    pub digest: String,
    tables: BTreeMap<String, Table>,
}

impl Source {
    pub fn read(&self) -> Result<Files> {
        let (label, files) = match self {
            Self::Pilot => ("pilot".to_owned(), embedded(&PILOT)),
            Self::Demo => ("demo".to_owned(), embedded(&DEMO)),
            Self::Directory(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                (format!("directory {name}"), from_disk(path)?)
            }
        };
        if files.is_empty() {
            let known = NAMES.join(", ");
            return Err(Error::BadInput(format!("nothing to import; it knows the files {known}")));
        }
        let mut tables = BTreeMap::new();
        let mut digests = String::new();
        for (name, bytes) in files {
            digests.push_str(&format!("{name} {}\n", sha256(&bytes)));
            tables.insert(name.clone(), Table::parse(name, &bytes)?);
        }
        Ok(Files { label, digest: sha256(digests), tables })
    }
}

fn embedded(dir: &Dir<'_>) -> BTreeMap<String, Vec<u8>> {
    dir.files()
        .filter_map(|file| Some((file.path().to_str()?.to_owned(), file.contents().to_vec())))
        .collect()
}

fn from_disk(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let unreadable = |what: &Path, cause: std::io::Error| {
        Error::BadInput(format!("cannot read {}: {cause}", what.display()))
    };
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(path).map_err(|cause| unreadable(path, cause))? {
        let file = entry.map_err(|cause| unreadable(path, cause))?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.to_ascii_lowercase().ends_with(".csv") {
            continue;
        }
        if !NAMES.contains(&name.as_str()) {
            let known = NAMES.join(", ");
            return Err(Error::BadInput(format!("{name}: not a file it knows; these are {known}")));
        }
        files.insert(name, std::fs::read(&file).map_err(|cause| unreadable(&file, cause))?);
    }
    Ok(files)
}

impl Files {
    pub fn has(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }

    /// The rows of a file; none where it is missing.
    pub fn rows<'a>(&'a self, name: &str) -> impl Iterator<Item = Row<'a>> {
        let table = self.tables.get(name);
        table
            .into_iter()
            .flat_map(|table| table.records.iter().map(move |record| Row { table, record }))
    }
}

struct Table {
    name: String,
    columns: HashMap<String, usize>,
    records: Vec<StringRecord>,
}

impl Table {
    fn parse(name: String, bytes: &[u8]) -> Result<Self> {
        let bad = |what: &dyn Display| Error::BadInput(format!("{name}: {what}"));
        let text = std::str::from_utf8(bytes).map_err(|cause| {
            bad(&format!("not UTF-8 from byte {} on; save it as UTF-8", cause.valid_up_to()))
        })?;
        // Spreadsheets put a mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|cause| bad(&cause))?;
        let columns: HashMap<String, usize> =
            headers.iter().enumerate().map(|(at, column)| (text::tidy(column), at)).collect();
        if columns.len() != headers.len() {
            return Err(bad(&"two columns have the same name"));
        }
        let records = reader.into_records().collect::<Result<_, _>>();
        let records = records.map_err(|cause| bad(&cause))?;
        Ok(Self { name, columns, records })
    }
}

#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl Row<'_> {
    /// A complaint about this row.
    pub fn bad(&self, what: impl Display) -> Error {
        let line = self.record.position().map_or(0, csv::Position::line);
        Error::BadInput(format!("{}, line {line}: {what}", self.table.name))
    }

    /// A complaint of a rule that mutations hold too.
    pub fn refused(&self, refusal: &Refusal) -> Error {
        let field = refusal.path.last().map(|field| format!("{field}: ")).unwrap_or_default();
        self.bad(format!("{field}{}", refusal.message(Language::En)))
    }

    /// The tidied value; none where the cell is empty or there is no such column.
    pub fn optional(&self, column: &str) -> Option<String> {
        let at = self.table.columns.get(column)?;
        let value = text::tidy(self.record.get(*at)?);
        (!value.is_empty()).then_some(value)
    }

    pub fn text(&self, column: &str) -> Result<String> {
        let missing = || match self.table.columns.contains_key(column) {
            true => self.bad(format!("{column} is empty")),
            false => self.bad(format!("there is no column {column}")),
        };
        self.optional(column).ok_or_else(missing)
    }

    /// Text that people read: not too long, and without anybody's number.
    pub fn label(&self, column: &str, max: usize) -> Result<String> {
        text::label(column, &self.text(column)?, max).map_err(|refusal| self.refused(&refusal))
    }

    pub fn optional_label(&self, column: &str, max: usize) -> Result<Option<String>> {
        self.optional(column).map(|_| self.label(column, max)).transpose()
    }

    /// A code of digits, leading zeros and all.
    pub fn code(&self, column: &str, width: usize) -> Result<String> {
        let code = self.text(column)?;
        let is_number = code.bytes().all(|b| b.is_ascii_digit());
        if is_number && code.len() == width {
            return Ok(code);
        }
        Err(self.bad(if is_number && code.len() < width {
            format!(
                "{column} {code} has {} digits and needs {width}: a leading zero was lost, \
                 keep the column as text",
                code.len()
            )
        } else {
            format!("{column} {code} is not a code of {width} digits")
        }))
    }

    pub fn date(&self, column: &str) -> Result<NaiveDate> {
        let date = self.text(column)?;
        let parsed = NaiveDate::parse_from_str(&date, "%Y-%m-%d").ok();
        parsed
            .filter(|parsed| parsed.to_string() == date)
            .ok_or_else(|| self.bad(format!("{column} {date} is not a date such as 2025-07-01")))
    }

    pub fn optional_date(&self, column: &str) -> Result<Option<NaiveDate>> {
        self.optional(column).map(|_| self.date(column)).transpose()
    }

    /// `valid_from` and `valid_to`, at least a day apart.
    pub fn validity(&self) -> Result<(NaiveDate, Option<NaiveDate>)> {
        let (from, to) = (self.date("valid_from")?, self.optional_date("valid_to")?);
        if to.is_some_and(|to| to <= from) {
            return Err(self.bad("valid_to is not after valid_from"));
        }
        Ok((from, to))
    }

    /// `true` or `false`; an empty cell is false.
    pub fn flag(&self, column: &str) -> Result<bool> {
        match self.optional(column).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(self.bad(format!("{column} {other} is neither true nor false"))),
        }
    }

    pub fn number(&self, column: &str) -> Result<i32> {
        let number = self.text(column)?;
        number.parse().map_err(|_| self.bad(format!("{column} {number} is not a whole number")))
    }

    /// One of a closed set of words, in capitals or not.
    pub fn word<E: ActiveEnum<Value = String>>(&self, column: &str) -> Result<E> {
        self.as_word(column, &self.text(column)?)
    }

    pub fn optional_word<E: ActiveEnum<Value = String>>(&self, column: &str) -> Result<Option<E>> {
        self.optional(column).map(|word| self.as_word(column, &word)).transpose()
    }

    /// Several of them, with `|` between.
    pub fn words<E: ActiveEnum<Value = String>>(&self, column: &str) -> Result<Vec<E>> {
        let words = self.text(column)?;
        words.split('|').map(|word| self.as_word(column, word.trim())).collect()
    }

    fn as_word<E: ActiveEnum<Value = String>>(&self, column: &str, word: &str) -> Result<E> {
        E::try_from_value(&word.to_ascii_uppercase()).map_err(|_| {
            let known: Vec<String> = E::iter().map(|known| known.to_value()).collect();
            self.bad(format!("{column} {word} is none of {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use entity::place::Kind;

    use super::*;

    fn table(text: &str) -> Table {
        Table::parse("places.csv".to_owned(), text.as_bytes()).unwrap()
    }

    fn complaint<T>(result: Result<T>) -> String {
        result.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn values_are_tidied_and_complaints_name_file_and_line() {
        let table =
            table("\u{feff}code,name,kind\n01837, Nghi\u{303}a  Ta\u{301} ,xa\n1837,,lang\n");
        let rows: Vec<Row> =
            table.records.iter().map(|record| Row { table: &table, record }).collect();
        assert_eq!(rows[0].code("code", 5).unwrap(), "01837");
        assert_eq!(rows[0].text("name").unwrap(), "Nghĩa Tá");
        assert_eq!(rows[0].word::<Kind>("kind").unwrap(), Kind::Xa);

        assert!(complaint(rows[1].code("code", 5)).contains("line 3: code 1837 has 4 digits"));
        assert!(complaint(rows[1].code("code", 5)).contains("leading zero was lost"));
        assert_eq!(complaint(rows[1].text("name")), "places.csv, line 3: name is empty");
        assert!(complaint(rows[1].word::<Kind>("kind")).contains("lang is none of TINH, "));
        assert!(complaint(rows[1].date("since")).contains("there is no column since"));
    }

    #[test]
    fn text_in_another_encoding_and_ragged_rows_are_refused() {
        let latin = Table::parse("places.csv".to_owned(), b"name\nT\xe1\n");
        assert!(complaint(latin).contains("not UTF-8 from byte 6"));
        let ragged = Table::parse("places.csv".to_owned(), b"code,name\n01837\n");
        assert!(complaint(ragged).contains("line: 2"));
    }
}
