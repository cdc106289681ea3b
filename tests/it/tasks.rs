//! Tasks and their answers: who is asked, who answers, and what is kept of it.

use entity::{party, party::Kind, task, task_answer};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, day};

use crate::authz::{as_letter, last_event, mutation};

const SHOWN: &str = "task { id ordinal text dueOn partyKind party { code } version
    answers { state text version party { code } answeredBy { code } } } replayed";

fn answer(app: &TestApp, task: &task::Model, party: &party::Model, version: i32) -> Value {
    json!({ "taskId": task.id.to_string(), "partyId": party.id.to_string(), "state": "DONE",
        "text": "Đã xong", "expectedVersion": version, "idempotencyKey": app.key() })
}

async fn give(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("answerTask", SHOWN), input).await
}

#[tokio::test]
async fn the_coordinator_defines_a_task_after_those_that_the_document_has() {
    let app = TestApp::start().await;
    let (coordinator, bank) = (app.coordinator().await, app.party(Kind::Bank).await);
    let directive = app.directive().await;
    let known = app.all(task::Entity).await;
    let known = known.iter().filter(|row| row.document_id == directive.id);
    let last = known.map(|row| row.ordinal).max().unwrap();
    let input = json!({ "documentId": directive.id.to_string(), "dueOn": "2026-12-31",
        "text": " Ba\u{301}o  ca\u{301}o ", "textEn": "", "partyId": bank.id.to_string(),
        "idempotencyKey": app.key() });

    let reply = coordinator.act(&mutation("defineTask", SHOWN), input).await;

    let shown = &reply.expect_ok()["defineTask"]["task"];
    assert_eq!((&shown["ordinal"], &shown["text"]), (&json!(last + 1), &json!("Báo cáo")));
    assert_eq!(shown["party"]["code"], json!(bank.code));
    let rows = app.all(task::Entity).await;
    let row = rows.iter().find(|row| row.party_id == Some(bank.id)).unwrap();
    assert_eq!((row.due_on, row.text_en.as_deref()), (Some(day("2026-12-31")), None));
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("TASK_DEFINED", &row.id.to_string()));
    assert_eq!(
        (&data["after"]["dueOn"], event.actor_id),
        (&json!("2026-12-31"), Some(coordinator.party().id))
    );
}

#[tokio::test]
async fn a_party_that_is_asked_by_name_answers_and_answers_again() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let task = app.task(&app.directive().await).asks(bank.party()).await;

    let first = give(&bank, answer(&app, &task, bank.party(), 0)).await;
    app.clock.advance_days(1);
    let mut again = answer(&app, &task, bank.party(), 1);
    (again["state"], again["text"]) = (json!("DECLINED"), json!(""));
    let second = give(&bank, again).await;

    let code = json!({ "code": bank.party().code });
    let shown = json!([{ "state": "DONE", "text": "Đã xong", "version": 1, "party": code, "answeredBy": code }]);
    first.expect_ok();
    assert_eq!(first.at("/answerTask/task/answers"), &shown);
    second.expect_ok();
    let [row] = &app.all(task_answer::Entity).await[..] else { panic!("not one answer") };
    assert_eq!((row.state, row.version), (task_answer::State::Declined, 2));
    assert_eq!(row.answered_at, api::clock::Clock::now(&*app.clock));
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("TASK_ANSWERED", &task.id.to_string()));
    assert_eq!(data["before"], json!({ "state": "DONE", "text": "Đã xong" }));
    assert_eq!(data["after"]["state"], "DECLINED");
    assert_eq!(app.reload(&task).await.version, 1, "answers have versions of their own");
}

