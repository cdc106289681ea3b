//! From a first publication to one that is served.

use entity::{event, idempotency, subgraph, subgraph_version::State};
use serde_json::json;

use super::{CHECK, GOOD, OTHER, approve, input, live, publish, served, start, states};
use crate::authz::{last_event, mutation};

#[tokio::test]
async fn a_first_version_waits_for_all_that_is_new_in_it_and_is_served_when_approved() {
    let (app, manager) = start("vidutel").await;

    let published = publish(&manager, input(&app, &manager, GOOD, 0)).await;

    published.expect_ok();
    let subgraph = published.at("/publishSubgraph/subgraph").clone();
    assert_eq!((&subgraph["live"], &subgraph["waiting"]["number"]), (&json!(null), &json!(1)));
    let needs = json!([{ "kind": "SUBGRAPH", "value": "vidutel" }, { "kind": "URL", "value": manager.deploys(GOOD) },
        { "kind": "EXTENDED_TYPE", "value": "Commune" }]);
    assert_eq!(subgraph["waiting"]["approvalsNeeded"], needs);
    assert_eq!(published.at("/publishSubgraph/check/passed"), true);
    assert_eq!(served(&app).await.number, 1);
    let (event, data) = last_event(&app).await;
    assert_eq!(
        (&*event.r#type, &data["after"]["state"]),
        ("SUBGRAPH_PUBLISHED", &json!("AWAITING_APPROVAL"))
    );

    let approved = approve(&app, &published).await;

    approved.expect_ok();
    assert_eq!(approved.at("/approveSubgraph/subgraph/live/number"), 1);
    let graph = served(&app).await;
    assert_eq!(graph.number, 2);
    assert!(
        graph.supergraph.contains("VIDUTEL") && graph.supergraph.contains(&manager.deploys(GOOD))
    );
    assert!(graph.api_schema.contains("vidutelPoint(id: ID!): VidutelPoint"));
    assert_eq!(states(&app).await, [(1, State::Live)]);
    let log = app.all(event::Entity).await;
    let types: Vec<&str> = log.iter().map(|event| &*event.r#type).collect();
    assert!(types.ends_with(&["SUBGRAPH_APPROVED", "SUPERGRAPH_COMPOSED"]), "{types:?}");
}

#[tokio::test]
async fn what_is_new_to_nobody_is_served_at_once() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;

    let published = publish(&manager, input(&app, &manager, GOOD, version)).await;

    published.expect_ok();
    assert_eq!(published.at("/publishSubgraph/subgraph/live/number"), 2);
    let changes = published.at("/publishSubgraph/check/changes").to_string();
    assert!(changes.contains("VidutelCommune.points"), "{changes}");
    assert_eq!(states(&app).await, [(1, State::Replaced), (2, State::Live)]);
    assert_eq!(served(&app).await.number, 3);
}

#[tokio::test]
async fn another_address_or_a_mutation_waits_again_and_the_served_version_stays() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;
    let mutating = format!("{OTHER} type Mutation {{ vidutelOrder: Boolean }}");
    let mut moved = input(&app, &manager, &mutating, version);
    let elsewhere = manager.deploys(&mutating).replace("127.0.0.1", "localhost");
    moved["url"] = json!(elsewhere);

    let published = publish(&manager, moved).await;

    published.expect_ok();
    let needs = json!([{ "kind": "URL", "value": elsewhere },
        { "kind": "ROOT_FIELD", "value": "Mutation.vidutelOrder" }]);
    assert_eq!(published.at("/publishSubgraph/check/approvalsNeeded"), &needs);
    assert_eq!(states(&app).await, [(1, State::Live), (2, State::AwaitingApproval)]);
    assert!(!served(&app).await.api_schema.contains("vidutelOrder"));
}

#[tokio::test]
async fn a_later_version_withdraws_one_that_waits() {
    let (app, manager) = start("vidutel").await;
    let first = publish(&manager, input(&app, &manager, OTHER, 0)).await;

    let second = publish(&manager, input(&app, &manager, GOOD, 1)).await;

    second.expect_ok();
    assert_eq!(states(&app).await, [(1, State::Withdrawn), (2, State::AwaitingApproval)]);
    approve(&app, &first).await.expect_refusal("STALE_VERSION");
    approve(&app, &second).await.expect_ok();
}

