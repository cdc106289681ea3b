//! A provider's keys: asked for when they are needed, exchanged without a restart, kept while the
//! provider is away, and never asked for more often than now and then.

use std::time::Instant;

use chrono::TimeDelta;
use serde_json::json;
use tests::{Issuer, Signer, TestApp, issuer::Mood};

use super::{ask, claims, expect_away, expect_refused, house};

/// One look at the description and one at the keys.
const ONE_QUESTION: usize = 2;

#[tokio::test]
async fn a_new_key_is_taken_without_a_restart() {
    let (app, issuer, old) = house().await;
    let new = Signer::es256();
    ask(&app, &old.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    app.clock.advance(TimeDelta::seconds(30));
    issuer.publish(&[&new, &old]);

    for signer in [&new, &old] {
        ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    }

    assert_eq!(issuer.asked(), 2 * ONE_QUESTION);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_ends_within_the_hour() {
    let (app, issuer, old) = house().await;
    let new = Signer::es256();
    ask(&app, &old.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    issuer.publish(&[&new]);
    app.clock.advance(TimeDelta::hours(1));

    let reply = ask(&app, &old.sign(&claims(&app, &issuer, "somebody"))).await;

    expect_refused(&reply);
    ask(&app, &new.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
}

#[tokio::test]
async fn keys_that_are_known_are_not_asked_for_again_soon() {
    let (app, issuer, signer) = house().await;

    for _ in 0..9 {
        ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
        app.clock.advance(TimeDelta::minutes(1));
    }

    assert_eq!(issuer.asked(), ONE_QUESTION);
}

#[tokio::test]
async fn forged_keys_do_not_make_us_hammer_the_provider() {
    let (app, issuer, signer) = house().await;
    ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    app.clock.advance(TimeDelta::seconds(30));

    for number in 0..50 {
        let header = json!({ "alg": "ES256", "kid": format!("forged-{number}") });
        let token = signer.sign_as(&header, &claims(&app, &issuer, "somebody"));
        expect_refused(&ask(&app, &token).await);
    }

    assert_eq!(issuer.asked(), 2 * ONE_QUESTION);
    ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_ask_once() {
    let (app, issuer, signer) = house().await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));

    let asking: Vec<_> = (0..20)
        .map(|_| {
            let (app, token) = (app.clone(), token.clone());
            tokio::spawn(async move { ask(&app, &token).await })
        })
        .collect();
    for one in asking {
        one.await.unwrap().expect_ok();
    }

    assert_eq!(issuer.asked(), ONE_QUESTION);
}

#[tokio::test]
async fn known_keys_go_on_serving_while_the_provider_is_away() {
    let (app, issuer, signer) = house().await;
    ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    issuer.is(Mood::Away);

    for hours in [1, 12, 23] {
        app.clock.set_date(tests::FIRST_DAY);
        app.clock.advance(TimeDelta::hours(hours));
        ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    }
    app.clock.advance(TimeDelta::hours(1));
    let a_day_later = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;

    expect_away(&a_day_later);
}

#[tokio::test]
async fn without_any_key_nobody_can_say_whether_a_token_is_good() {
    let (app, issuer, signer) = house().await;
    issuer.is(Mood::Away);

    let away = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;
    issuer.is(Mood::Well);
    let too_soon = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;
    app.clock.advance(TimeDelta::seconds(5));
    let back = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;

    expect_away(&away);
    expect_away(&too_soon);
    back.expect_ok();
}

#[tokio::test]
async fn a_key_that_may_be_new_is_not_refused_while_the_provider_is_away() {
    let (app, issuer, signer) = house().await;
    ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();
    issuer.is(Mood::Away);
    app.clock.advance(TimeDelta::seconds(30));

    let reply = ask(&app, &Signer::es256().sign(&claims(&app, &issuer, "somebody"))).await;

    expect_away(&reply);
}

#[tokio::test]
async fn a_provider_that_never_answers_is_not_waited_for() {
    let (app, issuer, signer) = house().await;
    issuer.is(Mood::Silent);
    let begun = Instant::now();

    let reply = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;

    expect_away(&reply);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn whoever_calls_itself_otherwise_or_points_elsewhere_or_says_too_much_is_not_believed() {
    let signer = Signer::es256();
    let (issuer, other) = (Issuer::start(&[&signer]).await, Issuer::start(&[&signer]).await);

    for mood in [
        Mood::As(other.url.clone()),
        Mood::As(format!("{}/", issuer.url)),
        Mood::Elsewhere(format!("{}/.well-known/openid-configuration", other.url)),
        Mood::AtLength,
    ] {
        let app = TestApp::trusting([issuer.trust()]).await;
        issuer.is(mood.clone());
        let reply = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;
        assert_eq!(reply.status, 503, "{mood:?}: {}", reply.text);
    }
    assert_eq!(other.asked(), 0, "a redirection was followed");
}

#[tokio::test]
async fn a_provider_that_describes_nothing_is_asked_where_the_operator_says() {
    let signer = Signer::es256();
    let (issuer, keys) = (Issuer::start(&[]).await, Issuer::start(&[&signer]).await);
    issuer.is(Mood::Away);
    let mut trust = issuer.trust();
    trust.jwks_uri = Some(format!("{}/keys", keys.url).parse().unwrap());
    let app = TestApp::trusting([trust]).await;

    ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await.expect_ok();

    assert_eq!((issuer.asked(), keys.asked()), (0, 1));
}

#[tokio::test]
async fn a_token_without_a_key_id_means_the_only_key_there_is() {
    let (app, issuer, signer) = house().await;
    let nameless = json!({ "alg": "ES256" });

    let only = ask(&app, &signer.sign_as(&nameless, &claims(&app, &issuer, "somebody"))).await;
    issuer.publish(&[&signer, &Signer::es256()]);
    app.clock.advance(TimeDelta::hours(1));
    let one_of_two =
        ask(&app, &signer.sign_as(&nameless, &claims(&app, &issuer, "somebody"))).await;

    only.expect_ok();
    expect_refused(&one_of_two);
}
