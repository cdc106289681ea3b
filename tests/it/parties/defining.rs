//! Defining parties: what is taken, what is refused, and what a key does.

use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::TestApp;

use super::{DEFINE, changed, telecom};

#[tokio::test]
async fn the_coordinator_defines_a_party() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;

    let reply = coordinator.act(DEFINE, telecom(&app, "VT-MOI")).await;

    let party = &reply.expect_ok()["defineParty"]["party"];
    assert_eq!(party["__typename"], "TelecomCompany");
    assert_eq!((&party["code"], &party["version"]), (&json!("VT-MOI"), &json!(1)));
    assert_eq!(reply.at("/defineParty/replayed"), false);
    let row = app.party_by_code("VT-MOI").await;
    assert_eq!((row.kind, row.name.as_str()), (Kind::TelecomCompany, "Viễn thông mới"));
}

#[tokio::test]
async fn a_new_party_can_act_at_once() {
    let app = TestApp::start().await;
    app.coordinator().await.act(DEFINE, telecom(&app, "VT-MOI")).await.expect_ok();
    let party = app.party_by_code("VT-MOI").await;
    let manager = app.member_of(&party).await;

    let reply = manager.act(DEFINE, telecom(&app, "VT-KHAC")).await;

    reply.expect_refusal("FORBIDDEN");
    let rows = app.all(entity::reach::Entity).await;
    assert!(rows.iter().any(|row| row.party_id == party.id && row.principal_id == party.id));
}

#[tokio::test]
async fn a_name_is_composed_and_found_by_search() {
    let app = TestApp::start().await;
    let mut input = telecom(&app, "VT-MOI");
    input["name"] = json!("  Vie\u{302}\u{303}n   thông  Đo\u{302}\u{309}i mới ");

    app.coordinator().await.act(DEFINE, input).await.expect_ok();

    assert_eq!(app.party_by_code("VT-MOI").await.name, "Viễn thông Đổi mới");
    let query = "{ parties(filter: { search: \"doi moi\" }, first: 10) { nodes { code } } }";
    assert_eq!(app.public().ask(query).await.column("/parties", "code"), ["VT-MOI"]);
}

#[tokio::test]
async fn nobody_but_the_coordinators_managers_defines_parties() {
    let app = TestApp::start().await;
    let others = [
        app.coordinator().with_role(Role::Reporter).await,
        app.coordinator().with_role(Role::Viewer).await,
        app.coordinator().with_scopes([entity::api_token::Scope::Commit]).await,
        app.leadership().await,
        app.assigned_department("02014").await,
        app.commune_officer("02014").await,
        app.telecom().await,
        app.bank().await,
        app.union().await,
        app.ended_party().await,
        app.stranger(),
    ];

    for actor in others {
        let reply = actor.act(DEFINE, telecom(&app, "VT-MOI")).await;
        reply.expect_refusal("FORBIDDEN");
    }
    let reply = app.public().act(DEFINE, telecom(&app, "VT-MOI")).await;
    reply.expect_fault("UNAUTHENTICATED");
    assert!(reply.at("/defineParty").is_null());
}

#[tokio::test]
async fn a_system_of_the_coordinator_with_the_registrys_scope_defines_parties() {
    let app = TestApp::start().await;
    let system = app.coordinator().with_scopes([entity::api_token::Scope::Registry]).await;

    system.act(DEFINE, telecom(&app, "VT-MOI")).await.expect_ok();
}

#[tokio::test]
async fn a_code_names_one_party_for_ever() {
    let app = TestApp::start().await;
    let known = app.party(Kind::Bank).valid("2020-01-01", Some("2021-01-01")).await;
    let coordinator = app.coordinator().await;

    let reply = coordinator.act(DEFINE, telecom(&app, &known.code)).await;

    reply.expect_refusal_at("ALREADY_RECORDED", "code");
    assert_eq!(reply.at("/defineParty/party/id"), &known.id.to_string());
}

#[tokio::test]
async fn a_place_has_one_authority() {
    let app = TestApp::start().await;
    let input = json!({
        "kind": "COMMUNE_AUTHORITY", "code": "UBND-THU", "name": "Ủy ban thử",
        "placeId": app.commune("02014").await.id.to_string(),
        "validFrom": "2025-07-01", "idempotencyKey": app.key(),
    });

    let reply = app.coordinator().await.act(DEFINE, input).await;

    reply.expect_refusal_at("ALREADY_RECORDED", "placeId");
    assert_eq!(
        reply.at("/defineParty/party/id"),
        &app.party_by_code("UBND-02014-2025").await.id.to_string()
    );
}

