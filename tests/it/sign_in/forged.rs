//! Tokens that are not good, each refused for what is wrong with it alone.

use axum::http::StatusCode;
use jsonwebtoken::Algorithm;
use ring::hmac;
use serde_json::{Value, json};
use tests::{
    Issuer, Signer, TestApp,
    issuer::{base64, message},
};

use super::{ask, claims, claims_but, expect_refused, house};

#[tokio::test]
async fn a_good_token_is_taken() {
    let (app, issuer, signer) = house().await;
    let header_of_old = json!({ "typ": "JWT", "alg": "ES256", "kid": signer.id });
    let claims = claims(&app, &issuer, "somebody");

    ask(&app, &signer.sign(&claims)).await.expect_ok();
    ask(&app, &signer.sign_as(&header_of_old, &claims)).await.expect_ok();
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    refuses("exp", |now| json!(now - 31), "this token has expired").await;
}

#[tokio::test]
async fn a_token_without_an_end_is_refused() {
    refuses("exp", |_| Value::Null, "this token is not good (any more)").await;
}

#[tokio::test]
async fn a_token_that_ends_in_a_century_is_refused() {
    let told = "this token lives longer than this server allows";
    refuses("exp", |now| json!(now + 3_155_760_000), told).await;
}

#[tokio::test]
async fn a_token_of_tomorrow_is_refused() {
    refuses("nbf", |now| json!(now + 31), "this token is not good yet").await;
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    let told = "this token is for another audience";
    refuses("aud", |_| json!("https://camket.test/"), told).await;
}

#[tokio::test]
async fn a_token_of_an_unknown_issuer_is_refused() {
    let told = "this token is not good (any more)";
    refuses("iss", |_| json!("https://id.example"), told).await;
}

#[tokio::test]
async fn a_token_of_one_issuer_is_not_taken_for_one_of_another() {
    let (one, two) = (Signer::es256(), Signer::es256());
    let (first, second) = (Issuer::start(&[&one]).await, Issuer::start(&[&two]).await);
    let app = TestApp::trusting([first.trust(), second.trust()]).await;
    let claims = claims(&app, &first, "somebody");

    expect_refused(&ask(&app, &two.sign(&claims)).await);
    let borrowed = json!({ "alg": "ES256", "kid": one.id });
    expect_refused(&ask(&app, &two.sign_as(&borrowed, &claims)).await);
    ask(&app, &one.sign(&claims)).await.expect_ok();
}

#[tokio::test]
async fn a_token_without_a_subject_is_refused() {
    refuses("sub", |_| json!(""), "this token has no usable subject").await;
}

#[tokio::test]
async fn a_token_that_is_not_signed_is_refused() {
    let (app, issuer, signer) = house().await;
    let claims = claims(&app, &issuer, "somebody");

    for algorithm in ["none", "None", "NONE"] {
        let header = json!({ "typ": "at+jwt", "alg": algorithm, "kid": signer.id });
        expect_refused(&ask(&app, &format!("{}.", message(&header, &claims))).await);
        expect_refused(&ask(&app, &signer.sign_as(&header, &claims)).await);
    }
    expect_refused(&ask(&app, &format!("{}.", message(&signer.header(), &claims))).await);
}

#[tokio::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    let (app, issuer, signer) = house().await;
    let claims = claims(&app, &issuer, "somebody");
    let header = json!({ "typ": "at+jwt", "alg": "HS256", "kid": signer.id });
    let message = message(&header, &claims);
    let part = |name: &str| signer.public[name].as_str().unwrap().to_owned();

    for secret in [signer.public.to_string(), part("x"), part("y"), part("x") + &part("y")] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = base64(hmac::sign(&key, message.as_bytes()).as_ref());
        expect_refused(&ask(&app, &format!("{message}.{signature}")).await);
    }
}

#[tokio::test]
async fn a_symmetric_key_that_a_provider_publishes_signs_nothing() {
    let (app, issuer, signer) = house().await;
    let secret = json!({ "kty": "oct", "kid": "shared", "k": base64(b"secret"), "alg": "HS256" });
    issuer.publish_as_they_are(vec![secret, signer.public.clone()]);
    let claims = claims(&app, &issuer, "somebody");
    let message = message(&json!({ "alg": "HS256", "kid": "shared" }), &claims);
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
    let signature = base64(hmac::sign(&key, message.as_bytes()).as_ref());

    ask(&app, &signer.sign(&claims)).await.expect_ok();
    expect_refused(&ask(&app, &format!("{message}.{signature}")).await);
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    let (app, issuer, _) = house().await;
    let token = Signer::es256().sign(&claims(&app, &issuer, "somebody"));

    expect_refused(&ask(&app, &token).await);
}

