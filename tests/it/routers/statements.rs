//! Statements: what a partner learns of whoever asks, and that nobody is let in with one.

use std::collections::HashSet;

use api::{app::App, clock::Clock, domain::statement::write, http::auth::Personas};
use axum::http::{StatusCode, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::{event, member::Role, party::Kind, statement_key};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};
use tests::{Actor, Heard, Issuer, Signer, TestApp, issuer::AUDIENCE, partner::verifies};

use super::{WHO, exchange, house, subgraph};

/// The header and claims of a statement whose signature a published key verifies.
async fn read(app: &TestApp, statement: &str) -> (Value, Value) {
    let jwks = app.public().fetch("/registry/jwks.json").await.body;
    let (signed, signature) = statement.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let header: Value = part(header);
    assert_eq!(verifies(&jwks, &header, signed, signature), Some(true));
    (header, part(claims))
}

async fn statement(actor: &Actor, key: &str, audience: &str) -> String {
    let reply = exchange(actor, key, json!([audience])).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    reply.body["statements"][audience].as_str().unwrap().to_owned()
}

async fn claims(app: &TestApp, actor: &Actor, key: &str, audience: &str) -> Value {
    read(app, &statement(actor, key, audience).await).await.1
}

#[tokio::test]
async fn a_statement_says_what_the_contract_says_and_no_more() {
    let (app, key) = house().await;
    let telecom = app.telecom().await;
    subgraph(&app, telecom.party(), "vidutel").await;

    let reply = exchange(&telecom, &key, json!(["vidutel"])).await;

    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(reply.body["expiresIn"], 60);
    let statement = reply.body["statements"]["vidutel"].as_str().unwrap();
    let (header, claims) = read(&app, statement).await;
    let now = app.clock.now().timestamp();
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("camket-statement+jwt")));
    let names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    let mut expected = ["iss", "aud", "sub", "own", "kind", "iat", "exp", "jti"];
    expected.sort_unstable();
    let mut names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(claims["iss"], "http://127.0.0.1:4000");
    assert_eq!(claims["aud"], "vidutel");
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 60)));
    assert_eq!((&claims["own"], &claims["kind"]), (&json!(true), &json!("TELECOM_COMPANY")));
    let told = claims.to_string();
    assert!(!told.contains(&telecom.party().code) && !told.contains(&telecom.member().subject));
}

#[tokio::test]
async fn only_subject_own_and_kind_differ_by_who_asks() {
    let (app, key) = house().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let (officer, coordinator) = (app.commune_officer("02014").await, app.coordinator().await);
    subgraph(&app, telecom.party(), "vidutel").await;
    let mut subjects = HashSet::new();
    for (actor, own, kind) in [
        (&app.public(), false, "PUBLIC"),
        (&app.stranger(), false, "PUBLIC"),
        (&telecom, true, "TELECOM_COMPANY"),
        (&telecom.clone().in_english(), true, "TELECOM_COMPANY"),
        (&rival, false, "TELECOM_COMPANY"),
        (&officer, false, "COMMUNE_AUTHORITY"),
        (&coordinator, false, "DEPARTMENT"),
    ] {
        let mut told = claims(&app, actor, &key, "vidutel").await;

        assert_eq!((&told["own"], &told["kind"]), (&json!(own), &json!(kind)));
        subjects.insert(told["sub"].as_str().unwrap().to_owned());
        for name in ["sub", "own", "kind", "jti"] {
            told.as_object_mut().unwrap().remove(name);
        }
        let now = app.clock.now().timestamp();
        let same = json!({ "iss": "http://127.0.0.1:4000", "aud": "vidutel", "iat": now, "exp": now + 60 });
        assert_eq!(told, same);
    }
    assert_eq!(subjects.len(), 6, "the same person is the same, others are others");
}

#[tokio::test]
async fn no_two_audiences_know_an_asker_by_the_same_subject() {
    let (app, key) = house().await;
    let (telecom, bank) = (app.telecom().await, app.bank().await);
    subgraph(&app, telecom.party(), "vidutel").await;
    subgraph(&app, bank.party(), "vidubank").await;

    let reply = exchange(&bank, &key, json!(["vidutel", "vidubank", "vidutel"])).await;
    assert_eq!(reply.body["statements"].as_object().unwrap().len(), 2);
    let one = claims(&app, &bank, &key, "vidutel").await;
    let other = claims(&app, &bank, &key, "vidubank").await;
    assert_ne!(one["sub"], other["sub"]);
    assert_eq!((&one["own"], &other["own"]), (&json!(false), &json!(true)));

    // It stands when the key is replaced, and tomorrow.
    write::rotate(&app.api).await.unwrap();
    app.clock.advance_days(1);
    assert_eq!(claims(&app, &bank, &key, "vidutel").await["sub"], one["sub"]);
}

