//! What a replay shows: never an answer that was stored, always what its rights give today.

use axum::http::StatusCode;
use entity::{api_token, member::Role, party::Kind};
use tests::TestApp;

use super::{DEFINE, INVITE, ISSUE, bank, changed, invitation, records, token};

#[tokio::test]
async fn a_replay_shows_no_secret_and_no_code() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let (token, invitation) = (token(&app, manager.party()), invitation(&app, manager.party()));
    let issued = manager.act(ISSUE, token.clone()).await;
    let invited = manager.act(INVITE, invitation.clone()).await;

    let issued_again = manager.act(ISSUE, token).await;
    let invited_again = manager.act(INVITE, invitation).await;

    assert!(issued.at("/issueToken/secret").is_string());
    assert!(invited.at("/inviteMember/code").is_string());
    assert_eq!(issued_again.expect_ok()["issueToken"]["replayed"], true);
    assert!(issued_again.at("/issueToken/secret").is_null());
    assert_eq!(issued_again.at("/issueToken/apiToken"), issued.at("/issueToken/apiToken"));
    assert_eq!(invited_again.expect_ok()["inviteMember"]["replayed"], true);
    assert!(invited_again.at("/inviteMember/code").is_null());
    assert_eq!(
        invited_again.at("/inviteMember/invitation"),
        invited.at("/inviteMember/invitation")
    );
}

#[tokio::test]
async fn a_replay_shows_the_object_as_it_is_now_and_as_it_is_asked_for() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    manager.act(ISSUE, input.clone()).await.expect_ok();
    app.sql("UPDATE api_token SET label = 'Tên mới', version = 2").await.unwrap();
    let other_selection = "mutation ($input: IssueTokenInput!) { again: issueToken(input: $input) {
        apiToken { version party { code } } replayed } }";

    let same = manager.act(ISSUE, input.clone()).await;
    let other = manager.act(other_selection, input).await;

    assert_eq!(same.at("/issueToken/apiToken/label"), "Tên mới");
    assert_eq!(other.at("/again/replayed"), true);
    assert_eq!(other.at("/again/apiToken/version"), 2);
    assert_eq!(other.at("/again/apiToken/party/code"), &manager.party().code);
}

#[tokio::test]
async fn another_manager_of_the_party_replays_with_the_same_key() {
    let app = TestApp::start().await;
    let one = app.telecom().await;
    let two = app.member_of(one.party()).await;
    let input = token(&app, one.party());
    one.act(ISSUE, input.clone()).await.expect_ok();

    let reply = two.act(ISSUE, input).await;

    assert_eq!(reply.expect_ok()["issueToken"]["replayed"], true);
    assert!(reply.at("/issueToken/secret").is_null());
    assert_eq!(app.all(api_token::Entity).await.len(), 1);
}

#[tokio::test]
async fn whoever_was_lowered_in_between_is_forbidden() {
    let app = TestApp::start().await;
    let (manager, coordinator) = (app.telecom().await, app.coordinator().await);
    let (token, party) = (token(&app, manager.party()), bank(&app, "NH-MOI"));
    manager.act(ISSUE, token.clone()).await.expect_ok();
    coordinator.act(DEFINE, party.clone()).await.expect_ok();

    for role in ["REPORTER", "VIEWER"] {
        app.sql(&format!("UPDATE member SET role = '{role}'")).await.unwrap();
        let issued = manager.act(ISSUE, token.clone()).await;
        let defined = coordinator.act(DEFINE, party.clone()).await;

        issued.expect_refusal("FORBIDDEN");
        assert!(issued.at("/issueToken/apiToken").is_null());
        defined.expect_refusal("FORBIDDEN");
        assert!(defined.at("/defineParty/party").is_null());
    }
}

#[tokio::test]
async fn whoever_was_removed_in_between_is_forbidden() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    manager.act(ISSUE, input.clone()).await.expect_ok();
    app.sql("UPDATE member SET removed_at = joined_at").await.unwrap();

    let reply = manager.act(ISSUE, input).await;

    reply.expect_refusal("FORBIDDEN");
    assert!(reply.at("/issueToken/apiToken").is_null());
}

#[tokio::test]
async fn a_system_whose_token_was_revoked_in_between_is_not_known() {
    let app = TestApp::start().await;
    let system = app.telecom().by_token().await;
    let input = token(&app, system.party());
    system.act(ISSUE, input.clone()).await.expect_ok();
    app.sql("UPDATE api_token SET revoked_at = created_at").await.unwrap();

    let reply = system.act(ISSUE, input).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    reply.expect_fault("UNAUTHENTICATED");
}

#[tokio::test]
async fn a_party_that_has_ended_replays_nothing() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).valid("2025-07-01", Some("2026-12-01")).await;
    let manager = app.member_of(&party).await;
    let input = token(&app, &party);
    manager.act(ISSUE, input.clone()).await.expect_ok();
    app.clock.set_date("2026-12-01");

    let reply = manager.act(ISSUE, input).await;

    reply.expect_refusal("FORBIDDEN");
}

#[tokio::test]
async fn an_object_that_is_no_longer_to_be_seen_is_null_in_a_replay() {
    let app = TestApp::start().await;
    let (manager, other) = (app.telecom().await, app.bank().await);
    let input = token(&app, manager.party());
    manager.act(ISSUE, input.clone()).await.expect_ok();
    let moved = format!(
        "UPDATE api_token SET party_id = (SELECT id FROM party WHERE code = '{}')",
        other.party().code
    );
    app.sql(&moved).await.unwrap();

    let reply = manager.act(ISSUE, input).await;

    assert_eq!(reply.expect_ok()["issueToken"]["replayed"], true);
    assert!(reply.at("/issueToken/apiToken").is_null());
    assert_eq!(app.all(api_token::Entity).await.len(), 1);
}

#[tokio::test]
async fn a_refusal_uses_up_no_key() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    let reporter = app.member_of(manager.party()).with_role(Role::Reporter).await;

    let too_long = manager.act(ISSUE, changed(&input, "expiresInDays", 400)).await;
    let forbidden = reporter.act(ISSUE, input.clone()).await;
    let nowhere = manager.act(ISSUE, changed(&input, "partyId", "nonsense")).await;
    let kept = records(&app).await;
    let mended = manager.act(ISSUE, input).await;

    too_long.expect_refusal_at("OUT_OF_RANGE", "expiresInDays");
    forbidden.expect_refusal("FORBIDDEN");
    nowhere.expect_refusal_at("NOT_FOUND", "partyId");
    assert_eq!(kept, 0);
    assert_eq!(mended.expect_ok()["issueToken"]["replayed"], false);
    assert_eq!(records(&app).await, 1);
}

#[tokio::test]
async fn a_mismatch_leaves_the_first_record_as_it_was() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    manager.act(ISSUE, input.clone()).await.expect_ok();

    for (field, value) in [("role", "VIEWER"), ("label", "Khác")] {
        let reply = manager.act(ISSUE, changed(&input, field, value)).await;
        reply.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
        assert!(
            reply.at("/issueToken/apiToken").is_null() && reply.at("/issueToken/secret").is_null()
        );
    }
    let again = manager.act(ISSUE, input).await;

    assert_eq!(again.expect_ok()["issueToken"]["replayed"], true);
    assert_eq!((app.all(api_token::Entity).await.len(), records(&app).await), (1, 1));
}
