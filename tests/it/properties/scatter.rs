//! Rows of the ledger that nobody entered: in any state, of anybody, anywhere, for what is read.

use entity::{
    commitment::{self, Disclosure, Status},
    delivery::{self, State},
    mandate::Act,
    need, note,
    party::{self, Kind},
};
use sea_orm::Iterable;
use tests::{Build, day};

use super::{dice::Dice, world::World};

/// How many of each.
const COMMITMENTS: usize = 24;
const DELIVERIES: usize = 40;
const NEEDS: usize = 12;
const NOTES: usize = 30;

/// More mandates and assignments, some of which have ended.
pub async fn rights(world: &World, dice: &mut Dice) {
    let app = &world.app;
    let parties: Vec<party::Model> =
        world.people.iter().filter_map(|person| person.party.clone()).collect();
    let acts: Vec<Act> = Act::iter().collect();
    for _ in 0..8 {
        let (principal, agent) = (dice.pick(&parties), dice.pick(&parties));
        if principal.id == agent.id {
            continue;
        }
        let mandate = app.mandate(principal, agent).acts([*dice.pick(&acts)]);
        let end = *dice.pick(&[None, Some("2025-07-20"), Some("2026-02-01")]);
        let mandate = mandate.valid("2025-06-20", end);
        if dice.chance(50) {
            mandate.at(dice.pick(&world.places)).await;
        } else {
            mandate.await;
        }
    }
    let communes: Vec<_> =
        world.places.iter().filter(|row| row.level == entity::place::Level::Commune).collect();
    for _ in 0..3 {
        let department = app.party(Kind::Department).valid("2023-01-01", None).await;
        let commune = dice.pick(&communes);
        app.assignment(&department, commune).await;
    }
}

pub async fn ledger(world: &World, dice: &mut Dice) {
    let app = &world.app;
    let needs = needs(world, dice).await;
    let builds: Vec<_> = (0..COMMITMENTS).map(|_| commitment(world, dice, &needs)).collect();
    let commitments = app.insert(builds).await;
    // In one order on every database, for two worlds are made alike.
    let mut all = app.all(commitment::Entity).await;
    all.sort_by_key(|row| row.id);
    let builds: Vec<_> = (0..DELIVERIES).map(|_| delivery(world, dice, &commitments)).collect();
    app.insert(builds).await;
    let mut deliveries = app.all(delivery::Entity).await;
    deliveries.sort_by_key(|row| row.id);
    for entry in deliveries.iter().filter(|entry| entry.state == State::Disputed) {
        let by = dice.pick(&world.people).party.clone();
        if let Some(by) = by {
            app.verification(entry, &by).await;
        }
    }
    let builds: Vec<_> =
        (0..NOTES).filter_map(|_| note(world, dice, &needs, &all, &deliveries)).collect();
    app.insert(builds).await;
}

async fn needs(world: &World, dice: &mut Dice) -> Vec<need::Model> {
    let mut authorities = Vec::new();
    for person in &world.people {
        if let Some(party) = &person.party
            && party.kind == Kind::CommuneAuthority
        {
            authorities.push(party.clone());
        }
    }
    let builds: Vec<Build<'_, need::Model>> = (0..NEEDS)
        .map(|_| {
            let need = world.app.need(dice.pick(&authorities), dice.pick(&world.activities));
            let need = need.with(|row| {
                row.quantity = dice.between(1, 30);
                row.due_on = day("2025-07-01") + chrono::Days::new(dice.below(200) as u64);
            });
            if dice.chance(40) { need.withdrawn() } else { need }
        })
        .collect();
    world.app.insert(builds).await
}

/// Of anybody, to any place, in any state.
pub fn commitment<'a>(
    world: &'a World,
    dice: &mut Dice,
    needs: &[need::Model],
) -> Build<'a, commitment::Model> {
    let parties: Vec<&party::Model> =
        world.people.iter().filter_map(|person| person.party.as_ref()).collect();
    let giver = *dice.pick(&parties);
    let mut build = world.app.commitment(giver).of(dice.pick(&world.activities));
    build = build.to(dice.pick(&world.places));
    let (status, disclosure) = (
        *dice.pick(&[
            Status::Proposed,
            Status::Active,
            Status::Active,
            Status::Closed,
            Status::Declined,
            Status::Withdrawn,
        ]),
        *dice.pick(&[Disclosure::Public, Disclosure::Parties, Disclosure::Parties]),
    );
    if dice.chance(15) {
        build = build.open();
    } else {
        build = build.schedule([
            ("2025-07-10", dice.between(1, 20)),
            (*dice.pick(&["2025-08-31", "2025-12-31"]), dice.between(21, 60)),
        ]);
    }
    let other = *dice.pick(&parties);
    if other.id != giver.id && dice.chance(30) {
        build = build.joint(other);
    }
    let carrier = *dice.pick(&parties);
    if ![giver.id, other.id].contains(&carrier.id) && dice.chance(30) {
        build = build.carrier(carrier);
    }
    let need = dice.pick_any(needs).filter(|_| dice.chance(40)).cloned();
    build.with(|row| {
        (row.status, row.disclosure) = (status, disclosure);
        row.accepted_at = (status != Status::Proposed).then_some(row.proposed_at);
        row.closed_at = (status == Status::Closed).then_some(row.proposed_at);
        row.reason =
            matches!(status, Status::Declined | Status::Withdrawn).then(|| "Thôi".to_owned());
        row.need_id = need.map(|need| need.id);
    })
}

/// In any commune, in any state; the sums follow.
pub fn delivery<'a>(
    world: &'a World,
    dice: &mut Dice,
    commitments: &[commitment::Model],
) -> Build<'a, delivery::Model> {
    let of = dice.pick(commitments);
    let communes: Vec<_> =
        world.places.iter().filter(|row| row.level == entity::place::Level::Commune).collect();
    let quantity = dice.between(1, 30);
    let on = day("2025-06-20") + chrono::Days::new(dice.below(120) as u64);
    let commune = dice.pick(&communes);
    let build = world.app.delivery(of).quantity(quantity).at(commune);
    let build = build.on(&on.to_string());
    match dice.below(5) {
        0 | 1 => build.confirmed(),
        2 => build.disputed(quantity - 1),
        3 => build.settled(quantity - 1),
        _ => build,
    }
}

/// By anybody, on anything, to anybody or nobody.
fn note<'a>(
    world: &'a World,
    dice: &mut Dice,
    needs: &[need::Model],
    commitments: &[commitment::Model],
    deliveries: &[delivery::Model],
) -> Option<Build<'a, note::Model>> {
    let parties: Vec<&party::Model> =
        world.people.iter().filter_map(|person| person.party.as_ref()).collect();
    let by = dice.pick(&parties);
    let build = world.app.note(by);
    let build = match dice.below(3) {
        0 => build.on_need(dice.pick_any(needs)?),
        1 => build.on_commitment(dice.pick_any(commitments)?),
        _ => build.on_delivery(dice.pick_any(deliveries)?),
    };
    let to = dice.pick(&parties);
    Some(if dice.chance(60) { build.to(to) } else { build })
}