#[tokio::test]
async fn every_party_of_the_kind_that_is_asked_has_an_answer_of_its_own() {
    let app = TestApp::start().await;
    let (bank, rival, telecom) = (app.bank().await, app.bank().await, app.telecom().await);
    let task = app.task(&app.directive().await).asks_all(Kind::Bank).await;

    give(&bank, answer(&app, &task, bank.party(), 0)).await.expect_ok();
    let theirs = give(&rival, answer(&app, &task, rival.party(), 0)).await;
    let not_asked = give(&telecom, answer(&app, &task, telecom.party(), 0)).await;

    theirs.expect_ok();
    not_asked.expect_refusal_at("NOT_ASKED", "partyId");
    let query = "query ($id: ID!) { node(id: $id) { ... on Task { answers { party { code } } } } }";
    let variables = json!({ "id": task.id.to_string() });
    let (ours, both) =
        (json!([&bank.party().code]), json!([&bank.party().code, &rival.party().code]));
    for (actor, expected) in [
        (bank, ours),
        (rival.clone(), json!([&rival.party().code])),
        (telecom, json!([])),
        (app.public(), json!([])),
        (app.leadership().await, both.clone()),
        (app.coordinator().await, both),
    ] {
        let reply = actor.gql(query, variables.clone()).await;
        let answers = reply.expect_ok()["node"]["answers"].as_array().unwrap();
        let mut codes: Vec<_> = answers.iter().map(|answer| &answer["party"]["code"]).collect();
        codes.sort_by_key(|code| code.as_str());
        assert_eq!(json!(codes), expected);
    }
}

#[tokio::test]
async fn an_answer_on_what_has_been_answered_since_is_stale() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let task = app.task(&app.directive().await).asks(bank.party()).await;
    give(&bank, answer(&app, &task, bank.party(), 0)).await.expect_ok();
    let before = app.all(task_answer::Entity).await;

    for version in [-1, 0, 2] {
        let reply = give(&bank, answer(&app, &task, bank.party(), version)).await;
        let refusal = reply.expect_refusal_at("STALE_VERSION", "expectedVersion");
        assert_eq!(refusal["params"], json!([{ "name": "current", "value": "1" }]));
        assert_eq!(reply.at("/answerTask/task/answers/0/version"), 1);
    }
    assert_eq!(app.all(task_answer::Entity).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_first_answers_at_once_one_is_stale() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let task = app.task(&app.directive().await).asks(bank.party()).await;
    app.settle().await;
    let mut requests = Vec::new();
    for _ in 0..8 {
        let (bank, input) = (bank.clone(), answer(&app, &task, bank.party(), 0));
        requests.push(tokio::spawn(async move { give(&bank, input).await }));
    }

    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        codes.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
    }

    assert_eq!(codes, vec![json!("STALE_VERSION"); 7]);
    let [row] = &app.all(task_answer::Entity).await[..] else { panic!("not one answer") };
    assert_eq!(row.version, 1);
}

#[tokio::test]
async fn a_replayed_answer_changes_nothing() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let task = app.task(&app.directive().await).asks(bank.party()).await;
    let input = answer(&app, &task, bank.party(), 0);
    give(&bank, input.clone()).await.expect_ok();
    let before = (app.all(task_answer::Entity).await, last_event(&app).await);

    let again = give(&bank, input).await;

    assert_eq!(again.expect_ok()["answerTask"]["replayed"], true);
    assert_eq!((app.all(task_answer::Entity).await, last_event(&app).await), before);
}

#[tokio::test]
async fn a_task_is_seen_with_its_document_and_no_filter_tells_more() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let letter = app.document(bank.party()).with(as_letter).await;
    let task = app.task(&letter).asks(rival.party()).await;
    let query = "query ($party: ID!, $title: String!) {
        tasks(first: 9, filter: { party: { eq: $party } }) { totalCount nodes { id } }
        through: tasks(first: 9, filter: { document: { search: $title } }) { totalCount } }";
    let variables = json!({ "party": rival.party().id.to_string(), "title": letter.title });

    let seen = bank.gql(query, variables.clone()).await;
    let hidden = rival.gql(query, variables).await;

    assert_eq!(seen.column("/tasks", "id"), [task.id.to_string()]);
    assert_eq!(seen.at("/through/totalCount"), 1);
    assert_eq!(
        (hidden.at("/tasks/totalCount"), hidden.at("/through/totalCount")),
        (&json!(0), &json!(0))
    );
}
