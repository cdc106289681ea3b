//! Changing members and invitations: one function per mutation, one transaction each. All of them
//! lock the party's row, so that two of them cannot both remove what they think is not the last
//! manager.

use entity::{
    id::{InvitationId, MemberId, PartyId},
    invitation,
    member::{self, Role},
    party,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use serde_json::json;

use super::{
    graphql::{
        AcceptInvitationInput, ApproveInvitationInput, ChangeMemberRoleInput, InviteMemberInput,
        RemoveMemberInput, RevokeInvitationInput,
    },
    read, rules,
};
use crate::{
    app::App,
    authz::{Action, Identity, Viewer},
    clock::{civil_day, days_after},
    domain::{party as parties, token::secret},
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Actor, CHANGE, Done, Key, Tx, check_version, sha256},
};

pub async fn invite_member(
    app: &App,
    viewer: &Viewer,
    input: InviteMemberInput,
    key: Key,
) -> Result<Done<InvitationId>> {
    let mut tx = app.write_once(viewer, key).await?;
    let party = tx.lock(parties::read::visible_to(viewer), "partyId", &input.party_id).await?;
    viewer.require(Action::InviteMember { party: party.id })?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }

    parties::rules::exists(&party, viewer.today, "partyId")?;
    let label = text::optional_label("label", &input.label, rules::MAX_LABEL)?;
    let from_outside = !viewer.owns_any(&[party.id]);
    let awaits_approval = from_outside && read::managers(&tx, party.id).await? > 0;
    let code = secret::invitation(&*app.clock);

    let row = invitation::Model {
        id: app.clock.uuid().into(),
        party_id: party.id,
        invited_by_id: viewer.party().ok_or_else(|| Error::internal("invited by nobody"))?,
        role: input.role.into(),
        label,
        code_hash: sha256(&code),
        awaits_approval,
        created_at: tx.now(),
        expires_at: days_after(tx.now(), rules::INVITATION_DAYS),
        revoked_at: None,
        accepted_at: None,
        member_id: None,
        version: 1,
    };
    let id = row.id;
    tx.record_for(
        "MEMBER_INVITED",
        id,
        [party.id],
        json!({ "version": 1, "after": { "partyId": party.id.to_string(), "role": row.role,
            "awaitsApproval": awaits_approval } }),
    );
    row.into_active_model().insert(&*tx).await?;
    Ok(Done { secret: Some(code), ..tx.done(id).await? })
}

