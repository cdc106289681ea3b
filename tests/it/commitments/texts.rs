//! Every text that is kept with a commitment: composed, and without a number of a person.

use entity::commitment::{self, Status};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{propose, row, the_one, to};
use crate::{
    authz::mutation,
    needs::{DISGUISES, HARMLESS},
};

/// References that hide a phone or identity number.
const HIDING: [&str; 10] = [
    "A0912345678",
    "SDT-0912-345-678",
    "s0.9.1.2.3.4.5.6.7.8",
    "cccd/012.345.678.901",
    "CMND123456789",
    "x1_2_3_4_5_6_7_8_9",
    "HD-84912345678",
    "b123456789b",
    "a1-23-45-67-89",
    "Z/012345678901",
];

#[tokio::test]
async fn a_promises_own_words_hold_no_number_of_a_person() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    for text in DISGUISES {
        let mut input = row(&app).await;
        input["text"] = json!(text);
        propose(&telecom, &app, vec![input]).await.expect_refusal("PERSONAL_DATA");
    }
    for reference in HIDING {
        for field in ["bundle", "externalReference"] {
            let mut input = row(&app).await;
            input[field] = json!(reference);
            let reply = propose(&telecom, &app, vec![input]).await;
            let refusal = reply.expect_refusal("PERSONAL_DATA");
            assert_eq!(refusal["path"], json!(["input", "commitments", "0", field]));
        }
    }
    assert!(app.all(commitment::Entity).await.is_empty());

    for text in HARMLESS {
        let mut input = row(&app).await;
        input["text"] = json!(text);
        propose(&telecom, &app, vec![input]).await.expect_ok();
    }
}

/// Tries a reason in every disguise, then one that is harmless.
async fn reasons(actor: &Actor, name: &str, input: Value) {
    let document = mutation(name, "");
    for reason in DISGUISES {
        let mut input = input.clone();
        input["reason"] = json!(reason);
        actor.act(&document, input).await.expect_refusal_at("PERSONAL_DATA", "reason");
    }
    let mut input = input;
    input["reason"] = json!(HARMLESS[1]);
    actor.act(&document, input).await.expect_ok();
}

#[tokio::test]
async fn no_reason_holds_a_number_of_a_person() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let coordinator = app.coordinator().await;
    let versioned = |row: &commitment::Model, version: i32| json!({ "id": row.id.to_string(), "expectedVersion": version });
    let proposal = app.commitment(telecom.party()).proposed().await;
    reasons(&officer, "declineCommitment", versioned(&proposal, 1)).await;

    let row = app.commitment(telecom.party()).await;
    reasons(&telecom, "amendCommitment", to(&app, &row, "60").await).await;
    let pending = app.all(entity::amendment::Entity).await[0].id.to_string();
    let input = json!({ "id": pending, "expectedVersion": 2 });
    reasons(&officer, "declineAmendment", input).await;
    reasons(&coordinator, "closeCommitment", versioned(&row, 3)).await;
    reasons(&coordinator, "reopenCommitment", versioned(&row, 4)).await;
    reasons(&telecom, "withdrawCommitment", versioned(&row, 5)).await;

    let gone = app.party(entity::party::Kind::TelecomCompany);
    let gone = gone.valid("2020-01-01", Some("2026-01-01")).await;
    let owed = app.commitment(&gone).await;
    let input = json!({ "commitments": [versioned(&owed, 1)],
        "toPartyId": telecom.party().id.to_string(), "idempotencyKey": app.key() });
    reasons(&coordinator, "transferCommitments", input).await;
}

#[tokio::test]
async fn decomposed_text_is_kept_composed() {
    let app = TestApp::start().await;
    let (telecom, officer) = (app.telecom().await, app.commune_officer("02071").await);
    let mut input = row(&app).await;
    input["text"] = json!("Xa\u{303} Nghi\u{303}a Ta\u{301}");
    propose(&telecom, &app, vec![input]).await.expect_ok();
    let kept = the_one(&app).await;
    assert_eq!(kept.text, "Xã Nghĩa Tá");

    let decline = json!({ "id": kept.id.to_string(), "expectedVersion": 1,
        "reason": "\u{110}a\u{303}  \u{111}u\u{309}" });
    officer.act(&mutation("declineCommitment", ""), decline).await.expect_ok();

    let kept = the_one(&app).await;
    assert_eq!((kept.status, kept.reason.as_deref()), (Status::Declined, Some("Đã đủ")));
}
