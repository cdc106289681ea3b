//! Signing in at the demonstration: as one of its people, or by a printed link.

use chrono::TimeDelta;
use entity::{
    member::Role,
    party::Kind,
    session::{self},
};
use serde_json::json;
use tests::{TestApp, browser::COOKIE};

use super::{WHO, expect_problem};

#[tokio::test]
async fn each_of_the_demonstrations_people_signs_in() {
    let (app, _) = TestApp::demonstration("2026-11-23").await;
    for (subject, code, coordinates) in [
        ("coordinator", "SKHCN-19-2025", true),
        ("officer", "UBND-02014-2025", false),
        ("department", "SO-MAU-A", false),
        ("telecom-1", "VT-MAU-1", false),
        ("telecom-2", "VT-MAU-2", false),
        ("bank", "NH-MAU-1", false),
        ("post", "BD-MAU-1", false),
        ("union", "HOI-MAU-1", false),
        ("front", "MTTQ-19-2025", false),
        ("leadership", "UBND-19-2025", false),
    ] {
        let browser = app.browser();
        browser.signs_in(subject).await;

        let session = browser.session().await;
        let who = browser.gql(WHO, json!({})).await;

        assert_eq!(session["signedIn"], true, "{subject}");
        assert_eq!(session["party"]["code"], code, "{subject}");
        assert_eq!(session["party"]["role"], "MANAGER", "{subject}");
        assert_eq!(session["party"]["isCoordinator"], coordinates, "{subject}");
        assert_eq!(who.at("/viewer/party/code"), code, "{subject}");
        assert_eq!(who.at("/viewer/isCoordinator"), coordinates, "{subject}");
    }
}

#[tokio::test]
async fn nobody_is_signed_in_at_first_and_the_people_are_offered() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let union = app.party(Kind::MassOrganization).await;
    bank.joins(&union, Role::Viewer).await;

    let session = app.browser().session().await;

    assert_eq!((&session["signedIn"], &session["dev"]), (&json!(false), &json!(true)));
    for empty in ["subject", "label", "party", "expiresAt", "viewAs"] {
        assert!(session[empty].is_null(), "{empty}: {session}");
    }
    assert_eq!((&session["parties"], &session["providers"]), (&json!([]), &json!([])));
    let own: Vec<_> = session["personas"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|persona| persona["subject"] == bank.member().subject)
        .map(|persona| (&persona["party"], &persona["role"]))
        .collect();
    let wanted = [(&bank.party().name, "MANAGER"), (&union.name, "VIEWER")];
    assert_eq!(own.len(), wanted.len(), "once for each party");
    for (name, role) in wanted {
        assert!(own.contains(&(&json!(name), &json!(role))), "{name}: {own:?}");
    }
}

#[tokio::test]
async fn a_person_of_two_parties_chooses_one_at_the_door() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let union = app.party(Kind::MassOrganization).await;
    bank.joins(&union, Role::Viewer).await;
    let browser = app.browser();

    let chosen = json!({ "persona": bank.member().subject, "party": union.id.to_string() });
    browser.post("/console/session/dev", chosen).await;

    assert_eq!(browser.gql(WHO, json!({})).await.at("/viewer/party/code"), &union.code);
}

#[tokio::test]
async fn somebody_without_a_party_signs_in_and_sees_what_the_public_sees() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.signs_in("person-150").await;

    let session = browser.session().await;
    let who = browser.gql(WHO, json!({})).await;

    assert_eq!((&session["signedIn"], &session["party"]), (&json!(true), &json!(null)));
    assert_eq!(session["label"], "person-150");
    assert!(who.expect_ok()["viewer"]["party"].is_null());
}

#[tokio::test]
async fn nobody_signs_in_as_somebody_who_is_not_there_or_for_a_party_of_others() {
    let app = TestApp::start().await;
    let (bank, rival) = (app.bank().await, app.bank().await);
    let subject = &bank.member().subject;
    for sent in [
        json!({ "persona": "nobody" }),
        json!({ "persona": subject, "party": rival.party().id.to_string() }),
        json!({ "persona": subject, "party": "elsewhere" }),
    ] {
        let browser = app.browser();
        expect_problem(&browser.post("/console/session/dev", sent).await, 404, "NOT_FOUND");
        assert_eq!(browser.cookie(), None);
    }
    let nothing = app.browser().post("/console/session/dev", json!({})).await;
    expect_problem(&nothing, 400, "BAD_USER_INPUT");
    assert!(app.all(session::Entity).await.is_empty());
}

#[tokio::test]
async fn a_session_is_kept_by_a_cookie_that_no_script_and_no_other_site_sees() {
    let app = TestApp::start().await;
    let bank = app.bank().await;

    let sent = json!({ "persona": bank.member().subject });
    let reply = app.browser().post("/console/session/dev", sent).await;

    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1);
    let mut parts: Vec<&str> = cookies[0].to_str().unwrap().split("; ").collect();
    let (name, secret) = parts.remove(0).split_once('=').unwrap();
    assert_eq!((name, parts), (COOKIE, vec!["Path=/", "HttpOnly", "SameSite=Strict", "Secure"]));
    assert_eq!(reply.headers["cache-control"], "private, no-store");
    let rows = app.all(session::Entity).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].hash, api::tx::sha256(secret), "the secret itself is not kept");
    assert_eq!(rows[0].subject, bank.member().subject);
    assert_eq!(rows[0].party_id, Some(bank.party().id));
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let app = TestApp::start().await;
    let bank = app.bank().await;
    let desk = app.api.sign_in.desk.as_ref().unwrap();
    let link = json!({ "link": desk.link(&*app.clock, &bank.member().subject) });
    let (first, second) = (app.browser(), app.browser());

    first.post("/console/session/dev", link.clone()).await;
    let again = second.post("/console/session/dev", link).await;

    assert_eq!(first.session().await["party"]["code"], bank.party().code);
    expect_problem(&again, 401, "UNAUTHENTICATED");
    assert_eq!(again.body["detail"], "Liên kết này đã dùng hoặc đã hết hạn.");
    assert_eq!(second.cookie(), None);
}

#[tokio::test]
async fn a_link_waits_ten_minutes() {
    let app = TestApp::start().await;
    let desk = app.api.sign_in.desk.as_ref().unwrap();
    let in_time = json!({ "link": desk.link(&*app.clock, "person-150") });
    app.clock.advance(TimeDelta::seconds(1));
    let too_late = json!({ "link": desk.link(&*app.clock, "person-150") });

    app.clock.advance(TimeDelta::seconds(598));
    let reply = app.browser().post("/console/session/dev", in_time).await;
    app.clock.advance(TimeDelta::seconds(2));
    let late = app.browser().post("/console/session/dev", too_late).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    expect_problem(&late, 401, "UNAUTHENTICATED");
}
