//! How long a session lasts, for whom it acts, and how it ends.

use chrono::TimeDelta;
use entity::{member::Role, party::Kind, session};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use tests::TestApp;

use super::{WHO, expect_problem};

#[tokio::test]
async fn a_session_ends_after_eight_hours() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    let begun = browser.session().await;

    app.clock.advance(TimeDelta::hours(8) - TimeDelta::seconds(1));
    browser.gql(WHO, json!({})).await.expect_ok();
    app.clock.advance(TimeDelta::seconds(1));

    expect_problem(&browser.gql(WHO, json!({})).await, 401, "UNAUTHENTICATED");
    let cost = browser.post("/console/cost", json!({ "query": WHO })).await;
    expect_problem(&cost, 401, "UNAUTHENTICATED");
    let session = browser.session().await;
    assert_eq!(session["signedIn"], false);
    assert!(begun["expiresAt"].as_str().unwrap().ends_with('Z'), "{begun}");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    let copied = browser.with_cookie(&browser.cookie().unwrap());
    let mut socket = browser.socket().await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
    let changes = "subscription { commitmentChanged { cursor } }";
    socket.subscribe("live", changes, json!({})).await;
    socket.subscribe("before", WHO, json!({})).await;
    assert_eq!(socket.hear().await.said()["type"], "next");
    assert_eq!(socket.hear().await.said()["type"], "complete");

    let ended = browser.post("/console/session/end", json!({})).await;

    assert_eq!(ended.status, 200, "{}", ended.text);
    let set = ended.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("__Host-camket-session=;") && set.contains("Max-Age=0"), "{set}");
    expect_problem(&copied.gql(WHO, json!({})).await, 401, "UNAUTHENTICATED");
    assert_eq!(copied.session().await["signedIn"], false);
    socket.subscribe("after", WHO, json!({})).await;
    // What runs is asked about every few seconds, what begins at once.
    let mut refused = Vec::new();
    while refused.len() < 2 {
        let said = socket.hear().await.said();
        assert_eq!(said["type"], "error", "{said}");
        assert_eq!(said["payload"][0]["extensions"]["code"], "UNAUTHENTICATED", "{said}");
        refused.push(said["id"].as_str().unwrap().to_owned());
    }
    refused.sort();
    assert_eq!(refused, ["after", "live"]);
    let rows = app.all(session::Entity).await;
    assert!(rows[0].ended_at.is_some());
}

#[tokio::test]
async fn a_socket_of_a_session_that_is_over_is_closed() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    let copied = browser.with_cookie(&browser.cookie().unwrap());
    browser.post("/console/session/end", json!({})).await;

    let mut socket = copied.socket().await;
    socket.say(json!({ "type": "connection_init" })).await;

    assert_eq!(socket.hear().await.closed(), 4403);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let app = TestApp::start().await;
    let (bank, union) = (app.bank().await, app.union().await);
    let browser = bank.at_console().await;
    let before = browser.with_cookie(&browser.cookie().unwrap());

    browser.signs_in(&union.member().subject).await;

    assert_eq!(browser.session().await["party"]["code"], union.party().code);
    assert_eq!(before.session().await["signedIn"], false);
}

#[tokio::test]
async fn secrets_that_are_none_are_nobodys() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;
    let secret = browser.cookie().unwrap();
    for guess in ["", "x", &secret[1..], &secret.to_uppercase(), &format!("{secret}x")] {
        let guessed = browser.with_cookie(guess);
        assert_eq!(guessed.session().await["signedIn"], false, "{guess}");
        expect_problem(&guessed.gql(WHO, json!({})).await, 401, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_member_of_two_parties_switches_between_them() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let (union, rival) = (app.party(Kind::MassOrganization).await, app.party(Kind::Bank).await);
    bank.joins(&union, Role::Viewer).await;
    let browser = bank.at_console().await;

    for (party, role) in [(&union, "VIEWER"), (bank.party(), "MANAGER")] {
        let reply = browser.chooses(party).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let (session, who) = (browser.session().await, browser.gql(WHO, json!({})).await);
        assert_eq!(session["party"]["code"], party.code);
        assert_eq!(session["parties"].as_array().unwrap().len(), 2);
        assert_eq!(
            (who.text_at("/viewer/party/code"), who.text_at("/viewer/role")),
            (&*party.code, role)
        );
    }
    expect_problem(&browser.chooses(&rival).await, 403, "FORBIDDEN");
    let nonsense = browser.post("/console/session/party", json!({ "party": "x" })).await;
    expect_problem(&nonsense, 403, "FORBIDDEN");
    let nobody = app.browser().chooses(&union).await;
    expect_problem(&nobody, 401, "UNAUTHENTICATED");
    assert_eq!(browser.session().await["party"]["code"], bank.party().code);
}

#[tokio::test]
async fn a_member_who_is_removed_is_out_at_once_and_put_into_no_other_party() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let union = app.party(Kind::MassOrganization).await;
    bank.joins(&union, Role::Viewer).await;
    let browser = bank.at_console().await;
    browser.chooses(bank.party()).await;
    let mut member = app.reload(bank.member()).await.into_active_model();
    member.removed_at = Set(Some(api::clock::Clock::now(&*app.clock)));
    member.update(app.db().writer()).await.unwrap();

    let (session, who) = (browser.session().await, browser.gql(WHO, json!({})).await);

    assert_eq!((&session["signedIn"], &session["party"]), (&json!(true), &json!(null)));
    assert_eq!(session["parties"][0]["code"], union.code);
    assert!(who.expect_ok()["viewer"]["party"].is_null());
    browser.chooses(&union).await;
    assert_eq!(browser.session().await["party"]["code"], union.code);
}

#[tokio::test]
async fn whoever_joins_while_signed_in_acts_for_the_party() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;
    let browser = app.browser();
    browser.signs_in("person-150").await;
    let before = browser.session().await;
    app.member(&party).with(|row| row.subject = "person-150".to_owned()).await;

    let after = browser.session().await;

    assert!(before["party"].is_null());
    assert_eq!(after["party"]["code"], party.code);
    assert_eq!(before["subject"], after["subject"]);
}

#[tokio::test]
async fn a_session_is_looked_up_in_three_statements() {
    let app = TestApp::start().await;
    let browser = app.bank().await.at_console().await;

    let seen = app.statements(browser.gql("{ __typename }", json!({}))).await;
    let told = app.count_statements(browser.session()).await;
    let nobody = app.count_statements(app.browser().gql(WHO, json!({}))).await;

    assert_eq!(seen.len(), 3, "{seen:#?}");
    // The same, and the demonstration's people.
    assert_eq!(told, 4);
    assert_eq!(nobody, 0, "without a secret nothing is asked");
}

#[tokio::test]
async fn sessions_that_are_long_over_are_forgotten() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    bank.at_console().await;
    app.clock.advance_days(29);
    let later = bank.at_console().await;

    app.clock.advance_days(2);
    let gone = api::domain::session::write::forget_old(&app.api).await.unwrap();

    assert_eq!(gone, 1);
    let rows = app.all(session::Entity).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].hash, api::tx::sha256(later.cookie().unwrap()));
}
