//! A province in which everything that the ledger knows can happen: places and authorities that end
//! on 2025-07-01, a company that ends in the autumn with an heir, a fund that carries, agents,
//! helpers, and those who run the programme before and after.

use api::clock::Clock;
use chrono::NaiveDate;
use entity::{
    activity_kind::{self, Measure},
    document,
    id::{PartyId, PlaceId},
    mandate::Act,
    member::Role,
    party::{self, Kind},
    party_mark, party_succession, place, place_succession,
};
use sea_orm::Iterable;
use tests::{Actor, TestApp, day};

/// Two weeks before the night in which the list of units changes.
pub const FIRST_DAY: &str = "2025-06-16";
/// On which the company that ends does so.
pub const COMPANY_ENDS: &str = "2025-09-01";

/// Communes of the old list with what they became, and one that was not there before.
const COMMUNES: [(&str, &str); 5] = [
    ("01837", "2025-06-01"),
    ("02071", "2025-06-01"),
    ("01843", "2025-08-01"),
    ("02071", "2025-08-01"),
    ("02014", "2025-08-01"),
];

pub struct World {
    pub app: TestApp,
    pub people: Vec<Person>,
    /// Communes of both lists, a district, and the provinces.
    pub places: Vec<place::Model>,
    pub activities: Vec<activity_kind::Model>,
    successions: Vec<place_succession::Model>,
}

/// Somebody who acts, with what they most likely may do.
pub struct Person {
    pub name: String,
    pub actor: Actor,
    pub party: Option<party::Model>,
    /// Its own, and those for which it acts.
    pub stands_for: Vec<PartyId>,
    /// Of which it is the authority, or for whose authority it acts.
    pub governs: Vec<PlaceId>,
    pub runs_programme: bool,
    /// What the party can cite.
    pub paper: Option<document::Model>,
}

impl Person {
    pub fn exists(&self, today: NaiveDate) -> bool {
        self.party.as_ref().is_some_and(|party| {
            party.valid_from <= today && party.valid_to.is_none_or(|end| today < end)
        })
    }
}

impl World {
    pub async fn start() -> Self {
        let app = TestApp::start().await;
        app.clock.set_date(FIRST_DAY);
        let places = places(&app).await;
        let activities = activities(&app).await;
        let mut people = Vec::new();
        for (name, party) in parties(&app, &places).await {
            people.push(person(&app, name, party, Role::Manager).await);
        }
        lend(&app, &mut people, &places).await;
        for (name, role) in [("clerk", Role::Reporter), ("reader", Role::Viewer)] {
            let telecom = people[0].party.clone().unwrap();
            people.push(person(&app, name.to_owned(), telecom, role).await);
        }
        let stranger = Person {
            name: "stranger".to_owned(),
            actor: app.stranger(),
            party: None,
            stands_for: Vec::new(),
            governs: Vec::new(),
            runs_programme: false,
            paper: None,
        };
        people.push(stranger);
        let successions = app.all(place_succession::Entity).await;
        Self { app, people, places, activities, successions }
    }

    /// Whether a commune lies in a place, or came from one that does.
    pub fn lies_in(&self, commune: &place::Model, place: PlaceId) -> bool {
        let before = self.successions.iter().filter(|edge| edge.successor_id == commune.id);
        let before: Vec<PlaceId> = before.map(|edge| edge.predecessor_id).collect();
        let before = self.places.iter().filter(|row| before.contains(&row.id));
        before.chain([commune]).any(|row| {
            row.id == place || row.parent_id == Some(place) || row.province_id == Some(place)
        })
    }

    pub fn today(&self) -> NaiveDate {
        self.app.clock.today()
    }

    pub fn person(&self, name: &str) -> &Person {
        self.people.iter().find(|person| person.name == name).unwrap()
    }
}

async fn places(app: &TestApp) -> Vec<place::Model> {
    let mut places = Vec::new();
    for (code, on) in COMMUNES {
        places.push(app.place_on(code, on).await);
    }
    places.push(app.place_on("064", "2025-06-01").await);
    places.push(app.place_on("06", "2025-06-01").await);
    places.push(app.province().await);
    places
}

/// A flow of pieces, a stock with a digit after the point, and one that is for the parties only.
async fn activities(app: &TestApp) -> Vec<activity_kind::Model> {
    let all = || Kind::iter().collect();
    vec![
        app.activity_kind("viec_cong").with(|row| row.promisers = all()).await,
        app.activity_kind("viec_ton")
            .with(|row| {
                (row.promisers, row.measure, row.precision) = (all(), Measure::Stock, 1);
            })
            .await,
        app.activity_kind("viec_kin")
            .with(|row| {
                (row.promisers, row.forces_parties, row.precision) = (all(), true, 2);
            })
            .await,
    ]
}

