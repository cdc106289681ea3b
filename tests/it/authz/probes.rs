//! One request per act and target, each of which would get past visibility and permission and then
//! fail at its version or a rule. So the answer tells who may, and nothing ever changes.

use serde_json::{Value, json};

use super::world::{Column, Seat, Things, World};

mod ledger;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Probe> {
    PROBES.iter().chain(ledger::PROBES)
}

/// A mutation, on what, and the input that a seat would send; none where it has no such thing.
pub struct Probe {
    pub mutation: &'static str,
    pub target: &'static str,
    pub input: fn(&World, &Column, &Seat) -> Option<Value>,
}

/// A version that nothing has.
const STALE: i32 = 999;

macro_rules! probes {
    ($($mutation:ident $target:literal: $input:expr;)+) => {
        pub const PROBES: &[Probe] = &[$(
            Probe { mutation: stringify!($mutation), target: $target, input: $input }
        ),+];
    };
}
use probes;

probes! {
    acceptInvitation "with a revoked code": |w, _, _| Some(json!({ "code": w.spent_code }));
    answerTask "asked by name": |w, c, _| answer(w, c.now()?, &c.now()?.task);
    answerTask "asked by kind or not at all": |w, c, _| answer(w, c.now()?, &w.asked);
    answerTask "of its own letter": |w, c, _| answer(w, c.now()?, &c.now()?.task_of_letter);
    answerTask "predecessor asked": |w, c, _| answer(w, c.before()?, &c.before()?.task);
    answerTask "another asked": |w, _, _| answer(w, &w.other, &w.other.task);
    answerTask "of another's letter": |w, _, _| answer(w, &w.other, &w.other.task_of_letter);
    approveInvitation "own": |_, c, _| changed(&c.now()?.invitation.id);
    approveInvitation "predecessor's": |_, c, _| changed(&c.before()?.invitation.id);
    approveInvitation "another's": |w, _, _| changed(&w.other.invitation.id);
    approveSubgraph "own": |_, c, _| approved(&c.now()?.subgraph);
    approveSubgraph "another's": |w, _, _| approved(&w.other.subgraph);
    assignDepartment "a commune": |w, _, _| Some(json!({
        "departmentId": w.of("department").now.party.id.to_string(),
        "communeId": w.commune.id.to_string(), "documentId": w.directive.id.to_string(),
        "validFrom": "2026-01-01", "validTo": "2026-01-01", "idempotencyKey": w.app.key() }));
    changeMemberRole "oneself": |_, c, s| role(&c.now().map(|_| s.actor.member().id)?);
    changeMemberRole "a colleague": |_, c, _| role(&c.now()?.member.id);
    changeMemberRole "predecessor's": |_, c, _| role(&c.before()?.member.id);
    changeMemberRole "another's": |w, _, _| role(&w.other.member.id);
    changeSavedOperation "own": |_, c, _| saved(&c.now()?.saved);
    changeSavedOperation "predecessor's": |_, c, _| saved(&c.before()?.saved);
    changeSavedOperation "another's": |w, _, _| saved(&w.other.saved);
    changeSavedOperation "another's, shared": |w, _, _| saved(&w.shared);
    checkSubgraph "own": |_, c, _| checked(c.now()?);
    checkSubgraph "predecessor's": |_, c, _| checked(c.before()?);
    checkSubgraph "another's": |w, _, _| checked(&w.other);
    defineActivityKind "": |w, _, _| Some(json!({ "code": "A", "name": "a", "nameEn": "a",
        "unit": "a", "unitEn": "a", "precision": 0, "measure": "FLOW", "pillar": "DIGITAL_SOCIETY",
        "promisers": ["BANK"], "idempotencyKey": w.app.key() }));
    defineDocument "directive of its own": |w, c, _| document(w, c.now()?, "DIRECTIVE");
    defineDocument "directive of another": |w, _, _| document(w, &w.other, "DIRECTIVE");
    defineDocument "letter of its own": |w, c, _| document(w, c.now()?, "LETTER");
    defineDocument "agreement of its own": |w, c, _| document(w, c.now()?, "AGREEMENT");
    defineDocument "minutes of its own": |w, c, _| document(w, c.now()?, "MINUTES");
    defineDocument "letter of a predecessor": |w, c, _| document(w, c.before()?, "LETTER");
    defineDocument "letter of another": |w, _, _| document(w, &w.other, "LETTER");
    defineParty "": |w, _, _| Some(json!({ "code": "x", "kind": "BANK", "name": "x",
        "validFrom": "2026-01-01", "idempotencyKey": w.app.key() }));
    defineTask "of a directive": |w, _, _| task(w, &w.directive);
    defineTask "of its own letter": |w, c, _| task(w, &c.now()?.letter);
    defineTask "of another's letter": |w, _, _| task(w, &w.other.letter);
    deleteSavedOperation "own": |_, c, _| changed(&c.now()?.saved.id);
    deleteSavedOperation "predecessor's": |_, c, _| changed(&c.before()?.saved.id);
    deleteSavedOperation "another's": |w, _, _| changed(&w.other.saved.id);
    deleteSavedOperation "another's, shared": |w, _, _| changed(&w.shared.id);
    endAssignment "": |w, _, _| ended(&w.other.assignment.id);
    endEnrolment "": |w, _, _| ended(&w.enrolment);
    endMandate "own as principal": |_, c, _| ended(&c.now()?.as_principal.id);
    endMandate "predecessor's": |_, c, _| ended(&c.before()?.as_principal.id);
    endMandate "as agent": |_, c, _| ended(&c.now()?.as_agent.id);
    endMandate "another's, with members": |w, _, _| ended(&w.other.as_principal.id);
    endMandate "another's, without members": |w, _, _| ended(&w.memberless.as_principal.id);
    enrolCommune "": |w, _, _| Some(json!({ "stage": "PILOT",
        "communeId": w.commune.id.to_string(), "documentId": w.directive.id.to_string(),
        "validFrom": "2026-01-01", "validTo": "2026-01-01", "idempotencyKey": w.app.key() }));
    favouriteOperation "own, deleted": |_, c, _| mark(&c.now()?.discarded);
    favouriteOperation "predecessor's, deleted": |_, c, _| mark(&c.before()?.discarded);
    favouriteOperation "another's, deleted": |w, _, _| mark(&w.other.discarded);
    grantFields "to itself": |w, c, _| grants(w, c.now()?);
    grantFields "to another": |w, _, _| grants(w, &w.other);
    inviteMember "own": |w, c, _| invitation(w, c.now()?);
    inviteMember "predecessor's": |w, c, _| invitation(w, c.before()?);
    inviteMember "another's, with a manager": |w, _, _| invitation(w, &w.other);
    inviteMember "another's, without members": |w, _, _| invitation(w, &w.memberless);
    issueToken "own": |w, c, _| token(w, c.now()?);
    issueToken "predecessor's": |w, c, _| token(w, c.before()?);
    issueToken "another's": |w, _, _| token(w, &w.other);
    issueToken "another's, without members": |w, _, _| token(w, &w.memberless);
    makeMandate "own": |w, c, _| mandate(w, c.now()?);
    makeMandate "predecessor's": |w, c, _| mandate(w, c.before()?);
    makeMandate "another's, with members": |w, _, _| mandate(w, &w.other);
    makeMandate "another's, without members": |w, _, _| mandate(w, &w.memberless);
    publishSubgraph "own": |w, c, _| published(w, c.now()?);
    publishSubgraph "predecessor's": |w, c, _| published(w, c.before()?);
    publishSubgraph "another's": |w, _, _| published(w, &w.other);
    recordPartySuccession "own": |w, c, _| succession(w, c.now()?);
    recordPartySuccession "another's": |w, _, _| succession(w, &w.other);
    registerOperation "": |w, _, _| operation(w, None);
    registerOperation "in place of its own": |w, c, _| operation(w, Some(c.now()?));
    registerOperation "in place of a predecessor's": |w, c, _| operation(w, Some(c.before()?));
    registerOperation "in place of another's": |w, _, _| operation(w, Some(&w.other));
    removeMember "oneself": |_, c, s| changed(&c.now().map(|_| s.actor.member().id)?);
    removeMember "a colleague": |_, c, _| changed(&c.now()?.member.id);
    removeMember "predecessor's": |_, c, _| changed(&c.before()?.member.id);
    removeMember "another's": |w, _, _| changed(&w.other.member.id);
    reviseActivityKind "": |w, _, _| Some(json!({ "id": w.activity, "name": "a", "nameEn": "a",
        "pillar": "DIGITAL_SOCIETY", "promisers": ["BANK"], "forcesParties": false,
        "expectedVersion": STALE }));
    reviseParty "own": |_, c, _| party(c.now()?);
    reviseParty "another's": |w, _, _| party(&w.other);
    retireOperation "own": |_, c, _| changed(&c.now()?.operation.id);
    retireOperation "predecessor's": |_, c, _| changed(&c.before()?.operation.id);
    retireOperation "another's": |w, _, _| changed(&w.other.operation.id);
    retireSubgraph "own": |_, c, _| changed(&c.now()?.subgraph.id);
    retireSubgraph "predecessor's": |_, c, _| changed(&c.before()?.subgraph.id);
    retireSubgraph "another's": |w, _, _| changed(&w.other.subgraph.id);
    revokeGrant "own": |_, c, _| changed(&c.now()?.grant.id);
    revokeGrant "another's": |w, _, _| changed(&w.other.grant.id);
    revokeInvitation "own": |_, c, _| changed(&c.now()?.invitation.id);
    revokeInvitation "predecessor's": |_, c, _| changed(&c.before()?.invitation.id);
    revokeInvitation "another's, by itself": |w, _, _| changed(&w.other.invitation.id);
    revokeInvitation "another's, by the coordinator": |w, _, _| changed(&w.invited);
    revokeToken "own": |_, c, _| changed(&c.now()?.token.id);
    revokeToken "predecessor's": |_, c, _| changed(&c.before()?.token.id);
    revokeToken "another's": |w, _, _| changed(&w.other.token.id);
    rollBackSupergraph "": |w, _, _| Some(json!({ "number": w.graph.number,
        "expectedNumber": STALE, "idempotencyKey": w.app.key() }));
    rotateToken "own": |w, c, _| rotated(w, c.now()?);
    rotateToken "predecessor's": |w, c, _| rotated(w, c.before()?);
    rotateToken "another's": |w, _, _| rotated(w, &w.other);
    saveOperation "": |w, _, _| Some(json!({ "titleVi": "", "document": "{ viewer { today } }",
        "idempotencyKey": w.app.key() }));
    shareSavedOperation "own": |_, c, _| changed(&c.now()?.saved.id);
    shareSavedOperation "predecessor's": |_, c, _| changed(&c.before()?.saved.id);
    shareSavedOperation "another's": |w, _, _| changed(&w.other.saved.id);
    unfavouriteOperation "own": |_, c, _| mark(&c.now()?.saved);
    unfavouriteOperation "another's": |w, _, _| mark(&w.other.saved);
    unfavouriteOperation "another's, shared": |w, _, _| mark(&w.shared);
    unshareSavedOperation "own": |_, c, _| changed(&c.now()?.saved.id);
    unshareSavedOperation "another's": |w, _, _| changed(&w.other.saved.id);
    unshareSavedOperation "another's, shared": |w, _, _| changed(&w.shared.id);
}

