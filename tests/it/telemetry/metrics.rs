//! `/metrics`: what is counted, under which names, and who may read it.

use std::net::SocketAddr;

use api::{
    config::Http,
    graphql::guard::Limits,
    http::{Hosts, router},
};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, StatusCode},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tests::{HOST, TestApp};
use tower::ServiceExt;

use super::{NAMED, posted, scrape, scrape_from};

#[tokio::test]
async fn operations_are_counted_and_timed_by_names_that_are_known() {
    let app = TestApp::start().await;
    let (public, bank) = (app.public(), app.bank().await);
    let registered = "query Registered { __typename }";
    app.operation(bank.party(), "Registered", registered).await;

    for _ in 0..3 {
        public.ask(NAMED).await.expect_ok();
    }
    public.ask(registered).await.expect_ok();
    assert_eq!(bank.call("Registered", json!({})).await.status, StatusCode::OK);
    for number in 0..20 {
        public.ask(&format!("query Mine{number} {{ __typename }}")).await.expect_ok();
    }
    public.ask("mutation { __typename }").await.expect_ok();
    public.ask("{ nonsense }").await.expect_fault("GRAPHQL_VALIDATION_FAILED");

    let metrics = scrape(&app).await;
    assert_eq!(metrics.of_operation("WhoAmI", "query", "ok"), Some(3.0));
    assert_eq!(metrics.of_operation("Registered", "query", "ok"), Some(1.0));
    assert_eq!(metrics.of_operation("other", "query", "ok"), Some(21.0));
    assert_eq!(metrics.of_operation("other", "mutation", "ok"), Some(1.0));
    let of_name = "{operation=\"WhoAmI\",kind=\"query\"}";
    assert_eq!(metrics.at(&format!("operation_duration_seconds_count{of_name}")), Some(3.0));
    let took = metrics.at(&format!("operation_duration_seconds_sum{of_name}"));
    assert!(took.is_some_and(|seconds| seconds > 0.0), "{took:?}");
    assert!(!metrics.0.contains("Mine"), "a name that a client chose is a label");
    assert_eq!(metrics.at("errors_total{code=\"GRAPHQL_VALIDATION_FAILED\"}"), Some(1.0));
    assert_eq!(metrics.at("http_responses_total{status=\"200\"}"), Some(27.0));
}

#[tokio::test]
async fn an_operation_that_fails_and_one_that_nobody_waits_for_are_told_apart() {
    let app = TestApp::start().await;

    let waits = posted("query WhoAmI { parties(first: 1) { totalCount } }");
    let wrong = "query WhoAmI { events(first: 1, after: \"nonsense\") { hasMore } }";

    app.bank().await.ask(wrong).await.expect_fault("BAD_USER_INPUT");
    app.bearer("nonsense").ask(NAMED).await.expect_fault("UNAUTHENTICATED");
    tokio::select! {
        biased;
        _ = app.router.clone().oneshot(waits) => panic!("it did not have to wait"),
        () = std::future::ready(()) => {}
    }

    let metrics = scrape(&app).await;
    assert_eq!(metrics.of_operation("WhoAmI", "query", "error"), Some(1.0));
    assert_eq!(metrics.of_operation("WhoAmI", "query", "cancelled"), Some(1.0));
    assert_eq!(metrics.at("errors_total{code=\"UNAUTHENTICATED\"}"), Some(1.0));
    assert_eq!(metrics.at("http_responses_total{status=\"401\"}"), Some(1.0));
}

#[tokio::test]
async fn failed_sign_ins_and_slowed_ones_are_counted() {
    let app = TestApp::start().await;
    let guesser = app.bearer("nonsense").at_address("203.0.113.5");

    for _ in 0..25 {
        guesser.ask(NAMED).await;
    }

    let metrics = scrape(&app).await;
    let (failed, slowed) = (metrics.at("sign_in_failed_total"), metrics.at("sign_in_slowed_total"));
    assert_eq!((failed, slowed), (Some(20.0), Some(5.0)));
    assert!(!metrics.0.contains("203.0.113.5"));
}

