//! The policy as two snapshots, made by real requests. Hold a difference against the table of
//! DESIGN §5, line by line. A cell is the lowest role that may or sees (`ANYBODY` where somebody
//! without a party does), the refusal that a manager gets, or `-` where the viewer has no such
//! thing.

use entity::{api_token::Scope, event, member::Role};
use sea_orm::{ActiveEnum, Iterable};
use tests::Reply;

use super::{
    mutation,
    probes::{self, Probe},
    reads::{self, Seen},
    world::{Column, Seat, World},
};

#[tokio::test]
async fn the_policy_of_changes_is_the_one_of_the_snapshot() {
    let world = World::new().await;
    let before = world.app.all(event::Entity).await.len();

    let mut rows = vec![header(&world)];
    for probe in probes::all() {
        let mut row = vec![format!("{} {}", probe.mutation, probe.target)];
        for column in &world.columns {
            row.push(asked(&world, column, probe).await);
        }
        rows.push(row);
    }

    assert_eq!(world.app.all(event::Entity).await.len(), before, "a probe changed something");
    keep("changes", rows);
}

#[tokio::test]
async fn the_policy_of_reads_is_the_one_of_the_snapshot() {
    let world = World::new().await;
    let mut seen: Vec<Vec<Seen>> = Vec::new();
    for column in &world.columns {
        let mut seats = Vec::new();
        for seat in &column.seats {
            seats.push(reads::seen(&world, &seat.actor).await);
        }
        seen.push(seats);
    }

    let mut rows = vec![header(&world)];
    for read in reads::all() {
        let mut row = vec![read.target.to_owned()];
        for (column, seen) in world.columns.iter().zip(&seen) {
            let verdicts = column.seats.iter().zip(seen).map(|(seat, seen)| {
                let id = (read.id)(&world, column, seat)?;
                Some(if seen.has(&id) { Ok(()) } else { Err("hidden".to_owned()) })
            });
            row.push(cell(column, verdicts.collect()));
        }
        rows.push(row);
    }

    keep("reads", rows);
}

#[tokio::test]
async fn what_a_scope_lets_a_manager_do_is_in_the_snapshot() {
    let world = World::new().await;
    let column = world.columns.iter().find(|column| column.name == "coordinator").unwrap();
    let party = &column.now().unwrap().party;
    let mut systems = Vec::new();
    for scope in Scope::iter() {
        let actor = world.app.member_of(party).with_scopes([Scope::Read, scope]).await;
        systems.push((scope.to_value(), actor));
    }
    systems.push(("all".to_owned(), world.app.member_of(party).by_token().await));
    let before = world.app.all(event::Entity).await.len();

    let mut rows = vec![
        std::iter::once(String::new())
            .chain(systems.iter().map(|(name, _)| name.clone()))
            .collect(),
    ];
    for probe in probes::all().filter(|probe| !probe.target.contains("oneself")) {
        let mut row = vec![format!("{} {}", probe.mutation, probe.target)];
        for (_, actor) in &systems {
            let seat = Seat { role: Some(Role::Manager), actor: actor.clone() };
            let input = (probe.input)(&world, column, &seat).unwrap();
            let reply = actor.act(&mutation(probe.mutation, ""), input).await;
            row.push(verdict(&reply).map_or_else(|code| code, |()| "may".to_owned()));
        }
        rows.push(row);
    }

    assert_eq!(world.app.all(event::Entity).await.len(), before, "a probe changed something");
    keep("scopes", rows);
}

async fn asked(world: &World, column: &Column, probe: &Probe) -> String {
    let mut verdicts = Vec::new();
    for seat in &column.seats {
        let Some(input) = (probe.input)(world, column, seat) else {
            return "-".to_owned();
        };
        let reply = seat.actor.act(&mutation(probe.mutation, ""), input).await;
        verdicts.push(Some(verdict(&reply)));
    }
    cell(column, verdicts)
}

/// Whether a probe got past visibility and permission, and what stopped it if not.
fn verdict(reply: &Reply) -> Result<(), String> {
    if !reply.errors().is_empty() {
        reply.expect_fault("UNAUTHENTICATED");
        return Err("UNAUTHENTICATED".to_owned());
    }
    match reply.refusals()[..] {
        [refusal] => match refusal["code"].as_str().unwrap() {
            code @ ("FORBIDDEN" | "NOT_FOUND" | "OWN_MATTER") => Err(code.to_owned()),
            _ => Ok(()),
        },
        _ => panic!("not one refusal: {}", reply.text),
    }
}

/// One cell from what each seat of a column got, the lowest role first.
fn cell(column: &Column, verdicts: Vec<Option<Result<(), String>>>) -> String {
    let Some(verdicts) = verdicts.into_iter().collect::<Option<Vec<_>>>() else {
        return "-".to_owned();
    };
    let lowest = verdicts.iter().position(Result::is_ok).unwrap_or(verdicts.len());
    let higher = &verdicts[lowest..];
    assert!(higher.iter().all(Result::is_ok), "a higher role may less: {verdicts:?}");
    match (column.seats.get(lowest), verdicts.last()) {
        (Some(seat), _) => seat.role.map_or("ANYBODY".to_owned(), |role| role.to_value()),
        (None, Some(Err(code))) => code.clone(),
        (None, _) => panic!("a column without a seat"),
    }
}

fn header(world: &World) -> Vec<String> {
    let names = world.columns.iter().map(|column| column.name.to_owned());
    std::iter::once(String::new()).chain(names).collect()
}

/// Holds a table against the file of this name.
fn keep(name: &str, rows: Vec<Vec<String>>) {
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default())
        .collect();
    let line = |row: Vec<String>| -> String {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let table: Vec<String> = rows.into_iter().map(line).collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => true }, {
        insta::assert_snapshot!(name, table.join("\n"));
    });
}