fn changed(id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "expectedVersion": STALE }))
}

fn role(id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "role": "MANAGER", "expectedVersion": STALE }))
}

fn ended(id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "validTo": "2026-12-01", "expectedVersion": STALE }))
}

fn answer(w: &World, asked: &Things, task: &entity::task::Model) -> Option<Value> {
    Some(json!({ "taskId": task.id.to_string(), "partyId": asked.party.id.to_string(),
        "state": "DONE", "expectedVersion": STALE, "idempotencyKey": w.app.key() }))
}

fn document(w: &World, issuer: &Things, kind: &str) -> Option<Value> {
    Some(json!({ "issuerId": issuer.party.id.to_string(), "kind": kind, "force": "REQUESTS",
        "reference": "no reference", "title": "a", "issuedOn": "2026-01-01",
        "idempotencyKey": w.app.key() }))
}

fn task(w: &World, document: &entity::document::Model) -> Option<Value> {
    Some(json!({ "documentId": document.id.to_string(), "text": "a",
        "idempotencyKey": w.app.key() }))
}

fn invitation(w: &World, of: &Things) -> Option<Value> {
    Some(json!({ "partyId": of.party.id.to_string(), "role": "VIEWER",
        "label": "0912 345 678", "idempotencyKey": w.app.key() }))
}