/// Everybody who acts, the givers first.
async fn parties(app: &TestApp, places: &[place::Model]) -> Vec<(String, party::Model)> {
    let since = "2023-01-01";
    let company = || app.party(Kind::TelecomCompany);
    let ending = company().valid(since, Some(COMPANY_ENDS)).await;
    let heir = company().valid(since, None).await;
    app.party_succession(&ending, &heir, COMPANY_ENDS).await;
    let mut parties = vec![
        ("telecom", company().valid(since, None).await),
        ("bank", app.party(Kind::Bank).valid(since, None).await),
        ("fund", app.party(Kind::MassOrganization).valid(since, None).await),
        ("ending", ending),
        ("heir", heir),
        ("helper", app.party(Kind::Department).valid(since, None).await),
        ("agent", app.party(Kind::TelecomCompany).valid(since, None).await),
    ];
    let branch = company().valid(since, None).branch_of(&parties[0].1).await;
    parties.push(("branch", branch));
    let mut parties: Vec<(String, party::Model)> =
        parties.into_iter().map(|(name, party)| (name.to_owned(), party)).collect();
    for place in places {
        if let Some(authority) = app.authority_of(place).await {
            parties.push((authority.code.clone(), authority));
        }
    }
    for mark in app.all(party_mark::Entity).await {
        let marked = app.all(party::Entity).await.into_iter().find(|row| row.id == mark.party_id);
        let marked = marked.unwrap();
        if !parties.iter().any(|(_, party)| party.id == marked.id) {
            parties.push((marked.code.clone(), marked));
        }
    }
    let coordinator = app.party_by_code("SKHCN-19-2025").await;
    if !parties.iter().any(|(_, party)| party.id == coordinator.id) {
        parties.push((coordinator.code.clone(), coordinator));
    }
    parties
}

async fn person(app: &TestApp, name: String, party: party::Model, role: Role) -> Person {
    let edges = app.all(party_succession::Entity).await;
    let mut stands_for = vec![party.id];
    let mut at = 0;
    while at < stands_for.len() {
        let successor = stands_for[at];
        let before = edges.iter().filter(|edge| edge.successor_id == successor);
        stands_for.extend(before.map(|edge| edge.predecessor_id));
        at += 1;
    }
    let marks = app.all(party_mark::Entity).await;
    let runs_programme = marks.iter().any(|mark| stands_for.contains(&mark.party_id));
    let seats = app.all(party::Entity).await;
    let seats = seats.iter().filter(|row| stands_for.contains(&row.id));
    let mut governs: Vec<PlaceId> = match party.kind {
        Kind::Department => Vec::new(),
        _ => seats.filter_map(|row| row.place_id).collect(),
    };
    let edges = app.all(place_succession::Entity).await;
    let before = edges.iter().filter(|edge| governs.contains(&edge.successor_id));
    let before: Vec<PlaceId> = before.map(|edge| edge.predecessor_id).collect();
    governs.extend(before);
    let paper = app.document(&party).with(|row| {
        row.kind = document::Kind::Letter;
        row.force = document::Force::Agrees;
        row.issued_on = day("2025-01-05");
    });
    let paper = Some(paper.await);
    let actor = app.member_of(&party).with_role(role).await;
    Person { name, actor, party: Some(party), stands_for, governs, runs_programme, paper }
}

/// Mandates and assignments.
async fn lend(app: &TestApp, people: &mut [Person], places: &[place::Model]) {
    let at = |name: &str, people: &[Person]| {
        people.iter().position(|person| person.name == name).unwrap()
    };
    let (agent, telecom, helper) =
        (at("agent", people), at("telecom", people), at("helper", people));
    let seat = |person: &Person| person.party.as_ref().and_then(|party| party.place_id);
    let commune = people.iter().position(|person| seat(person) == Some(places[4].id)).unwrap();
    for (principal, acts) in
        [(telecom, vec![Act::Record]), (commune, vec![Act::Verify, Act::Accept])]
    {
        let (from, to) = (&people[principal].party, &people[agent].party);
        let mandate = app.mandate(from.as_ref().unwrap(), to.as_ref().unwrap());
        mandate.acts(acts).valid("2025-06-20", Some("2025-12-01")).await;
        let lent = (people[principal].stands_for.clone(), people[principal].governs.clone());
        people[agent].stands_for.extend(lent.0);
        people[agent].governs.extend(lent.1);
    }
    for place in [&places[1], &places[4]] {
        let helper = people[helper].party.clone().unwrap();
        app.assignment(&helper, place).await;
    }
}
