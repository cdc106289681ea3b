//! Signing in with a real provider, npm `oidc-provider`, by code and PKCE.

use api::clock::{Clock, SystemClock};
use chrono::TimeDelta;
use entity::{party::Kind, session};
use serde_json::json;
use tests::{Provider, Reply, TestApp};

use super::WHO;

const COOKIE: &str = "__Host-camket-sign-in";

/// A server on the provider's own time.
async fn house() -> (TestApp, Provider) {
    let provider = Provider::start(env!("CARGO_TARGET_TMPDIR"));
    let app = TestApp::trusting([provider.trust()]).await;
    app.clock.set(SystemClock.now());
    (app, provider)
}

/// A browser at one moment of a sign-in: what it was told to keep.
struct Left {
    app: TestApp,
    /// Where it was sent.
    place: String,
    kept: String,
}

impl Left {
    async fn from(app: &TestApp) -> Self {
        let told = app.browser().session().await;
        assert_eq!(told["providers"][0]["name"], "Cổng đăng nhập");
        let reply = app.browser().get(told["providers"][0]["url"].as_str().unwrap()).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let set = reply.headers["set-cookie"].to_str().unwrap();
        let (pair, attributes) = set.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure");
        let (name, kept) = pair.split_once('=').unwrap();
        assert_eq!(name, COOKIE);
        let place = reply.headers["location"].to_str().unwrap().to_owned();
        Self { app: app.clone(), place, kept: kept.to_owned() }
    }

    /// The same with another value of what it kept.
    fn but(&self, name: &str, value: &str) -> Self {
        let mut kept: Vec<(String, String)> = serde_urlencoded::from_str(&self.kept).unwrap();
        for (known, old) in &mut kept {
            if known == name {
                value.clone_into(old);
            }
        }
        let kept = serde_urlencoded::to_string(kept).unwrap();
        Self { app: self.app.clone(), place: self.place.clone(), kept }
    }

    async fn returns(&self, location: &str) -> Reply {
        let path = location.strip_prefix("https://camket.test").unwrap();
        let request = axum::http::Request::get(path)
            .header("sec-fetch-site", "cross-site")
            .header("cookie", format!("{COOKIE}={}", self.kept));
        self.app.browser().send(request, axum::body::Body::empty()).await
    }
}

/// The secret of a session that a reply hands over.
fn secret(reply: &Reply) -> Option<String> {
    let sets = reply.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let secret = sets.filter_map(|set| set.strip_prefix("__Host-camket-session=")).next()?;
    Some(secret.split(';').next().unwrap().to_owned())
}

#[track_caller]
fn expect_nobody(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(secret(reply), None);
    assert!(reply.text.contains("/console/sign-in\""), "{}", reply.text);
    let taken = reply.headers["set-cookie"].to_str().unwrap();
    assert!(taken.starts_with(&format!("{COOKIE}=;")) && taken.contains("Max-Age=0"), "{taken}");
}

#[tokio::test]
async fn a_member_signs_in_with_the_provider() {
    let (app, mut provider) = house().await;
    let party = app.party(Kind::Bank).await;
    let issuer = provider.issuer.clone();
    app.member(&party)
        .with(|row| (row.issuer, row.subject) = (issuer, "nguyen-van-a".to_owned()))
        .await;
    let left = Left::from(&app).await;

    let location = provider.signs_in("nguyen-van-a", &left.place);
    let reply = left.returns(&location).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.text.contains("content=\"0; url=/console\""), "a page of ours leads on");
    assert!(!reply.text.contains("<script"));
    assert_eq!(reply.headers["cache-control"], "no-store");
    let browser = app.browser().with_cookie(&secret(&reply).unwrap());
    assert_eq!(browser.session().await["party"]["code"], party.code);
    assert_eq!(browser.gql(WHO, json!({})).await.at("/viewer/party/code"), &party.code);
    let rows = app.all(session::Entity).await;
    assert_eq!((&rows[0].issuer, &*rows[0].subject), (&provider.issuer, "nguyen-van-a"));
}

#[tokio::test]
async fn what_was_asked_says_nothing_but_what_the_flow_needs() {
    let (app, provider) = house().await;
    let left = Left::from(&app).await;

    let (place, asked) = left.place.split_once('?').unwrap();
    let asked: Vec<(String, String)> = serde_urlencoded::from_str(asked).unwrap();
    let names: Vec<&str> = asked.iter().map(|(name, _)| &**name).collect();

    assert!(place.starts_with(&provider.issuer));
    assert_eq!(
        names,
        [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method"
        ]
    );
    assert_eq!(asked[0].1, "code");
    assert_eq!(asked[2].1, "https://camket.test/console/sign-in/return");
    assert_eq!(asked[7].1, "S256");
    assert!(!left.place.contains(&left.kept), "the verifier stays here");
}

#[tokio::test]
async fn an_answer_to_a_question_that_this_browser_did_not_ask_signs_nobody_in() {
    let (app, mut provider) = house().await;
    let (one, other) = (Left::from(&app).await, Left::from(&app).await);
    let location = provider.signs_in("nguyen-van-a", &one.place);

    expect_nobody(&other.returns(&location).await, 400);
    expect_nobody(&one.but("state", "x").returns(&location).await, 400);
    let stateless = location.replace("state=", "status=");
    expect_nobody(&one.returns(&stateless).await, 400);
    assert!(app.all(session::Entity).await.is_empty());
    assert_eq!(one.returns(&location).await.status, 200, "the code was not spent by them");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let (app, mut provider) = house().await;
    let left = Left::from(&app).await;
    let location = provider.signs_in("nguyen-van-a", &left.place);
    assert_eq!(left.returns(&location).await.status, 200);

    expect_nobody(&left.returns(&location).await, 401);
    assert_eq!(app.all(session::Entity).await.len(), 1);
}

#[tokio::test]
async fn an_id_token_with_another_nonce_or_a_code_without_its_verifier_is_refused() {
    let (app, mut provider) = house().await;
    for (name, value) in [("nonce", "another"), ("verifier", &*"v".repeat(43))] {
        let left = Left::from(&app).await;
        let location = provider.signs_in("nguyen-van-a", &left.place);

        expect_nobody(&left.but(name, value).returns(&location).await, 401);
    }
    assert!(app.all(session::Entity).await.is_empty());
}

#[tokio::test]
async fn an_answer_that_comes_late_from_another_issuer_or_without_a_code_is_none() {
    let (app, mut provider) = house().await;
    let left = Left::from(&app).await;
    let location = provider.signs_in("nguyen-van-a", &left.place);

    let other = location.replace("iss=", "iss=https://other.example/");
    assert_ne!(other, location);
    expect_nobody(&left.returns(&other).await, 401);
    let denied = location.replace("code=", "error=access_denied&was=");
    expect_nobody(&left.returns(&denied).await, 401);
    app.clock.advance(TimeDelta::minutes(10));
    expect_nobody(&left.returns(&location).await, 400);
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_to_be() {
    let (app, provider) = house().await;
    drop(provider);

    let told = app.browser().session().await;
    let reply = app.browser().get(told["providers"][0]["url"].as_str().unwrap()).await;
    let nobody = app.browser().get("/console/sign-in/start?provider=nobody").await;

    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(nobody.status, 404);
}
