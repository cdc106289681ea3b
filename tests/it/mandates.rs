//! Mandates: what the principal lends to an agent is kept, shown to both, and ended.

use entity::{
    mandate,
    mandate::Act,
    party,
    party::Kind,
    reach::{self, Role},
};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, day};

use crate::authz::{as_letter, last_event, mutation};

const SHOWN: &str = "mandate { id version acts validFrom validTo principal { code }
    agent { code } madeBy { code } place { code } document { number } }";

fn wanted(app: &TestApp, principal: &party::Model, agent: &party::Model) -> Value {
    json!({ "principalId": principal.id.to_string(), "agentId": agent.id.to_string(),
        "acts": ["VERIFY", "RECORD", "RECORD"], "validFrom": "2026-01-01",
        "validTo": "2027-01-01", "idempotencyKey": app.key() })
}

async fn make(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("makeMandate", SHOWN), input).await
}

async fn end(actor: &Actor, row: &mandate::Model, on: &str) -> Reply {
    let input = json!({ "id": row.id.to_string(), "validTo": on, "expectedVersion": row.version });
    actor.act(&mutation("endMandate", SHOWN), input).await
}

async fn lent(app: &TestApp, agent: &party::Model) -> Vec<(Act, Option<chrono::NaiveDate>)> {
    let rows = app.all(reach::Entity).await.into_iter();
    let rows = rows.filter(|row| row.party_id == agent.id && row.role == Role::Own);
    let mut acts: Vec<_> = rows.filter_map(|row| Some((row.act?, row.valid_to))).collect();
    acts.sort_unstable();
    acts
}

#[tokio::test]
async fn a_principal_makes_a_mandate_that_lends_each_act_once() {
    let app = TestApp::start().await;
    let (bank, agent) = (app.bank().await, app.party(Kind::TelecomCompany).await);
    let letter = app.document(bank.party()).with(as_letter).await;
    let mut input = wanted(&app, bank.party(), &agent);
    input["documentId"] = json!(letter.id.to_string());

    let reply = make(&bank, input).await;

    let shown = &reply.expect_ok()["makeMandate"]["mandate"];
    assert_eq!((&shown["acts"], &shown["place"]), (&json!(["RECORD", "VERIFY"]), &json!(null)));
    assert_eq!(
        (&shown["agent"]["code"], &shown["madeBy"]["code"]),
        (&json!(agent.code), &json!(bank.party().code))
    );
    let [row] = &app.all(mandate::Entity).await[..] else { panic!("not one mandate") };
    assert_eq!((row.principal_id, row.agent_id), (bank.party().id, agent.id));
    assert_eq!((row.document_id, row.version), (Some(letter.id), 1));
    let until = Some(day("2027-01-01"));
    assert_eq!(lent(&app, &agent).await, [(Act::Record, until), (Act::Verify, until)]);
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), event.subject), ("MANDATE_MADE", row.id.to_string()));
    assert_eq!(data["after"]["acts"], json!(["RECORD", "VERIFY"]));
    assert_eq!(event.actor_id, Some(bank.party().id));
}

#[tokio::test]
async fn the_principal_ends_a_mandate_and_its_reach_goes() {
    let app = TestApp::start().await;
    let (bank, agent) = (app.bank().await, app.party(Kind::TelecomCompany).await);
    let row = app.mandate(bank.party(), &agent).await;

    let reply = end(&bank, &row, "2026-12-01").await;

    assert_eq!(reply.expect_ok()["endMandate"]["mandate"]["validTo"], "2026-12-01");
    let row = app.reload(&row).await;
    assert_eq!((row.valid_to, row.version), (Some(day("2026-12-01")), 2));
    assert_eq!(lent(&app, &agent).await, [(Act::Record, row.valid_to)]);
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), event.subject), ("MANDATE_ENDED", row.id.to_string()));
    assert_eq!(
        data,
        json!({ "version": 2, "before": { "validTo": null }, "after": { "validTo": "2026-12-01" } })
    );
}

#[tokio::test]
async fn a_mandate_that_ends_on_its_first_day_never_lent_anything() {
    let app = TestApp::start().await;
    let (bank, agent) = (app.bank().await, app.party(Kind::TelecomCompany).await);
    let row = app.mandate(bank.party(), &agent).await;

    end(&bank, &row, "2026-01-01").await.expect_ok();

    assert_eq!(app.reload(&row).await.valid_to, Some(row.valid_from));
    assert_eq!(lent(&app, &agent).await, []);
}

#[tokio::test]
async fn managers_of_both_sides_see_a_mandate_and_only_the_principal_its_letter() {
    let app = TestApp::start().await;
    let (bank, agent) = (app.bank().await, app.telecom().await);
    let letter = app.document(bank.party()).with(as_letter).await;
    let mandate = app.mandate(bank.party(), agent.party());
    let mandate = mandate.with(|row| row.document_id = Some(letter.id)).await;
    let query = "{ mandates(first: 9) { totalCount nodes { id document { number } } } }";
    let id = mandate.id.to_string();

    for (actor, nodes) in [
        (bank, json!([{ "id": id, "document": { "number": letter.number } }])),
        (agent.clone(), json!([{ "id": id, "document": null }])),
        (app.coordinator().await, json!([{ "id": id, "document": { "number": letter.number } }])),
        (app.member_of(agent.party()).with_role(entity::member::Role::Reporter).await, json!([])),
        (app.leadership().await, json!([])),
        (app.telecom().await, json!([])),
        (app.public(), json!([])),
    ] {
        let reply = actor.ask(query).await;
        let count = nodes.as_array().unwrap().len();
        assert_eq!(reply.at("/mandates"), &json!({ "totalCount": count, "nodes": nodes }));
    }
}

#[tokio::test]
async fn a_successor_ends_what_its_predecessor_lent() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Bank).valid("2020-01-01", Some("2026-06-01")).await;
    let (new, agent) = (app.bank().await, app.party(Kind::TelecomCompany).await);
    app.party_succession(&old, new.party(), "2026-06-01").await;
    let row = app.mandate(&old, &agent).await;

    let reply = end(&new, &row, "2026-12-01").await;

    reply.expect_ok();
    let ended = Some(day("2026-06-01"));
    assert_eq!(lent(&app, &agent).await, [(Act::Record, ended)], "it ended with its principal");
}
