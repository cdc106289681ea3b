//! The door: what a request must look like, who may knock, and for whom.

use api::{
    config::Http,
    http::{Hosts, router},
};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header, request},
};
use entity::{member::Role, party::Kind};
use serde_json::json;
use tests::{HOST, Reply, TestApp};
use tower::ServiceExt;

const WHO: &str = "{ viewer { party { code } } }";

#[tokio::test]
async fn only_json_is_taken() {
    let app = TestApp::start().await;

    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let body = Body::from(json!({ "query": WHO }).to_string());
        let request = post().header(header::CONTENT_TYPE, content_type).body(body).unwrap();
        let reply = app.send(request).await;

        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        reply.expect_fault("BAD_USER_INPUT");
    }
    let reply = app.send(post().body(Body::from("{}")).unwrap()).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "no content type");
}

#[tokio::test]
async fn a_json_content_type_may_have_parameters() {
    let app = TestApp::start().await;

    let body = Body::from(json!({ "query": "{ __typename }" }).to_string());
    let content_type = "Application/JSON; charset=utf-8";
    let reply = app.send(post().header(header::CONTENT_TYPE, content_type).body(body).unwrap());

    assert_eq!(reply.await.expect_ok()["__typename"], "Query");
}

#[tokio::test]
async fn an_offer_of_http_2_is_passed_over() {
    let app = TestApp::start().await;

    let mut request = json_request(&json!({ "query": "{ __typename }" }).to_string());
    let headers = request.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade, HTTP2-Settings"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("h2c"));
    headers.insert("http2-settings", HeaderValue::from_static("AAEAAEAAAAIAAAAB"));
    let reply = app.send(request).await;

    assert_eq!(reply.expect_ok()["__typename"], "Query");
}

