//! The kit keeps its promises: every test is alone, and every run of it is the same.

use api::clock::Clock;
use entity::{
    activity_kind, document, event, party, party_mark, place, place_alias, place_succession, task,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;
use serde_json::json;
use tests::{Database, FIRST_DAY, TestApp, TestClock};

#[tokio::test]
async fn every_test_is_alone_on_its_database() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);

    let bank = app.bank().await;

    assert!(other.find(bank.party()).await.is_none());
    assert_eq!(app.reload(bank.party()).await, *bank.party());
}

#[tokio::test]
async fn two_runs_give_the_same_ids_and_times() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let query = "{ viewer { party { id code } member { id joinedAt } today } }";

    let (first, second) = (app.bank().await.ask(query).await, other.bank().await.ask(query).await);

    first.expect_ok();
    assert_eq!(first.body, second.body);
    assert_eq!(first.at("/viewer/today"), FIRST_DAY);
}

#[tokio::test]
async fn the_template_has_the_same_ids_whenever_it_is_filled() {
    let mut fills = Vec::new();
    for _ in 0..2 {
        let database = Database::blank().await;
        let db = database.connect().await;
        Migrator::up(db.writer(), None).await.unwrap();
        tests::fill(&db).await;
        macro_rules! rows {
            ($($noun:ident)+) => {
                [$({
                    let mut rows = $noun::Entity::find().all(db.reader()).await.unwrap();
                    rows.sort_by_key(|row| format!("{row:?}"));
                    format!("{rows:#?}")
                }),+]
            };
        }
        fills.push(rows!(
            place place_alias place_succession party party_mark document task activity_kind event
        ));
        db.close().await.unwrap();
    }

    let same = fills[0] == fills[1];
    assert!(same, "snapshots that show ids would change from run to run");
}

#[test]
fn time_stands_still_until_it_is_moved_and_ids_count_on() {
    let clock = TestClock::default();
    let (then, first) = (clock.now(), clock.uuid());

    assert_eq!(clock.now(), then);
    assert!(first < clock.uuid());
    assert_eq!(clock.today().to_string(), FIRST_DAY);
    clock.advance_days(1);
    assert_eq!(clock.today().to_string(), "2026-11-24");
    clock.set_date("2025-06-30");
    assert_eq!(clock.now().to_rfc3339(), "2025-06-30T01:00:00+00:00");
}

#[test]
fn secrets_differ_and_are_the_same_in_every_run() {
    let secrets = |clock: TestClock| -> Vec<[u8; 32]> {
        let secret = || {
            let mut bytes = [0; 32];
            clock.random(&mut bytes);
            bytes
        };
        vec![secret(), secret()]
    };

    let run = secrets(TestClock::default());

    assert_ne!(run[0], run[1]);
    assert_eq!(run, secrets(TestClock::default()));
}

#[tokio::test]
async fn statements_are_counted_in_transactions_too() {
    let app = TestApp::start().await;
    let (public, coordinator) = (app.public(), app.coordinator().await);
    let define = "mutation ($input: DefinePartyInput!) {
        defineParty(input: $input) { userErrors { code } } }";
    let input = json!({ "kind": "BANK", "code": "NH-THU", "name": "Ngân hàng thử",
        "validFrom": "2026-01-01", "idempotencyKey": app.key() });

    let nothing = app.count_statements(async {}).await;
    let typename = app.count_statements(public.ask("{ __typename }")).await;
    let read = app.statements(public.ask("{ parties(first: 1) { nodes { code } } }")).await;
    let write = app.statements(coordinator.act(define, input)).await;

    assert_eq!((nothing, typename, read.len()), (0, 0, 1));
    for sql in ["INSERT INTO \"party\"", "INSERT INTO \"event\"", "FROM \"event_head\""] {
        assert!(write.iter().any(|statement| statement.contains(sql)), "{sql} in {write:#?}");
    }
}

#[tokio::test]
async fn every_kind_of_actor_is_who_it_should_be() {
    let app = TestApp::start().await;
    let query = "{ viewer { party { code } role hasRights isCoordinator isLeadership
        member { label } apiToken { hint } } }";

    for (actor, expected) in [
        (app.coordinator().await, [true, true, false]),
        (app.coordinator().by_token().await, [true, true, false]),
        (app.leadership().await, [true, false, true]),
        (app.department().await, [true, false, false]),
        (app.assigned_department("02014").await, [true, false, false]),
        (app.commune_officer("02014").await, [true, false, false]),
        (app.commune_officer("01840").await, [true, false, false]),
        (app.telecom().by_token().await, [true, false, false]),
        (app.bank().await, [true, false, false]),
        (app.union().await, [true, false, false]),
        (app.ended_party().await, [false, false, false]),
        (app.ended_party().by_token().await, [false, false, false]),
        (app.stranger(), [false, false, false]),
    ] {
        let reply = actor.ask(query).await;
        let viewer = &reply.expect_ok()["viewer"];
        let rights =
            ["hasRights", "isCoordinator", "isLeadership"].map(|right| viewer[right] == true);
        assert_eq!(rights, expected, "{viewer}");
    }
    assert!(app.public().ask(query).await.expect_ok()["viewer"].is_null());
}
