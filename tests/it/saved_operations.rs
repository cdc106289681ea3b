//! Saved operations: kept by a party, shared by the coordinator, marked by members, promoted.

use entity::{event, favourite, member::Role, saved_operation};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use crate::{
    authz::{last_event, mutation},
    needs::audience,
};

const FIELDS: &str =
    "savedOperation { id titleVi titleEn descriptionVi descriptionEn title document
    kind variables shared favourite version deletedAt party { code } registered { name }
    viewerCan { change share unshare favourite register } }";

const LIST: &str = "query ($filter: SavedOperationFilter, $orderBy: SavedOperationOrder) {
    savedOperations(filter: $filter, orderBy: $orderBy, first: 100) {
    totalCount nodes { titleVi favourite } } }";

const PLACE: &str =
    "query One($code: String!) { place(by: { code: { code: $code } }) { code name } }";

fn content() -> Value {
    json!({ "titleVi": " Tra cứu  một xã", "titleEn": "One commune", "descriptionVi": "Theo mã",
        "document": PLACE, "variables": "{ \"code\": \"02014\" }" })
}

async fn act(actor: &Actor, field: &str, input: Value) -> Reply {
    actor.act(&mutation(field, FIELDS), input).await
}

async fn titles(actor: &Actor, filter: Value) -> Vec<String> {
    let reply = actor.gql(LIST, json!({ "filter": filter })).await;
    let list = &reply.expect_ok()["savedOperations"];
    let nodes = list["nodes"].as_array().unwrap();
    assert_eq!(list["totalCount"], nodes.len());
    nodes.iter().map(|node| node["titleVi"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_reporter_saves_an_operation_once() {
    let app = TestApp::start().await;
    let reporter = app.bank().with_role(Role::Reporter).await;
    let mut input = content();
    input["idempotencyKey"] = json!(app.key());

    let first = act(&reporter, "saveOperation", input.clone()).await;
    let again = act(&reporter, "saveOperation", input).await;

    let row = app.all(saved_operation::Entity).await.pop().unwrap();
    let shown = json!({ "id": row.id.to_string(), "titleVi": "Tra cứu một xã",
        "titleEn": "One commune", "descriptionVi": "Theo mã", "descriptionEn": null,
        "title": "Tra cứu một xã", "document": PLACE, "kind": "QUERY",
        "variables": "{\"code\":\"02014\"}", "shared": false, "favourite": false, "version": 1,
        "deletedAt": null, "party": { "code": reporter.party().code }, "registered": null,
        "viewerCan": { "change": true, "share": false, "unshare": false, "favourite": true,
            "register": false } });
    assert_eq!(first.expect_ok()["saveOperation"]["savedOperation"], shown);
    assert_eq!(again.expect_ok()["saveOperation"]["savedOperation"], shown);
    assert_eq!(app.all(saved_operation::Entity).await.len(), 1);
    let (event, data) = last_event(&app).await;
    assert_eq!((&*event.r#type, event.subject), ("OPERATION_SAVED", row.id.to_string()));
    assert_eq!(data["after"]["document"], PLACE);
    assert_eq!(audience(&app, event.position).await, [reporter.party().id.into()].into());
}

#[tokio::test]
async fn a_key_of_a_request_is_never_kept() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let document = "mutation ($input: DoneNoteInput!, $note: WriteNoteInput!) {
        doneNote(input: $input) { userErrors { code } } writeNote(input: $note) { replayed } }";
    let variables = json!({ "note": { "text": "a", "idempotencyKey": app.key() } }).to_string();
    let input = json!({ "titleVi": "a", "document": document, "variables": variables,
        "idempotencyKey": app.key() });

    let reply = act(&bank, "saveOperation", input).await;

    let saved = &reply.expect_ok()["saveOperation"]["savedOperation"];
    assert_eq!(saved["variables"], json!({ "note": { "text": "a" } }).to_string());
    assert_eq!(saved["kind"], "MUTATION");
}

#[tokio::test]
async fn a_party_reads_its_own_and_everybody_signed_in_what_is_shared() {
    let app = TestApp::start().await;
    let (bank, rival, coordinator) = (app.bank().await, app.bank().await, app.coordinator().await);
    let colleague = app.member_of(bank.party()).with_role(Role::Viewer).await;
    let saved = app.saved_operation(bank.party(), "Tôi là ai").await;
    let node = format!("{{ node(id: \"{}\") {{ id }} }}", saved.id);
    let seen = async || {
        let mut seen = Vec::new();
        for actor in [&bank, &colleague, &coordinator, &rival, &app.stranger(), &app.public()] {
            let listed = titles(actor, Value::Null).await == ["Tôi là ai"];
            assert_eq!(listed, !actor.ask(&node).await.at("/node").is_null());
            seen.push(listed);
        }
        seen
    };
    assert_eq!(seen().await, [true, true, true, false, false, false]);

    let input = json!({ "id": saved.id.to_string(), "expectedVersion": 1 });
    let shared = act(&coordinator, "shareSavedOperation", input).await;

    assert_eq!(shared.at("/shareSavedOperation/savedOperation/shared"), true);
    assert_eq!(seen().await, [true, true, true, true, true, false]);
    let (event, data) = last_event(&app).await;
    let shown = (&*event.r#type, &data["before"], &data["after"]);
    let (no, yes) = (json!({ "shared": false }), json!({ "shared": true }));
    assert_eq!(shown, ("SAVED_OPERATION_SHARED", &no, &yes));
    assert!(audience(&app, event.position).await.contains(&api::tx::Audience::PUBLIC));

    let input = json!({ "id": saved.id.to_string(), "expectedVersion": 2 });
    act(&coordinator, "unshareSavedOperation", input).await.expect_ok();

    assert_eq!(seen().await, [true, true, true, false, false, false]);
    assert_eq!(app.reload(&saved).await.version, 3);
}

#[tokio::test]
async fn what_is_shared_is_what_the_coordinator_has_read() {
    let app = TestApp::start().await;
    let (bank, coordinator) = (app.bank().await, app.coordinator().await);
    let theirs = app.saved_operation(bank.party(), "Chung").with(|row| row.shared = true).await;
    let ours = app.saved_operation(coordinator.party(), "Của sở").with(|row| row.shared = true);
    let ours = ours.await;
    let changed = |row: &saved_operation::Model| {
        let mut input = content();
        (input["id"], input["expectedVersion"]) = (json!(row.id.to_string()), json!(1));
        input
    };

    let by_bank = act(&bank, "changeSavedOperation", changed(&theirs)).await;
    let by_coordinator = act(&coordinator, "changeSavedOperation", changed(&ours)).await;

    let at = "/changeSavedOperation/savedOperation/shared";
    assert_eq!((by_bank.at(at), by_coordinator.at(at)), (&json!(false), &json!(true)));
    let row = app.reload(&theirs).await;
    assert_eq!((&*row.document, &*row.search_key), (PLACE, " tra cuu mot xa | one commune"));
    assert_eq!((row.shared, row.version), (false, 2));
    let log = app.all(event::Entity).await;
    let event = log.iter().find(|event| event.subject == theirs.id.to_string()).unwrap();
    let data: Value = event.data.parse().unwrap();
    assert_eq!(event.r#type, "SAVED_OPERATION_CHANGED");
    assert_eq!(
        (&data["before"]["shared"], &data["after"]["shared"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(data["before"]["titleVi"], "Chung");
    assert!(data["after"].get("deletedAt").is_none(), "what stays the same is not told");
}

#[tokio::test]
async fn what_is_deleted_is_gone_for_everybody_but_its_party() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let saved = app.saved_operation(bank.party(), "Chung").with(|row| row.shared = true).await;
    let input = json!({ "id": saved.id.to_string(), "expectedVersion": 1 });

    let reply = act(&bank, "deleteSavedOperation", input).await;

    let shown = &reply.expect_ok()["deleteSavedOperation"]["savedOperation"];
    assert!(!shown["deletedAt"].is_null() && shown["shared"] == false);
    assert_eq!(shown["viewerCan"]["change"], false);
    for actor in [&bank, &rival] {
        assert!(titles(actor, Value::Null).await.is_empty());
    }
    assert_eq!(titles(&bank, json!({ "deleted": true })).await, ["Chung"]);
    assert!(titles(&rival, json!({ "deleted": true })).await.is_empty());
    for sql in ["DELETE FROM saved_operation", "UPDATE saved_operation SET created_at = NULL"] {
        assert!(app.sql(sql).await.is_err(), "{sql}");
    }
    let moved = format!(
        "UPDATE saved_operation SET party_id = (SELECT id FROM party WHERE code = '{}')",
        rival.party().code
    );
    assert!(app.sql(&moved).await.is_err());
}

#[tokio::test]
async fn a_mark_is_the_members_own() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let colleague = app.member_of(bank.party()).with_role(Role::Viewer).await;
    let saved = app.saved_operation(bank.party(), "Tôi là ai").await;
    app.saved_operation(bank.party(), "Khác").await;
    let events = app.all(event::Entity).await.len();
    let input = json!({ "id": saved.id.to_string() });

    let marked = act(&colleague, "favouriteOperation", input.clone()).await;

    assert_eq!(marked.at("/favouriteOperation/savedOperation/favourite"), true);
    assert_eq!(titles(&colleague, json!({ "favourite": true })).await, ["Tôi là ai"]);
    assert_eq!(titles(&colleague, json!({ "favourite": false })).await, ["Khác"]);
    assert!(titles(&bank, json!({ "favourite": true })).await.is_empty());
    assert_eq!(titles(&bank, json!({ "favourite": false })).await, ["Khác", "Tôi là ai"]);
    act(&bank, "unfavouriteOperation", input.clone()).await.expect_refusal("NO_CHANGE");

    let unmarked = act(&colleague, "unfavouriteOperation", input).await;

    assert_eq!(unmarked.at("/unfavouriteOperation/savedOperation/favourite"), false);
    assert!(app.all(favourite::Entity).await.is_empty());
    assert_eq!(app.all(event::Entity).await.len(), events, "it is nobody else's business");
    assert_eq!(app.reload(&saved).await.version, 1);
}

#[tokio::test]
async fn a_manager_promotes_what_is_saved() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let saved = app.saved_operation(bank.party(), "Tôi là ai").with(|row| row.shared = true).await;
    let node = format!(
        "{{ node(id: \"{}\") {{ ... on SavedOperation {{ document registered {{ name }} \
         viewerCan {{ register }} }} }} }}",
        saved.id
    );
    let shown = bank.ask(&node).await.at("/node").clone();
    assert_eq!(
        (&shown["registered"], &shown["viewerCan"]["register"]),
        (&json!(null), &json!(true))
    );

    let input = json!({ "name": "Who", "document": shown["document"], "callable": true,
        "idempotencyKey": app.key() });
    bank.act(&mutation("registerOperation", ""), input).await.expect_ok();

    assert_eq!(bank.ask(&node).await.at("/node/registered/name"), "Who");
    assert!(rival.ask(&node).await.at("/node/registered").is_null(), "another's registry");
    assert_eq!(bank.call("Who", json!({})).await.status, 200);
}

#[tokio::test]
async fn titles_are_found_without_diacritics_and_come_in_their_order() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    for title in ["Ứng trước", "Đối soát tuần", "Ai nợ gì", "Bảng của xã"] {
        app.saved_operation(bank.party(), title).await;
    }

    assert_eq!(
        titles(&bank, Value::Null).await,
        ["Ai nợ gì", "Bảng của xã", "Đối soát tuần", "Ứng trước"]
    );
    assert_eq!(titles(&bank, json!({ "search": "SOAT" })).await, ["Đối soát tuần"]);
    assert!(titles(&bank, json!({ "shared": true })).await.is_empty());
    let newest = bank.gql(LIST, json!({ "orderBy": "NEWEST" })).await;
    assert_eq!(newest.column("/savedOperations", "titleVi")[0], "Bảng của xã");
}

#[tokio::test]
async fn a_party_keeps_five_hundred() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let rows = (0..500).map(|i| app.saved_operation(bank.party(), &format!("Thao tác {i}")));
    let rows = app.insert(rows.collect::<Vec<_>>()).await;
    let mut input = content();
    input["idempotencyKey"] = json!(app.key());

    let full = act(&bank, "saveOperation", input.clone()).await;
    let one = json!({ "id": rows[0].id.to_string(), "expectedVersion": 1 });
    act(&bank, "deleteSavedOperation", one).await.expect_ok();
    let room = act(&bank, "saveOperation", input).await;

    full.expect_refusal("WRONG_COUNT");
    room.expect_ok();
}
