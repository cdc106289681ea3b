//! What makes two requests the same: the acting party, the mutation, the key, and the input
//! however it is written down.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::{api_token, id::ApiTokenId, invitation};
use serde_json::{Value, json};
use tests::{HOST, TestApp};
use uuid::Uuid;

use super::{DEFINE, INVITE, ISSUE, bank, changed, invitation, records, token};

#[tokio::test]
async fn the_same_key_of_another_party_has_an_effect_of_its_own() {
    let app = TestApp::start().await;
    let (one, two) = (app.telecom().await, app.telecom().await);
    let input = token(&app, one.party());
    one.act(ISSUE, input.clone()).await.expect_ok();

    let theirs = changed(&input, "partyId", two.party().id.to_string());
    let reply = two.act(ISSUE, theirs).await;

    assert_eq!(reply.expect_ok()["issueToken"]["replayed"], false);
    assert!(reply.at("/issueToken/secret").is_string());
    let parties: Vec<_> =
        app.all(api_token::Entity).await.into_iter().map(|row| row.party_id).collect();
    assert_eq!(parties.len(), 2);
    assert!(parties.contains(&one.party().id) && parties.contains(&two.party().id));
}

#[tokio::test]
async fn a_key_is_not_shared_by_two_mutations() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let token = token(&app, manager.party());
    let key = token["idempotencyKey"].clone();
    let invitation = changed(&invitation(&app, manager.party()), "idempotencyKey", key);

    let issued = manager.act(ISSUE, token).await;
    let invited = manager.act(INVITE, invitation).await;

    assert_eq!(issued.expect_ok()["issueToken"]["replayed"], false);
    assert_eq!(invited.expect_ok()["inviteMember"]["replayed"], false);
    assert_eq!(app.all(invitation::Entity).await.len(), 1);
    assert_eq!(records(&app).await, 2);
}

#[tokio::test]
async fn a_record_holds_the_id_that_was_made_and_the_hash_of_the_input() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());

    let reply = manager.act(ISSUE, input.clone()).await;

    let id: ApiTokenId = reply.text_at("/issueToken/apiToken/id").parse().unwrap();
    let record = &app.all(entity::idempotency::Entity).await[0];
    assert_eq!(record.outcome, json!(Uuid::from(id).to_string()));
    assert_eq!(input["idempotencyKey"], record.key.to_string());
    assert_eq!((record.party_id, &*record.mutation), (manager.party().id, "issueToken"));
    assert!(
        record.input_hash.len() == 64 && record.input_hash.bytes().all(|b| b.is_ascii_hexdigit())
    );
}

#[tokio::test]
async fn the_order_of_fields_does_not_matter() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    manager.act(ISSUE, input.clone()).await.expect_ok();

    // Written by hand, since a JSON object of the kit sorts its fields.
    let fields = input.as_object().unwrap().iter().rev();
    let fields: Vec<String> = fields.map(|(name, value)| format!("{name:?}:{value}")).collect();
    let (query, fields) = (json!(ISSUE), fields.join(","));
    let body = format!("{{\"query\":{query},\"variables\":{{\"input\":{{{fields}}}}}}}");
    let request = Request::post("/graphql")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {}", manager.bearer().unwrap()));
    let as_variables = app.send(request.body(Body::from(body)).unwrap()).await;
    let as_literals = manager.ask(&literal(&input, true)).await;

    assert_eq!(as_variables.expect_ok()["issueToken"]["replayed"], true);
    assert_eq!(as_literals.expect_ok()["issueToken"]["replayed"], true);
}

#[tokio::test]
async fn literals_and_variables_are_one_input_and_so_are_other_names() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    manager.ask(&literal(&input, false)).await.expect_ok();
    let renamed = "mutation Again($all: IssueTokenInput!) {
        second: issueToken(input: $all) { replayed userErrors { code } } }";
    let parts = "mutation ($party: ID!, $role: Role!, $scopes: [TokenScope!]!, $days: Int!,
        $key: UUID!) { issueToken(input: { idempotencyKey: $key, partyId: $party, role: $role,
        scopes: $scopes, expiresInDays: $days }) { replayed userErrors { code } } }";
    let values = json!({
        "party": input["partyId"], "role": input["role"], "scopes": input["scopes"],
        "days": input["expiresInDays"], "key": input["idempotencyKey"],
    });

    let whole = manager.act(ISSUE, input.clone()).await;
    let renamed = manager.gql(renamed, json!({ "all": input })).await;
    let parts = manager.gql(parts, values).await;

    assert_eq!(whole.expect_ok()["issueToken"]["replayed"], true);
    assert_eq!(renamed.expect_ok()["second"]["replayed"], true);
    assert_eq!(parts.expect_ok()["issueToken"]["replayed"], true);
    assert_eq!(app.all(api_token::Entity).await.len(), 1);
}

#[tokio::test]
async fn the_same_key_twice_in_one_document_makes_one_thing() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let twice = "mutation ($input: IssueTokenInput!) {
        one: issueToken(input: $input) { apiToken { id } secret replayed userErrors { code } }
        two: issueToken(input: $input) { apiToken { id } secret replayed userErrors { code } } }";

    let reply = manager.act(twice, token(&app, manager.party())).await;

    reply.expect_ok();
    assert_eq!(
        (reply.at("/one/replayed"), reply.at("/two/replayed")),
        (&json!(false), &json!(true))
    );
    assert_eq!(reply.at("/one/apiToken"), reply.at("/two/apiToken"));
    assert!(reply.at("/one/secret").is_string() && reply.at("/two/secret").is_null());
}

#[tokio::test]
async fn a_key_is_required_and_is_a_uuid() {
    let app = TestApp::start().await;
    let manager = app.telecom().await;
    let input = token(&app, manager.party());
    let mut without = input.clone();
    without.as_object_mut().unwrap().remove("idempotencyKey");

    let missing = manager.act(ISSUE, without).await;
    let nonsense = manager.act(ISSUE, changed(&input, "idempotencyKey", "again")).await;

    for reply in [missing, nonsense] {
        let code = reply.errors()[0]["extensions"]["code"].as_str().unwrap();
        assert!(["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(&code), "{code}");
    }
    assert!(app.all(api_token::Entity).await.is_empty());
}

/// The mutation with its input written into the document, in the order of the input or turned.
fn literal(input: &Value, turned: bool) -> String {
    let mut fields: Vec<String> = input
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| match name.as_str() {
            "role" => format!("{name}: {}", value.as_str().unwrap()),
            "scopes" => format!("{name}: [{}]", value[0].as_str().unwrap()),
            _ => format!("{name}: {value}"),
        })
        .collect();
    if turned {
        fields.reverse();
    }
    format!(
        "mutation {{ issueToken(input: {{ {} }}) {{ replayed userErrors {{ code }} }} }}",
        fields.join(", ")
    )
}

#[tokio::test]
async fn a_key_is_kept_for_four_hundred_days() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    coordinator.act(DEFINE, bank(&app, "NH-CU")).await.expect_ok();

    app.clock.advance_days(400);
    let kept = api::tx::forget_old_keys(&app.api).await.unwrap();
    app.clock.advance_days(1);
    let gone = api::tx::forget_old_keys(&app.api).await.unwrap();

    assert_eq!((kept, gone), (0, 1));
    assert_eq!(records(&app).await, 0);
}
