//! Withdrawing: by whom, once, and with a reason.

use entity::need::{self, Status};
use serde_json::json;
use tests::TestApp;
use uuid::Uuid;

use super::{DISGUISES, HARMLESS, PHONES, audience, need_of, raise, wanted, withdraw};
use crate::authz::{last_event, mutation};

#[tokio::test]
async fn the_commune_takes_a_need_back_with_its_reason() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let need = need_of(&app, officer.party()).await;

    let reply = withdraw(&officer, &need, 1).await;

    let shown = &reply.expect_ok()["withdrawNeed"]["need"];
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("WITHDRAWN"), &json!("Đã đủ")));
    let row = app.reload(&need).await;
    assert_eq!((row.status, row.version), (Status::Withdrawn, 2));
    let (event, data) = last_event(&app).await;
    assert_eq!((event.r#type.as_str(), &event.subject), ("NEED_WITHDRAWN", &need.id.to_string()));
    let said = json!({ "version": 2, "before": { "status": "OPEN" },
        "after": { "status": "WITHDRAWN", "reason": "Đã đủ" } });
    assert_eq!(data, said);
    assert_eq!(audience(&app, event.position).await, [Uuid::nil(), need.commune_id.into()].into());
}

#[tokio::test]
async fn a_need_is_withdrawn_once() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let need = app.need(officer.party(), &app.activity(PHONES).await).withdrawn().await;

    let reply = withdraw(&officer, &need, 1).await;

    let refusal = reply.expect_refusal_at("WRONG_STATE", "id");
    assert_eq!(refusal["params"], json!([{ "name": "state", "value": "WITHDRAWN" }]));
    let message = "Không thực hiện được khi đang ở trạng thái đã rút.";
    assert_eq!(refusal["message"], message);
    assert_eq!(app.reload(&need).await, need);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_withdraw_at_once_one_is_stale() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let need = need_of(&app, officer.party()).await;
    app.settle().await;
    let mut requests = Vec::new();
    for _ in 0..4 {
        let (officer, need) = (officer.clone(), need.clone());
        requests.push(tokio::spawn(async move { withdraw(&officer, &need, 1).await }));
    }

    let mut codes = Vec::new();
    for request in requests {
        let reply = request.await.unwrap();
        assert!(reply.errors().is_empty(), "{}", reply.text);
        assert_eq!(reply.at("/withdrawNeed/need/status"), "WITHDRAWN");
        codes.extend(reply.refusals().iter().map(|refusal| refusal["code"].clone()));
    }

    assert_eq!(codes, vec![json!("STALE_VERSION"); 3]);
    assert_eq!(app.reload(&need).await.version, 2);
}

#[tokio::test]
async fn a_reason_holds_no_number_of_a_person() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let need = need_of(&app, officer.party()).await;
    let query = mutation("withdrawNeed", "need { id }");
    let input = |need: &need::Model, reason: &str| json!({ "id": need.id.to_string(), "reason": reason, "expectedVersion": 1 });

    for reason in DISGUISES {
        let reply = officer.act(&query, input(&need, reason)).await;
        reply.expect_refusal_at("PERSONAL_DATA", "reason");
    }
    assert_eq!(app.reload(&need).await, need);
    for reason in HARMLESS {
        let need = need_of(&app, officer.party()).await;
        officer.act(&query, input(&need, reason)).await.expect_ok();
    }
}

#[tokio::test]
async fn over_the_night_of_the_merger_needs_pass_to_the_new_authority() {
    let app = TestApp::start().await;
    let (old, new) =
        (app.party_by_code("UBND-02017-2023").await, app.party_by_code("UBND-02014-2025").await);
    let (before, after) = (app.member_of(&old).await, app.member_of(&new).await);
    let (old_unit, new_unit) =
        (app.place_on("02017", "2025-06-30").await, app.place_on("02014", "2025-07-01").await);
    let raised = need_of(&app, &old).await;
    let kept = need_of(&app, &old).await;

    app.clock.set("2025-06-30T16:59:59Z".parse().unwrap());
    raise(&before, wanted(&app, &old_unit).await).await.expect_ok();
    raise(&after, wanted(&app, &old_unit).await).await.expect_refusal("FORBIDDEN");
    withdraw(&after, &raised, 1).await.expect_refusal("FORBIDDEN");
    withdraw(&before, &raised, 1).await.expect_ok();

    app.clock.set("2025-06-30T17:00:00Z".parse().unwrap());
    raise(&before, wanted(&app, &old_unit).await).await.expect_refusal("FORBIDDEN");
    withdraw(&before, &kept, 1).await.expect_refusal("FORBIDDEN");
    let ended = raise(&after, wanted(&app, &old_unit).await).await;
    ended.expect_refusal_at("OUTSIDE_VALIDITY", "communeId");
    raise(&after, wanted(&app, &new_unit).await).await.expect_ok();
    withdraw(&after, &kept, 1).await.expect_ok();
    let row = app.reload(&kept).await;
    assert_eq!((row.status, row.raised_by_id), (Status::Withdrawn, old.id));
}