pub async fn approve_invitation(
    app: &App,
    viewer: &Viewer,
    input: ApproveInvitationInput,
) -> Result<Done<InvitationId>> {
    let mut tx = app.write(viewer).await?;
    let visible = read::invitations::visible_to(viewer);
    let invitation = tx.lock(visible, "id", &input.id).await?;
    viewer.require(Action::ApproveInvitation { party: invitation.party_id })?;
    check_version(invitation.id, invitation.version, input.expected_version)?;
    rules::still_pending(rules::state(&invitation, tx.now()))?;

    let (id, version) = (invitation.id, invitation.version + 1);
    tx.record_for(
        "INVITATION_APPROVED",
        id,
        [invitation.party_id],
        json!({ "version": version, "before": { "awaitsApproval": invitation.awaits_approval },
            "after": { "awaitsApproval": false } }),
    );
    let mut row = invitation.into_active_model();
    row.awaits_approval = Set(false);
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

pub async fn revoke_invitation(
    app: &App,
    viewer: &Viewer,
    input: RevokeInvitationInput,
) -> Result<Done<InvitationId>> {
    let mut tx = app.write(viewer).await?;
    let visible = read::invitations::visible_to(viewer);
    let invitation = tx.lock(visible, "id", &input.id).await?;
    viewer.require(Action::RevokeInvitation {
        party: invitation.party_id,
        invited_by: invitation.invited_by_id,
    })?;
    check_version(invitation.id, invitation.version, input.expected_version)?;
    rules::still_pending(rules::state(&invitation, tx.now()))?;

    let (id, version, now) = (invitation.id, invitation.version + 1, tx.now());
    let data = json!({ "version": version, "after": { "revokedAt": now } });
    tx.record_for("INVITATION_REVOKED", id, [invitation.party_id], data);
    let mut row = invitation.into_active_model();
    row.revoked_at = Set(Some(now));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

/// Makes the person who is signed in a member. The code is the key of this mutation, in the scope
/// of issuer and subject: the same person with the same code gets the same membership again.
pub async fn accept_invitation(
    app: &App,
    viewer: &Viewer,
    input: AcceptInvitationInput,
) -> Result<Done<MemberId>> {
    viewer.actor()?;
    let Identity::Person { issuer, subject } = &viewer.identity else {
        return Err(UserErrorCode::Forbidden.refuse().into());
    };
    let mut tx = app.write(viewer).await?;
    let same_code = || {
        let code_hash = sha256(input.code.trim());
        invitation::Entity::find().filter(invitation::Column::CodeHash.eq(code_hash))
    };
    let not_found = || UserErrorCode::NotFound.refuse().at("code");
    // The party first: whoever brings its first manager changes its other invitations too.
    let party_id = same_code().one(&*tx).await?.ok_or_else(not_found)?.party_id;
    let party = lock_party(&tx, party_id).await?;
    let invitation = same_code().lock(CHANGE).one(&*tx).await?.ok_or_else(not_found)?;
    if let Some(member) = accepted_by(&tx, &invitation, issuer, subject).await? {
        return Ok(Done { id: member, replayed: true, secret: None });
    }
    rules::accept(rules::state(&invitation, tx.now()))?;
    parties::rules::exists(&party, viewer.today, "code")?;
    refuse_member_already(&tx, invitation.party_id, issuer, subject).await?;

    let member = member::Model {
        id: app.clock.uuid().into(),
        party_id: invitation.party_id,
        issuer: issuer.clone(),
        subject: subject.clone(),
        role: invitation.role,
        label: invitation.label.clone(),
        joined_at: tx.now(),
        removed_at: None,
        version: 1,
    };
    let id = member.id;
    if member.role == Role::Manager && read::managers(&tx, invitation.party_id).await? == 0 {
        hold_invitations_from_outside(&mut tx, &invitation).await?;
    }
    tx.act_as(Actor { party: Some(invitation.party_id), member: Some(id), token: None });
    let (now, version) = (tx.now(), invitation.version + 1);
    tx.record_for(
        "INVITATION_ACCEPTED",
        invitation.id,
        [invitation.party_id],
        json!({ "version": version, "after": { "memberId": id.to_string(), "role": member.role } }),
    );
    member.into_active_model().insert(&*tx).await?;
    let mut row = invitation.into_active_model();
    row.accepted_at = Set(Some(now));
    row.member_id = Set(Some(id));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

pub async fn change_member_role(
    app: &App,
    viewer: &Viewer,
    input: ChangeMemberRoleInput,
) -> Result<Done<MemberId>> {
    let mut tx = app.write(viewer).await?;
    let member = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::ChangeMemberRole { party: member.party_id })?;
    check_version(member.id, member.version, input.expected_version)?;
    let role: Role = input.role.into();
    refuse_removed(&member)?;
    refuse_last_manager(&tx, viewer, &member, Some(role)).await?;

    let (id, version) = (member.id, member.version + 1);
    tx.record_for(
        "MEMBER_ROLE_CHANGED",
        id,
        [member.party_id],
        json!({ "version": version, "before": { "role": member.role }, "after": { "role": role } }),
    );
    let mut row = member.into_active_model();
    row.role = Set(role);
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

pub async fn remove_member(
    app: &App,
    viewer: &Viewer,
    input: RemoveMemberInput,
) -> Result<Done<MemberId>> {
    let mut tx = app.write(viewer).await?;
    let member = tx.lock(read::visible_to(viewer), "id", &input.id).await?;
    viewer.require(Action::RemoveMember { party: member.party_id })?;
    check_version(member.id, member.version, input.expected_version)?;
    refuse_removed(&member)?;
    refuse_last_manager(&tx, viewer, &member, None).await?;

    let (id, version, now) = (member.id, member.version + 1, tx.now());
    let data = json!({ "version": version, "after": { "removedAt": now } });
    tx.record_for("MEMBER_REMOVED", id, [member.party_id], data);
    let mut row = member.into_active_model();
    row.removed_at = Set(Some(now));
    row.version = Set(version);
    row.update(&*tx).await?;
    tx.done(id).await
}

async fn lock_party(tx: &Tx, id: PartyId) -> Result<party::Model> {
    let party = party::Entity::find_by_id(id).lock(CHANGE).one(&**tx).await?;
    party.ok_or_else(|| Error::internal("a member of no party"))
}

/// A party that exists keeps a manager; of one that has ended its successors may remove everybody.
async fn refuse_last_manager(
    tx: &Tx,
    viewer: &Viewer,
    member: &member::Model,
    to: Option<Role>,
) -> Result<()> {
    let party = lock_party(tx, member.party_id).await?;
    if parties::rules::exists(&party, viewer.today, "id").is_err() {
        return Ok(());
    }
    Ok(rules::keeps_a_manager(member.role, to, read::managers(tx, member.party_id).await?)?)
}

fn refuse_removed(member: &member::Model) -> Result<()> {
    match member.removed_at {
        Some(on) => {
            Err(UserErrorCode::AlreadyEnded.refuse().at("id").with("on", civil_day(on)).into())
        }
        None => Ok(()),
    }
}

/// A party gets its first manager: invitations that the coordinator made before wait for approval
/// from now on, like those it makes later.
async fn hold_invitations_from_outside(tx: &mut Tx, accepted: &invitation::Model) -> Result<()> {
    let others = invitation::Entity::find()
        .filter(invitation::Column::PartyId.eq(accepted.party_id))
        .filter(invitation::Column::InvitedById.ne(accepted.party_id))
        .filter(invitation::Column::Id.ne(accepted.id))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::AwaitsApproval.eq(false))
        .lock(CHANGE)
        .all(&**tx)
        .await?;
    for invitation in others {
        let (id, version) = (invitation.id, invitation.version + 1);
        tx.record_for(
            "INVITATION_HELD",
            id,
            [invitation.party_id],
            json!({ "version": version, "before": { "awaitsApproval": false }, "after": { "awaitsApproval": true } }),
        );
        let mut row = invitation.into_active_model();
        row.awaits_approval = Set(true);
        row.version = Set(version);
        row.update(&**tx).await?;
    }
    Ok(())
}

/// The membership that an invitation made, if it was this person's and still is.
async fn accepted_by(
    tx: &Tx,
    invitation: &invitation::Model,
    issuer: &str,
    subject: &str,
) -> Result<Option<MemberId>> {
    let Some(id) = invitation.member_id else { return Ok(None) };
    let member = member::Entity::find_by_id(id).one(&**tx).await?;
    let theirs = |member: &member::Model| {
        member.issuer == issuer && member.subject == subject && member.removed_at.is_none()
    };
    Ok(member.filter(theirs).map(|member| member.id))
}

/// One person has one role in a party.
async fn refuse_member_already(tx: &Tx, party: PartyId, issuer: &str, subject: &str) -> Result<()> {
    let memberships = read::memberships(&**tx, issuer, subject).await?;
    match memberships.into_iter().find(|(member, _)| member.party_id == party) {
        Some((member, party)) => {
            let refusal = UserErrorCode::AlreadyRecorded.refuse().at("code");
            Err(refusal.with("what", party.name).object(member.id).into())
        }
        None => Ok(()),
    }
}
