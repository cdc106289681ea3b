//! Seeing what a party sees: who may, for how long, what is read and that nothing is done.

use std::collections::BTreeSet;

use api::clock::Clock;
use chrono::TimeDelta;
use entity::{event, member::Role, party, party_mark::Mark, session};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Expr};
use serde_json::{Value, json};
use tests::{
    Actor, Reply, TestApp,
    browser::Browser,
    introspection::{self, Schema},
};

use super::{WHO, expect_problem};
use crate::{
    authz::{last_event, mutation, probes, reads, world::World},
    needs::audience,
};

const EVENTS: &str = "{ events(first: 1000) { nodes { type subjectId } } }";

async fn view(browser: &Browser, party: &party::Model, reason: &str) -> Reply {
    let body = json!({ "party": party.id.to_string(), "reason": reason });
    browser.post("/console/view-as", body).await
}

/// A manager of the coordinator's at the console who sees what a party sees.
async fn viewing(app: &TestApp, party: &party::Model) -> Browser {
    let browser = app.coordinator().await.at_console().await;
    let reply = view(&browser, party, "Đơn vị báo thiếu số liệu").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    browser
}

async fn who(browser: &Browser) -> Value {
    browser.gql(WHO, json!({})).await.expect_ok()["viewer"].clone()
}

#[tokio::test]
async fn the_coordinator_sees_as_a_party_and_ends_it() {
    let app = TestApp::start().await;
    let (bank, coordinator) = (app.bank().await, app.coordinator().await);
    let browser = coordinator.at_console().await;

    let begun = view(&browser, bank.party(), "  Đơn vị  báo thiếu số liệu ").await;

    assert_eq!((begun.status.as_u16(), &begun.body), (200, &json!({})), "{}", begun.text);
    let seen = json!({ "party": { "code": bank.party().code }, "role": "VIEWER",
        "isCoordinator": false });
    assert_eq!(who(&browser).await, seen);
    let told = browser.session().await;
    assert_eq!(told["viewAs"]["party"]["id"], bank.party().id.to_string());
    assert_eq!(told["viewAs"]["reason"], "Đơn vị báo thiếu số liệu");
    let own = json!([coordinator.party().code, true]);
    assert_eq!(json!([told["party"]["code"], told["party"]["isCoordinator"]]), own);

    let ended = browser.post("/console/view-as/end", json!({})).await;
    let again = browser.post("/console/view-as/end", json!({})).await;

    assert_eq!((ended.status.as_u16(), again.status.as_u16()), (200, 200), "{}", again.text);
    assert_eq!(browser.session().await["viewAs"], Value::Null);
    assert_eq!(who(&browser).await["party"]["code"], coordinator.party().code);
}

#[tokio::test]
async fn every_mutation_of_the_schema_is_denied() {
    let world = World::new().await;
    let column = world.columns.iter().find(|column| column.name == "telecom").unwrap();
    let browser = viewing(&world.app, &column.now().unwrap().party).await;
    let schema = Schema::new(browser.gql(introspection::QUERY, json!({})).await.expect_ok());
    let before = world.app.all(event::Entity).await.len();
    let mut denied = BTreeSet::new();

    for probe in probes::all() {
        let seat = column.seats.last().unwrap();
        let Some(input) = (probe.input)(&world, column, seat) else { continue };
        let reply = browser.gql(&mutation(probe.mutation, ""), json!({ "input": input })).await;
        reply.expect_refusal("VIEWING_AS");
        denied.insert(probe.mutation);
    }

    assert_eq!(denied, schema.mutations().into_iter().collect());
    assert_eq!(world.app.all(event::Entity).await.len(), before);
}

