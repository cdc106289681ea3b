//! Commitments and deliveries of every kind and age, and parties of every kind that look at them.

use entity::{
    commitment,
    delivery::{self, State},
    mandate::Act,
    party::{self, Kind},
    party_mark::Mark,
    place,
};
use tests::{Actor, Build, TestApp, day};

/// Days since which something waits: today, and so long that the second, the third and the last in
/// line have their turn.
static AGES: [&str; 4] = ["2026-11-23", "2026-10-26", "2026-10-05", "2026-08-03"];

/// Today, and longer than anybody has.
static ENDS: [&str; 2] = [AGES[0], AGES[3]];

pub struct World {
    pub commitments: Vec<commitment::Model>,
    pub deliveries: Vec<delivery::Model>,
    pub parties: Vec<(&'static str, Actor)>,
}

struct Sides {
    telecom: party::Model,
    bank: party::Model,
    front: party::Model,
    department: party::Model,
    commune: party::Model,
    agent: party::Model,
}

impl World {
    pub async fn of(app: &TestApp) -> Self {
        let commune = app.commune("02071").await;
        let department = app.party(Kind::Department).await;
        app.assignment(&department, &commune).await;
        let officer = app.commune_officer("02071").await;
        let sides = Sides {
            telecom: app.party(Kind::TelecomCompany).await,
            bank: app.party(Kind::Bank).await,
            front: app.party(Kind::MassOrganization).await,
            department,
            commune: officer.party().clone(),
            agent: app.party(Kind::TelecomCompany).await,
        };
        let parties = parties(app, &sides, officer).await;
        let commitments = proposals(app, &sides).await;
        let deliveries = entries(app, &sides).await;
        Self { commitments, deliveries, parties }
    }
}

async fn parties(app: &TestApp, sides: &Sides, officer: Actor) -> Vec<(&'static str, Actor)> {
    let branch = app.party(Kind::TelecomCompany).branch_of(&sides.telecom).await;
    let helper = app.party(Kind::Department).await;
    let helped = app.commune("02071").await;
    app.assignment(&helper, &helped).await;
    let second = app.party(Kind::Department).await;
    app.mark(&second, Mark::Coordinator, &app.province().await).await;
    app.assignment(&second, &helped).await;
    let verifier = app.party(Kind::MassOrganization).await;
    app.mandate(&sides.commune, &verifier).acts([Act::Verify, Act::Accept]).await;
    app.mandate(&sides.commune, &sides.agent).acts([Act::Verify]).at(&helped).await;
    app.mandate(&sides.telecom, &sides.agent).acts([Act::Record]).await;
    let carrying = app.party(Kind::TelecomCompany).await;
    app.mandate(&sides.front, &carrying).acts([Act::Verify]).await;
    vec![
        ("giver", app.member_of(&sides.telecom).await),
        ("joint giver", app.member_of(&sides.bank).await),
        ("carrier", app.member_of(&sides.front).await),
        ("giving department", app.member_of(&sides.department).await),
        ("authority", officer),
        ("agent of giver and authority", app.member_of(&sides.agent).await),
        ("agent of the authority", app.member_of(&verifier).await),
        ("agent of the carrier", app.member_of(&carrying).await),
        ("branch of the giver", app.member_of(&branch).await),
        ("assigned department", app.member_of(&helper).await),
        ("assigned coordinator", app.member_of(&second).await),
        ("authority of another commune", app.commune_officer("01843").await),
        ("rival", app.telecom().await),
        ("coordinator", app.coordinator().await),
        ("leadership", app.leadership().await),
    ]
}

/// What waits to be accepted: from a company, a helper and the commune itself, in a commune, in one
/// that nobody governs and in the province; proposals, and amendments of what is active.
async fn proposals(app: &TestApp, sides: &Sides) -> Vec<commitment::Model> {
    let province = app.province().await;
    let empty = app.place(place::Level::Commune, "99999", "Xã Trống");
    let places = [app.commune("02071").await, province.clone(), empty.inside(&province).await];
    let (governed, mut builds) = (places[0].id, Vec::new());
    let ages = |place: &place::Model| if place.id == governed { &AGES[..] } else { &ENDS };
    let waiting = places.iter().flat_map(|place| ages(place).iter().map(move |age| (place, age)));
    for (place, age) in waiting {
        for giver in [&sides.telecom, &sides.department, &sides.commune] {
            let proposal = app.commitment(giver).to(place).proposed();
            builds.push(proposal.with(|row| row.waiting_since = Some(day(age))));
        }
        let joint = app.commitment(&sides.telecom).joint(&sides.bank).carrier(&sides.front);
        builds.push(joint.to(place).with(|row| row.waiting_since = Some(day(age))));
    }
    app.insert(builds).await
}

/// Entries that wait: reported, disputed, and confirmed with a reversal asked for.
async fn entries(app: &TestApp, sides: &Sides) -> Vec<delivery::Model> {
    let (commune, province) = (app.commune("02071").await, app.province().await);
    let through = app.commitment(&sides.telecom).joint(&sides.bank).carrier(&sides.front).await;
    let helped = app.commitment(&sides.department).await;
    let wide = app.commitment(&sides.telecom).to(&province).carrier(&sides.front).await;
    let mut builds: Vec<Build<'_, delivery::Model>> = Vec::new();
    let states = [("REPORTED", &AGES[..]), ("DISPUTED", &AGES[..2]), ("CONFIRMED", &AGES[..])];
    for (state, age) in
        states.iter().flat_map(|(state, ages)| ages.iter().map(move |age| (*state, *age)))
    {
        let entries = [
            app.delivery(&through),
            app.delivery(&through).by(&sides.bank),
            app.delivery(&through).with(|row| row.entered_by_id = sides.agent.id),
            app.delivery(&through).to_carrier(&sides.front),
            app.delivery(&through).receipt(&sides.commune),
            app.delivery(&helped),
            app.delivery(&wide).at(&commune),
            app.delivery(&wide).to_carrier(&sides.front),
        ];
        builds.extend(entries.map(|entry| {
            let entry = match state {
                "DISPUTED" => entry.disputed(7),
                "CONFIRMED" => entry.with(|row| {
                    row.state = State::Confirmed;
                    row.reversal_requested_by_id = Some(row.reported_by_id);
                }),
                _ => entry,
            };
            entry.with(|row| row.waiting_since = Some(day(age)))
        }));
    }
    app.insert(builds).await
}