fn token(w: &World, of: &Things) -> Option<Value> {
    Some(json!({ "partyId": of.party.id.to_string(), "role": "VIEWER", "scopes": [],
        "expiresInDays": 0, "idempotencyKey": w.app.key() }))
}

fn operation(w: &World, replaced: Option<&Things>) -> Option<Value> {
    let replaced = replaced.map(|of| of.operation.id.to_string());
    Some(json!({ "name": "1", "document": "{ viewer { today } }", "replacesId": replaced,
        "idempotencyKey": w.app.key() }))
}

fn saved(row: &entity::saved_operation::Model) -> Option<Value> {
    Some(json!({ "id": row.id.to_string(), "titleVi": "a", "document": "{ viewer { today } }",
        "expectedVersion": STALE }))
}

fn mark(row: &entity::saved_operation::Model) -> Option<Value> {
    Some(json!({ "id": row.id.to_string() }))
}

fn approved(subgraph: &entity::subgraph::Model) -> Option<Value> {
    Some(json!({ "id": subgraph.id.to_string(), "decision": "APPROVE", "expectedVersion": STALE }))
}

/// Nobody here has a prefix.
fn checked(of: &Things) -> Option<Value> {
    Some(json!({ "partyId": of.party.id.to_string(), "url": "", "sdl": "" }))
}

