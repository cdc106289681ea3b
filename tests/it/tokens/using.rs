//! Signing in with a token.

use api::clock::Clock;
use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::{member::Role, party::Kind};
use tests::TestApp;

use super::{ISSUE, WHO, issue, works};

#[tokio::test]
async fn a_token_acts_for_its_party_with_its_role() {
    let app = TestApp::start().await;
    let manager = app.bank().await;
    let issued = manager.act(ISSUE, issue(&app, manager.party())).await;

    let who = app.bearer(issued.text_at("/issueToken/secret")).ask(WHO).await;

    assert_eq!(who.expect_ok()["viewer"]["role"], "REPORTER");
    assert_eq!(who.at("/viewer/party/id"), &manager.party().id.to_string());
}

#[tokio::test]
async fn a_token_ends_at_its_instant() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    app.clock.set(system.token().expires_at - TimeDelta::microseconds(1));

    let before = works(&system).await;
    app.clock.advance(TimeDelta::microseconds(1));

    assert!(before && !works(&system).await);
}

#[tokio::test]
async fn the_last_use_is_written_at_most_hourly() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    let morning = app.clock.now();
    let last_use = async || app.reload(system.token()).await.last_used_at;
    let writes = async |statements: Vec<String>| {
        statements.iter().filter(|sql| sql.starts_with("UPDATE")).count()
    };

    let first = writes(app.statements(works(&system)).await).await;
    assert_eq!((first, last_use().await), (1, Some(morning)));
    app.clock.advance(TimeDelta::minutes(59));
    let soon = writes(app.statements(works(&system)).await).await;
    assert_eq!((soon, last_use().await), (0, Some(morning)));
    app.clock.advance(TimeDelta::minutes(1));
    let later = writes(app.statements(works(&system)).await).await;
    assert_eq!((later, last_use().await), (1, Some(morning + TimeDelta::hours(1))));

    assert_eq!(app.reload(system.token()).await.version, system.token().version);
}

#[tokio::test]
async fn a_mistyped_token_is_refused_without_asking_the_database() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    let token = system.bearer().unwrap();
    let flip = |at: usize| {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        format!("{}{other}{}", &token[..at], &token[at + 1..])
    };

    for mistyped in [flip(20), flip(46), flip(52), token[..52].to_owned(), format!("{token}A")] {
        let actor = app.bearer(&mistyped);
        let mut status = StatusCode::OK;
        let statements = app
            .statements(async {
                let reply = actor.ask(WHO).await;
                reply.expect_fault("UNAUTHENTICATED");
                status = reply.status;
            })
            .await;
        assert_eq!((status, statements), (StatusCode::UNAUTHORIZED, Vec::new()), "{mistyped}");
    }
    assert!(works(&system).await);
}

#[tokio::test]
async fn a_well_formed_token_that_nobody_issued_is_refused() {
    let app = TestApp::start().await;
    let unknown = api::domain::token::secret::token(&api::clock::SystemClock);

    let reply = app.bearer(&unknown).ask(WHO).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    reply.expect_fault("UNAUTHENTICATED");
    assert!(!reply.text.contains(&unknown));
}

#[tokio::test]
async fn tokens_with_the_same_hint_are_told_apart_by_their_hashes() {
    let app = TestApp::start().await;
    let (one, two) = (app.bank().await, app.telecom().await);
    let (bearer, token) = app.token(one.party());
    let token = token.await;
    let (_, other) = app.token(two.party());
    other.with(|row| row.hint.clone_from(&token.hint)).await;

    let who = app.bearer(&bearer).ask(WHO).await;

    assert_eq!(who.at("/viewer/party/id"), &one.party().id.to_string());
}

#[tokio::test]
async fn a_token_that_names_another_party_is_a_fault() {
    let app = TestApp::start().await;
    let system = app.bank().by_token().await;
    let other = app.party(Kind::Bank).await;

    let own = system.clone().acting_for(system.party()).ask(WHO).await;
    let foreign = system.acting_for(&other).ask(WHO).await;

    own.expect_ok();
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    let told = foreign.expect_fault("BAD_USER_INPUT")["message"].as_str().unwrap();
    assert!(told.contains("Camket-Party"), "{told}");
}

#[tokio::test]
async fn a_token_of_an_ended_party_signs_in_without_rights() {
    let app = TestApp::start().await;
    let system = app.ended_party().by_token().await;

    let who = system.ask("{ viewer { hasRights party { code } } }").await;
    let refused = system.act(ISSUE, issue(&app, system.party())).await;

    assert_eq!(who.expect_ok()["viewer"]["hasRights"], false);
    refused.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn a_token_of_a_reporter_reads_what_its_party_reads() {
    let app = TestApp::start().await;
    let system = app.bank().with_role(Role::Viewer).by_token().await;

    let reply = system.ask("{ parties(first: 1) { nodes { id } } }").await;

    assert_eq!(reply.column("/parties", "id").len(), 1);
}
