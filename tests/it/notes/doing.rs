//! Having done with a note: by its addressee or its writer, once, with an answer or without.

use entity::{
    member::Role,
    note::{self, Status},
    party::Kind,
};
use serde_json::json;
use tests::TestApp;

use super::{Ground, done};
use crate::{
    authz::last_event,
    needs::{DISGUISES, audience},
};

#[tokio::test]
async fn an_addressee_answers_about_what_it_does_not_see() {
    let g = Ground::new().await;
    let bank = g.app.bank().with_role(Role::Reporter).await;
    let note = g.app.note(g.officer.party()).on_delivery(&g.delivery).to(bank.party()).await;

    let reply = done(&bank, &note, " Đã  gửi ").await;

    let shown = &reply.expect_ok()["doneNote"]["note"];
    assert_eq!((&shown["status"], &shown["answer"]), (&json!("DONE"), &json!("Đã gửi")));
    assert_eq!(shown["doneBy"]["code"], bank.party().code);
    assert!(shown["commitment"].is_null() && shown["delivery"].is_null());
    let row = g.app.reload(&note).await;
    assert_eq!((row.status, row.version), (Status::Done, 2));
    assert_eq!(row.done_at, Some(api::clock::Clock::now(&*g.app.clock)));
    let (event, data) = last_event(&g.app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("NOTE_DONE", &note.id.to_string()));
    let after = json!({ "status": "DONE", "answer": "Đã gửi",
        "doneById": bank.party().id.to_string() });
    let said = json!({ "version": 2, "before": { "status": "OPEN" }, "after": after });
    assert_eq!(data, said);
    let heard = [
        g.officer.party().id.into(),
        bank.party().id.into(),
        g.giver.party().id.into(),
        g.commitment.place_id.into(),
    ];
    assert_eq!(audience(&g.app, event.position).await, heard.into());
}

#[tokio::test]
async fn addressee_and_writer_have_done_with_a_note_and_nobody_else() {
    let g = Ground::new().await;
    let (writer, addressee) = (g.officer.clone(), g.app.bank().await);
    let app = &g.app;
    let note =
        async || app.note(writer.party()).on_commitment(&g.commitment).to(addressee.party()).await;

    for (actor, code) in [
        (app.member_of(addressee.party()).with_role(Role::Viewer).await, "FORBIDDEN"),
        (g.giver.clone(), "FORBIDDEN"),
        (app.assigned_department("02014").await, "FORBIDDEN"),
        (app.coordinator().await, "FORBIDDEN"),
        (app.leadership().await, "FORBIDDEN"),
        (app.bank().await, "NOT_FOUND"),
        (app.commune_officer("02071").await, "NOT_FOUND"),
        (app.stranger(), "NOT_FOUND"),
    ] {
        let note = note().await;
        done(&actor, &note, "").await.expect_refusal(code);
        assert_eq!(app.reload(&note).await, note);
    }
    for actor in [&writer, &addressee] {
        let note = note().await;
        done(actor, &note, "").await.expect_ok();
        assert_eq!(app.reload(&note).await.answer, None);
    }
}

#[tokio::test]
async fn a_successor_answers_what_its_predecessor_was_asked() {
    let g = Ground::new().await;
    let old = g.app.party(Kind::Bank).valid("2025-07-01", Some("2026-11-20")).await;
    let heir = g.app.bank().await;
    g.app.party_succession(&old, heir.party(), "2026-11-20").await;
    let note = g.app.note(g.officer.party()).on_need(&g.need).to(&old).await;

    done(&heir, &note, "Đã chuyển").await.expect_ok();
    done(&g.app.member_of(&old).await, &note, "").await.expect_refusal("NOT_FOUND");
    assert_eq!(g.app.reload(&note).await.done_by_id, Some(heir.party().id));
}

#[tokio::test]
async fn a_note_is_done_once() {
    let g = Ground::new().await;
    let note = g.app.note(g.officer.party()).on_need(&g.need).await;
    done(&g.officer, &note, "").await.expect_ok();
    let before = g.app.reload(&note).await;

    let stale = done(&g.officer, &note, "").await;
    let again = done(&g.officer, &before, "").await;

    stale.expect_refusal_at("STALE_VERSION", "expectedVersion");
    assert_eq!(stale.at("/doneNote/note/version"), 2);
    let refusal = again.expect_refusal_at("WRONG_STATE", "id");
    assert_eq!(refusal["params"], json!([{ "name": "state", "value": "DONE" }]));
    assert_eq!(g.app.reload(&note).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_have_done_at_once_one_is_stale() {
    let g = Ground::new().await;
    let note = g.app.note(g.officer.party()).on_need(&g.need).await;
    g.app.settle().await;
    let mut requests = Vec::new();
    for _ in 0..4 {
        let (officer, note) = (g.officer.clone(), note.clone());
        requests.push(tokio::spawn(async move { done(&officer, &note, "").await }));
    }

    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        codes.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
    }

    assert_eq!(codes, vec![json!("STALE_VERSION"); 3]);
    assert_eq!(g.app.reload(&note).await.version, 2);
}

#[tokio::test]
async fn an_answer_holds_no_number_of_a_person() {
    let g = Ground::new().await;
    let note = g.app.note(g.officer.party()).on_need(&g.need).await;

    for answer in DISGUISES {
        done(&g.officer, &note, answer).await.expect_refusal_at("PERSONAL_DATA", "answer");
    }

    assert_eq!(only(&g.app).await, note);
    done(&g.officer, &note, "Theo 3195/UBND-VXNV").await.expect_ok();
}

async fn only(app: &TestApp) -> note::Model {
    super::the_note(app).await
}
