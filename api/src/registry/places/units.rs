//! The units of the two lists, and what they lie in. Provinces and districts have files of their
//! own, or follow from the columns of the communes.

use std::collections::{BTreeMap, HashMap};

use entity::{
    id::PlaceId,
    place::{Kind, Level},
};

use super::{CHANGE, Draft, FLOOR, List, MAX_NAME, Run, spelling::kind_in_name, width};
use crate::{error::Result, registry::files::Row};

impl Run<'_> {
    pub(super) fn provinces(&mut self) -> Result<()> {
        let files = self.import.files;
        for row in files.rows("provinces.csv") {
            let (from, to) = row.validity()?;
            let draft = Draft {
                level: Level::Province,
                kind: row.word("kind")?,
                code: row.code("code", width(Level::Province))?,
                name: row.label("name", MAX_NAME)?,
                parent: None,
                province: None,
                from,
                to,
            };
            self.draft(&row, draft)?;
        }
        if files.has("provinces.csv") {
            return Ok(());
        }
        self.provinces_of("communes_before.csv", List::Before)?;
        self.provinces_of("communes_after.csv", List::After)
    }

    /// Provinces as the communes of a list name them; one without a name must be known.
    fn provinces_of(&mut self, file: &str, list: List) -> Result<()> {
        let mut names: HashMap<String, String> = HashMap::new();
        for row in self.import.files.rows(file) {
            let Some(name) = row.optional("province_name") else { continue };
            let code = row.code("province_code", width(Level::Province))?;
            match names.get(&code) {
                Some(known) if *known == name => continue,
                Some(known) => {
                    return Err(row.bad(format!("province {code} is {name} here, {known} before")));
                }
                None => {}
            }
            let Some(kind) = kind_in_name(Level::Province, &name) else {
                return Err(row.bad(format!("{name} is no name of a province")));
            };
            let draft = Draft {
                level: Level::Province,
                kind,
                code: code.clone(),
                name: row.label("province_name", MAX_NAME)?,
                parent: None,
                province: None,
                from: list.since(),
                to: (list == List::Before).then_some(CHANGE),
            };
            self.draft(&row, draft)?;
            names.insert(code, name);
        }
        Ok(())
    }

    /// Districts lie in the province of their communes; their names come from their own file, or
    /// else from the communes'.
    pub(super) fn districts(&mut self) -> Result<()> {
        let files = self.import.files;
        let mut named: BTreeMap<String, (Row, String)> = BTreeMap::new();
        for row in files.rows("districts_before.csv") {
            let code = row.code("code", width(Level::District))?;
            if named.insert(code.clone(), (row, row.label("name", MAX_NAME)?)).is_some() {
                return Err(row.bad(format!("{code} stands there twice")));
            }
        }
        let mut provinces: HashMap<String, PlaceId> = HashMap::new();
        for row in files.rows("communes_before.csv") {
            let code = row.code("district_code", width(Level::District))?;
            let province =
                self.places.named(&row, "province_code", Level::Province, List::Before)?.id;
            match provinces.insert(code.clone(), province) {
                Some(known) if known == province => continue,
                Some(_) => return Err(row.bad(format!("district {code} is in two provinces"))),
                None => {}
            }
            let (row, name) = match named.remove(&code) {
                Some(named) => named,
                None if row.optional("district_name").is_some() => {
                    (row, row.label("district_name", MAX_NAME)?)
                }
                None if self.places.at(&code, FLOOR).is_some() => continue,
                None => return Err(row.bad(format!("district {code} has no name anywhere"))),
            };
            self.district(&row, code, name, province)?;
        }
        match named.first_key_value() {
            None => Ok(()),
            Some((code, (row, _))) => {
                Err(row.bad(format!("no commune of {code} is in communes_before.csv")))
            }
        }
    }

    fn district(&mut self, row: &Row, code: String, name: String, province: PlaceId) -> Result<()> {
        let Some(kind) = kind_in_name(Level::District, &name) else {
            return Err(row.bad(format!("{name} is no name of a district")));
        };
        let draft = Draft {
            level: Level::District,
            kind,
            code,
            name,
            parent: Some(province),
            province: Some(province),
            from: FLOOR,
            to: Some(CHANGE),
        };
        self.draft(row, draft)
    }

    pub(super) fn communes(&mut self, file: &str, list: List) -> Result<()> {
        for row in self.import.files.rows(file) {
            let province = self.places.named(&row, "province_code", Level::Province, list)?.id;
            let (parent, to) = match list {
                List::Before => {
                    let of = self.places.named(&row, "district_code", Level::District, list)?;
                    (of.id, Some(CHANGE))
                }
                List::After => (province, None),
            };
            let kind = row.word("kind")?;
            if !matches!(kind, Kind::Xa | Kind::Phuong | Kind::ThiTran | Kind::DacKhu) {
                return Err(row.bad("kind is not one of a commune"));
            }
            let draft = Draft {
                level: Level::Commune,
                kind,
                code: row.code("code", width(Level::Commune))?,
                name: row.label("name", MAX_NAME)?,
                parent: Some(parent),
                province: Some(province),
                from: list.since(),
                to,
            };
            self.draft(&row, draft)?;
        }
        Ok(())
    }
}
