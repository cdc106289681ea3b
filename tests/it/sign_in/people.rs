//! Whom a token means: issuer and subject, bound to a party by a one-use code, and nothing else.

use chrono::TimeDelta;
use entity::{
    member::{self, Role},
    party::{self, Kind},
};
use serde_json::json;
use tests::{Actor, Issuer, Signer, TestApp};

use super::{WHO, ask, claims, claims_but, expect_refused, house};

const ACCEPT: &str = "mutation ($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) { member { id role } userErrors { code path } } }";

#[tokio::test]
async fn a_person_joins_by_a_code_and_acts_from_then_on() {
    let (app, issuer, signer) = house().await;
    let party = app.party(Kind::Bank).await;
    let (code, invitation) = app.invitation(&party);
    invitation.await;
    let token = signer.sign(&claims(&app, &issuer, "248289761001"));

    let before = ask(&app, &token).await;
    let joined = app.bearer(&token).act(ACCEPT, json!({ "code": code })).await;
    let after = ask(&app, &token).await;

    assert!(before.expect_ok()["viewer"]["party"].is_null());
    joined.expect_ok();
    assert_eq!(after.at("/viewer/party/code"), &party.code);
    assert_eq!(after.at("/viewer/role"), "REPORTER");
    let rows = app.all(member::Entity).await;
    let bound: Vec<_> = rows.iter().map(|row| (&*row.issuer, &*row.subject)).collect();
    assert_eq!(bound, [(&*issuer.url, "248289761001")]);
}

#[tokio::test]
async fn the_next_token_of_the_same_person_is_the_same_person() {
    let (app, issuer, signer) = house().await;
    let party = app.party(Kind::Bank).await;
    member(&app, &party, &issuer, "somebody").await;
    app.clock.advance_days(30);

    let who = ask(&app, &signer.sign(&claims(&app, &issuer, "somebody"))).await;

    assert_eq!(who.at("/viewer/party/code"), &party.code);
}

#[tokio::test]
async fn the_same_subject_of_another_issuer_is_somebody_else() {
    let signer = Signer::es256();
    let (one, other) = (Issuer::start(&[&signer]).await, Issuer::start(&[&signer]).await);
    let app = TestApp::trusting([one.trust(), other.trust()]).await;
    let party = app.party(Kind::Bank).await;
    member(&app, &party, &one, "somebody").await;

    let theirs = ask(&app, &signer.sign(&claims(&app, &one, "somebody"))).await;
    let not_theirs = ask(&app, &signer.sign(&claims(&app, &other, "somebody"))).await;

    assert_eq!(theirs.at("/viewer/party/code"), &party.code);
    assert!(not_theirs.expect_ok()["viewer"]["party"].is_null());
}

#[tokio::test]
async fn an_address_of_mail_makes_nobody_a_member() {
    let (app, issuer, signer) = house().await;
    let party = app.party(Kind::Bank).await;
    member(&app, &party, &issuer, "somebody@camket.test").await;
    let mut claims = claims(&app, &issuer, "somebody-else");
    for name in ["email", "preferred_username", "upn", "name"] {
        claims[name] = json!("somebody@camket.test");
    }

    let who = ask(&app, &signer.sign(&claims)).await;

    assert!(who.expect_ok()["viewer"]["party"].is_null());
    assert_eq!(who.at("/viewer/memberships"), &json!([]));
}

#[tokio::test]
async fn claims_of_roles_and_scopes_give_no_rights() {
    let (app, issuer, signer) = house().await;
    let party = app.party(Kind::Bank).await;
    app.member(&party)
        .with(|row| {
            (row.issuer, row.subject) = (issuer.url.clone(), "somebody".to_owned());
            row.role = Role::Viewer;
        })
        .await;
    let claims = claims_but(&app, &issuer, "scope", json!("admin manager"));

    let who = ask(&app, &signer.sign(&claims)).await;

    assert_eq!(who.at("/viewer/role"), "VIEWER");
}

#[tokio::test]
async fn somebody_with_two_memberships_names_the_party() {
    let (app, issuer, signer) = house().await;
    let (bank, union) = (app.party(Kind::Bank).await, app.party(Kind::MassOrganization).await);
    member(&app, &bank, &issuer, "somebody").await;
    member(&app, &union, &issuer, "somebody").await;
    let person: Actor = app.bearer(&signer.sign(&claims(&app, &issuer, "somebody")));

    let unnamed = person.ask(WHO).await;
    let named = person.clone().acting_for(&union).ask(WHO).await;
    let foreign = person.acting_for(&app.party(Kind::Bank).await).ask(WHO).await;

    assert!(unnamed.at("/viewer/party").is_null());
    assert_eq!(unnamed.at("/viewer/memberships").as_array().map(Vec::len), Some(2));
    assert_eq!(named.at("/viewer/party/code"), &union.code);
    foreign.expect_fault("BAD_USER_INPUT");
}

#[tokio::test]
async fn a_removed_member_acts_for_nobody_with_a_token_that_is_still_good() {
    let (app, issuer, signer) = house().await;
    let party = app.party(Kind::Bank).await;
    member(&app, &party, &issuer, "somebody").await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));
    let before = ask(&app, &token).await;
    app.sql("UPDATE member SET removed_at = joined_at").await.unwrap();

    let after = ask(&app, &token).await;

    assert!(before.at("/viewer/party").is_object());
    assert!(after.expect_ok()["viewer"]["party"].is_null());
}

#[tokio::test]
async fn a_token_ends_at_its_instant_for_whoever_it_was_good_for() {
    let (app, issuer, signer) = house().await;
    let token = signer.sign(&claims(&app, &issuer, "somebody"));
    app.clock.advance(TimeDelta::seconds(329));
    let in_time = ask(&app, &token).await;
    app.clock.advance(TimeDelta::seconds(1));

    let late = ask(&app, &token).await;

    in_time.expect_ok();
    expect_refused(&late);
}

/// Makes a person of an issuer a member, as an accepted invitation does.
async fn member(app: &TestApp, party: &party::Model, issuer: &Issuer, subject: &str) {
    let (issuer, subject) = (issuer.url.clone(), subject.to_owned());
    app.member(party).with(|row| (row.issuer, row.subject) = (issuer, subject)).await;
}
