//! What the company adds, asked as the router asks it.

mod contract;
mod kit;
mod statement;

use axum::Router;
use serde_json::{Value, json};

use self::kit::{Province, ask, claims, head, secret, send, sign};

const ENTITIES: &str = "query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
        ... on Commune { id vidutel { asOf wifiPoints(first: 1) { megabits } } }
        ... on TelecomCompany { code vidutel { shops } }
    }
}";

async fn app() -> Router {
    Province::start().await.app()
}

fn commune(id: &str, code: &str, from: &str, to: Option<&str>) -> Value {
    json!({ "__typename": "Commune", "id": id, "code": code, "validFrom": from, "validTo": to })
}

#[tokio::test]
async fn entities_keep_their_order_and_number() {
    let representations = json!([
        commune("c1", "01843", "2025-07-01", None),
        commune("c2", "99999", "2025-07-01", None),
        { "__typename": "TelecomCompany", "code": "VT-MAU-1" },
        { "__typename": "TelecomCompany", "code": "VT-MAU-2" },
        { "__typename": "Commune", "id": "c3" },
        commune("c4", "01864", "2025-07-01", None),
    ]);

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    assert_eq!(answer.get("errors"), None);
    assert_eq!(
        answer["data"]["_entities"],
        json!([
            { "id": "c1", "vidutel": { "asOf": "2026-10-31", "wifiPoints": [{ "megabits": 75 }] } },
            null,
            { "code": "VT-MAU-1", "vidutel": { "shops": 12 } },
            null,
            null,
            { "id": "c4", "vidutel": { "asOf": "2026-10-31", "wifiPoints": [{ "megabits": 150 }] } },
        ])
    );
}

#[tokio::test]
async fn a_malformed_representation_nulls_itself_only() {
    let good = commune("c1", "02014", "2025-07-01", None);
    let bad = [
        json!({ "__typename": "Document", "id": "d1" }),
        json!({ "id": "c1" }),
        json!({ "__typename": "Commune", "id": ["c1"] }),
        json!({ "__typename": "Commune" }),
        json!({ "__typename": "TelecomCompany", "code": null }),
        json!("Commune"),
        json!(7),
    ];
    let mut representations = vec![good.clone()];
    representations.extend(bad.clone());
    representations.push(good);

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    let entities = answer["data"]["_entities"].as_array().unwrap();
    assert_eq!(entities.len(), bad.len() + 2);
    assert_eq!(entities[0]["id"], "c1");
    assert_eq!(entities[bad.len() + 1]["id"], "c1");
    for index in 1..=bad.len() {
        assert_eq!(entities[index], Value::Null, "{index}");
        assert_eq!(answer["errors"][index - 1]["path"], json!(["_entities", index]));
    }
}

#[tokio::test]
async fn one_code_means_another_unit_at_another_time() {
    let representations = json!([
        commune("before", "01912", "2023-01-01", Some("2025-07-01")),
        commune("after", "01912", "2025-07-01", None),
        commune("long ago", "01912", "1990-01-01", Some("2020-01-01")),
    ]);

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    let entities = &answer["data"]["_entities"];
    assert_eq!(entities[0]["vidutel"]["asOf"], "2025-06-30");
    assert_eq!(entities[1]["vidutel"]["asOf"], "2026-10-31");
    assert_eq!(entities[2], Value::Null);
}

#[tokio::test]
async fn every_unit_of_the_pilot_has_its_figures() {
    let before = ["01837", "02017", "01912", "02071", "02122", "01951", "02173", "01870"];
    let after = ["01843", "02014", "01912", "02071", "02086", "01954", "02185", "01864"];
    let old = before.map(|code| commune(code, code, "2023-01-01", Some("2025-07-01")));
    let new = after.map(|code| commune(code, code, "2025-07-01", None));
    let representations = [old, new].concat();

    let answer = ask(&app().await, ENTITIES, json!({ "representations": representations })).await;

    let entities = answer["data"]["_entities"].as_array().unwrap();
    assert_eq!(entities.len(), 16);
    assert!(entities.iter().all(|entity| entity["vidutel"]["asOf"].is_string()));
}

#[tokio::test]
async fn the_cause_of_an_outage_is_for_the_companys_own_people() {
    let app = app().await;
    let query = "{ vidutelOutages(first: 1) { communeCode cause } }";
    let mut own = claims();
    own["own"] = json!(true);
    let own = format!("Bearer {}", sign(&head("first"), &own, &secret("first")));

    let public = ask(&app, query, json!({})).await;
    let (_, answer) = send(&app, Some(&own), json!({ "query": query }).to_string()).await;

    assert_eq!(
        public["data"]["vidutelOutages"][0],
        json!({ "communeCode": "01864", "cause": null })
    );
    assert!(answer["data"]["vidutelOutages"][0]["cause"].is_string());
}

#[tokio::test]
async fn a_list_is_of_a_hundred_at_most() {
    let answer = ask(&app().await, "{ vidutelOutages(first: 101) { effect } }", json!({})).await;

    assert_eq!(answer["data"]["vidutelOutages"], Value::Null);
    assert_eq!(answer["errors"][0]["path"], json!(["vidutelOutages"]));
}
