//! Handing on: what a party owes that has ended goes to another, and with it who sees it. Without
//! that its successors carry it.

use entity::{
    board_cell,
    commitment::{self, Status},
    party::{self, Kind},
};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};
use uuid::Uuid;

use super::{act, follows, promised};
use crate::{
    authz::{last_event, mutation},
    needs::audience,
};

async fn transfer(
    actor: &Actor,
    app: &TestApp,
    rows: &[&commitment::Model],
    to: &party::Model,
) -> Reply {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "id": row.id.to_string(), "expectedVersion": row.version }))
        .collect();
    let input = json!({ "commitments": rows, "toPartyId": to.id.to_string(),
        "reason": "Bên cam kết đã giải thể", "idempotencyKey": app.key() });
    send(actor, input).await
}

async fn send(actor: &Actor, input: Value) -> Reply {
    let shown = "replayed commitments { id version giver { code } }";
    actor.act(&mutation("transferCommitments", shown), input).await
}

async fn gone(app: &TestApp) -> party::Model {
    app.party(Kind::TelecomCompany).valid("2020-01-01", Some("2026-01-01")).await
}

async fn sees(actor: &Actor, row: &commitment::Model) -> bool {
    let query = "query ($id: ID!) { commitment(by: { id: $id }) { id } }";
    let reply = actor.gql(query, json!({ "id": row.id.to_string() })).await;
    reply.expect_ok()["commitment"].is_object()
}