#[tokio::test]
async fn the_database_tells_its_statements_connections_and_the_end_of_the_log() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let before = scrape(&app).await;

    let note = "mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
        invitation { id } userErrors { code } } }";
    let input = json!({
        "partyId": manager.party().id.to_string(), "role": "VIEWER", "label": "Phòng Kế hoạch",
        "idempotencyKey": app.key(),
    });
    let sent = app
        .statements(async {
            manager.act(note, input).await.expect_ok();
        })
        .await;
    let nonsense = Statement::from_string(app.db().reader().get_database_backend(), "SELECT x");
    app.db().reader().query_one_raw(nonsense).await.unwrap_err();

    let after = scrape(&app).await;
    let grown = |series: &str| after.at(series).unwrap() - before.at(series).unwrap();
    // Beside the act's, the one that failed and those of a scrape.
    let counted = grown("sql_statement_duration_seconds_count");
    assert!(sent.len() > 2 && counted > f64::from(u32::try_from(sent.len()).unwrap()), "{counted}");
    assert_eq!(grown("sql_statements_failed_total"), 1.0);
    assert_eq!(grown("event_log_position"), 1.0);
    assert_eq!(after.at("database_up"), Some(1.0));
    let pools: &[&str] = if tests::is_postgres() { &["all"] } else { &["readers", "writer"] };
    for pool in pools {
        let of =
            |state| after.at(&format!("database_connections{{pool=\"{pool}\",state=\"{state}\"}}"));
        let (idle, in_use, most) =
            (of("idle").unwrap(), of("in_use").unwrap(), of("most").unwrap());
        assert!(idle + in_use >= 1.0 && idle + in_use <= most, "{pool}: {idle} {in_use} {most}");
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_told_by_metrics_and_probe() {
    let app = TestApp::start().await;
    app.db().clone().close().await.unwrap();

    let metrics = scrape(&app).await;
    let ready = app.send(Request::get("/readyz").body(Body::empty()).unwrap()).await;

    assert_eq!(metrics.at("database_up"), Some(0.0));
    assert_eq!(metrics.at("event_log_position"), None);
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.body, json!({ "database": "away" }));
}

#[tokio::test]
async fn streams_and_limits_are_counted_where_they_are() {
    let limits = Limits { streams: 2, ..Limits::default() };
    let app = TestApp::limited(limits).await;
    let mut socket = app.bank().await.connected().await;
    for id in ["1", "2"] {
        socket.subscribe(id, "subscription { events { cursor } }", json!({})).await;
    }
    // The socket is one stream, so one of the two is one too many.
    assert_eq!(socket.hear().await.said()["type"], "error");

    let metrics = scrape(&app).await;
    assert_eq!(metrics.at("subscriptions{transport=\"websocket\"}"), Some(1.0));
    assert_eq!(metrics.at("limited_total{reason=\"streams\"}"), Some(1.0));
    assert_eq!(metrics.at("budget_fallbacks_total"), Some(0.0));
    drop(socket);
    while scrape(&app).await.at("subscriptions{transport=\"websocket\"}") != Some(0.0) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn two_servers_of_one_process_count_apart() {
    let (one, other) = (TestApp::start().await, TestApp::start().await);

    one.public().ask(NAMED).await.expect_ok();

    assert_eq!(scrape(&one).await.of_operation("WhoAmI", "query", "ok"), Some(1.0));
    assert_eq!(scrape(&other).await.of_operation("WhoAmI", "query", "ok"), None);
}

#[tokio::test]
async fn only_this_machine_reads_metrics_unless_others_are_named() {
    let app = TestApp::start().await;

    for (address, status) in [
        (Some("127.0.0.1"), 200),
        (Some("127.9.9.9"), 200),
        (Some("::1"), 200),
        (Some("10.0.0.1"), 404),
        (Some("203.0.113.5"), 404),
        (Some("2001:db8::1"), 404),
        (None, 404),
    ] {
        let reply = scrape_from(&app, address).await;
        assert_eq!(reply.status, status, "{address:?}");
        assert_eq!(reply.text.is_empty(), status == 404);
    }
}

#[tokio::test]
async fn whom_a_proxy_on_this_machine_passes_on_is_not_this_machine() {
    let app = TestApp::start().await;
    let mut settings = Http::default();
    settings.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
    let trusting = router(app.api.clone(), Hosts::new([HOST.to_owned()]), &settings);

    for (router, forwarded, status) in [
        (&app.router, None, 200),
        (&app.router, Some("203.0.113.5"), 404),
        (&app.router, Some("127.0.0.1"), 404),
        (&trusting, Some("203.0.113.5"), 404),
        (&trusting, Some("127.0.0.1, 203.0.113.5"), 404),
    ] {
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000)));
        let mut request = Request::get("/metrics").extension(peer).body(Body::empty()).unwrap();
        if let Some(client) = forwarded {
            let client = HeaderValue::from_str(client).unwrap();
            request.headers_mut().insert("x-forwarded-for", client);
        }
        let Ok(response) = router.clone().oneshot(request).await;
        assert_eq!(response.status(), status, "{forwarded:?}");
    }
}
