//! Issuing tokens, by managers and by the operator.

use api::{
    domain::token::{secret, write::issue_by_operator},
    error::Error,
    refusal::Language,
    tx::sha256,
};
use entity::{
    api_token::{self, Scope, Scopes},
    event, idempotency,
    member::Role,
    party::Kind,
};
use sea_orm::Iterable;
use serde_json::json;
use tests::TestApp;

use super::{ISSUE, WHO, issue, only_token};

#[tokio::test]
async fn a_manager_issues_a_token_and_sees_the_secret_once() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = issue(&app, manager.party());

    let first = manager.act(ISSUE, input.clone()).await;
    let again = manager.act(ISSUE, input).await;

    let token = &first.expect_ok()["issueToken"]["apiToken"];
    let shown = first.text_at("/issueToken/secret");
    assert!(shown.starts_with("ckt_") && shown.len() == 53, "{shown}");
    assert!(secret::is_well_formed(shown), "{shown}");
    assert_eq!(token["hint"], &shown[..12]);
    assert_eq!(
        (&token["role"], &token["scopes"]),
        (&json!("REPORTER"), &json!(["READ", "RECORD"]))
    );
    assert_eq!(token["expiresAt"], "2026-12-23T08:00:00+07:00");
    assert_eq!(token["issuedBy"]["id"], manager.member().id.to_string());
    assert_eq!(again.expect_ok()["issueToken"]["replayed"], true);
    assert!(again.at("/issueToken/secret").is_null());
    assert_eq!(&again.expect_ok()["issueToken"]["apiToken"], token);
    assert_eq!(only_token(&app).await.hash, sha256(shown));
}

#[tokio::test]
async fn a_secret_is_kept_nowhere_but_as_its_hash() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    let reply = manager.act(ISSUE, issue(&app, manager.party())).await;

    let shown = reply.text_at("/issueToken/secret");
    let kept = format!(
        "{:?}{:?}{:?}",
        app.all(api_token::Entity).await,
        app.all(event::Entity).await,
        app.all(idempotency::Entity).await
    );
    assert!(!kept.contains(&shown[12..]), "more of the secret than its hint is kept");
    assert_eq!(kept.matches(&sha256(shown)).count(), 1, "the hash is in the row and nowhere else");
}

#[tokio::test]
async fn two_tokens_have_two_secrets() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    let one = manager.act(ISSUE, issue(&app, manager.party())).await;
    let two = manager.act(ISSUE, issue(&app, manager.party())).await;

    assert_ne!(one.text_at("/issueToken/secret"), two.text_at("/issueToken/secret"));
    assert_ne!(one.text_at("/issueToken/apiToken/id"), two.text_at("/issueToken/apiToken/id"));
}

#[tokio::test]
async fn what_a_token_cannot_be_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    for (field, value, code) in [
        ("expiresInDays", json!(0), "OUT_OF_RANGE"),
        ("expiresInDays", json!(366), "OUT_OF_RANGE"),
        ("expiresInDays", json!(-1), "OUT_OF_RANGE"),
        ("label", json!("Gọi 0912 345 678"), "PERSONAL_DATA"),
        ("label", json!("x".repeat(81)), "TOO_LONG"),
    ] {
        let mut input = issue(&app, manager.party());
        input[field] = value.clone();
        let reply = manager.act(ISSUE, input).await;
        let refusal = reply.expect_refusal_at(code, field);
        let message = refusal["message"].as_str().unwrap();
        assert!(!message.contains('{'), "a parameter is missing in {message:?}");
        assert!(reply.at("/issueToken/secret").is_null(), "{field} {value}");
    }
    assert!(app.all(api_token::Entity).await.is_empty());
}

#[tokio::test]
async fn a_token_lives_ninety_days_where_none_are_named_and_a_year_at_most() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let (mut unnamed, mut year) = (issue(&app, manager.party()), issue(&app, manager.party()));
    unnamed.as_object_mut().unwrap().remove("expiresInDays");
    year["expiresInDays"] = json!(365);

    let unnamed = manager.act(ISSUE, unnamed).await;
    let year = manager.act(ISSUE, year).await;

    let ends = "/issueToken/apiToken/expiresAt";
    assert_eq!(unnamed.at(ends), "2027-02-21T08:00:00+07:00");
    assert_eq!(year.at(ends), "2027-11-23T08:00:00+07:00");
}

#[tokio::test]
async fn only_managers_of_the_party_issue() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let others = [
        app.member_of(&party).with_role(Role::Reporter).await,
        app.member_of(&party).with_role(Role::Viewer).await,
        app.coordinator().await,
        app.leadership().await,
        app.bank().await,
        app.ended_party().await,
        app.stranger(),
    ];

    for actor in others {
        actor.act(ISSUE, issue(&app, &party)).await.expect_refusal("FORBIDDEN");
    }
    app.public().act(ISSUE, issue(&app, &party)).await.expect_fault("UNAUTHENTICATED");
    assert!(app.all(api_token::Entity).await.is_empty());
}

#[tokio::test]
async fn the_operator_issues_a_token_of_every_scope_that_works() {
    let app = TestApp::start().await;

    let shown = issue_by_operator(&app.api, "SKHCN-19-2025", Role::Manager, 90, &[]).await.unwrap();

    let row = only_token(&app).await;
    assert_eq!((row.hash, row.issued_by_id), (sha256(&shown), None));
    assert_eq!(row.scopes, Scope::iter().collect::<Scopes>());
    let who = app.bearer(&shown).ask(WHO).await;
    let coordinator = app.party_by_code("SKHCN-19-2025").await.id.to_string();
    assert_eq!(who.at("/viewer/party/id"), coordinator.as_str());
    let event = app.all(event::Entity).await.into_iter().max_by_key(|event| event.position);
    let event = event.unwrap();
    assert_eq!((&*event.r#type, event.actor_id), ("TOKEN_ISSUED", None));
}

#[tokio::test]
async fn the_operator_is_told_why_a_party_gets_no_token() {
    let app = TestApp::start().await;

    for (code, days, told) in [
        ("KHONG-CO", 90, "there is no party KHONG-CO"),
        ("UBND-063-2023", 90, "Outside the validity of UBND-063-2023 (2023-01-01 – 2025-07-01)."),
        ("SKHCN-19-2025", 0, "The value must be 1 to 365."),
        ("SKHCN-19-2025", 366, "The value must be 1 to 365."),
    ] {
        match issue_by_operator(&app.api, code, Role::Manager, days, &[]).await {
            Err(Error::BadInput(what)) => assert_eq!(what, told),
            Err(Error::Refused(refusal)) => assert_eq!(refusal.message(Language::En), told),
            other => panic!("{code}, {days} days: {other:?}"),
        }
    }
    assert!(app.all(api_token::Entity).await.is_empty());
}