#[tokio::test]
async fn what_an_ended_party_owed_goes_to_another_with_all_its_cells() {
    let app = TestApp::start().await;
    let (coordinator, heir) = (app.coordinator().await, app.telecom().await);
    let gone = gone(&app).await;
    let row = app.commitment(&gone);
    let row = row.with(|row| row.external_reference = Some("CK-1".to_owned())).await;
    let entry = app.delivery(&row).confirmed().await;
    assert!(!sees(&heir, &row).await);

    let reply = transfer(&coordinator, &app, &[&row], heir.party()).await;

    let shown = &reply.expect_ok()["transferCommitments"]["commitments"][0];
    assert_eq!((&shown["id"], &shown["version"]), (&json!(row.id.to_string()), &json!(2)));
    assert_eq!(shown["giver"]["code"], heir.party().code);
    let kept = app.reload(&row).await;
    assert_eq!((kept.giver_id, kept.external_reference), (heir.party().id, None));
    assert!(sees(&heir, &row).await);
    assert_eq!(app.reload(&entry).await.giver_id, gone.id, "delivered by whom it was delivered");
    let cells = app.all(board_cell::Entity).await.into_iter();
    let cells: Vec<_> = cells.filter(|cell| cell.promised != 0 || cell.reported != 0).collect();
    assert!(cells.iter().all(|cell| cell.participants_id == kept.participants_id));
    assert_eq!(promised(&app).await, 100);
    let (event, data) = last_event(&app).await;
    assert_eq!(event.r#type, "COMMITMENT_TRANSFERRED");
    assert_eq!(
        (&data["reason"], &data["before"]["externalReference"]),
        (&json!("Bên cam kết đã giải thể"), &json!("CK-1"))
    );
    let told: [Uuid; 3] = [gone.id.into(), heir.party().id.into(), kept.place_id.into()];
    assert_eq!(audience(&app, event.position).await, told.into());
    follows(&app).await;
}

#[tokio::test]
async fn without_it_every_successor_carries_the_promise() {
    let app = TestApp::start().await;
    let (gone, one, two) = (gone(&app).await, app.telecom().await, app.telecom().await);
    app.party_succession(&gone, one.party(), "2026-01-01").await;
    app.party_succession(&gone, two.party(), "2026-01-01").await;
    let row = app.commitment(&gone).await;
    let entry = json!({ "commitmentId": row.id.to_string(), "quantity": 1,
        "communeId": row.place_id.to_string(), "deliveredOn": "2026-11-01" });

    for heir in [&one, &two] {
        assert!(sees(heir, &row).await);
        crate::ledger::record(heir, &app, vec![entry.clone()]).await.expect_ok();
    }
    act(&two, "withdrawCommitment", &row, 1).await.expect_ok();

    assert_eq!(app.reload(&row).await.giver_id, gone.id);
    follows(&app).await;
}

#[tokio::test]
async fn an_heir_who_was_on_the_giving_side_is_there_once() {
    let app = TestApp::start().await;
    let (coordinator, heir, carrier) =
        (app.coordinator().await, app.telecom().await, app.telecom().await);
    let gone = gone(&app).await;
    let joint = app.commitment(&gone).joint(heir.party()).await;
    let carried = app.commitment(&gone).carrier(carrier.party()).await;

    transfer(&coordinator, &app, &[&joint], heir.party()).await.expect_ok();
    transfer(&coordinator, &app, &[&carried], carrier.party()).await.expect_ok();

    assert_eq!(app.reload(&joint).await.joint_ids.iter().count(), 0);
    assert_eq!(app.reload(&carried).await.carrier_id, None);
    follows(&app).await;
}

#[tokio::test]
async fn only_what_is_owed_by_somebody_who_has_ended_is_handed_on() {
    let app = TestApp::start().await;
    let (coordinator, heir, telecom) =
        (app.coordinator().await, app.telecom().await, app.telecom().await);
    let standing = app.commitment(telecom.party()).await;
    let gone = gone(&app).await;
    let withdrawn = app.commitment(&gone).with(|row| {
        (row.status, row.reason) = (Status::Withdrawn, Some("Thôi".to_owned()));
    });
    let withdrawn = withdrawn.await;

    let reply = transfer(&coordinator, &app, &[&standing, &withdrawn], heir.party()).await;

    let refusals = reply.refusals();
    let at = |row: &str| json!(["input", "commitments", row, "id"]);
    assert_eq!((&refusals[0]["code"], &refusals[0]["path"]), (&json!("NOT_ENDED"), &at("0")));
    assert_eq!((&refusals[1]["code"], &refusals[1]["path"]), (&json!("WRONG_STATE"), &at("1")));
    assert_eq!(app.reload(&standing).await, standing);
}

#[tokio::test]
async fn the_coordinators_own_is_handed_on_by_the_leadership() {
    let app = TestApp::start().await;
    let (coordinator, leadership) = (app.coordinator().await, app.leadership().await);
    let heir = app.department().await;
    let phones = app.activity_kind("ho_tro");
    let phones = phones.with(|row| row.promisers = [Kind::Department].into_iter().collect()).await;
    let before = app.party_by_code("STTTT-06").await;
    let own = app.commitment(&before).of(&phones).await;

    transfer(&coordinator, &app, &[&own], heir.party()).await.expect_refusal("OWN_MATTER");
    transfer(&leadership, &app, &[&own], heir.party()).await.expect_ok();

    assert_eq!(app.reload(&own).await.giver_id, heir.party().id);
}

#[tokio::test]
async fn the_same_batch_twice_hands_on_once_and_a_dry_run_nothing() {
    let app = TestApp::start().await;
    let (coordinator, heir) = (app.coordinator().await, app.telecom().await);
    let row = app.commitment(&gone(&app).await).await;
    let mut input = json!({ "commitments": [{ "id": row.id.to_string(), "expectedVersion": 1 }],
        "toPartyId": heir.party().id.to_string(), "reason": "Giải thể", "dryRun": true,
        "idempotencyKey": app.key() });

    let dry = send(&coordinator, input.clone()).await;
    assert_eq!(dry.expect_ok()["transferCommitments"]["commitments"], json!([null]));
    assert_eq!(app.reload(&row).await, row);
    input["dryRun"] = json!(false);
    let first = send(&coordinator, input.clone()).await;
    let again = send(&coordinator, input).await;

    assert_eq!(first.expect_ok()["transferCommitments"]["replayed"], false);
    assert_eq!(again.expect_ok()["transferCommitments"]["replayed"], true);
    let shown = "/transferCommitments/commitments";
    assert_eq!(first.at(shown), again.at(shown), "a row keeps its id");
    assert_eq!(app.reload(&row).await.version, 2);
    follows(&app).await;
}
