//! After any sequence of acts, by anybody, also forbidden, stale and sent again, every sum that is
//! kept equals what the entries add up to, and no act ends in a fault.

use chrono::TimeDelta;
use tests::{Reply, day};

use super::{
    acts::{Act, KINDS, Kind, Outcome, Tally},
    dice::Dice,
    draw::Draw,
    rows::Rows,
    world::World,
};

/// How many sequences at least, each on a database of its own, and how many acts in each.
const SEQUENCES: u64 = 3;
const ACTS: usize = 250;
/// How many sequences may be tried until every kind of act was done.
const MOST: u64 = 15;
/// How many of the acts before may be sent again.
const REMEMBERED: usize = 40;

#[tokio::test]
async fn sums_equal_the_ledger_after_any_sequence_of_acts() {
    let mut tally = Tally::default();
    let mut compared = 0;
    for seed in 0..MOST {
        if seed >= SEQUENCES && never_done(&tally).is_empty() {
            break;
        }
        compared += sequence(seed, &mut tally).await;
    }

    let never = never_done(&tally);
    assert!(never.is_empty(), "never done: {never:?} of {:?}", tally.tried);
    assert!(tally.replayed > 0, "nothing was sent again");
    for code in ["FORBIDDEN", "OWN_MATTER", "NOT_FOUND", "STALE_VERSION", "ALREADY_RECORDED"] {
        assert!(tally.refused.contains_key(code), "never refused with {code}: {:?}", tally.refused);
    }
    println!(
        "{compared} sums; done {:?} of {:?}; replayed {}; refused {:?}",
        tally.done, tally.tried, tally.replayed, tally.refused
    );
}

fn never_done(tally: &Tally) -> Vec<Kind> {
    let kinds = KINDS.iter().map(|(kind, _)| *kind);
    kinds.filter(|kind| !tally.done.contains_key(kind)).collect()
}

/// Answers how many sums were compared.
async fn sequence(seed: u64, tally: &mut Tally) -> usize {
    let world = World::start().await;
    let mut dice = Dice::new(seed);
    let mut log: Vec<String> = Vec::new();
    let mut sent: Vec<(Act, Outcome)> = Vec::new();
    let mut rows = Rows::read(&world.app).await;
    let mut compared = 0;
    for step in 0..ACTS {
        pass_time(&world, step, &mut dice);
        let again = dice.chance(6).then(|| dice.pick_any(&sent).cloned()).flatten();
        let act = match &again {
            Some((act, _)) => act.clone(),
            None => {
                let today = world.today();
                let mut draw = Draw { world: &world, rows: &rows, today, dice: &mut dice };
                let Some(act) = draw.act() else { continue };
                act
            }
        };
        let who = &world.people[act.by];
        log.push(format!("{step} {} {} {:?} {}", world.today(), who.name, act.kind, act.input));
        let reply = who.actor.act(&act.kind.document(), act.input.clone()).await;
        log.push(format!("    {}", reply.text));
        no_fault(seed, &log, &reply);
        let outcome = tally.count(&act, &reply);
        let before = std::mem::replace(&mut rows, Rows::read(&world.app).await);
        let is_idle = matches!(outcome, Outcome::Refused | Outcome::Replayed)
            || again.is_some_and(|(_, first)| first == Outcome::Done && has_key(&act));
        if is_idle && before != rows {
            fail(seed, &log, "an act without effect changed something");
        }
        match rows.check() {
            Ok(count) => compared += count,
            Err(wrong) => fail(seed, &log, &wrong),
        }
        if sent.len() == REMEMBERED {
            sent.remove(0);
        }
        sent.push((act, outcome));
    }
    compared
}

/// From two weeks before the night of the new list to the end of the year.
fn pass_time(world: &World, step: usize, dice: &mut Dice) {
    let length = (day("2025-12-20") - day(super::world::FIRST_DAY)).num_days();
    let each = length * 24 / i64::try_from(ACTS).unwrap();
    let hours = dice.between(0, 2 * each);
    if step > 0 {
        world.app.clock.advance(TimeDelta::hours(hours));
    }
}

fn has_key(act: &Act) -> bool {
    act.input["idempotencyKey"].is_string()
}

#[track_caller]
fn no_fault(seed: u64, log: &[String], reply: &Reply) {
    if reply.status != 200 || !reply.errors().is_empty() {
        fail(seed, log, "an act ended in a fault");
    }
}

#[track_caller]
fn fail(seed: u64, log: &[String], what: &str) -> ! {
    panic!("sequence {seed}:\n{}\n{what}", log.join("\n"))
}
