//! W3C Trace Context: what comes in, what is answered, what goes on to others.

use api::clock::Clock;
use serde_json::json;
use tests::{Issuer, Signer, TestApp, issuer::AUDIENCE};

use super::{CALLER, NAMED, TRACE};

#[tokio::test]
async fn an_answer_tells_its_span_in_the_callers_trace() {
    let app = TestApp::start().await;

    for flags in ["01", "00"] {
        let parent = format!("00-{TRACE}-{CALLER}-{flags}");
        let reply = app.public().with_header("traceparent", parent).ask(NAMED).await;

        let told = reply.headers["traceresponse"].to_str().unwrap();
        let [version, trace, span, sampled] = told.split('-').collect::<Vec<_>>()[..] else {
            panic!("{told}")
        };
        assert_eq!((version, trace, sampled), ("00", TRACE, flags));
        assert!(span.len() == 16 && span != CALLER, "{span}");
        assert_eq!(reply.body["extensions"]["traceId"], TRACE);
    }
}

#[tokio::test]
async fn a_request_without_a_trace_begins_one() {
    let app = TestApp::start().await;

    let (one, other) = (app.public().ask(NAMED).await, app.public().ask("{ nonsense }").await);

    let trace = one.body["extensions"]["traceId"].as_str().unwrap();
    let told = one.headers["traceresponse"].to_str().unwrap();
    assert!(told.starts_with(&format!("00-{trace}-")) && told.ends_with("-01"), "{told}");
    let fault = other.expect_fault("GRAPHQL_VALIDATION_FAILED");
    assert_ne!(fault["extensions"]["traceId"], trace);
}

#[tokio::test]
async fn a_sign_in_provider_learns_for_which_request_it_is_asked() {
    let signer = Signer::es256();
    let issuer = Issuer::start(&[&signer]).await;
    let app = TestApp::trusting([issuer.trust()]).await;
    let ends = app.clock.now().timestamp() + 300;
    let claims = json!({ "iss": issuer.url, "sub": "somebody", "aud": AUDIENCE, "exp": ends });
    let person = app.bearer(&signer.sign(&claims));
    let person = person.with_header("traceparent", format!("00-{TRACE}-{CALLER}-01"));

    let reply = person.with_header("tracestate", "vendor=secret").ask(NAMED).await;

    let span = reply.headers["traceresponse"].to_str().unwrap();
    assert_eq!(issuer.parents(), [span, span], "once for its description, once for its keys");
}
