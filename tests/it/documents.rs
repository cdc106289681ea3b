//! Documents: how they are typed and kept, who enters them, and who finds them.

use entity::{document, document_party, party, party::Kind};
use serde_json::{Value, json};
use tests::{Actor, TestApp, day};

use crate::authz::{last_event, mutation};

const SHOWN: &str = "document { id version number symbol reference title issuedOn kind force
    issuer { code } namedParties { code } } replayed";

fn letter(app: &TestApp, issuer: &party::Model) -> Value {
    json!({ "issuerId": issuer.id.to_string(), "reference": "12/CV-NH", "kind": "LETTER",
        "force": "REQUESTS", "title": "Đề nghị phối hợp", "issuedOn": "2026-05-05",
        "idempotencyKey": app.key() })
}

async fn define(actor: &Actor, input: Value) -> tests::Reply {
    actor.act(&mutation("defineDocument", SHOWN), input).await
}

#[tokio::test]
async fn a_party_enters_its_letter_with_the_parties_it_names() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let (named, other) = (app.telecom().await, app.telecom().await);
    let ids = [named.party(), named.party(), bank.party()].map(|party| party.id.to_string());
    let mut input = letter(&app, bank.party());
    input["namedPartyIds"] = json!(ids);

    let reply = define(&bank, input).await;

    let shown = &reply.expect_ok()["defineDocument"]["document"];
    assert_eq!(shown["namedParties"], json!([{ "code": named.party().code }]));
    assert_eq!((&shown["reference"], &shown["version"]), (&json!("12/CV-NH"), &json!(1)));
    let rows = app.all(document::Entity).await;
    let row = rows.iter().find(|row| row.symbol == "CV-NH").unwrap();
    assert_eq!((row.issuer_id, row.kind), (bank.party().id, document::Kind::Letter));
    let names = app.all(document_party::Entity).await;
    let names: Vec<_> = names.iter().filter(|name| name.document_id == row.id).collect();
    assert_eq!(names.len(), 1);
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("DOCUMENT_DEFINED", &row.id.to_string()));
    assert_eq!((event.actor_id, event.member_id), (Some(bank.party().id), Some(bank.member().id)));
    assert_eq!(data["after"]["title"], "Đề nghị phối hợp");
    let query = format!("{{ node(id: \"{}\") {{ id }} }}", row.id);
    assert!(named.ask(&query).await.expect_ok()["node"].is_object());
    assert!(other.ask(&query).await.expect_ok()["node"].is_null());
}

#[tokio::test]
async fn the_coordinator_enters_a_directive_that_everybody_sees() {
    let app = TestApp::start().await;
    let mut input = letter(&app, &app.party_by_code("UBND-19-2025").await);
    (input["kind"], input["force"]) = (json!("DIRECTIVE"), json!("ASSIGNS"));

    let reply = define(&app.coordinator().await, input).await;

    let id = reply.expect_ok()["defineDocument"]["document"]["id"].clone();
    let query = "query ($id: ID!) { document(by: { id: $id }) { issuer { code } force } }";
    let seen = app.public().gql(query, json!({ "id": id })).await;
    let expected = json!({ "issuer": { "code": "UBND-19-2025" }, "force": "ASSIGNS" });
    assert_eq!(seen.at("/document"), &expected);
}

#[tokio::test]
async fn a_title_is_kept_composed_and_is_found_however_it_is_typed() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let mut input = letter(&app, bank.party());
    // Nghĩa Tá and Đề with their marks as characters of their own.
    input["title"] = json!(
        " \u{110}e\u{302}\u{300} nghi\u{323}  Nghi\u{303}a Ta\u{301}, ke\u{302}\u{301} hoa\u{323}ch "
    );

    define(&bank, input).await.expect_ok();

    let rows = app.all(document::Entity).await;
    let row = rows.iter().find(|row| row.symbol == "CV-NH").unwrap();
    assert_eq!(row.title, "Đề nghị Nghĩa Tá, kế hoạch");
    for typed in ["nghia ta", "Nghi\u{303}a Ta\u{301}", "KẾ HOẠCH", "de nghi", "12/CV-NH"] {
        let query = "query ($typed: String!) {
            documents(first: 9, filter: { search: $typed }) { nodes { number } totalCount } }";
        let found = bank.gql(query, json!({ "typed": typed })).await;
        assert!(found.column("/documents", "number").contains(&"12"), "{typed}");
        let nothing = app.bank().await.gql(query, json!({ "typed": typed })).await;
        assert!(!nothing.column("/documents", "number").contains(&"12"), "{typed}");
    }
}

#[tokio::test]
async fn a_reference_is_read_as_it_is_typed() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    for (typed, number, symbol, printed) in [
        ("749/QĐ- TTg", "749", "QĐ-TTg", "749/QĐ-TTg"),
        ("46/2019/QĐUBND", "46/2019", "QĐ-UBND", "46/2019/QĐ-UBND"),
        ("1431/QÐ–UBND", "1431", "QĐ-UBND", "1431/QĐ-UBND"),
        ("09-CT/TU", "09", "CT/TU", "09-CT/TU"),
        ("148/2025/QH15", "148/2025", "QH15", "148/2025/QH15"),
        ("3195/UBND-VXNV", "3195", "UBND-VXNV", "3195/UBND-VXNV"),
    ] {
        let mut input = letter(&app, bank.party());
        input["reference"] = json!(typed);

        let reply = define(&bank, input).await;

        let shown = &reply.expect_ok()["defineDocument"]["document"];
        assert_eq!((&shown["number"], &shown["symbol"]), (&json!(number), &json!(symbol)));
        assert_eq!(shown["reference"], printed, "{typed}");
    }
}