#[tokio::test]
async fn what_does_not_fit_the_kind_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let (commune, bank) = (app.commune("02014").await, app.party(Kind::Bank).await);
    let (commune, bank) = (commune.id.to_string(), bank.id.to_string());
    let nobody = "party_00000000000000000000000000";

    for (change, code, field) in [
        (json!({ "code": "vt moi" }), "INVALID_FORMAT", "code"),
        (json!({ "name": "  " }), "BLANK", "name"),
        (json!({ "name": "x".repeat(201) }), "TOO_LONG", "name"),
        (json!({ "name": "Gọi 0912 345 678" }), "PERSONAL_DATA", "name"),
        (json!({ "sector": null }), "REQUIRED", "sector"),
        (json!({ "isFront": true }), "NOT_APPLICABLE", "isFront"),
        (json!({ "placeId": commune }), "NOT_APPLICABLE", "placeId"),
        (json!({ "parentId": bank }), "WRONG_KIND", "parentId"),
        (json!({ "parentId": nobody }), "NOT_FOUND", "parentId"),
        (json!({ "parentId": commune }), "NOT_FOUND", "parentId"),
        (json!({ "validTo": "2026-01-01" }), "INVALID_PERIOD", "validTo"),
        (json!({ "kind": "DEPARTMENT", "sector": null }), "REQUIRED", "placeId"),
        (
            json!({ "kind": "DEPARTMENT", "sector": null, "placeId": commune }),
            "WRONG_KIND",
            "placeId",
        ),
        (json!({ "kind": "BANK" }), "NOT_APPLICABLE", "sector"),
    ] {
        let input = changed(telecom(&app, "VT-MOI"), change.clone());
        let reply = coordinator.act(DEFINE, input).await;
        let refusal = reply.expect_refusal(code);
        assert_eq!(refusal["path"], json!(["input", field]), "{change}");
    }
    coordinator.act(DEFINE, telecom(&app, "VT-MOI")).await.expect_ok();
}

#[tokio::test]
async fn one_key_makes_one_party() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let input = telecom(&app, "VT-MOI");
    let first = coordinator.act(DEFINE, input.clone()).await;

    let again = coordinator.act(DEFINE, input.clone()).await;
    let other = coordinator.act(DEFINE, changed(input, json!({ "code": "VT-KHAC" }))).await;

    assert_eq!(first.expect_ok()["defineParty"]["replayed"], false);
    assert_eq!(again.expect_ok()["defineParty"]["replayed"], true);
    assert_eq!(again.at("/defineParty/party"), first.at("/defineParty/party"));
    other.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
    assert!(other.at("/defineParty/party").is_null());
}

#[tokio::test]
async fn a_replay_shows_the_party_as_it_is_now() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let input = telecom(&app, "VT-MOI");
    coordinator.act(DEFINE, input.clone()).await.expect_ok();
    app.sql("UPDATE party SET name = 'Tên mới' WHERE code = 'VT-MOI'").await.unwrap();

    let again = coordinator.act(DEFINE, input).await;

    assert_eq!(again.at("/defineParty/party/name"), "Tên mới");
}

#[tokio::test]
async fn the_order_of_fields_and_the_way_they_are_sent_make_no_other_input() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let key = app.key();
    let input = json!({ "kind": "BANK", "code": "NH-MOI", "name": "Ngân hàng",
        "validFrom": "2026-01-01", "idempotencyKey": key });
    coordinator.act(DEFINE, input).await.expect_ok();

    let literal = format!(
        "mutation {{ defineParty(input: {{ idempotencyKey: \"{key}\", name: \"Ngân hàng\",
            validFrom: \"2026-01-01\", code: \"NH-MOI\", kind: BANK }}) {{
            replayed userErrors {{ code }} }} }}"
    );
    let reply = coordinator.ask(&literal).await;

    assert_eq!(reply.expect_ok()["defineParty"]["replayed"], true);
}

#[tokio::test]
async fn a_refusal_uses_up_no_key() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let input = telecom(&app, "VT-MOI");
    let blank = changed(input.clone(), json!({ "name": "" }));
    coordinator.act(DEFINE, blank).await.expect_refusal("BLANK");

    let reply = coordinator.act(DEFINE, input).await;

    assert_eq!(reply.expect_ok()["defineParty"]["replayed"], false);
}

#[tokio::test]
async fn a_replay_by_somebody_with_fewer_rights_is_forbidden() {
    let app = TestApp::start().await;
    let input = telecom(&app, "VT-MOI");
    app.coordinator().await.act(DEFINE, input.clone()).await.expect_ok();

    let reply = app.coordinator().with_role(Role::Viewer).await.act(DEFINE, input).await;

    reply.expect_refusal("FORBIDDEN");
    assert!(reply.at("/defineParty/party").is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_with_one_key_make_one_party() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    app.settle().await;
    let input = telecom(&app, "VT-MOI");

    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (actor, input) = (coordinator.clone(), input.clone());
            tokio::spawn(async move { actor.act(DEFINE, input).await })
        })
        .collect();
    let mut made = 0;
    let mut ids = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        reply.expect_ok();
        made += usize::from(reply.at("/defineParty/replayed") == false);
        ids.push(reply.text_at("/defineParty/party/id").to_owned());
    }

    ids.dedup();
    assert_eq!((made, ids.len()), (1, 1));
    assert_eq!(app.party_by_code("VT-MOI").await.id.to_string(), ids[0]);
}