#[tokio::test]
async fn a_key_that_a_token_brings_along_is_not_believed() {
    let (app, issuer, _) = house().await;
    let (thief, lair) = (Signer::es256(), Issuer::start(&[]).await);
    let header = json!({
        "alg": "ES256", "kid": thief.id, "jwk": thief.public, "jku": format!("{}/keys", lair.url),
    });

    let reply = ask(&app, &thief.sign_as(&header, &claims(&app, &issuer, "somebody"))).await;

    expect_refused(&reply);
    assert_eq!(lair.asked(), 0);
}

#[tokio::test]
async fn an_algorithm_that_is_not_pinned_is_refused_whoever_signs() {
    let (one, other) = (Signer::es256(), Signer::ed25519());
    let issuer = Issuer::start(&[&one, &other]).await;
    let mut both = issuer.trust();
    both.algorithms.push(Algorithm::EdDSA);
    let narrow = TestApp::trusting([issuer.trust()]).await;
    let wide = TestApp::trusting([both]).await;
    let token = other.sign(&claims(&narrow, &issuer, "somebody"));

    expect_refused(&ask(&narrow, &token).await);
    ask(&wide, &token).await.expect_ok();
}

#[tokio::test]
async fn a_key_for_something_else_signs_no_token() {
    let (app, issuer, signer) = house().await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));

    for (name, value) in
        [("use", json!("enc")), ("key_ops", json!(["encrypt"])), ("alg", json!("ES384"))]
    {
        let mut key = signer.public.clone();
        key[name] = value;
        issuer.publish_as_they_are(vec![key]);
        app.clock.advance(chrono::TimeDelta::seconds(30));
        expect_refused(&ask(&app, &token).await);
    }
    issuer.publish(&[&signer]);
    app.clock.advance(chrono::TimeDelta::seconds(30));
    ask(&app, &token).await.expect_ok();
}

#[tokio::test]
async fn a_token_of_another_type_or_with_rules_of_its_own_is_refused() {
    let (app, issuer, signer) = house().await;
    let claims = claims(&app, &issuer, "somebody");

    for (name, value) in [
        ("typ", json!("camket-statement+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!("dpop+jwt")),
        ("crit", json!(["b64"])),
    ] {
        let mut header = signer.header();
        header[name] = value.clone();
        let reply = ask(&app, &signer.sign_as(&header, &claims)).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{name} {value}");
    }
}

#[tokio::test]
async fn a_token_that_was_changed_is_refused() {
    let (app, issuer, signer) = house().await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));
    let other = signer.sign(&claims(&app, &issuer, "somebody-else"));
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (other_head, _) = other.rsplit_once('.').unwrap();

    for changed in [
        format!("{other_head}.{signature}"),
        format!("{head}.{}", base64(&[0; 64])),
        format!("{head}.{}", &signature[4..]),
        format!("{head}."),
        format!("{token}="),
    ] {
        expect_refused(&ask(&app, &changed).await);
    }
    ask(&app, &token).await.expect_ok();
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let (app, issuer, signer) = house().await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));

    for text in [
        token.replace('.', ""),
        token.replacen('.', "", 1),
        format!("{token}.{token}"),
        format!(".{token}"),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{}.{}.", base64(b"[]"), base64(b"[]")),
        format!("{}.{}.x", base64(b"\xff"), base64("[".repeat(2000).as_bytes())),
    ] {
        expect_refused(&ask(&app, &text).await);
    }
    assert_eq!(issuer.asked(), 0, "a provider was asked about what is no token");
}

#[tokio::test]
async fn a_token_that_is_too_long_is_refused_unread() {
    let (app, issuer, signer) = house().await;
    let longest = claims_but(&app, &issuer, "groups", json!("x".repeat(5_700)));
    let longer = claims_but(&app, &issuer, "groups", json!("x".repeat(6_200)));

    let taken = ask(&app, &signer.sign(&longest)).await;
    let refused = ask(&app, &signer.sign(&longer)).await;

    taken.expect_ok();
    expect_refused(&refused);
    assert_eq!(refused.errors()[0]["message"], "this token is too long");
}

/// Refuses a token that differs from a good one in this claim alone, saying why.
async fn refuses(name: &str, value: impl FnOnce(i64) -> Value, told: &str) {
    let (app, issuer, signer) = house().await;
    let now = api::clock::Clock::now(&*app.clock).timestamp();
    let token = signer.sign(&claims_but(&app, &issuer, name, value(now)));

    let reply = ask(&app, &token).await;

    expect_refused(&reply);
    assert_eq!(reply.errors()[0]["message"], told);
}
