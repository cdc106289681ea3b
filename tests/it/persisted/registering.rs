//! Registering, replacing and retiring; who sees what.

use api::{domain::operation::shared, tx::sha256};
use entity::{event, operation};
use serde_json::json;
use tests::TestApp;

use super::{PLACE, REGISTER, RETIRE, register};

const LIST: &str =
    "{ operations(first: 100) { totalCount nodes { name document party { code } } } }";

#[tokio::test]
async fn a_manager_registers_a_text_under_a_name() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let input = register(&app, "Place", PLACE);

    let first = manager.act(REGISTER, input.clone()).await;
    let again = manager.act(REGISTER, input).await;

    let shown = &first.expect_ok()["registerOperation"]["operation"];
    assert_eq!(shown["documentId"], format!("sha256:{}", sha256(PLACE)));
    assert_eq!((&shown["kind"], &shown["callable"]), (&json!("QUERY"), &json!(true)));
    assert_eq!(
        shown["variables"],
        json!([{ "name": "code", "type": "String!", "defaultValue": null },
            { "name": "asOf", "type": "Date", "defaultValue": null }])
    );
    assert_eq!(again.at("/registerOperation/replayed"), true);
    assert_eq!(again.at("/registerOperation/operation"), shown);
    let [row] = &app.all(operation::Entity).await[..] else { panic!("not one operation") };
    assert_eq!((&*row.document, row.party_id), (PLACE, manager.party().id));
    let events = app.all(event::Entity).await;
    let about = events.iter().filter(|event| event.subject == row.id.to_string());
    let types: Vec<&str> = about.map(|event| &*event.r#type).collect();
    assert_eq!(types, ["OPERATION_REGISTERED"]);
}

#[tokio::test]
async fn a_name_gets_another_text_in_one_step() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let first = manager.act(REGISTER, register(&app, "Place", PLACE)).await;
    let old = first.text_at("/registerOperation/operation/id").to_owned();
    let shorter = PLACE.replace(" name", "");
    let taken = manager.act(REGISTER, register(&app, "Place", &shorter)).await;
    let mut input = register(&app, "Place", &shorter);
    input["replacesId"] = json!(old);

    let reply = manager.act(REGISTER, input).await;

    taken.expect_refusal_at("ALREADY_RECORDED", "name");
    assert_eq!(taken.text_at("/registerOperation/operation/id"), old);
    reply.expect_ok();
    let rows = app.all(operation::Entity).await;
    let live: Vec<_> = rows.iter().filter(|row| row.retired_at.is_none()).collect();
    assert!(matches!(live[..], [row] if row.document == shorter && row.version == 1));
    let answer = manager.call("Place", json!({ "code": "02014" })).await;
    assert_eq!(answer.body, json!({ "place": { "code": "02014" } }));
}

#[tokio::test]
async fn what_is_retired_is_not_run_and_its_name_is_free() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let operation = app.operation(manager.party(), "Place", PLACE).await;
    let input = json!({ "id": operation.id.to_string(), "expectedVersion": 1 });

    let retired = manager.act(RETIRE, input).await;

    assert_eq!(retired.expect_ok()["retireOperation"]["operation"]["version"], 2);
    assert_eq!(manager.call("Place", json!({ "code": "02014" })).await.status, 404);
    manager.act(REGISTER, register(&app, "Place", PLACE)).await.expect_ok();
    assert_eq!(manager.call("Place", json!({ "code": "02014" })).await.status, 200);
}

#[tokio::test]
async fn a_text_never_changes_and_no_operation_is_deleted() {
    let app = TestApp::start().await;
    let operation = app.operation(app.bank().await.party(), "Place", PLACE).await;

    for sql in [
        "UPDATE operation SET document = 'x'",
        "UPDATE operation SET callable = false",
        "DELETE FROM operation",
    ] {
        assert!(app.sql(sql).await.is_err(), "{sql}");
    }

    assert_eq!(app.reload(&operation).await, operation);
}

#[tokio::test]
async fn a_party_sees_its_own_and_the_shared_ones() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let own = app.operation(bank.party(), "Place", PLACE).await;
    app.operation(rival.party(), "Theirs", "{ viewer { today } }").await;
    let by = "query ($by: OperationBy!) { operation(by: $by) { id } }";
    let ways = [
        json!({ "id": own.id.to_string() }),
        json!({ "name": "Place" }),
        json!({ "documentId": format!("sha256:{}", own.hash) }),
    ];

    let list = bank.ask(LIST).await;
    let shared = app.public().ask("{ sharedOperations { name title document kind } }").await;

    assert_eq!(list.column("/operations", "name"), ["Place"]);
    assert_eq!(list.at("/operations/totalCount"), 1);
    let names = shared.at("/sharedOperations").as_array().unwrap();
    assert_eq!(names.len(), shared::all().len());
    assert!(names.iter().all(|shown| !shown["title"].as_str().unwrap().is_empty()));
    for way in ways {
        let (mine, theirs) =
            (bank.gql(by, json!({ "by": way })).await, rival.gql(by, json!({ "by": way })).await);
        assert_eq!(mine.at("/operation/id"), &json!(own.id.to_string()), "{way}");
        assert!(theirs.at("/operation").is_null(), "{way}");
    }
    assert_eq!(app.public().ask(LIST).await.at("/operations/totalCount"), 0);
}

#[tokio::test]
async fn a_party_has_five_hundred_operations_at_most() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let texts = (0..500).map(|n| (format!("N{n}"), format!("{{ a{n}: __typename }}")));
    app.insert(texts.map(|(name, text)| app.operation(manager.party(), &name, &text))).await;

    let reply = manager.act(REGISTER, register(&app, "Place", PLACE)).await;

    let refusal = reply.expect_refusal("WRONG_COUNT");
    assert_eq!(refusal["path"], json!([]));
    app.sql("UPDATE operation SET retired_at = created_at WHERE name = 'N0'").await.unwrap();
    manager.act(REGISTER, register(&app, "Place", PLACE)).await.expect_ok();
}

#[tokio::test]
async fn a_successor_goes_on_with_the_operations_of_those_before_it() {
    let app = TestApp::start().await;
    let heir = app.bank().await;
    let old = app.party(heir.party().kind).valid("2020-01-01", Some("2026-01-01")).await;
    app.party_succession(&old, heir.party(), "2026-01-01").await;
    app.operation(&old, "Place", PLACE).await;
    app.operation(&old, "Who", "{ viewer { today } }").await;
    app.operation(heir.party(), "Place", &PLACE.replace(" name", "")).await;

    let own = heir.call("Place", json!({ "code": "02014" })).await;
    let inherited = heir.call("Who", json!({})).await;

    assert_eq!(own.body, json!({ "place": { "code": "02014" } }));
    assert_eq!(inherited.body, json!({ "viewer": { "today": "2026-11-23" } }));
}
