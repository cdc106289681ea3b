//! What subscriptions tell, to whom, and until when.

use std::{sync::Mutex, time::Duration};

use api::{
    graphql::live::{Live, Told},
    http::Graph,
};
use axum::http::{Request, header};
use serde_json::{Value, json};
use tests::{Actor, Socket, TestApp};

use super::{CHANGED, now};
use crate::ledger::kit::{
    ACCEPT, CONFIRM, RAISE, active, activity, made, promise, proposed, record,
};

/// The next thing that is told under an id.
async fn told(socket: &mut Socket, field: &str) -> Value {
    let message = socket.hear().await.said();
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"]["errors"].is_null(), "{message}");
    message["payload"]["data"][field].clone()
}

/// Somebody who follows the log from here on.
async fn following(actor: &Actor, query: &str) -> Socket {
    let after = now(actor).await;
    let mut socket = actor.connected().await;
    socket.subscribe("live", query, json!({ "after": after })).await;
    socket
}

#[tokio::test]
async fn both_sides_are_told_of_a_commitment_and_a_rival_is_not() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let commune = app.commune_officer("02014").await;
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let mut sockets = Vec::new();
    for actor in [&telecom, &commune, &rival] {
        sockets.push(following(actor, CHANGED).await);
    }

    let id = active(&telecom, &commune, &app, promise(place.id, &phones, 10)).await;
    let other = active(&rival, &commune, &app, promise(place.id, &phones, 5)).await;

    for (socket, ids) in sockets.iter_mut().zip([vec![&id], vec![&id, &other], vec![&other]]) {
        for id in ids {
            let proposed = told(socket, "commitmentChanged").await;
            assert_eq!(proposed["event"]["type"], "COMMITMENT_PROPOSED");
            assert_eq!(proposed["commitment"]["id"], **id);
            let accepted = told(socket, "commitmentChanged").await;
            assert_eq!(accepted["event"]["type"], "COMMITMENT_ACCEPTED");
            assert_eq!(accepted["commitment"]["status"], "ACTIVE");
        }
    }
}

#[tokio::test]
async fn a_cursor_goes_on_where_it_points() {
    let app = TestApp::start().await;
    let (telecom, commune) = (app.telecom().await, app.commune_officer("02014").await);
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let mut first = following(&telecom, CHANGED).await;
    let id = proposed(&telecom, &app, promise(place.id, &phones, 10)).await;
    let cursor = told(&mut first, "commitmentChanged").await["cursor"].clone();
    drop(first);
    commune.act(ACCEPT, json!({ "id": id, "expectedVersion": 1 })).await.expect_ok();

    let mut second = telecom.connected().await;
    second.subscribe("2", CHANGED, json!({ "after": cursor })).await;

    let notice = told(&mut second, "commitmentChanged").await;
    assert_eq!(notice["event"]["type"], "COMMITMENT_ACCEPTED");
}

#[tokio::test]
async fn deliveries_and_what_is_said_of_them_are_told_apart() {
    const RECORDED: &str = "subscription ($after: String) { deliveryRecorded(after: $after) {
        event { type } delivery { quantity } } }";
    const VERIFIED: &str = "subscription ($after: String) { deliveryVerified(after: $after) {
        event { type } delivery { state } } }";
    let app = TestApp::start().await;
    let (telecom, commune) = (app.telecom().await, app.commune_officer("02014").await);
    let place = app.commune("02014").await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let id = active(&telecom, &commune, &app, promise(place.id, &phones, 10)).await;
    let mut recorded = following(&commune, RECORDED).await;
    let mut verified = following(&telecom, VERIFIED).await;

    let row = json!({ "commitmentId": id, "communeId": place.id.to_string(), "quantity": "3",
        "deliveredOn": "2026-01-15" });
    let made = made(&record(&telecom, &app, vec![row]).await, "recordDeliveries", "deliveries");
    let rows = json!([{ "id": made[0], "expectedVersion": 1 }]);
    let confirm = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    commune.act(CONFIRM, confirm).await.expect_ok();

    let notice = told(&mut recorded, "deliveryRecorded").await;
    assert_eq!(notice["delivery"]["quantity"], "3");
    let notice = told(&mut verified, "deliveryVerified").await;
    assert_eq!(notice["event"]["type"], "DELIVERY_CONFIRMED");
    assert_eq!(notice["delivery"]["state"], "CONFIRMED");
}