#[tokio::test]
async fn what_is_read_is_what_a_viewer_of_the_party_reads() {
    let world = World::new().await;
    for name in ["commune", "bank", "leadership", "assigned"] {
        let column = world.columns.iter().find(|column| column.name == name).unwrap();
        let seat = &column.seats[0];
        assert_eq!(seat.role, Some(Role::Viewer));
        let browser = viewing(&world.app, &column.now().unwrap().party).await;

        for (query, variables) in reads::queries(&world) {
            let own = seat.actor.gql(query, variables.clone()).await;
            let seen = browser.gql(query, variables).await;
            let [own, seen] = [own, seen].map(|reply| reads::of_others(reply.expect_ok().clone()));
            assert!(own == seen, "{name}: {own} is not {seen}");
        }
    }
}

#[tokio::test]
async fn it_ends_after_half_an_hour_and_with_the_session() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let browser = viewing(&app, bank.party()).await;

    app.clock.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    assert_eq!(who(&browser).await["party"]["code"], bank.party().code);
    app.clock.advance(TimeDelta::seconds(1));

    assert_eq!(who(&browser).await["isCoordinator"], true);
    assert_eq!(browser.session().await["viewAs"], Value::Null);

    app.clock.advance(TimeDelta::hours(7));
    let late = view(&browser, bank.party(), "Xem thêm").await;
    assert_eq!(late.status, 200, "{}", late.text);
    let told = browser.session().await;
    assert_eq!(told["viewAs"]["until"], told["expiresAt"], "not longer than the session");
    browser.post("/console/session/end", json!({})).await;
    expect_problem(&view(&browser, bank.party(), "Xem").await, 401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn nobody_but_the_coordinators_managers_may() {
    let app = TestApp::start().await;
    let target = app.bank().await;
    let reporter = app.coordinator().with_role(Role::Reporter).await;
    for actor in [app.bank().await, app.leadership().await, reporter] {
        let browser = actor.at_console().await;
        expect_problem(&view(&browser, target.party(), "Xem").await, 403, "FORBIDDEN");
        assert_eq!(who(&browser).await["party"]["code"], actor.party().code);
    }
    let nobody = view(&app.browser(), target.party(), "Xem").await;
    expect_problem(&nobody, 401, "UNAUTHENTICATED");
    assert!(app.all(session::Entity).await.iter().all(|row| row.viewed_party_id.is_none()));
}

#[tokio::test]
async fn a_reason_is_needed_and_holds_no_personal_number() {
    let app = TestApp::start().await;
    let (bank, coordinator) = (app.bank().await, app.coordinator().await);
    let browser = coordinator.at_console().await;
    let before = app.all(event::Entity).await.len();
    let gone = app.ended_party().await;

    for (party, reason, status, code) in [
        (bank.party(), " ", 422, "BLANK"),
        (bank.party(), &"a".repeat(501), 422, "TOO_LONG"),
        (bank.party(), "Gọi 0912 345 678", 422, "PERSONAL_DATA"),
        (coordinator.party(), "Xem", 422, "WRONG_KIND"),
        (gone.party(), "Xem", 422, "OUTSIDE_VALIDITY"),
    ] {
        let reply = view(&browser, party, reason).await;
        expect_problem(&reply, status, code);
        assert!(!reply.body["detail"].as_str().unwrap().is_empty());
    }
    let nothing = json!({ "party": "party_x", "reason": "Xem" });
    expect_problem(&browser.post("/console/view-as", nothing).await, 404, "NOT_FOUND");
    let silent = json!({ "party": bank.party().id.to_string() });
    expect_problem(&browser.post("/console/view-as", silent).await, 400, "BAD_USER_INPUT");

    assert_eq!(app.all(event::Entity).await.len(), before);
    assert_eq!(browser.session().await["viewAs"], Value::Null);
}

#[tokio::test]
async fn who_is_coordinator_no_more_is_out() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let browser = viewing(&app, bank.party()).await;
    let coordinator = app.party_by_code("SKHCN-19-2025").await;

    member_role(&app, &coordinator, Role::Reporter).await;
    assert_eq!(who(&browser).await["party"]["code"], coordinator.code);
    assert_eq!(browser.session().await["viewAs"], Value::Null);
    member_role(&app, &coordinator, Role::Manager).await;
    assert_eq!(who(&browser).await["party"]["code"], bank.party().code);

    let mark = Mark::Coordinator;
    entity::party_mark::Entity::update_many()
        .col_expr(entity::party_mark::Column::ValidTo, Expr::value(app.clock.today()))
        .filter(entity::party_mark::Column::Mark.eq(mark))
        .exec(app.db().writer())
        .await
        .unwrap();
    api::domain::reach::refresh(&app.api).await.unwrap();

    let own = who(&browser).await;
    assert_eq!(
        (&own["party"]["code"], &own["isCoordinator"]),
        (&json!(coordinator.code), &json!(false))
    );
}