#[tokio::test]
async fn a_document_is_found_by_its_reference_by_whoever_sees_it() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let id = define(&bank, letter(&app, bank.party())).await;
    let query = "query ($by: DocumentByReference!) { document(by: { reference: $by }) { id } }";
    let by = |code: &str, reference: &str, on: &str| json!({ "by": { "issuerCode": code, "reference": reference, "issuedOn": on } });
    let code = bank.party().code.as_str();

    let found = bank.gql(query, by(code, "12/CV-  NH", "2026-05-05")).await;

    assert_eq!(found.at("/document/id"), id.at("/defineDocument/document/id"));
    for (actor, by) in [
        (&rival, by(code, "12/CV-NH", "2026-05-05")),
        (&app.public(), by(code, "12/CV-NH", "2026-05-05")),
        (&bank, by(code, "12/CV-NH", "2026-05-06")),
        (&bank, by(code, "13/CV-NH", "2026-05-05")),
        (&bank, by(&rival.party().code, "12/CV-NH", "2026-05-05")),
        (&bank, by(code, "no reference", "2026-05-05")),
    ] {
        assert!(actor.gql(query, by.clone()).await.expect_ok()["document"].is_null(), "{by}");
    }
    let public = by("UBND-06-2023", "1431/QĐ-UBND", "2023-08-09");
    assert!(app.public().gql(query, public).await.expect_ok()["document"].is_object());
}

#[tokio::test]
async fn a_document_is_entered_once_and_the_known_one_is_shown() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let first = define(&bank, letter(&app, bank.party())).await;
    let mut again = letter(&app, bank.party());
    again["reference"] = json!("12/CV NH");
    again["reference"] = json!("12/CV- NH");

    let refused = define(&bank, again.clone()).await;
    again["issuedOn"] = json!("2026-05-06");
    let another_day = define(&bank, again).await;

    refused.expect_refusal_at("ALREADY_RECORDED", "reference");
    let shown = refused.at("/defineDocument/document/id");
    assert_eq!(shown, first.at("/defineDocument/document/id"));
    another_day.expect_ok();
}

#[tokio::test]
async fn two_parties_may_use_one_reference_and_learn_nothing_of_each_other() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    define(&bank, letter(&app, bank.party())).await.expect_ok();

    let reply = define(&rival, letter(&app, rival.party())).await;

    reply.expect_ok();
    let rows = app.all(document::Entity).await;
    assert_eq!(rows.iter().filter(|row| row.symbol == "CV-NH").count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_document_entered_twice_at_once_is_there_once() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let mut requests = Vec::new();
    for _ in 0..8 {
        let (bank, input) = (bank.clone(), letter(&app, bank.party()));
        requests.push(tokio::spawn(async move { define(&bank, input).await }));
    }

    let mut made = 0;
    for request in requests {
        let reply = request.await.unwrap();
        made += usize::from(reply.refusals().is_empty());
        assert!(reply.errors().is_empty(), "{}", reply.text);
    }

    assert_eq!(made, 1);
    let rows = app.all(document::Entity).await;
    assert_eq!(rows.iter().filter(|row| row.symbol == "CV-NH").count(), 1);
}

#[tokio::test]
async fn a_successor_enters_the_papers_of_its_predecessor_of_its_time() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Bank).valid("2020-01-01", Some("2026-03-01")).await;
    let bank = app.bank().await;
    app.party_succession(&old, bank.party(), "2026-03-01").await;
    let mut input = letter(&app, &old);

    input["issuedOn"] = json!("2026-03-01");
    let late = define(&bank, input.clone()).await;
    input["issuedOn"] = json!("2026-02-28");
    let in_time = define(&bank, input).await;

    late.expect_refusal_at("OUTSIDE_VALIDITY", "issuedOn");
    in_time.expect_ok();
    let rows = app.all(document::Entity).await;
    let row = rows.iter().find(|row| row.symbol == "CV-NH").unwrap();
    assert_eq!((row.issuer_id, row.issued_on), (old.id, day("2026-02-28")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_that_name_each_other_at_once_do_not_stand_in_each_others_way() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    app.settle().await;

    let letters: Vec<_> = (0..24)
        .map(|number| {
            let (issuer, named) = if number % 2 == 0 { (&bank, &rival) } else { (&rival, &bank) };
            let mut input = letter(&app, issuer.party());
            input["reference"] = json!(format!("{}/CV-NH", number + 100));
            input["namedPartyIds"] = json!([named.party().id.to_string()]);
            let issuer = issuer.clone();
            tokio::spawn(async move { define(&issuer, input).await })
        })
        .collect();

    for letter in letters {
        letter.await.unwrap().expect_ok();
    }
    assert_eq!(app.all(document_party::Entity).await.len(), 24);
}
