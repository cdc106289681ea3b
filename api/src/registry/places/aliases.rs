//! Other spellings of names, and the search keys that follow from them.

use std::collections::{BTreeSet, HashMap};

use entity::{id::PlaceId, place_alias};
use sea_orm::EntityTrait;

use super::{List, MAX_NAME, Run, spelling::same_spelling};
use crate::{error::Result, registry::changes::Changes, text};

impl Run<'_> {
    /// Other spellings, and with them the search keys of all places that this import touches.
    pub(super) async fn aliases(&mut self) -> Result<Changes<place_alias::Entity>> {
        let mut changes = Changes::of("place aliases");
        let stored = place_alias::Entity::find().all(&**self.import.tx).await?;
        let mut names: HashMap<PlaceId, BTreeSet<String>> = HashMap::new();
        for alias in &stored {
            names.entry(alias.place_id).or_default().insert(alias.name.clone());
        }
        let stored: HashMap<(PlaceId, &str), &place_alias::Model> =
            stored.iter().map(|row| ((row.place_id, &*row.name), row)).collect();
        for row in self.import.files.rows("aliases.csv") {
            let place = self.places.of_any_level(&row, "code", List::of(&row, "period")?)?;
            let name = row.text("name")?;
            if !same_spelling(&name, &place.name) {
                return Err(row.bad(format!("{} is {}, not {name}", place.code, place.name)));
            }
            let alias = row.label("alias", MAX_NAME)?;
            let known = stored.get(&(place.id, &*alias)).copied();
            if !names.entry(place.id).or_default().insert(alias.clone()) && known.is_none() {
                return Err(row.bad(format!("{alias} stands there twice")));
            }
            let id = known.map_or_else(|| self.import.id(), |known| known.id);
            changes.want(known, place_alias::Model { id, place_id: place.id, name: alias });
            if self.seen.insert(place.id) {
                self.order.push(place.id);
            }
        }
        for id in &self.order {
            if let Some(place) = self.places.rows.get_mut(id) {
                let aliases = names.get(id).into_iter().flatten().map(String::as_str);
                let key = text::search_key(std::iter::once(&*place.name).chain(aliases));
                place.search_key = key;
            }
        }
        Ok(changes)
    }
}