#[tokio::test]
async fn both_sides_are_told_once_and_nobody_else() {
    let app = TestApp::start().await;
    let (bank, rival, coordinator) = (app.bank().await, app.bank().await, app.coordinator().await);
    let browser = coordinator.at_console().await;

    view(&browser, bank.party(), "Đơn vị báo thiếu số liệu").await;
    who(&browser).await;
    who(&browser).await;

    let (event, data) = last_event(&app).await;
    assert_eq!((&*event.r#type, event.subject), ("VIEWED_AS", bank.party().id.to_string()));
    let actor = (event.actor_id, event.member_id);
    assert_eq!(actor, (Some(coordinator.party().id), Some(coordinator.member().id)));
    assert_eq!(data["after"]["reason"], "Đơn vị báo thiếu số liệu");
    let heard = [bank.party().id.into(), coordinator.party().id.into()];
    assert_eq!(audience(&app, event.position).await, heard.into());
    for (actor, told) in [(&bank, 1), (&coordinator, 1), (&rival, 0), (&app.public(), 0)] {
        assert_eq!(viewings(actor).await, told);
    }
}

#[tokio::test]
async fn a_stream_follows_what_the_party_sees_and_ends_with_it() {
    let app = TestApp::start().await;
    let (bank, rival, coordinator) = (app.bank().await, app.bank().await, app.coordinator().await);
    let browser = viewing(&app, bank.party()).await;
    let mut socket = browser.socket().await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
    socket
        .subscribe("live", "subscription { events { event { type subjectId } } }", json!({}))
        .await;
    socket.subscribe("before", WHO, json!({})).await;
    assert_eq!(socket.hear().await.said()["payload"]["data"]["viewer"]["role"], "VIEWER");
    assert_eq!(socket.hear().await.said()["type"], "complete");

    for actor in [&rival, &bank] {
        let input = json!({ "titleVi": "Của mình", "document": "{ viewer { today } }",
            "idempotencyKey": app.key() });
        actor.act(&mutation("saveOperation", ""), input).await.expect_ok();
    }
    let told = socket.hear().await.said();
    let saved = app.all(entity::saved_operation::Entity).await;
    let own = saved.iter().find(|row| row.party_id == bank.party().id).unwrap();
    let shown = json!({ "type": "OPERATION_SAVED", "subjectId": own.id.to_string() });
    assert_eq!(told["payload"]["data"]["events"]["event"], shown, "{told}");

    browser.post("/console/view-as/end", json!({})).await;

    let ended = socket.hear().await.said();
    assert_eq!(ended["payload"][0]["extensions"]["code"], "UNAUTHENTICATED", "{ended}");
    assert_eq!(who(&browser).await["party"]["code"], coordinator.party().code);
}

/// How often somebody is told that a party was looked at.
async fn viewings(actor: &Actor) -> usize {
    let reply = actor.gql(EVENTS, json!({})).await;
    let nodes = reply.body["data"]["events"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.iter().filter(|event| event["type"] == "VIEWED_AS").count()
}

async fn member_role(app: &TestApp, of: &party::Model, role: Role) {
    entity::member::Entity::update_many()
        .col_expr(entity::member::Column::Role, Expr::value(role))
        .filter(entity::member::Column::PartyId.eq(of.id))
        .exec(app.db().writer())
        .await
        .unwrap();
}
