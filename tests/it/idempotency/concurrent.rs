//! The same key many times at once, and a first caller who takes too long or never ends.

use std::time::{Duration, Instant};

use api::tx::{self, Done, Key, Tx};
use entity::{api_token, id::ApiTokenId, idempotency, invitation, party::Kind};
use serde_json::{Value, json};
use tests::{Actor, TestApp, is_postgres};
use uuid::Uuid;

use super::{DEFINE, INVITE, ISSUE, bank, fifty, invitation, records, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_define_one_party() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    app.settle().await;

    let replies = fifty(&coordinator, DEFINE, &bank(&app, "NH-MOI")).await;

    let party = app.party_by_code("NH-MOI").await;
    let mut made = 0;
    for reply in &replies {
        made += usize::from(reply.expect_ok()["defineParty"]["replayed"] == false);
        assert_eq!(reply.at("/defineParty/party/id"), &party.id.to_string());
    }
    let parties = app.all(entity::party::Entity).await;
    assert_eq!(parties.iter().filter(|row| row.kind == Kind::Bank).count(), 1);
    assert_eq!((made, records(&app).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_issue_one_token_and_show_one_secret() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    app.settle().await;

    let replies = fifty(&manager, ISSUE, &token(&app, manager.party())).await;

    let rows = app.all(api_token::Entity).await;
    let [row] = &rows[..] else { panic!("not one token: {rows:#?}") };
    let mut secrets = Vec::new();
    let mut replayed = 0;
    for reply in &replies {
        let answer = &reply.expect_ok()["issueToken"];
        assert_eq!(answer["apiToken"]["id"], row.id.to_string());
        assert_eq!(answer["replayed"] == true, answer["secret"].is_null());
        replayed += usize::from(answer["replayed"] == true);
        secrets.extend(answer["secret"].as_str());
    }
    assert_eq!((secrets.len(), replayed, records(&app).await), (1, 49, 1));
    assert_eq!(row.hash, tx::sha256(secrets[0]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_make_one_invitation_and_show_one_code() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    app.settle().await;

    let replies = fifty(&manager, INVITE, &invitation(&app, manager.party())).await;

    let codes = replies.iter().filter(|r| r.expect_ok()["inviteMember"]["code"].is_string());
    assert_eq!((codes.count(), app.all(invitation::Entity).await.len()), (1, 1));
}

#[tokio::test]
async fn a_transaction_that_dies_leaves_no_record() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    let dying = claimed(&app, &manager, &input).await;

    drop(dying);
    let reply = manager.act(ISSUE, input).await;

    assert_eq!(reply.expect_ok()["issueToken"]["replayed"], false);
    assert_eq!((app.all(api_token::Entity).await.len(), records(&app).await), (1, 1));
}

#[tokio::test]
async fn a_key_that_is_claimed_and_not_committed_is_not_there() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;

    let dying = claimed(&app, &manager, &token(&app, manager.party())).await;
    drop(dying);

    // The next writer waits until the rollback is through.
    app.sql("UPDATE installation SET registry_revision = registry_revision").await.unwrap();
    assert_eq!(records(&app).await, 0);
}

#[tokio::test]
async fn a_second_caller_is_told_after_five_seconds_that_the_first_still_runs() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    app.settle().await;
    let first = claimed(&app, &manager, &input).await;
    let begun = Instant::now();

    let reply = manager.act(ISSUE, input.clone()).await;

    let waited = begun.elapsed();
    if is_postgres() {
        reply.expect_refusal_at("IDEMPOTENCY_IN_PROGRESS", "idempotencyKey");
    } else {
        // One writer: it cannot be told whether the one before has the same key.
        reply.expect_fault("UNAVAILABLE");
    }
    assert!(waited > Duration::from_secs(4), "{waited:?}");
    drop(first);
    assert_eq!(manager.act(ISSUE, input).await.expect_ok()["issueToken"]["replayed"], false);
}

#[tokio::test]
async fn a_second_caller_waits_for_the_first_and_sees_what_it_left() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let (_, row) = app.token(manager.party());
    let made = row.await.id;
    let input = token(&app, manager.party());
    app.settle().await;
    let first = claimed(&app, &manager, &input).await;

    let (second, done) = tokio::join!(manager.act(ISSUE, input), first.done(made));

    // Its input was another one, which the second can only know from the record.
    second.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
    assert_eq!(done.unwrap().id, made);
    let record = &app.all(idempotency::Entity).await[0];
    assert_eq!(record.outcome, json!(Uuid::from(made).to_string()));
}

/// A transaction of somebody who has claimed the key of an input, and goes no further.
async fn claimed(app: &TestApp, person: &Actor, input: &Value) -> Tx {
    let actor =
        tx::Actor { party: Some(person.party().id), member: Some(person.member().id), token: None };
    let key = Key {
        mutation: "issueToken".to_owned(),
        key: input["idempotencyKey"].as_str().unwrap().parse().unwrap(),
        input_hash: tx::sha256("another input"),
    };
    let mut tx = app.api.write_as(actor).await.unwrap();
    tx.claim(key, 0).await.unwrap();
    let before: Option<Done<ApiTokenId>> = tx.replay().await.unwrap();
    assert!(before.is_none(), "nobody has used the key");
    tx
}
