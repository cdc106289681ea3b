//! Reading parties: look-ups, lists and the chain of successions.

use entity::party::Kind;
use serde_json::{Value, json};
use tests::TestApp;

#[tokio::test]
async fn anybody_reads_a_party_by_code_or_id() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let by = "query ($by: PartyBy!) { party(by: $by) { __typename id code name(language: EN) } }";

    for by_input in [json!({ "code": bank.code }), json!({ "id": bank.id.to_string() })] {
        let reply = app.public().gql(by, json!({ "by": by_input })).await;
        assert_eq!(reply.at("/party/id"), &bank.id.to_string());
        assert_eq!(reply.at("/party/__typename"), "Bank");
        assert_eq!(Some(reply.text_at("/party/name")), bank.name_en.as_deref());
    }
    for by_input in [json!({ "code": "KHONG-CO" }), json!({ "id": "nonsense" })] {
        let reply = app.public().gql(by, json!({ "by": by_input })).await;
        assert!(reply.expect_ok()["party"].is_null());
    }
}

#[tokio::test]
async fn the_chain_of_coordinators_is_told_from_end_to_end() {
    let app = TestApp::start().await;
    let query = "{ party(by: { code: \"SKHCN-19-2025\" }) { predecessors {
        party { code predecessors { party { code marks { mark validFrom } } } } } } }";

    let reply = app.public().ask(query).await;

    let chains: Vec<(&str, &Value)> = reply.expect_ok()["party"]["predecessors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (edge["party"]["code"].as_str().unwrap(), &edge["party"]["predecessors"]))
        .collect();
    assert_eq!(chains[0].0, "SKHCN-06");
    let origin = json!([{ "party": { "code": "STTTT-06",
        "marks": [{ "mark": "COORDINATOR", "validFrom": "2023-01-01" }] } }]);
    assert_eq!(chains[0].1, &origin);
}

#[tokio::test]
async fn a_list_is_filtered_by_kind_validity_and_words() {
    let app = TestApp::start().await;
    let query = "query ($filter: PartyFilter) {
        parties(filter: $filter, first: 100) { totalCount nodes { code } } }";
    let counts = [
        (json!({ "kind": { "eq": "DISTRICT_AUTHORITY" } }), 8),
        (json!({ "kind": { "eq": "DISTRICT_AUTHORITY" }, "validOn": "2026-01-01" }), 0),
        (json!({ "kind": { "in": ["COMMUNE_AUTHORITY"] }, "validOn": "2024-01-01" }), 8),
        (json!({ "search": "khoa hoc va cong nghe", "validOn": "2026-01-01" }), 1),
        (json!({ "code": { "in": ["STTTT-06", "STTTT-19", "KHONG-CO"] } }), 2),
        (json!({ "kind": { "in": [] } }), 0),
    ];

    for (filter, count) in counts {
        let reply = app.public().gql(query, json!({ "filter": filter })).await;
        assert_eq!(reply.at("/parties/totalCount"), count, "{filter}");
    }
}
