//! What the bank adds, asked as the router asks it.

mod contract;
mod kit;
mod statement;

use axum::Router;
use serde_json::{Value, json};

use self::kit::{Province, ask, claims, head, secret, send, sign};

const ENTITIES: &str = "query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
        ... on Commune { code vidubank { acceptancePointCount branches { address } } }
        ... on Bank { code vidubank { acceptancePointCount } }
    }
}";
const OWN: &str = "query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
        ... on Commune { vidubank { asOf turnover } }
        ... on Bank { vidubank { supportLine turnover } }
    }
}";

async fn app() -> Router {
    Province::start().await.app()
}

fn commune(code: &str, from: &str) -> Value {
    json!({ "__typename": "Commune", "code": code, "validFrom": from })
}

fn bank(code: &str) -> Value {
    json!({ "__typename": "Bank", "code": code })
}

#[tokio::test]
async fn entities_keep_their_order_and_number() {
    let representations = json!([
        commune("01912", "2025-07-01"),
        commune("01912", "2023-01-01"),
        bank("NH-MAU-2"),
        bank("NH-MAU-1"),
        commune("99999", "2025-07-01"),
        commune("01864", "2025-07-01"),
    ]);

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    assert_eq!(answer.get("errors"), None);
    let branches = json!([{ "address": "Khu vực chợ, Chợ Rã" }]);
    assert_eq!(
        answer["data"]["_entities"],
        json!([
            { "code": "01912", "vidubank": { "acceptancePointCount": 57, "branches": branches } },
            null,
            null,
            { "code": "NH-MAU-1", "vidubank": { "acceptancePointCount": 403 } },
            null,
            { "code": "01864", "vidubank": { "acceptancePointCount": 9, "branches": [] } },
        ])
    );
}

#[tokio::test]
async fn a_malformed_representation_nulls_itself_only() {
    let bad = [
        json!({ "__typename": "Document", "id": "d1" }),
        json!({ "code": "NH-MAU-1" }),
        json!({ "__typename": "Commune", "code": "01912" }),
        json!({ "__typename": "Commune", "code": ["01912"], "validFrom": "2025-07-01" }),
        json!({ "__typename": "Bank", "code": null }),
        json!("Bank"),
        json!(7),
    ];
    let mut representations = vec![bank("NH-MAU-1")];
    representations.extend(bad.clone());
    representations.push(bank("NH-MAU-1"));

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    let entities = answer["data"]["_entities"].as_array().unwrap();
    assert_eq!(entities.len(), bad.len() + 2);
    assert_eq!(entities[0]["code"], "NH-MAU-1");
    assert_eq!(entities[bad.len() + 1]["code"], "NH-MAU-1");
    for index in 1..=bad.len() {
        assert_eq!(entities[index], Value::Null, "{index}");
        assert_eq!(answer["errors"][index - 1]["path"], json!(["_entities", index]));
    }
}

#[tokio::test]
async fn every_unit_of_the_pilot_has_its_figures() {
    let codes = ["01843", "02014", "01912", "02071", "02086", "01954", "02185", "01864"];
    let representations = codes.map(|code| commune(code, "2025-07-01"));

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    let found = answer["data"]["_entities"].as_array().unwrap().iter().map(|one| &one["code"]);
    assert!(found.eq(codes.iter()));
}

#[tokio::test]
async fn turnover_is_for_the_banks_own_people() {
    let app = app().await;
    let representations = json!([commune("01864", "2025-07-01"), bank("NH-MAU-1")]);
    let variables = json!({ "representations": representations });
    let mut own = claims();
    own["own"] = json!(true);
    own["kind"] = json!("BANK");
    let own = format!("Bearer {}", sign(&head("first"), &own, &secret("first")));
    let question = json!({ "query": OWN, "variables": variables }).to_string();

    let public = ask(&app, OWN, variables).await;
    let (_, answer) = send(&app, Some(&own), question).await;

    let turnovers = |answer: &Value| {
        let entities = answer["data"]["_entities"].as_array().unwrap().iter();
        entities.map(|one| one["vidubank"]["turnover"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(public["data"]["_entities"][0]["vidubank"]["asOf"], "2026-10-31");
    assert_eq!(turnovers(&public), [None, None]);
    assert_eq!(turnovers(&answer), [Some(70), Some(8496)]);
}

#[tokio::test]
async fn a_branch_leads_to_its_commune_by_the_key_that_everybody_knows() {
    let query = "{ vidubankBranches(first: 1) { commune { code validFrom vidubank { asOf } } } }";

    let answer = ask(&app().await, query, json!({})).await;

    let commune = &answer["data"]["vidubankBranches"][0]["commune"];
    assert_eq!(commune["code"], "01843");
    assert_eq!(commune["validFrom"], "2025-07-01");
    assert_eq!(commune["vidubank"]["asOf"], "2026-10-31");
}

#[tokio::test]
async fn a_list_is_of_a_hundred_at_most() {
    let answer = ask(&app().await, "{ vidubankBranches(first: 101) { name } }", json!({})).await;

    assert_eq!(answer["data"]["vidubankBranches"], Value::Null);
    assert_eq!(answer["errors"][0]["path"], json!(["vidubankBranches"]));
}
