//! The coordinator sees through a party's eyes: what its `VIEWER` sees, and does nothing.

use std::collections::BTreeSet;

use api::{
    authz::{Identity, Viewer},
    domain::{member::read as members, statement},
    error::Error,
    graphql,
    refusal::{Language, UserErrorCode},
};
use async_graphql::{Request, Variables};
use entity::{event, idempotency, party};
use serde_json::{Value, json};
use tests::TestApp;

use super::{
    mutation,
    probes::{self, Probe},
    reads,
    world::World,
};

#[tokio::test]
async fn every_mutation_is_denied_before_anything_is_told_of_it() {
    let world = World::new().await;
    let before = rows(&world.app).await;

    for column in world.columns.iter().filter(|column| column.own.is_some()) {
        let viewer = viewing(&world.app, &column.now().unwrap().party).await;
        for Probe { mutation: field, target, input } in probes::all() {
            let Some(input) = input(&world, column, column.seats.last().unwrap()) else { continue };
            let document = mutation(field, "");
            let answer = ask(&world.app, &viewer, &document, json!({ "input": input })).await;

            let [refusal] = &answer["data"][*field]["userErrors"].as_array().unwrap()[..] else {
                panic!("{} {field} {target}: {answer}", column.name)
            };
            assert_eq!(refusal["code"], "VIEWING_AS", "{} {field} {target}", column.name);
            assert_eq!(refusal["path"], json!([]));
        }
    }

    assert_eq!(rows(&world.app).await, before, "no event, and no key of the party's is taken");
}

#[tokio::test]
async fn the_reads_are_those_of_a_viewer_of_the_party() {
    let world = World::new().await;
    for column in world.columns.iter().filter(|column| column.own.is_some()) {
        let party = &column.now().unwrap().party;
        let seat = &column.seats[0];
        let own = viewer_of(&world.app, seat.actor.member()).await;
        let viewed = viewing(&world.app, party).await;
        assert_eq!(
            (own.party(), own.owns_any(&[party.id])),
            (viewed.party(), viewed.owns_any(&[party.id]))
        );

        for (query, variables) in reads::queries(&world) {
            let [own, viewed] = [
                ask(&world.app, &own, query, variables.clone()).await,
                ask(&world.app, &viewed, query, variables).await,
            ];
            assert!(own.get("errors").is_none(), "{own}");
            let [own, viewed] =
                [own, viewed].map(|answer| reads::of_others(answer["data"].clone()));
            assert!(own == viewed, "{}: {own} is not {viewed}", column.name);
        }
    }
}

#[tokio::test]
async fn nothing_is_offered_and_nobody_is_a_member() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.saved_operation(bank.party(), "Tôi là ai").await;
    app.settle().await;
    let viewer = viewing(&app, bank.party()).await;

    let answer = ask(
        &app,
        &viewer,
        "{ viewer { party { code } role member { id } isCoordinator hasRights }
           apiTokens(first: 9) { nodes { id } } members(first: 9) { nodes { id } }
           savedOperations(first: 9) { nodes { favourite
               viewerCan { change share unshare favourite register } } } }",
        json!({}),
    )
    .await;

    let data = &answer["data"];
    let who = json!({ "party": { "code": bank.party().code }, "role": "VIEWER", "member": null,
        "isCoordinator": false, "hasRights": true });
    assert_eq!(data["viewer"], who);
    assert_eq!(data["apiTokens"]["nodes"], json!([]), "no VIEWER sees tokens");
    let can = json!({ "change": false, "share": false, "unshare": false, "favourite": false,
        "register": false });
    let saved = json!([{ "favourite": false, "viewerCan": can }]);
    assert_eq!(data["savedOperations"]["nodes"], saved);
}

#[tokio::test]
async fn partners_are_told_nothing() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    app.settle().await;
    let viewer = viewing(&app, bank.party()).await;

    let refused = statement::read::statements(&app.api, &viewer, &["any".to_owned()]).await;

    assert!(matches!(refused, Err(Error::BadInput(_))), "{refused:?}");
    let Err(Error::Refused(denied)) = viewer.actor() else { panic!("it has an actor") };
    assert_eq!(denied.code, UserErrorCode::ViewingAs);
}

/// A manager of the coordinator's who sees what a party sees.
async fn viewing(app: &TestApp, party: &party::Model) -> Viewer {
    let coordinator = app.coordinator().await;
    let identity = person(coordinator.member());
    members::viewer_as(&app.api, identity, coordinator.party().id, party).await.unwrap()
}

async fn viewer_of(app: &TestApp, member: &entity::member::Model) -> Viewer {
    members::viewer_of_person(&app.api, person(member), None).await.unwrap()
}

fn person(member: &entity::member::Model) -> Identity {
    Identity::Person { issuer: member.issuer.clone(), subject: member.subject.clone() }
}

async fn ask(app: &TestApp, viewer: &Viewer, query: &str, variables: Value) -> Value {
    let request = Request::new(query).variables(Variables::from_json(variables));
    let answer = graphql::execute(&app.api, viewer.clone(), Language::Vi, "trace", request).await;
    serde_json::to_value(answer).unwrap()
}

async fn rows(app: &TestApp) -> BTreeSet<String> {
    let events = app.all(event::Entity).await.into_iter().map(|row| format!("{row:?}"));
    let keys = app.all(idempotency::Entity).await.into_iter().map(|row| format!("{row:?}"));
    events.chain(keys).collect()
}
