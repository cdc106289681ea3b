//! What is refused of members and invitations.

use api::clock::Clock;
use entity::member::Role;
use serde_json::json;
use tests::TestApp;

use super::Table;

pub async fn invite_member(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let ended = app.party(party.kind).valid("2020-01-01", Some("2026-01-01")).await;
    app.party_succession(&ended, &party, "2026-01-01").await;
    let rival = app.bank().await;
    let input = json!({ "partyId": party.id.to_string(), "role": "REPORTER", "label": "Kế toán",
        "idempotencyKey": app.key() });
    Table::new("inviteMember", "invitation", bank, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", rival.clone(), "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "FORBIDDEN")
        .rule(json!({ "partyId": rival.party().id.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "partyId": ended.id.to_string() }), "OUTSIDE_VALIDITY", "partyId")
        .rule(json!({ "label": "a".repeat(81) }), "TOO_LONG", "label")
        .rule(json!({ "label": "Chị B 0912345678" }), "PERSONAL_DATA", "label")
        .mismatch(json!({ "role": "MANAGER" }))
}

pub async fn approve_invitation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let waiting = app.invitation(&party).1.with(|row| row.awaits_approval = true).await;
    let now = app.clock.now();
    let revoked = app.invitation(&party).1.with(|row| row.revoked_at = Some(now)).await;
    let expired = app.invitation(&party).1.with(|row| row.expires_at = now).await;
    let input = json!({ "id": waiting.id.to_string(), "expectedVersion": 1 });
    let rival = app.bank().await;
    let others = app.invitation(rival.party()).1.await;
    Table::new("approveInvitation", "invitation", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &others.id)
        .rule(json!({ "id": revoked.id.to_string() }), "INVITATION_SPENT", "id")
        .rule(json!({ "id": expired.id.to_string() }), "INVITATION_SPENT", "id")
}

pub async fn revoke_invitation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let open = app.invitation(&party).1.await;
    let now = app.clock.now();
    let revoked = app.invitation(&party).1.with(|row| row.revoked_at = Some(now)).await;
    let by = bank.member().id;
    let used = app.invitation(&party).1;
    let used = used.with(|row| (row.accepted_at, row.member_id) = (Some(now), Some(by))).await;
    let input = json!({ "id": open.id.to_string(), "expectedVersion": 1 });
    let rival = app.bank().await;
    let others = app.invitation(rival.party()).1.await;
    Table::new("revokeInvitation", "invitation", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator who did not invite", app.coordinator().await, "FORBIDDEN")
        .other("viewer", app.member_of(&party).with_role(Role::Viewer).await, "NOT_FOUND")
        .hidden("id", &others.id)
        .rule(json!({ "id": revoked.id.to_string() }), "INVITATION_SPENT", "id")
        .rule(json!({ "id": used.id.to_string() }), "INVITATION_SPENT", "id")
}

pub async fn accept_invitation(app: &TestApp) -> Table {
    let party = app.bank().await.party().clone();
    let (code, open) = app.invitation(&party);
    open.await;
    let now = app.clock.now();
    let (waiting, row) = app.invitation(&party);
    row.with(|row| row.awaits_approval = true).await;
    let (revoked, row) = app.invitation(&party);
    row.with(|row| row.revoked_at = Some(now)).await;
    let (expired, row) = app.invitation(&party);
    row.with(|row| row.expires_at = now).await;
    let (used, row) = app.invitation(&party);
    let by = app.member(&party).await.id;
    row.with(|row| (row.accepted_at, row.member_id) = (Some(now), Some(by))).await;
    let somebody = app.union().with_role(Role::Viewer).await;
    let (to_itself, row) = app.invitation(somebody.party());
    row.await;
    Table::new("acceptInvitation", "member", somebody, json!({ "code": code }))
        .other("system", app.union().by_token().await, "FORBIDDEN")
        .rule(json!({ "code": "" }), "NOT_FOUND", "code")
        .rule(json!({ "code": "cki_0000" }), "NOT_FOUND", "code")
        .rule(json!({ "code": waiting }), "INVITATION_AWAITS_APPROVAL", "code")
        .rule(json!({ "code": revoked }), "INVITATION_SPENT", "code")
        .rule(json!({ "code": expired }), "INVITATION_SPENT", "code")
        .rule(json!({ "code": used }), "INVITATION_SPENT", "code")
        .rule(json!({ "code": to_itself }), "ALREADY_RECORDED", "code")
}

pub async fn change_member_role(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let colleague = app.member(&party).with(|row| row.role = Role::Viewer).await;
    let now = app.clock.now();
    let gone = app.member(&party).with(|row| row.removed_at = Some(now)).await;
    let (myself, rival) = (bank.member().id.to_string(), app.bank().await);
    let theirs = rival.member().id;
    let input = json!({ "id": colleague.id.to_string(), "role": "REPORTER",
        "expectedVersion": 1 });
    Table::new("changeMemberRole", "member", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &theirs)
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": myself, "role": "VIEWER" }), "LAST_MANAGER", "id")
}

pub async fn remove_member(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let colleague = app.member(&party).with(|row| row.role = Role::Viewer).await;
    let now = app.clock.now();
    let gone = app.member(&party).with(|row| row.removed_at = Some(now)).await;
    let (myself, rival) = (bank.member().id.to_string(), app.bank().await);
    let theirs = rival.member().id;
    let input = json!({ "id": colleague.id.to_string(), "expectedVersion": 1 });
    Table::new("removeMember", "member", bank, input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("reporter", app.member_of(&party).with_role(Role::Reporter).await, "NOT_FOUND")
        .hidden("id", &theirs)
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": myself }), "LAST_MANAGER", "id")
}
