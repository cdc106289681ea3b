//! The table behind visibility against an oracle that is slow and plain: it asks day by day who
//! reaches what, in the words of DESIGN §5 and of `docs/adr/0002`, and knows no windows.

use std::collections::BTreeSet;

use api::domain::reach::rules::{Facts, Reach, derive};
use chrono::{NaiveDate, TimeDelta};
use entity::{
    assignment, mandate, party, party::Kind, party_mark, party_succession, place, place_succession,
    reach,
};
use serde_json::json;
use tests::{TestApp, day};

use super::mutation;

pub mod oracle;
mod random;

use oracle::{Held, held_on};

/// How many registries are made up.
const CASES: u64 = 60;

#[test]
fn reach_says_of_every_day_what_the_words_of_the_design_say() {
    let (mut rows, mut roles) = (0, BTreeSet::new());
    for seed in 0..CASES {
        let facts = random::registry(seed);

        let derived = derive(&facts);

        rows += derived.len();
        roles.extend(derived.iter().map(|row| (row.role, row.act.is_some())));
        for day in random::days() {
            agree(&derived, &facts, day, &format!("registry {seed}"));
        }
        assert!(derived.iter().all(holds_a_day), "registry {seed} has a row for no day");
    }
    assert!(rows > 2_000, "{rows} rows are too few to tell anything");
    assert_eq!(roles.len(), 15, "each of the seven roles, lent and not, and kin: {roles:?}");
}

#[tokio::test]
async fn the_table_of_the_pilot_is_what_follows_from_its_registry() {
    let app = TestApp::start().await;
    let department = app.party(Kind::Department).await;
    let commune = app.commune("02014").await;
    let mandate = app.mandate(&app.party_by_code("UBND-02014-2025").await, &department);
    mandate.at(&commune).await;
    app.assignment(&department, &app.place_on("02017", "2024-01-01").await).await;
    app.settle().await;

    let facts = facts(&app).await;
    let stored = app.all(reach::Entity).await;

    let stored: Vec<Reach> = stored.iter().map(Reach::from).collect();
    let derived = derive(&facts);
    assert_eq!(stored.len(), derived.len(), "no row stands there twice");
    assert!(stored.iter().all(|row| derived.contains(row)));
    for today in
        ["2023-01-01", "2025-02-28", "2025-03-01", "2025-06-30", "2025-07-01", "2026-11-23"]
    {
        agree(&derived, &facts, day(today), "the pilot");
    }
}

#[tokio::test]
async fn a_rebuild_touches_only_rows_that_differ() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let bank = app.party(Kind::Bank).await;
    app.settle().await;
    let before = app.all(reach::Entity).await;

    let mut same = json!({ "id": bank.id.to_string(), "name": bank.name, "expectedVersion": 1 });
    let revise = mutation("reviseParty", "party { id }");
    coordinator.act(&revise, same.clone()).await.expect_ok();
    let unchanged = app.all(reach::Entity).await;
    same["validTo"] = json!("2026-12-01");
    same["expectedVersion"] = json!(2);
    coordinator.act(&revise, same).await.expect_ok();
    let after = app.all(reach::Entity).await;

    assert_eq!(unchanged, before);
    let gone: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    let [gone] = gone[..] else { panic!("not one row went: {gone:?}") };
    assert_eq!((gone.party_id, gone.valid_to), (bank.id, None));
    let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    let [new] = new[..] else { panic!("not one row came: {new:?}") };
    assert_eq!((new.party_id, new.valid_to), (bank.id, Some(day("2026-12-01"))));
}

#[track_caller]
fn agree(derived: &BTreeSet<Reach>, facts: &Facts, day: NaiveDate, what: &str) {
    let stands = derived.iter().filter(|row| row.from <= day && row.to.is_none_or(|end| day < end));
    let stands: BTreeSet<Held> =
        stands.map(|row| (row.party, row.role, row.principal, row.place, row.act)).collect();
    let wanted = held_on(facts, day);
    let missing: Vec<_> = wanted.difference(&stands).collect();
    let surplus: Vec<_> = stands.difference(&wanted).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{what} on {day}: missing {missing:#?}, surplus {surplus:#?}"
    );
}

fn holds_a_day(row: &Reach) -> bool {
    row.to.is_none_or(|end| row.from + TimeDelta::days(1) <= end)
}

pub async fn facts(app: &TestApp) -> Facts {
    Facts {
        places: app.all(place::Entity).await,
        place_successions: app.all(place_succession::Entity).await,
        parties: app.all(party::Entity).await,
        party_successions: app.all(party_succession::Entity).await,
        marks: app.all(party_mark::Entity).await,
        assignments: app.all(assignment::Entity).await,
        mandates: app.all(mandate::Entity).await,
    }
}