#[tokio::test]
async fn who_sits_for_several_parties_names_one() {
    let (app, key) = house().await;
    let (telecom, bank) = (app.telecom().await, app.bank().await);
    subgraph(&app, bank.party(), "vidubank").await;
    telecom.joins(bank.party(), Role::Viewer).await;

    let unnamed = claims(&app, &telecom, &key, "vidubank").await;
    let as_bank = claims(&app, &telecom.clone().acting_for(bank.party()), &key, "vidubank").await;
    let as_telecom = telecom.clone().acting_for(telecom.party());
    let as_telecom = claims(&app, &as_telecom, &key, "vidubank").await;

    let told = |claims: &Value| (claims["own"].clone(), claims["kind"].clone());
    assert_eq!(told(&unnamed), (json!(false), json!("PUBLIC")));
    assert_eq!(told(&as_bank), (json!(true), json!("BANK")));
    assert_eq!(told(&as_telecom), (json!(false), json!("TELECOM_COMPANY")));
    let stranger = app.bank().await;
    let refused = exchange(&telecom.acting_for(stranger.party()), &key, json!(["vidubank"])).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn what_a_party_owned_is_its_successors() {
    let (app, key) = house().await;
    let (old, new) = (app.telecom().await, app.telecom().await);
    subgraph(&app, old.party(), "vidutel").await;
    app.party_succession(old.party(), new.party(), "2026-01-01").await;
    let mut ended = old.party().clone().into_active_model();
    ended.valid_to = Set(Some(tests::day("2026-01-01")));
    ended.update(app.db().writer()).await.unwrap();
    api::domain::reach::refresh(&app.api).await.unwrap();

    let successor = claims(&app, &new, &key, "vidutel").await;
    let predecessor = claims(&app, &old, &key, "vidutel").await;

    assert_eq!(successor["own"], true);
    let told = (&predecessor["own"], &predecessor["kind"]);
    assert_eq!(told, (&json!(false), &json!("PUBLIC")), "who has ended asks for nobody");
}

#[tokio::test]
async fn a_client_that_the_graph_refuses_is_refused_alike() {
    let signer = Signer::es256();
    let issuer = Issuer::start(&[&signer]).await;
    let app = TestApp::trusting([issuer.trust()]).await;
    let key = api::domain::router_key::write::issue(&app.api, "one").await.unwrap();
    write::ensure(&app.api).await.unwrap();
    let now = app.clock.now().timestamp();
    let expired = signer.sign(
        &json!({ "iss": issuer.url, "sub": "s", "aud": AUDIENCE, "exp": now - 60, "iat": now }),
    );
    for bearer in ["guess", &*expired] {
        let client = app.bearer(bearer);

        let on_graph = client.ask(WHO).await;
        let here = exchange(&client, &key, json!(["vidutel"])).await;

        assert_eq!((here.status, on_graph.status), (StatusCode::UNAUTHORIZED, here.status));
        assert_eq!(here.errors()[0]["message"], on_graph.errors()[0]["message"]);
        assert_eq!(here.headers[header::WWW_AUTHENTICATE], "Bearer");
        here.expect_fault("UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn statements_are_for_routers() {
    let (app, key) = house().await;
    let bank = app.bank().await;
    for bad in ["", "guess", bank.bearer().unwrap()] {
        let reply = exchange(&bank, bad, json!(["vidutel"])).await;

        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Camket-Router");
    }
    assert_eq!(exchange(&bank, &key, json!([])).await.body["statements"], json!({}));
}

#[tokio::test]
async fn what_has_no_live_subgraph_is_no_audience() {
    let (app, key) = house().await;
    let telecom = app.telecom().await;
    let retired = subgraph(&app, app.telecom().await.party(), "viduold").await;
    let mut retired = retired.into_active_model();
    retired.retired_at = Set(Some(app.clock.now()));
    retired.update(app.db().writer()).await.unwrap();
    subgraph(&app, telecom.party(), "vidutel").await;

    let asked = json!(["api", "viduold", "VIDUTEL", "vidutel", "", "' OR 1=1 --"]);
    let reply = exchange(&telecom, &key, asked).await;

    let names: Vec<&String> = reply.body["statements"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["vidutel"]);
}

#[tokio::test]
async fn what_is_no_exchange_is_told_so() {
    let (app, key) = house().await;
    let many: Vec<String> = (0..51).map(|number| format!("vidu{number}")).collect();
    for audiences in [json!(many), json!("vidutel"), json!([1]), json!(null)] {
        let reply = exchange(&app.public(), &key, audiences).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text);
        reply.expect_fault("BAD_USER_INPUT");
    }
    let fifty = exchange(&app.public(), &key, json!(many[..50])).await;
    assert_eq!(fifty.status, StatusCode::OK);
}

#[tokio::test]
async fn an_exchange_costs_the_same_for_one_audience_and_for_fifty() {
    let (app, key) = house().await;
    let telecom = app.telecom().await;
    let mut names = vec!["vidutel".to_owned()];
    subgraph(&app, telecom.party(), "vidutel").await;
    for number in 0..49 {
        let party = app.party(Kind::Bank).await;
        subgraph(&app, &party, &format!("vidu{number}")).await;
        names.push(format!("vidu{number}"));
    }
    exchange(&telecom, &key, json!([])).await;

    let one = app.count_statements(exchange(&telecom, &key, json!(["vidutel"]))).await;
    let fifty = app.count_statements(exchange(&telecom, &key, json!(names))).await;

    // The membership, what it reaches, and whose the audiences are.
    assert_eq!((one, fifty), (3, 3));
}

#[tokio::test]
async fn nobody_is_let_in_with_a_statement() {
    let (app, key) = house().await;
    let telecom = app.telecom().await;
    subgraph(&app, telecom.party(), "vidutel").await;
    let statement = statement(&telecom, &key, "vidutel").await;
    let thief = app.bearer(&statement);
    let router = thief.clone().with_header("camket-router", &*key);

    for reply in [
        thief.ask(WHO).await,
        router.ask(WHO).await,
        thief.call("WhoAmI", json!({})).await,
        exchange(&thief, &key, json!(["vidutel"])).await,
        exchange(&telecom, &statement, json!(["vidutel"])).await,
    ] {
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.text);
    }
    let mut socket = app.socket("graphql-transport-ws", &[]).await;
    let payload = json!({ "Authorization": format!("Bearer {statement}") });
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert!(matches!(socket.hear().await, Heard::Closed(4403, _)));
}

#[tokio::test]
async fn a_statement_is_none_of_a_provider_even_if_we_are_named_as_one() {
    // Whoever names this installation itself as a sign-in provider, with its keys.
    let signer = Signer::ed25519();
    let issuer = Issuer::start(&[&signer]).await;
    let mut trust = issuer.trust();
    (trust.audiences, trust.algorithms) =
        (vec!["vidutel".to_owned()], vec![jsonwebtoken::Algorithm::EdDSA]);
    let app = TestApp::trusting([trust]).await;
    let now = app.clock.now().timestamp();
    let claims =
        json!({ "iss": issuer.url, "aud": "vidutel", "sub": "s", "iat": now, "exp": now + 60 });
    let header = json!({ "alg": "EdDSA", "typ": "camket-statement+jwt", "kid": signer.id });

    let reply = app.bearer(&signer.sign_as(&header, &claims)).ask(WHO).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    app.bearer(&signer.sign(&claims)).ask(WHO).await.expect_ok();
}

#[tokio::test]
async fn of_replicas_that_start_at_once_one_makes_the_key() {
    let app = TestApp::start().await;
    let others: Vec<_> = (0..8)
        .map(|_| App::new(app.db().clone(), app.clock.clone(), Personas::default()))
        .collect();

    let starts = others.iter().map(|other| write::ensure(other));
    for started in futures_util::future::join_all(starts).await {
        started.unwrap();
    }

    assert_eq!(app.all(statement_key::Entity).await.len(), 1);
    let made = app.all(event::Entity).await;
    assert_eq!(made.iter().filter(|event| event.r#type == "STATEMENT_KEY_MADE").count(), 1);
}

#[tokio::test]
async fn a_replaced_key_signs_no_more_and_its_secret_is_gone() {
    let (app, key) = house().await;
    let telecom = app.telecom().await;
    subgraph(&app, telecom.party(), "vidutel").await;
    let before = statement(&telecom, &key, "vidutel").await;

    app.clock.advance(TimeDelta::seconds(1));
    write::rotate(&app.api).await.unwrap();
    app.clock.advance(TimeDelta::seconds(5));
    let after = statement(&telecom, &key, "vidutel").await;

    let (old, new) = (read(&app, &before).await.0, read(&app, &after).await.0);
    assert_ne!(old["kid"], new["kid"], "both are verified with what is published");
    let rows = app.all(statement_key::Entity).await;
    for row in &rows {
        assert_eq!(row.secret.is_some(), row.id.to_string() == new["kid"], "{row:?}");
    }
    let events = app.all(event::Entity).await;
    let secret = rows.iter().find_map(|row| row.secret.as_deref()).unwrap();
    assert!(events.iter().all(|event| !event.data.contains(secret)));
}