#[tokio::test]
async fn a_declined_version_says_why_and_is_not_served() {
    let (app, manager) = start("vidutel").await;
    let published = publish(&manager, input(&app, &manager, GOOD, 0)).await;
    let id = &published.at("/publishSubgraph/subgraph/id");
    let decline = json!({ "id": id, "decision": "DECLINE", "reason": "Chưa có thỏa thuận", "expectedVersion": 1 });

    let reply = app
        .coordinator()
        .await
        .act(&mutation("approveSubgraph", "subgraph { version }"), decline)
        .await;

    reply.expect_ok();
    assert_eq!(states(&app).await, [(1, State::Declined)]);
    let history = manager
        .ask("{ subgraphVersions(first: 5) { nodes { number state reason sdl approvalsNeeded { value } } } }")
        .await;
    assert_eq!(history.column("/subgraphVersions", "reason"), ["Chưa có thỏa thuận"]);
    assert_eq!(history.column("/subgraphVersions", "sdl"), [GOOD]);
    assert_eq!(served(&app).await.number, 1);
}

#[tokio::test]
async fn a_check_says_the_same_and_leaves_no_trace() {
    let (app, manager) = start("vidutel").await;
    let log = app.all(event::Entity).await.len();
    let wanted = json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(GOOD), "sdl": GOOD });

    let checked = manager
        .act(&mutation("checkSubgraph", &format!("subgraph {{ id }} {CHECK}")), wanted)
        .await;

    checked.expect_ok();
    assert_eq!(checked.at("/checkSubgraph/check/passed"), true);
    assert_eq!(checked.at("/checkSubgraph/subgraph"), &json!(null));
    let needs = checked.at("/checkSubgraph/check/approvalsNeeded").as_array().unwrap().len();
    assert_eq!(needs, 3);
    assert!(app.all(subgraph::Entity).await.is_empty());
    assert!(app.all(idempotency::Entity).await.is_empty());
    assert_eq!(app.all(event::Entity).await.len(), log);
}

#[tokio::test]
async fn the_same_key_publishes_once_also_when_both_compose_at_once() {
    let (app, manager) = start("vidutel").await;
    let wanted = input(&app, &manager, GOOD, 0);

    let (one, other) =
        tokio::join!(publish(&manager, wanted.clone()), publish(&manager, wanted.clone()));
    let third = publish(&manager, wanted).await;

    for reply in [&one, &other, &third] {
        reply.expect_ok();
        assert_eq!(reply.at("/publishSubgraph/subgraph/waiting/number"), 1);
    }
    let replayed = [&one, &other].map(|reply| reply.at("/publishSubgraph/replayed") == true);
    assert_eq!(replayed.iter().filter(|replayed| **replayed).count(), 1);
    assert_eq!(third.at("/publishSubgraph/replayed"), true);
    assert_eq!(third.at("/publishSubgraph/check"), &json!(null));
    assert_eq!(states(&app).await.len(), 1);
}

#[tokio::test]
async fn two_partners_at_once_are_both_in_the_graph() {
    let (app, manager) = start("vidutel").await;
    let rival = super::partner(&app, "vidubank").await;
    let theirs = OTHER.replace("idutel", "idubank");
    let (version, other) = (live(&app, &manager, OTHER).await, live(&app, &rival, &theirs).await);
    let theirs = GOOD.replace("idutel", "idubank");

    let (one, two) = tokio::join!(
        publish(&manager, input(&app, &manager, GOOD, version)),
        publish(&rival, input(&app, &rival, &theirs, other)),
    );

    one.expect_ok();
    two.expect_ok();
    let graph = served(&app).await;
    assert!(
        graph.api_schema.contains("vidutelPoint") && graph.api_schema.contains("vidubankPoint")
    );
    assert_eq!(graph.number, 5);
}

#[tokio::test]
async fn a_successor_goes_on_with_what_its_predecessor_published() {
    let (app, manager) = start("vidutel").await;
    let version = live(&app, &manager, OTHER).await;
    let heir = app.party(entity::party::Kind::TelecomCompany).await;
    let on = "2026-11-23";
    app.sql(&format!("UPDATE party SET valid_to = '{on}' WHERE prefix = 'vidutel'")).await.unwrap();
    app.party_succession(manager.party(), &heir, on).await;
    let successor = app.member_of(&heir).await;
    let mut wanted = input(&app, &successor, GOOD, version);
    wanted["partyId"] = json!(manager.party().id.to_string());
    wanted["url"] = json!(manager.deploys(GOOD));

    let late = publish(&manager, input(&app, &manager, GOOD, version)).await;
    let published = publish(&successor, wanted).await;

    late.expect_refusal("FORBIDDEN");
    published.expect_ok();
    assert_eq!(states(&app).await, [(1, State::Replaced), (2, State::Live)]);
}

#[tokio::test]
async fn a_check_costs_what_it_says_and_nothing_of_it_comes_back() {
    let (_, manager) = start("vidutel").await;
    let wanted =
        json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(""), "sdl": "" });

    let checked = manager.act(&mutation("checkSubgraph", "other: subgraph { id }"), wanted).await;

    let cost = &checked.body["extensions"]["cost"];
    let figure = |name: &str| cost[name].as_u64().unwrap();
    assert!(figure("actual") >= 10_000 && figure("requested") >= figure("actual"), "{cost}");
}