#[tokio::test]
async fn a_body_that_is_not_one_request_is_refused() {
    let app = TestApp::start().await;

    for body in [
        "",
        "not json",
        "null",
        "{}",
        "{\"query\":1}",
        "[]",
        "[\"{ __typename }\"]",
        "[{\"query\":\"{ __typename }\"}]",
    ] {
        let reply = app.send(json_request(body)).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}: {}", reply.text);
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_refused() {
    let app = TestApp::start().await;

    let body = json!({ "query": format!("{{ __typename }} #{}", "x".repeat(1 << 20)) });
    let reply = app.send(json_request(&body.to_string())).await;

    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn get_executes_queries_alone() {
    let app = TestApp::start().await;
    let who = "query=query%20Q(%24c%3AString!)%7Bparty(by%3A%7Bcode%3A%24c%7D)%7Bid%7D%7D";
    let asked = "&variables=%7B%22c%22%3A%22X%22%7D&operationName=Q&extensions=%7B%7D";

    let query = app.send(get_request(&format!("{who}{asked}"), &[PREFLIGHT])).await;
    let mutation = app.send(get_request("query=mutation%7B__typename%7D", &[PREFLIGHT])).await;

    assert!(query.expect_ok()["party"].is_null());
    assert_eq!(mutation.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(mutation.headers[header::ALLOW], "POST");
    mutation.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn a_get_that_makes_no_sense_is_refused() {
    let app = TestApp::start().await;

    for query in [
        "",
        "variables=%7B%7D",
        "query=",
        "query=%7B__typename%7D&variables=7",
        "query=%7B__typename%7D&variables=%5B%5D",
        "query=%7B__typename%7D&extensions=7",
        "query=%7B__typename%7D&query=%7B__typename%7D",
    ] {
        let reply = app.send(get_request(query, &[PREFLIGHT])).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn what_another_site_can_make_a_browser_send_is_not_executed() {
    let app = TestApp::start().await;
    let name = "query=%7B__typename%7D";
    let graphql = "application/graphql-response+json";

    for simple in [
        &[][..],
        &[("accept", "text/html,*/*;q=0.8")],
        &[("accept", "*/*"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-site", "cross-site")],
        &[("accept", graphql), ("sec-fetch-mode", "no-cors")],
        &[("accept", "*/*"), ("sec-fetch-mode", "navigate")],
        &[("content-type", "text/plain")],
    ] {
        let reply = app.send(get_request(name, simple)).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{simple:?}");
        reply.expect_fault("BAD_USER_INPUT");
    }
    for asked in [
        &[PREFLIGHT][..],
        &[("x-requested-with", "XMLHttpRequest")],
        &[("sec-fetch-mode", "cors")],
        &[("sec-fetch-mode", "same-origin")],
        &[("accept", graphql)],
    ] {
        app.send(get_request(name, asked)).await.expect_ok();
    }
}

#[tokio::test]
async fn the_media_type_and_the_status_follow_what_is_accepted() {
    let app = TestApp::start().await;
    let (old, new) = ("application/json", "application/graphql-response+json");
    let uncoerced = "query ($id: ID!) { node(id: $id) { id } }";

    for (accept, query, status, is_executed) in [
        (new, "{ __typename }", 200, true),
        (old, "{ __typename }", 200, true),
        (new, "{", 400, false),
        (old, "{", 200, false),
        (new, "{ nothing }", 400, false),
        (old, "{ nothing }", 200, false),
        (new, uncoerced, 400, false),
        (old, uncoerced, 200, false),
        (new, "{ parties { totalCount } }", 200, true),
        (old, "{ parties { totalCount } }", 200, true),
        ("text/html", "{ __typename }", 406, false),
        ("application/json;q=0", "{ __typename }", 406, false),
    ] {
        let reply = app.public().with_header("accept", accept).ask(query).await;

        assert_eq!(reply.status.as_u16(), status, "{accept} {query}: {}", reply.text);
        assert_eq!(reply.body.get("data").is_some(), is_executed, "{accept} {query}");
        let media = if accept == new { new } else { old };
        assert_eq!(reply.headers[header::CONTENT_TYPE], format!("{media}; charset=utf-8"));
    }
}

#[tokio::test]
async fn null_stands_for_what_is_not_sent_and_other_things_may_be_sent() {
    let app = TestApp::start().await;

    for body in [
        json!({ "query": "{ __typename }", "variables": null, "operationName": null }),
        json!({ "query": "{ __typename }", "extensions": null, "other": [1] }),
        json!({ "query": "{ __typename }", "extensions": { "some": "value" } }),
    ] {
        app.send(json_request(&body.to_string())).await.expect_ok();
    }
}

#[tokio::test]
async fn json_is_utf_8() {
    let app = TestApp::start().await;

    let body = Body::from(json!({ "query": "{ __typename }" }).to_string());
    let latin = "application/json; charset=iso-8859-1";
    let reply = app.send(post().header(header::CONTENT_TYPE, latin).body(body).unwrap()).await;

    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_those_who_take_it() {
    let app = TestApp::start().await;
    let member = app.bank().await.with_header("accept-encoding", "gzip");

    let large = member.ask(tests::introspection::QUERY).await;
    let small = member.ask("{ __typename }").await;

    assert_eq!(large.headers[header::CONTENT_ENCODING], "gzip");
    assert!(!small.headers.contains_key(header::CONTENT_ENCODING));
}

#[tokio::test]
async fn a_browser_is_told_to_take_answers_for_what_they_are() {
    let app = TestApp::start().await;

    for reply in [app.public().ask("{ __typename }").await, get(&app, "/livez").await] {
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(reply.headers[header::X_FRAME_OPTIONS], "DENY");
        assert_eq!(reply.headers[header::REFERRER_POLICY], "no-referrer");
        let policy = &reply.headers[header::CONTENT_SECURITY_POLICY];
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn scripts_of_other_origins_are_let_in_where_they_are_named() {
    let app = TestApp::start().await;
    let portal = "https://portal.example.vn";
    let mut settings = Http::default();
    settings.origins = vec![portal.to_owned()];
    let router = router(app.api.clone(), Hosts::new([HOST.to_owned()]), &settings);
    let from = |origin: &'static str, method: Method| {
        let mut request = with_headers(&[
            ("host", HOST),
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ]);
        *request.method_mut() = method;
        router.clone().oneshot(request)
    };

    let preflight = from(portal, Method::OPTIONS).await.unwrap();
    let request = from(portal, Method::POST).await.unwrap();
    let foreign = from("https://evil.example", Method::OPTIONS).await.unwrap();

    assert_eq!((preflight.status(), request.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(preflight.headers()["access-control-allow-origin"], portal);
    let allowed = preflight.headers()["access-control-allow-headers"].to_str().unwrap();
    assert!(allowed.contains("authorization") && allowed.contains("camket-party"), "{allowed}");
    assert_eq!(request.headers()["access-control-allow-origin"], portal);
    assert_eq!(foreign.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn another_host_or_origin_gets_nothing() {
    let app = TestApp::start().await;

    let rebound = with_headers(&[("host", "evil.example")]);
    let foreign = with_headers(&[("host", HOST), ("origin", "https://evil.example")]);
    let opaque = with_headers(&[("host", HOST), ("origin", "null")]);
    let missing = with_headers(&[]);
    for request in [rebound, foreign, opaque, missing] {
        let reply = app.send(request).await;
        assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{}", reply.text);
    }

    let ours = with_headers(&[("host", HOST), ("origin", &format!("http://{HOST}"))]);
    app.send(ours).await.expect_ok();
}

#[tokio::test]
async fn a_token_that_is_not_good_is_a_fault_and_never_the_public() {
    let app = TestApp::start().await;

    for bearer in ["", "nonsense", "camket_00000000000000000000000000000000", "persona-9999"] {
        let reply = app.bearer(bearer).ask("{ __typename }").await;

        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{bearer}");
        reply.expect_fault("UNAUTHENTICATED");
        assert!(reply.data().is_null());
    }
}

#[tokio::test]
async fn another_scheme_or_two_credentials_are_faults() {
    let app = TestApp::start().await;
    let someone = app.telecom().await;
    let bearer = format!("Bearer {}", someone.bearer().unwrap());

    let basic = app.public().with_header("authorization", "Basic eDp5").ask(WHO).await;
    let twice = someone.clone().with_header("authorization", bearer).ask(WHO).await;

    for reply in [basic, twice] {
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        reply.expect_fault("UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn somebody_with_one_membership_acts_for_that_party() {
    let app = TestApp::start().await;
    let bank = app.bank().await;

    let reply = bank.ask(WHO).await;

    reply.expect_ok();
    assert_eq!(reply.at("/viewer/party/code"), &bank.party().code);
}

#[tokio::test]
async fn somebody_with_two_memberships_names_the_party() {
    let app = TestApp::start().await;
    let person = app.bank().await;
    let union = app.party(Kind::MassOrganization).await;
    person.joins(&union, Role::Viewer).await;

    let unnamed = person.ask(WHO).await;
    let as_bank = person.clone().acting_for(person.party()).ask(WHO).await;
    let as_union = person.clone().acting_for(&union).ask(WHO).await;

    assert!(unnamed.at("/viewer/party").is_null());
    assert_eq!(as_bank.at("/viewer/party/code"), &person.party().code);
    assert_eq!(as_union.at("/viewer/party/code"), &union.code);
}

#[tokio::test]
async fn nobody_acts_for_a_party_that_is_not_theirs() {
    let app = TestApp::start().await;
    let (person, system) = (app.bank().await, app.bank().by_token().await);
    let other = app.party(Kind::Bank).await;

    for actor in [person, system] {
        let reply = actor.acting_for(&other).ask(WHO).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        reply.expect_fault("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_removed_member_acts_for_nobody() {
    let app = TestApp::start().await;
    let person = app.bank().await;
    person.ask(WHO).await.expect_ok();
    app.sql("UPDATE member SET removed_at = joined_at").await.unwrap();

    let reply = person.ask(WHO).await;

    assert!(reply.at("/viewer/party").is_null());
}

#[tokio::test]
async fn messages_follow_the_language_of_the_request() {
    let app = TestApp::start().await;
    let stranger = app.telecom().await;
    let input =
        json!({ "id": "party_00000000000000000000000000", "name": "X", "expectedVersion": 1 });
    let revise = "mutation ($input: RevisePartyInput!) {
        reviseParty(input: $input) { userErrors { code message } } }";

    let vietnamese = stranger.act(revise, input.clone()).await;
    let english = stranger.clone().in_english().act(revise, input.clone()).await;
    let preferred = stranger.with_header("accept-language", "fr, en;q=0.8, vi;q=0.5");
    let second_choice = preferred.act(revise, input).await;

    assert_eq!(vietnamese.expect_refusal("NOT_FOUND")["message"], "Không tìm thấy.");
    assert_eq!(english.expect_refusal("NOT_FOUND")["message"], "Not found.");
    assert_eq!(second_choice.expect_refusal("NOT_FOUND")["message"], "Not found.");
}

#[tokio::test]
async fn a_trace_id_of_the_caller_is_kept() {
    let app = TestApp::start().await;
    let caller = "0af7651916cd43dd8448eb211c80319c";
    let traced =
        app.public().with_header("traceparent", format!("00-{caller}-b7ad6b7169203331-01"));

    let error = traced.ask("{ nonsense }").await.expect_fault("GRAPHQL_VALIDATION_FAILED").clone();

    assert_eq!(error["extensions"]["traceId"], caller);
}

#[tokio::test]
async fn answers_are_not_stored_by_anybody_on_the_way() {
    let app = TestApp::start().await;

    let reply = app.public().ask("{ __typename }").await;

    assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
}

#[tokio::test]
async fn health_says_whether_the_database_answers() {
    let app = TestApp::start().await;

    let live = get(&app, "/livez").await;
    let ready = get(&app, "/readyz").await;

    assert_eq!((live.status, live.text.as_str()), (StatusCode::OK, "ok"));
    assert_eq!((ready.status, &ready.body), (StatusCode::OK, &json!({ "database": "ok" })));
}

#[tokio::test]
async fn a_document_that_does_not_parse_is_a_fault_with_a_code() {
    let app = TestApp::start().await;

    let parse = app.public().ask("{ parties(").await;
    let validation = app.public().ask("{ nothing }").await;
    let argument = app.public().ask("{ parties { nodes { id } } }").await;

    parse.expect_fault("GRAPHQL_PARSE_FAILED");
    validation.expect_fault("GRAPHQL_VALIDATION_FAILED");
    argument.expect_fault("BAD_USER_INPUT");
}

fn post() -> request::Builder {
    Request::post("/graphql").header(header::HOST, HOST)
}

fn json_request(body: &str) -> Request<Body> {
    let request = post().header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_owned())).unwrap()
}

fn with_headers(headers: &[(&'static str, &str)]) -> Request<Body> {
    let mut request = json_request("{\"query\":\"{ __typename }\"}");
    request.headers_mut().remove(header::HOST);
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_str(value).unwrap());
    }
    request
}

/// What makes a browser ask before it sends a request across sites.
const PREFLIGHT: (&str, &str) = ("graphql-require-preflight", "1");

fn get_request(query: &str, headers: &[(&'static str, &str)]) -> Request<Body> {
    let mut request = Request::get(format!("/graphql?{query}")).header(header::HOST, HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

async fn get(app: &TestApp, path: &str) -> Reply {
    let request = Request::get(path).header(header::HOST, HOST);
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn nul_is_refused_before_it_reaches_the_database() {
    let app = TestApp::start().await;
    let public = app.public();
    let by_code = "query ($code: String!) { party(by: { code: $code }) { id } }";

    let variable = public.gql(by_code, json!({ "code": "a\u{0}b" })).await;
    let literal = public.ask("{ party(by: { code: \"a\\u0000b\" }) { id } }").await;

    for reply in [variable, literal] {
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        reply.expect_fault("BAD_USER_INPUT");
    }
}
