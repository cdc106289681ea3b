//! Pages of places and parties, and the feed, against the oracle.

use std::collections::BTreeSet;

use entity::{
    id::{PartyId, PlaceId},
    party, place,
};
use serde_json::{Value, json};

use super::{
    answers::{Asked, Viewer, ids},
    dice::Dice,
    oracle::{Everything, participants},
    world::World,
};

impl Viewer<'_> {
    /// What was promised to and arrived in places, and what parties owe and are owed.
    pub async fn pages(&self, world: &World, dice: &mut Dice, asked: &mut Asked) {
        let place = dice.pick(&world.places);
        self.place(place, asked).await;
        let today = self.sight.all.today;
        let parties = world.people.iter().filter_map(|who| who.party.as_ref());
        let parties: Vec<_> = parties.filter(|party| party.valid_from <= today).collect();
        let party = dice.pick(&parties);
        self.party(party, asked).await;
    }

    async fn place(&self, place: &place::Model, asked: &mut Asked) {
        let all = self.sight.all;
        let with_predecessors = line_of(place.id, all);
        let query = "query ($id: ID!) { node(id: $id) { ... on Place {
            promised(first: 100, orderBy: OLDEST) { totalCount nodes { id } } }
            ... on Commune { arrived(first: 100, orderBy: ENTERED) { totalCount nodes { id } } } } }";
        let reply = self.ask(query, json!({ "id": place.id.to_string() })).await;
        let rows = all.commitments.values().filter(|row| self.sight.commitment(row));
        let rows = rows.filter(|row| with_predecessors.contains(&row.place_id));
        let wanted: Vec<String> = rows.map(|row| row.id.to_string()).collect();
        let page = reply.at("/node/promised");
        self.first_hundred("promised", page, &wanted);
        asked.all += 2;
        if place.level == place::Level::Commune {
            let rows = all.deliveries.values().filter(|row| self.sight.delivery(row));
            let rows = rows.filter(|row| {
                row.commune_id.is_some_and(|commune| with_predecessors.contains(&commune))
            });
            let wanted: Vec<String> = rows.map(|row| row.id.to_string()).collect();
            self.first_hundred("arrived", reply.at("/node/arrived"), &wanted);
            asked.all += 2;
        }
    }

    async fn party(&self, party: &party::Model, asked: &mut Asked) {
        let all = self.sight.all;
        let query = "query ($id: ID!) { node(id: $id) { ... on Party {
            owes(first: 100, orderBy: OLDEST) { totalCount nodes { id } }
            owed(first: 100, orderBy: OLDEST) { totalCount nodes { id } } } } }";
        let reply = self.ask(query, json!({ "id": party.id.to_string() })).await;
        let seen = || all.commitments.values().filter(|row| self.sight.commitment(row));
        let selves: BTreeSet<PartyId> = all.with_predecessors(party.id);
        let owes =
            seen().filter(|row| participants(row).iter().any(|party| selves.contains(party)));
        let owes: Vec<String> = owes.map(|row| row.id.to_string()).collect();
        self.first_hundred(&format!("owes of {}", party.code), reply.at("/node/owes"), &owes);
        let places = all.places_of(party.id);
        let owed = seen().filter(|row| places.contains(&row.place_id));
        let owed: Vec<String> = owed.map(|row| row.id.to_string()).collect();
        self.first_hundred(&format!("owed of {}", party.code), reply.at("/node/owed"), &owed);
        asked.all += 4;
    }

    #[track_caller]
    fn first_hundred(&self, what: &str, page: &Value, wanted: &[String]) {
        assert_eq!(page["totalCount"], wanted.len(), "{}: {what}", self.who);
        let mut found = ids(&page["nodes"]);
        found.sort();
        let mut wanted = wanted.to_vec();
        wanted.sort();
        if wanted.len() <= 100 {
            self.same(what, &found, &wanted);
        }
    }

    /// The feed tells of rows of the ledger what the viewer is told and may see, and each subject
    /// can be read.
    pub async fn feed(&self, asked: &mut Asked) {
        let query = "query ($after: String) { events(first: 200, after: $after) {
            endCursor hasMore nodes { id subjectId subject { id } } } }";
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let reply = self.ask(query, json!({ "after": after })).await;
            for event in reply.at("/events/nodes").as_array().unwrap() {
                let subject = event["subjectId"].as_str().unwrap();
                if self.sight.about(subject).is_some() {
                    assert_eq!(event["subject"]["id"], subject, "{}", self.who);
                    found.push(event["id"].as_str().unwrap().to_owned());
                }
            }
            after = reply.at("/events/endCursor").clone();
            if reply.at("/events/hasMore") != true {
                break;
            }
        }
        let wanted = self.sight.events();
        let wanted: Vec<String> = wanted.iter().map(|event| event.id.to_string()).collect();
        asked.all += 1 + wanted.len();
        self.same("the feed", &found, &wanted);
    }
}

/// A place and everything that went into it.
fn line_of(place: PlaceId, all: &Everything) -> BTreeSet<PlaceId> {
    let places = all.places.iter().map(|row| row.id);
    places.filter(|then| all.went_into(*then, place)).collect()
}
