//! What is refused of commitments.

use entity::{
    activity_kind,
    commitment::{self, Status},
    member::Role,
    party::{self, Kind},
};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::{Table, changed};
use crate::authz::as_letter;

mod proposing;

pub use proposing::propose_commitments;

pub async fn accept_commitment(app: &TestApp) -> Table {
    let Decided { officer, proposal, table } = Decided::new(app, "acceptCommitment").await;
    table(officer, json!({ "id": proposal.id.to_string(), "expectedVersion": 1 }))
}

pub async fn decline_commitment(app: &TestApp) -> Table {
    let Decided { officer, proposal, table } = Decided::new(app, "declineCommitment").await;
    let input = json!({ "id": proposal.id.to_string(), "expectedVersion": 1,
        "reason": "Không cần" });
    reasons(table(officer, input))
}

/// A proposal that the authority of Xã Nghĩa Tá decides on, and who does not.
struct Decided<T> {
    officer: Actor,
    proposal: commitment::Model,
    table: T,
}

impl Decided<Box<dyn FnOnce(Actor, Value) -> Table>> {
    async fn new(app: &TestApp, mutation: &'static str) -> Self {
        let telecom = app.telecom().await;
        let officer = app.commune_officer("02071").await;
        let proposal = app.commitment(telecom.party()).proposed().await;
        let active = app.commitment(telecom.party()).await.id;
        let elsewhere = app.commitment(telecom.party()).to(&app.commune("02014").await);
        let elsewhere = elsewhere.proposed().await.id;
        let reporter = app.member_of(officer.party()).with_role(Role::Reporter).await;
        let colleague = app.member_of(telecom.party()).with_role(Role::Reporter).await;
        let others = [
            ("stranger", app.stranger(), "NOT_FOUND"),
            ("rival", app.telecom().await, "NOT_FOUND"),
            ("another commune", app.commune_officer("02014").await, "NOT_FOUND"),
            ("giver", telecom, "OWN_MATTER"),
            ("reporter of the giver", colleague, "FORBIDDEN"),
            ("assigned department", app.assigned_department("02071").await, "FORBIDDEN"),
            ("coordinator before its turn", app.coordinator().await, "FORBIDDEN"),
            ("leadership", app.leadership().await, "FORBIDDEN"),
            ("reporter", reporter, "FORBIDDEN"),
        ];
        let table = move |officer: Actor, input: Value| {
            let table = Table::new(mutation, "commitment", officer, input);
            let table = others
                .into_iter()
                .fold(table, |table, (who, actor, code)| table.other(who, actor, code));
            table.hidden("id", &elsewhere).rule(
                json!({ "id": active.to_string() }),
                "WRONG_STATE",
                "id",
            )
        };
        Self { officer, proposal, table: Box::new(table) }
    }
}

