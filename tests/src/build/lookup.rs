//! Rows of the registry as the template has it, found by their codes.

use api::clock::Clock;
use chrono::NaiveDate;
use entity::{activity_kind, document, party, place};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::BEGINNING;
use crate::{TestApp, day};

impl TestApp {
    /// Thái Nguyên since 2025-07-01.
    pub async fn province(&self) -> place::Model {
        self.place_on("19", BEGINNING).await
    }

    /// The commune that has this code today.
    pub async fn commune(&self, code: &str) -> place::Model {
        self.place_on(code, &self.clock.today().to_string()).await
    }

    /// The place that had this code on a date.
    pub async fn place_on(&self, code: &str, date: &str) -> place::Model {
        let on = day(date);
        let rows = place::Entity::find().filter(place::Column::Code.eq(code));
        let rows = rows.all(self.db().reader()).await.expect("places can be read");
        let held = |row: &place::Model| {
            row.valid_from <= on && row.valid_to.is_none_or(|end: NaiveDate| on < end)
        };
        rows.into_iter().find(held).expect("the registry has a place with this code on this day")
    }

    pub async fn party_by_code(&self, code: &str) -> party::Model {
        let row = party::Entity::find().filter(party::Column::Code.eq(code));
        let row = row.one(self.db().reader()).await.expect("parties can be read");
        row.expect("the registry has a party with this code")
    }

    pub async fn activity(&self, code: &str) -> activity_kind::Model {
        let row = activity_kind::Entity::find().filter(activity_kind::Column::Code.eq(code));
        let row = row.one(self.db().reader()).await.expect("activity kinds can be read");
        row.expect("the registry has an activity kind with this code")
    }

    /// Decision 1431/QĐ-UBND, which assigns departments to communes.
    pub async fn directive(&self) -> document::Model {
        let row = document::Entity::find().filter(document::Column::Number.eq("1431"));
        let row = row.one(self.db().reader()).await.expect("documents can be read");
        row.expect("the registry has Decision 1431")
    }

    /// The authority of a place, if the registry has one.
    pub async fn authority_of(&self, place: &place::Model) -> Option<party::Model> {
        use party::Kind::{CommuneAuthority, DistrictAuthority, ProvincialAuthority};
        let authorities = [CommuneAuthority, DistrictAuthority, ProvincialAuthority];
        let row = party::Entity::find()
            .filter(party::Column::PlaceId.eq(place.id))
            .filter(party::Column::Kind.is_in(authorities));
        row.one(self.db().reader()).await.expect("parties can be read")
    }
}
