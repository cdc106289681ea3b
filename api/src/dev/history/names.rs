//! What the stories call things, instead of ids:
//!
//! - `@place/01837`: the place that bears the code on the day of the step
//! - `@party/VT-MAU-1`, `@activity/apps_installed`: by code
//! - `@document/UBND-06-2023/1431`: by issuer and number
//! - `@task/UBND-06-2023/1431/1`: a task by issuer and number of its document, and its ordinal
//! - `@phones`, `@phones.1`: what the step of that name made; counted from 0

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{activity_kind, document, party, place, task};
use sea_orm::EntityTrait;
use serde_json::Value;

use crate::{
    app::App,
    error::{Error, Result},
};

#[derive(Clone)]
pub struct Names {
    places: Vec<place::Model>,
    /// Ids by the name without its `@`.
    others: BTreeMap<String, String>,
}

impl Names {
    /// Everything that the registry names.
    pub async fn read(app: &App) -> Result<Self> {
        let db = app.db.reader();
        let parties = party::Entity::find().all(db).await?;
        let tasks = task::Entity::find().all(db).await?;
        let mut others = BTreeMap::new();
        for kind in activity_kind::Entity::find().all(db).await? {
            others.insert(format!("activity/{}", kind.code), kind.id.to_string());
        }
        for document in document::Entity::find().all(db).await? {
            if let Some(issuer) = parties.iter().find(|party| party.id == document.issuer_id) {
                let name = format!("{}/{}", issuer.code, document.number);
                for task in tasks.iter().filter(|task| task.document_id == document.id) {
                    others.insert(format!("task/{name}/{}", task.ordinal), task.id.to_string());
                }
                others.insert(format!("document/{name}"), document.id.to_string());
            }
        }
        others.extend(
            parties
                .into_iter()
                .map(|party| (format!("party/{}", party.code), party.id.to_string())),
        );
        Ok(Self { places: place::Entity::find().all(db).await?, others })
    }

    /// What a step made, from now on.
    pub fn call(&mut self, name: String, made: Vec<String>) {
        for (at, id) in made.iter().enumerate() {
            self.others.insert(format!("{name}.{at}"), id.clone());
        }
        if let [only] = &made[..] {
            self.others.insert(name, only.clone());
        }
    }

    /// The shortest name of an id on a day, with its `@`.
    pub fn of(&self, id: &str, on: NaiveDate) -> Option<String> {
        let names = self.others.iter().filter(|(_, named)| *named == id).map(|(name, _)| name);
        let place = || {
            let place = self.places.iter().find(|place| place.id.to_string() == id)?;
            valid(place, on).then(|| format!("@place/{}", place.code))
        };
        names.min_by_key(|name| name.len()).map(|name| format!("@{name}")).or_else(place)
    }

    /// Puts ids in the place of names.
    pub fn fill(&self, value: &mut Value, on: NaiveDate) -> Result<()> {
        match value {
            Value::String(text) => {
                if let Some(name) = text.strip_prefix('@') {
                    let id = self.id(name, on);
                    let missing = || Error::internal(format!("nothing is called {text}"));
                    *value = Value::String(id.ok_or_else(missing)?);
                }
                Ok(())
            }
            Value::Object(fields) => fields.values_mut().try_for_each(|value| self.fill(value, on)),
            Value::Array(items) => items.iter_mut().try_for_each(|value| self.fill(value, on)),
            _ => Ok(()),
        }
    }

    fn id(&self, name: &str, on: NaiveDate) -> Option<String> {
        let Some(code) = name.strip_prefix("place/") else {
            return self.others.get(name).cloned();
        };
        let place = self.places.iter().find(|place| place.code == code && valid(place, on))?;
        Some(place.id.to_string())
    }
}

fn valid(place: &place::Model, on: NaiveDate) -> bool {
    place.valid_from <= on && place.valid_to.is_none_or(|end| on < end)
}