pub async fn withdraw_commitment(app: &TestApp) -> Table {
    let (telecom, joint) = (app.telecom().await, app.bank().await);
    let row = app.commitment(telecom.party()).joint(joint.party()).await;
    let declined = app.commitment(telecom.party()).with(declined).await.id;
    let rival = app.telecom().await;
    let theirs = app.commitment(rival.party()).await.id;
    let input = json!({ "id": row.id.to_string(), "expectedVersion": 1, "reason": "Hết kinh phí" });
    let reporter = app.member_of(telecom.party()).with_role(Role::Reporter).await;
    let table = Table::new("withdrawCommitment", "commitment", telecom, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("joint giver", joint, "FORBIDDEN")
        .other("receiver", app.commune_officer("02071").await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .hidden("id", &theirs)
        .rule(json!({ "id": declined.to_string() }), "WRONG_STATE", "id");
    reasons(table)
}

pub async fn close_commitment(app: &TestApp) -> Table {
    let telecom = app.telecom().await;
    let fulfilled = app.commitment(telecom.party()).await;
    app.delivery(&fulfilled).quantity(100).confirmed().await;
    let begun = app.commitment(telecom.party()).await;
    app.delivery(&begun).quantity(99).confirmed().await;
    let waiting = app.commitment(telecom.party()).await;
    app.delivery(&waiting).quantity(100).confirmed().await;
    app.delivery(&waiting).quantity(1).await;
    let open = app.commitment(telecom.party()).open().await.id;
    let proposed = app.commitment(telecom.party()).proposed().await.id;
    let rival = app.telecom().await;
    let theirs = app.commitment(rival.party()).await.id;
    let input = json!({ "id": fulfilled.id.to_string(), "expectedVersion": 1, "reason": "" });
    let reporter = app.member_of(telecom.party()).with_role(Role::Reporter).await;
    Table::new("closeCommitment", "commitment", telecom, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("assigned department", app.assigned_department("02071").await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .hidden("id", &theirs)
        .rule(json!({ "id": proposed.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "id": begun.id.to_string() }), "NOT_FULFILLED", "")
        .rule(json!({ "id": open.to_string() }), "NOT_FULFILLED", "")
        .rule(json!({ "id": waiting.id.to_string() }), "STILL_OPEN", "")
        .rule(json!({ "reason": "a".repeat(2_001) }), "TOO_LONG", "reason")
        .rule(json!({ "reason": "091.234.5678" }), "PERSONAL_DATA", "reason")
}

pub async fn reopen_commitment(app: &TestApp) -> Table {
    let telecom = app.telecom().await;
    let closed = app.commitment(telecom.party()).with(closed).await;
    let active = app.commitment(telecom.party()).await.id;
    let coordinator = app.coordinator().await;
    let own = app.commitment(coordinator.party()).with(self::closed).await.id;
    let input = json!({ "id": closed.id.to_string(), "expectedVersion": 1,
        "reason": "Còn thiếu một lượt" });
    let reporter = app.member_of(coordinator.party()).with_role(Role::Reporter).await;
    let table = Table::new("reopenCommitment", "commitment", coordinator, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("giver", telecom, "FORBIDDEN")
        .other("receiver", app.commune_officer("02071").await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .rule(json!({ "id": active.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "id": own.to_string() }), "OWN_MATTER", "");
    reasons(table)
}

pub async fn transfer_commitments(app: &TestApp) -> Table {
    let (heir, telecom) = (app.telecom().await, app.telecom().await);
    let gone = gone(app, Kind::TelecomCompany).await;
    let row = app.commitment(&gone).await;
    let withdrawn = app.commitment(&gone).with(withdrawn).await.id;
    let standing = app.commitment(telecom.party()).await.id;
    let coordinator = app.coordinator().await;
    let before = app.party_by_code("STTTT-06").await;
    let own = app.commitment(&before).await.id;
    let not_for_banks = app.activity_kind("khong_cho_ngan_hang").with(of_telecoms).await;
    let special = app.commitment(&gone).of(&not_for_banks).await.id;
    let (bank, myself) = (app.bank().await.party().id, coordinator.party().id);
    let first = json!({ "id": row.id.to_string(), "expectedVersion": 1 });
    let named = |id: &dyn ToString| changed(&first, &json!({ "id": id.to_string() }));
    let many = vec![first.clone(); 501];
    let input = json!({ "commitments": [first], "toPartyId": heir.party().id.to_string(),
        "reason": "Bên cam kết đã giải thể", "idempotencyKey": app.key() });
    let reporter = app.member_of(coordinator.party()).with_role(Role::Reporter).await;
    let table = Table::new("transferCommitments", "commitments", coordinator, input)
        .batch("commitments")
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("company", telecom, "FORBIDDEN")
        .other("heir", heir, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter, "FORBIDDEN")
        .rule(json!({ "commitments": [] }), "WRONG_COUNT", "commitments")
        .rule(json!({ "commitments": many }), "WRONG_COUNT", "commitments")
        .rule(json!({ "commitments": [first, first] }), "ALREADY_RECORDED", "commitments.1.id")
        .rule(json!({ "toPartyId": gone.id.to_string() }), "OUTSIDE_VALIDITY", "toPartyId")
        .rule(json!({ "toPartyId": myself.to_string() }), "OWN_MATTER", "commitments.0.id")
        .rule(
            json!({ "toPartyId": bank.to_string(), "commitments": [named(&special)] }),
            "WRONG_KIND",
            "commitments.0.id",
        )
        .row(json!({ "id": own.to_string() }), "OWN_MATTER", "id")
        .row(json!({ "id": withdrawn.to_string() }), "WRONG_STATE", "id")
        .row(json!({ "id": standing.to_string() }), "NOT_ENDED", "id")
        .mismatch(json!({ "dryRun": true }));
    reasons(table)
}

/// A reason is required, bounded, and without a number of a person.
pub fn reasons(table: Table) -> Table {
    table
        .rule(json!({ "reason": " " }), "BLANK", "reason")
        .rule(json!({ "reason": "a".repeat(2_001) }), "TOO_LONG", "reason")
        .rule(json!({ "reason": "a\u{7}b" }), "INVALID_FORMAT", "reason")
        .rule(json!({ "reason": "Gọi 0912 345 678" }), "PERSONAL_DATA", "reason")
}

/// A party that ended without a successor.
async fn gone(app: &TestApp, kind: Kind) -> party::Model {
    app.party(kind).valid("2020-01-01", Some("2026-01-01")).await
}

fn declined(row: &mut commitment::Model) {
    (row.status, row.reason) = (Status::Declined, Some("Không cần".to_owned()));
}

fn withdrawn(row: &mut commitment::Model) {
    (row.status, row.reason) = (Status::Withdrawn, Some("Hết kinh phí".to_owned()));
}

fn closed(row: &mut commitment::Model) {
    (row.status, row.closed_at) = (Status::Closed, row.accepted_at);
}

fn of_telecoms(row: &mut activity_kind::Model) {
    row.promisers = [Kind::TelecomCompany].into_iter().collect();
}
