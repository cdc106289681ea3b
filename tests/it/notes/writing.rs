//! Writing: by those whom the object concerns, and nobody else.

use entity::{event, mandate::Act, member::Role, note, party::Kind};
use serde_json::json;
use tests::day;

use super::{Ground, the_note, write};
use crate::{
    authz::last_event,
    needs::{DISGUISES, HARMLESS, audience},
};

#[tokio::test]
async fn a_reporter_writes_a_note_with_an_addressee_and_a_due_date() {
    let g = Ground::new().await;
    let reporter = g.app.member_of(g.officer.party()).with_role(Role::Reporter).await;
    let mut input = g.on("deliveryId", &g.delivery.id);
    input["text"] = json!(" Thie\u{302}\u{301}u  phie\u{302}\u{301}u ");
    input["addresseeId"] = json!(g.giver.party().id.to_string());
    input["dueOn"] = json!("2026-11-23");

    let reply = write(&reporter, input).await;

    let row = the_note(&g.app).await;
    let shown = json!({ "id": row.id.to_string(), "version": 1, "status": "OPEN",
        "text": "Thiếu phiếu", "dueOn": "2026-11-23", "answer": null, "need": null,
        "commitment": { "id": g.commitment.id.to_string() },
        "delivery": { "id": g.delivery.id.to_string() }, "doneBy": null, "doneAt": null,
        "writtenBy": { "code": g.officer.party().code },
        "addressee": { "code": g.giver.party().code } });
    assert_eq!(reply.expect_ok()["writeNote"]["note"], shown);
    assert_eq!(row.due_on, Some(day("2026-11-23")));
    let (event, data) = last_event(&g.app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("NOTE_WRITTEN", &row.id.to_string()));
    assert_eq!((event.commune_id, event.giver_id), (None, None));
    assert_eq!((&data["version"], &data["after"]["text"]), (&json!(1), &json!("Thiếu phiếu")));
    let heard =
        [g.officer.party().id.into(), g.giver.party().id.into(), g.commitment.place_id.into()];
    assert_eq!(audience(&g.app, event.position).await, heard.into());
}

#[tokio::test]
async fn those_whom_it_concerns_write_and_others_do_not() {
    let g = Ground::new().await;
    let (app, agents) = (&g.app, [g.app.bank().await, g.app.bank().await]);
    let [of_giver, of_commune] = &agents;
    app.mandate(g.giver.party(), of_giver.party()).acts([Act::Record]).await;
    app.mandate(g.officer.party(), of_commune.party()).acts([Act::RaiseNeed]).await;
    let no = |code: &'static str| Some(code);
    let forbidden = no("FORBIDDEN");
    let hidden = no("NOT_FOUND");

    for (who, actor, need, private, public) in [
        ("commune", g.officer.clone(), None, None, None),
        ("assigned", app.assigned_department("02014").await, None, None, None),
        ("coordinator", app.coordinator().await, None, None, None),
        ("leadership", app.leadership().await, forbidden, forbidden, forbidden),
        ("giver", g.giver.clone(), forbidden, None, forbidden),
        ("agent of the giver", of_giver.clone(), forbidden, None, forbidden),
        ("agent of the commune", of_commune.clone(), None, hidden, forbidden),
        ("rival", app.telecom().await, forbidden, hidden, forbidden),
        ("another commune", app.commune_officer("02071").await, forbidden, hidden, forbidden),
        ("ended", app.ended_party().await, forbidden, hidden, forbidden),
        ("stranger", app.stranger(), forbidden, hidden, forbidden),
    ] {
        for (field, id, refusal) in [
            ("needId", g.need.id.to_string(), need),
            ("commitmentId", g.commitment.id.to_string(), private),
            ("deliveryId", g.delivery.id.to_string(), private),
            ("commitmentId", g.public.id.to_string(), public),
        ] {
            let reply = write(&actor, g.on(field, &id)).await;
            match refusal {
                None => drop(reply.expect_ok()),
                Some(code) => {
                    let refused = reply.refusals();
                    assert!(refused.len() == 1 && refused[0]["code"] == code, "{who} {field}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_authority_inside_a_wider_place_writes_on_what_is_promised_to_it() {
    let g = Ground::new().await;
    let phones = g.app.activity("smartphones_handed_over").await;
    let province = g.app.province().await;
    let wide = super::commitment(&g.app, g.giver.party(), &province, &phones, |_| ()).await;

    write(&g.officer, g.on("commitmentId", &wide.id)).await.expect_ok();
    write(&g.app.bank().await, g.on("commitmentId", &wide.id)).await.expect_refusal("NOT_FOUND");
}

#[tokio::test]
async fn a_mandate_lets_an_agent_write_only_while_it_holds() {
    let g = Ground::new().await;
    let agent = g.app.bank().await;
    let mandate = g.app.mandate(g.giver.party(), agent.party()).acts([Act::Record]);
    mandate.valid("2026-11-24", Some("2026-11-25")).await;

    for (today, may) in [("2026-11-23", false), ("2026-11-24", true), ("2026-11-25", false)] {
        g.app.clock.set_date(today);
        let reply = write(&agent, g.on("commitmentId", &g.commitment.id)).await;
        match may {
            true => drop(reply.expect_ok()),
            false => drop(reply.expect_refusal("NOT_FOUND")),
        }
    }
    assert_eq!(the_note(&g.app).await.written_by_id, agent.party().id, "in its own name");
}

#[tokio::test]
async fn the_same_note_twice_is_written_once() {
    let g = Ground::new().await;
    let input = g.on("needId", &g.need.id);
    write(&g.officer, input.clone()).await.expect_ok();
    let before = (the_note(&g.app).await, g.app.all(event::Entity).await.len());

    let again = write(&g.officer, input).await;

    assert_eq!(again.expect_ok()["writeNote"]["note"]["id"], before.0.id.to_string());
    assert_eq!((the_note(&g.app).await, g.app.all(event::Entity).await.len()), before);
}

#[tokio::test]
async fn a_note_is_on_one_thing() {
    let g = Ground::new().await;
    let nothing = json!({ "text": "a", "idempotencyKey": g.app.key() });
    let mut both = g.on("needId", &g.need.id);
    both["commitmentId"] = json!(g.commitment.id.to_string());

    for input in [nothing, both] {
        write(&g.officer, input).await.expect_refusal_at("EXACTLY_ONE", "needId");
    }
}

#[tokio::test]
async fn an_addressee_exists_today() {
    let g = Ground::new().await;
    let ended = g.app.party(Kind::Bank).valid("2025-07-01", Some("2026-11-23")).await;
    let mut input = g.on("needId", &g.need.id);
    input["addresseeId"] = json!(ended.id.to_string());

    let reply = write(&g.officer, input).await;

    reply.expect_refusal_at("OUTSIDE_VALIDITY", "addresseeId");
}

#[tokio::test]
async fn a_note_holds_no_number_of_a_person() {
    let g = Ground::new().await;
    for text in DISGUISES {
        let mut input = g.on("needId", &g.need.id);
        input["text"] = json!(text);
        write(&g.officer, input).await.expect_refusal_at("PERSONAL_DATA", "text");
    }
    assert!(g.app.all(note::Entity).await.is_empty());
    for text in HARMLESS {
        let mut input = g.on("needId", &g.need.id);
        input["text"] = json!(text);
        write(&g.officer, input).await.expect_ok();
    }
}
