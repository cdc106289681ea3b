//! The log: every mutation appends, positions have no gaps, each hash covers the one before it,
//! and no secret is in it.

use std::collections::BTreeMap;

use api::tx::{Audience, chained, sha256};
use entity::{api_token, event, event_audience, event_head, idempotency, invitation};
use serde_json::{Value, json};
use tests::TestApp;
use uuid::Uuid;

mod documented;

const DEFINE: &str = "mutation ($input: DefinePartyInput!) {
    defineParty(input: $input) { party { id version } replayed userErrors { code } } }";

const ISSUE: &str = "mutation ($input: IssueTokenInput!) {
    issueToken(input: $input) { apiToken { id } secret userErrors { code } } }";

const ROTATE: &str = "mutation ($input: RotateTokenInput!) {
    rotateToken(input: $input) { secret userErrors { code } } }";

const INVITE: &str = "mutation ($input: InviteMemberInput!) {
    inviteMember(input: $input) { code userErrors { code } } }";

/// What the hash of the first event covers instead of one before it.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[tokio::test]
async fn a_mutation_appends_its_event_with_who_and_what() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let before = log(&app).await;

    let reply = coordinator.act(DEFINE, bank(&app, "NH-THU")).await;

    reply.expect_ok();
    let log = log(&app).await;
    let [event] = &log[before.len()..] else { panic!("not one event: {log:#?}") };
    assert_eq!(event.r#type, "PARTY_DEFINED");
    assert_eq!(event.subject, reply.text_at("/defineParty/party/id"));
    assert_eq!(event.actor_id, Some(coordinator.party().id));
    assert_eq!(event.member_id, Some(coordinator.member().id));
    assert_eq!(event.token_id, None);
    let data: Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!(data["after"]["code"], "NH-THU");
}

#[tokio::test]
async fn a_refusal_leaves_no_event() {
    let app = TestApp::start().await;
    let bank_manager = app.bank().await;
    let before = log(&app).await;

    bank_manager.act(DEFINE, bank(&app, "NH-THU")).await.expect_refusal("FORBIDDEN");

    assert_eq!(log(&app).await, before);
}

#[tokio::test]
async fn the_log_is_one_unbroken_chain() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    for code in ["NH-1", "NH-2", "NH-3"] {
        coordinator.act(DEFINE, bank(&app, code)).await.expect_ok();
        app.clock.advance_days(1);
    }

    let log = log(&app).await;

    let audience = audience(&app).await;
    let mut hash = GENESIS.to_owned();
    for (event, position) in log.iter().zip(1..) {
        assert_eq!(event.position, position);
        hash = chained(&hash, event, &audience[&position]);
        assert_eq!(event.hash, hash, "event {position} does not follow from the one before");
    }
    let [head] = &app.all(event_head::Entity).await[..] else { panic!("not one head") };
    assert_eq!((head.position, &head.hash), (log.len() as i64, &hash));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutations_at_once_give_one_chain_without_gaps() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    app.settle().await;
    let before = log(&app).await.len();

    let requests: Vec<_> = (0..10)
        .map(|number| {
            let (actor, input) = (coordinator.clone(), bank(&app, &format!("NH-{number}")));
            tokio::spawn(async move { actor.act(DEFINE, input).await.expect_ok().clone() })
        })
        .collect();
    for request in requests {
        request.await.unwrap();
    }

    let log = log(&app).await;
    assert_eq!(log.len(), before + 10);
    let audience = audience(&app).await;
    let mut hash = GENESIS.to_owned();
    for (event, position) in log.iter().zip(1..) {
        hash = chained(&hash, event, &audience[&position]);
        assert_eq!((event.position, &event.hash), (position, &hash));
    }
}

#[tokio::test]
async fn a_changed_event_breaks_the_chain() {
    let app = TestApp::start().await;
    app.coordinator().await.act(DEFINE, bank(&app, "NH-THU")).await.expect_ok();
    let log = log(&app).await;
    let last = log.last().unwrap();
    let before = log.iter().rev().nth(1).map_or(GENESIS, |event| &event.hash);
    let everybody = Audience::public();
    assert_eq!(chained(before, last, &everybody), last.hash);
    for falsified in [Audience::default(), everybody.clone().at(Uuid::from_u128(1).into())] {
        assert_ne!(chained(before, last, &falsified), last.hash, "{falsified:?}");
    }

    let falsified: [fn(&mut event::Model); 6] = [
        |event| event.data = event.data.replace("NH-THU", "NH-KHAC"),
        |event| event.subject.push('x'),
        |event| event.r#type = "PARTY_REVISED".to_owned(),
        |event| event.actor_id = None,
        |event| event.recorded_at += chrono::TimeDelta::microseconds(1),
        |event| event.position += 1,
    ];

    for falsify in falsified {
        let mut event = last.clone();
        falsify(&mut event);
        assert_ne!(chained(before, &event, &everybody), last.hash, "{event:?}");
    }
}

#[tokio::test]
async fn no_secret_is_kept_anywhere() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let party = bank.party().id.to_string();
    let issued = bank.act(
        ISSUE,
        json!({ "partyId": party, "role": "VIEWER",
        "scopes": ["READ"], "idempotencyKey": app.key() }),
    );
    let issued = issued.await;
    let token = issued.at("/issueToken/apiToken");
    let rotate = json!({ "id": token["id"], "expectedVersion": 1, "idempotencyKey": app.key() });
    let rotated = bank.act(ROTATE, rotate).await;
    let invite = json!({ "partyId": party, "role": "VIEWER", "idempotencyKey": app.key() });
    let invited = bank.act(INVITE, invite).await;

    for secret in [
        issued.text_at("/issueToken/secret"),
        rotated.text_at("/rotateToken/secret"),
        invited.text_at("/inviteMember/code"),
    ] {
        let hash = sha256(secret);
        let log = format!("{:?}", log(&app).await);
        let keys = format!("{:?}", app.all(idempotency::Entity).await);
        let rows = format!(
            "{:?}{:?}",
            app.all(api_token::Entity).await,
            app.all(invitation::Entity).await
        );
        assert!(!log.contains(secret) && !log.contains(&hash), "in the log");
        assert!(!keys.contains(secret) && !keys.contains(&hash), "with the keys");
        assert!(!rows.contains(secret) && rows.contains(&hash), "in the rows");
    }
}

async fn log(app: &TestApp) -> Vec<event::Model> {
    let mut log = app.all(event::Entity).await;
    log.sort_by_key(|event| event.position);
    log
}

async fn audience(app: &TestApp) -> BTreeMap<i64, Audience> {
    let mut keys: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for row in app.all(event_audience::Entity).await {
        keys.entry(row.position).or_default().push(row.audience_id);
    }
    keys.into_iter().map(|(position, keys)| (position, keys.into_iter().collect())).collect()
}

fn bank(app: &TestApp, code: &str) -> Value {
    json!({
        "kind": "BANK", "code": code, "name": "Ngân hàng thử",
        "validFrom": "2026-01-01", "idempotencyKey": app.key(),
    })
}