fn published(w: &World, of: &Things) -> Option<Value> {
    Some(json!({ "partyId": of.party.id.to_string(), "url": "", "sdl": "",
        "expectedVersion": STALE, "idempotencyKey": w.app.key() }))
}

fn grants(w: &World, to: &Things) -> Option<Value> {
    Some(json!({ "grants": [{ "partyId": to.party.id.to_string(), "coordinate": "" }],
        "idempotencyKey": w.app.key() }))
}

fn rotated(w: &World, of: &Things) -> Option<Value> {
    Some(json!({ "id": of.token.id.to_string(), "expectedVersion": STALE,
        "idempotencyKey": w.app.key() }))
}

fn mandate(w: &World, principal: &Things) -> Option<Value> {
    Some(json!({ "principalId": principal.party.id.to_string(),
        "agentId": w.of("department").before.party.id.to_string(), "acts": [],
        "validFrom": "2026-01-01", "idempotencyKey": w.app.key() }))
}

fn succession(w: &World, old: &Things) -> Option<Value> {
    Some(json!({ "predecessorId": old.party.id.to_string(),
        "successorId": w.memberless.party.id.to_string(), "effectiveOn": "2026-12-01",
        "expectedVersion": STALE, "idempotencyKey": w.app.key() }))
}

fn party(of: &Things) -> Option<Value> {
    Some(json!({ "id": of.party.id.to_string(), "name": "a", "expectedVersion": STALE }))
}
