//! Members and invitations: who invites, who joins, who stays.

use entity::{invitation, member, party};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

mod accepting;
mod inviting;
mod leaving;
mod reading;

const INVITE: &str = "mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
    invitation { id state role label expiresAt version party { id } invitedBy { id } }
    code replayed userErrors { code message path params { name value } } } }";

const APPROVE: &str = "mutation ($input: ApproveInvitationInput!) {
    approveInvitation(input: $input) {
        invitation { id state version } userErrors { code message path } } }";

const REVOKE: &str = "mutation ($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
        invitation { id state version } userErrors { code message path } } }";

const ACCEPT: &str = "mutation ($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
        member { id role label version party { id } } replayed
        userErrors { code message path params { name value } } } }";

const CHANGE: &str = "mutation ($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) {
        member { id role version } userErrors { code message path params { name value } } } }";

const REMOVE: &str = "mutation ($input: RemoveMemberInput!) { removeMember(input: $input) {
    member { id removedAt version } userErrors { code message path params { name value } } } }";

fn invite(app: &TestApp, party: &party::Model, role: &str) -> Value {
    json!({
        "partyId": party.id.to_string(), "role": role, "label": "Phòng Kế hoạch",
        "idempotencyKey": app.key(),
    })
}

fn at_version(id: impl ToString, version: i32) -> Value {
    json!({ "id": id.to_string(), "expectedVersion": version })
}

fn role(member: &member::Model, role: &str) -> Value {
    json!({ "id": member.id.to_string(), "role": role, "expectedVersion": member.version })
}

async fn accept(person: &Actor, code: &str) -> Reply {
    person.act(ACCEPT, json!({ "code": code })).await
}

/// Those who are members of a party today.
async fn members(app: &TestApp, party: &party::Model) -> Vec<member::Model> {
    let mut members = app.all(member::Entity).await;
    members.retain(|member| member.party_id == party.id && member.removed_at.is_none());
    members
}

async fn only_invitation(app: &TestApp) -> invitation::Model {
    let [invitation] = &app.all(invitation::Entity).await[..] else {
        panic!("there is not one invitation");
    };
    invitation.clone()
}