#[tokio::test]
async fn a_need_is_told_in_its_commune_alone() {
    const RAISED: &str = "subscription ($after: String, $commune: ID) {
        needRaised(after: $after, communeId: $commune) { need { quantity } } }";
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let phones = activity(&app, "smartphones_handed_over").await;
    let (here, there) = (app.commune("02014").await, app.commune("02071").await);
    let variables = json!({ "after": now(&telecom).await, "commune": here.id.to_string() });
    let mut socket = telecom.connected().await;
    socket.subscribe("live", RAISED, variables).await;

    for (code, place, quantity) in [("02071", &there, "7"), ("02014", &here, "9")] {
        let input = json!({ "communeId": place.id.to_string(), "activityId": phones,
            "quantity": quantity, "dueOn": "2026-12-31", "text": "", "idempotencyKey": app.key() });
        app.commune_officer(code).await.act(RAISE, input).await.expect_ok();
    }

    assert_eq!(told(&mut socket, "needRaised").await["need"]["quantity"], "9");
}

#[tokio::test]
async fn a_stream_ends_with_the_rights_it_began_with() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let manager = app.member_of(telecom.party()).await;
    let lowered = app.member_of(telecom.party()).await;
    let system = app.member_of(telecom.party()).by_token().await;
    let commune = app.commune_officer("02014").await;
    let (place, phones) =
        (app.commune("02014").await, activity(&app, "smartphones_handed_over").await);
    let mut sockets = Vec::new();
    for actor in [&system, &lowered, &telecom] {
        sockets.push((actor.connected().await, now(actor).await));
    }
    active(&telecom, &commune, &app, promise(place.id, &phones, 10)).await;
    let of = |id: String| json!({ "id": id, "expectedVersion": 1 });
    let mut role = of(lowered.member().id.to_string());
    role["role"] = json!("REPORTER");
    let acts = [
        ("revokeToken", of(system.token().id.to_string())),
        ("changeMemberRole", role),
        ("removeMember", of(telecom.member().id.to_string())),
    ];
    for ((mutation, input), (mut socket, after)) in acts.into_iter().zip(sockets) {
        socket.subscribe("live", CHANGED, json!({ "after": after })).await;
        // Whoever is told of something has begun, with the rights of before.
        assert_eq!(socket.hear().await.said()["type"], "next");
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = format!(
            "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        );

        manager.act(&document, input).await.expect_ok();

        assert_eq!(ends(&mut socket).await, "UNAUTHENTICATED", "{mutation}");
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_token_expires_although_nothing_happens() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let system = app.member_of(telecom.party()).by_token().await;
    let mut socket = following(&system, CHANGED).await;

    app.clock.set(system.token().expires_at);

    let ended = tokio::time::timeout(Duration::from_secs(20), ends(&mut socket)).await;
    assert_eq!(ended.unwrap(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_client_that_reads_slowly_is_told_no_more_when_its_rights_have_ended() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let system = app.member_of(telecom.party()).by_token().await;
    let (place, after) = (app.commune("02014").await, now(&system).await);
    let phones = activity(&app, "smartphones_handed_over").await;
    for quantity in [1, 2, 3] {
        proposed(&telecom, &app, promise(place.id, &phones, quantity)).await;
    }
    let bearer = format!("Bearer {}", system.bearer().unwrap());
    let (parts, ()) =
        Request::get("/").header(header::AUTHORIZATION, bearer).body(()).unwrap().into_parts();
    let request = async_graphql::Request::new(CHANGED)
        .variables(async_graphql::Variables::from_json(json!({ "after": after })));
    let admitted = app.api.guard.admit(request).unwrap();
    let patience = Duration::from_secs(30);
    let began = app.api.caller(&parts).await.unwrap();
    let live = Live { app: app.api.clone(), ask: || app.api.caller(&parts), patience };
    let heard = Mutex::new(Vec::new());

    live.run(began, admitted, |told| {
        heard.lock().unwrap().push(matches!(told, Told::Next(_)));
        let app = &app;
        let expires_at = system.token().expires_at;
        async move {
            app.clock.set(expires_at);
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(4)).await;
            tokio::time::resume();
            true
        }
    })
    .await;

    assert_eq!(*heard.lock().unwrap(), [true, false], "one event of three, and the end");
}

/// The code with which the stream ends.
async fn ends(socket: &mut Socket) -> Value {
    let mut message = socket.hear().await.said();
    while message["type"] == "next" {
        message = socket.hear().await.said();
    }
    assert_eq!(message["type"], "error", "{message}");
    message["payload"][0]["extensions"]["code"].clone()
}

#[tokio::test]
async fn the_public_and_a_strangers_cursor_are_refused() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let cursor = now(&rival).await;
    for (actor, variables, code) in [
        (&app.public(), json!({}), "UNAUTHENTICATED"),
        (&app.stranger(), json!({}), "UNAUTHENTICATED"),
        (&telecom, json!({ "after": cursor }), "BAD_USER_INPUT"),
    ] {
        let mut socket = actor.connected().await;

        socket.subscribe("1", CHANGED, variables).await;

        let message = socket.hear().await.said();
        assert_eq!(
            (&message["type"], &message["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!(code))
        );
    }
}
