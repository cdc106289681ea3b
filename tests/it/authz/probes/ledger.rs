//! Probes of the ledger: needs, commitments, amendments, deliveries and notes. Whoever is past
//! permission meets a version that nothing has, a quantity of nothing or an empty text.

use serde_json::{Value, json};

use super::{Probe, STALE, probes};
use crate::authz::world::{Promise, World};

probes! {
    acceptAmendment "own": |_, c, _| of(&c.now()?.promise.amendment.id);
    acceptAmendment "to its commune": |w, _, _| of(&w.ledger.here.amendment.id);
    acceptAmendment "to its commune, after 15 working days":
        |w, _, _| of(&w.ledger.late.amendment.id);
    acceptAmendment "to the province": |w, _, _| of(&w.ledger.wide.amendment.id);
    acceptCommitment "own": |_, c, _| of(&c.now()?.promise.commitment.id);
    acceptCommitment "predecessor's": |_, c, _| of(&c.before()?.promise.commitment.id);
    acceptCommitment "joint": |_, c, _| of(&c.own.as_ref()?.joint.commitment.id);
    acceptCommitment "carried": |_, c, _| of(&c.own.as_ref()?.carried.commitment.id);
    acceptCommitment "to its commune": |w, _, _| of(&w.ledger.here.commitment.id);
    acceptCommitment "to its commune, after 15 working days":
        |w, _, _| of(&w.ledger.late.commitment.id);
    acceptCommitment "to what its commune succeeded":
        |w, _, _| of(&w.ledger.succeeded.commitment.id);
    acceptCommitment "to the province": |w, _, _| of(&w.ledger.wide.commitment.id);
    acceptCommitment "to a commune of its district":
        |w, _, _| of(&w.ledger.in_district.commitment.id);
    acceptCommitment "another's, public": |w, _, _| of(&w.ledger.public.commitment.id);
    acceptCommitment "another's": |w, _, _| of(&w.other.promise.commitment.id);
    agreeDelivery "own": |w, c, _| keyed(w, &c.now()?.promise.entry.id);
    agreeDelivery "predecessor's": |w, c, _| keyed(w, &c.before()?.promise.entry.id);
    agreeDelivery "joint": |w, c, _| keyed(w, &c.own.as_ref()?.joint.entry.id);
    agreeDelivery "in its hands": |w, c, _| keyed(w, &c.own.as_ref()?.carried.entry.id);
    agreeDelivery "in its commune": |w, _, _| keyed(w, &w.ledger.here.entry.id);
    agreeDelivery "in its commune, after 15 working days":
        |w, _, _| keyed(w, &w.ledger.late.entry.id);
    agreeDelivery "another's, public": |w, _, _| keyed(w, &w.ledger.public.entry.id);
    amendCommitment "own": |w, c, _| amended(w, &c.now()?.promise);
    amendCommitment "predecessor's": |w, c, _| amended(w, &c.before()?.promise);
    amendCommitment "joint": |w, c, _| amended(w, &c.own.as_ref()?.joint);
    amendCommitment "carried": |w, c, _| amended(w, &c.own.as_ref()?.carried);
    amendCommitment "to its commune": |w, _, _| amended(w, &w.ledger.here);
    amendCommitment "another's, public": |w, _, _| amended(w, &w.ledger.public);
    amendCommitment "another's": |w, _, _| amended(w, &w.other.promise);
    closeCommitment "own": |_, c, _| of(&c.now()?.promise.commitment.id);
    closeCommitment "predecessor's": |_, c, _| of(&c.before()?.promise.commitment.id);
    closeCommitment "joint": |_, c, _| of(&c.own.as_ref()?.joint.commitment.id);
    closeCommitment "carried": |_, c, _| of(&c.own.as_ref()?.carried.commitment.id);
    closeCommitment "to its commune": |w, _, _| of(&w.ledger.here.commitment.id);
    closeCommitment "to what its commune succeeded":
        |w, _, _| of(&w.ledger.succeeded.commitment.id);
    closeCommitment "to the province": |w, _, _| of(&w.ledger.wide.commitment.id);
    closeCommitment "the coordinator's": |w, _, _| of(&coordinators(w).commitment.id);
    closeCommitment "another's, public": |w, _, _| of(&w.ledger.public.commitment.id);
    closeCommitment "another's": |w, _, _| of(&w.other.promise.commitment.id);
    confirmDeliveries "own": |w, c, _| rows(w, &c.now()?.promise.entry.id);
    confirmDeliveries "predecessor's": |w, c, _| rows(w, &c.before()?.promise.entry.id);
    confirmDeliveries "joint": |w, c, _| rows(w, &c.own.as_ref()?.joint.entry.id);
    confirmDeliveries "in its hands": |w, c, _| rows(w, &c.own.as_ref()?.carried.entry.id);
    confirmDeliveries "in its commune": |w, _, _| rows(w, &w.ledger.here.entry.id);
    confirmDeliveries "in its commune, after 15 working days":
        |w, _, _| rows(w, &w.ledger.late.entry.id);
    confirmDeliveries "in what its commune succeeded":
        |w, _, _| rows(w, &w.ledger.succeeded.entry.id);
    confirmDeliveries "in its commune, of a promise to the province":
        |w, _, _| rows(w, &w.ledger.wide.entry.id);
    confirmDeliveries "in a commune of its district":
        |w, _, _| rows(w, &w.ledger.in_district.entry.id);
    confirmDeliveries "a commune's receipt": |w, _, _| rows(w, &w.ledger.receipt.id);
    confirmDeliveries "another's, public": |w, _, _| rows(w, &w.ledger.public.entry.id);
    confirmDeliveries "another's": |w, _, _| rows(w, &w.other.promise.entry.id);
    consentToReversals "own": |w, c, _| rows(w, &c.now()?.promise.entry.id);
    consentToReversals "in its commune": |w, _, _| rows(w, &w.ledger.here.entry.id);
    consentToReversals "in its commune, after 15 working days":
        |w, _, _| rows(w, &w.ledger.late.entry.id);
    consentToReversals "another's, public": |w, _, _| rows(w, &w.ledger.public.entry.id);
    declineAmendment "to its commune": |w, _, _| because(&w.ledger.here.amendment.id);
    declineAmendment "to the province": |w, _, _| because(&w.ledger.wide.amendment.id);
    declineCommitment "own": |_, c, _| because(&c.now()?.promise.commitment.id);
    declineCommitment "to its commune": |w, _, _| because(&w.ledger.here.commitment.id);
    declineCommitment "to its commune, after 15 working days":
        |w, _, _| because(&w.ledger.late.commitment.id);
    declineCommitment "to the province": |w, _, _| because(&w.ledger.wide.commitment.id);
    disputeDelivery "own": |w, c, _| figure(w, &c.now()?.promise.entry.id);
    disputeDelivery "in its hands": |w, c, _| figure(w, &c.own.as_ref()?.carried.entry.id);
    disputeDelivery "in its commune": |w, _, _| figure(w, &w.ledger.here.entry.id);
    disputeDelivery "in its commune, after 15 working days":
        |w, _, _| figure(w, &w.ledger.late.entry.id);
    disputeDelivery "a commune's receipt": |w, _, _| figure(w, &w.ledger.receipt.id);
    doneNote "written by itself": |_, c, _| of(&c.now()?.promise.note.id);
    doneNote "addressed to it": |_, c, _| of(&c.now()?.addressed.id);
    doneNote "written by a predecessor": |_, c, _| of(&c.before()?.promise.note.id);
    doneNote "on what is promised to its commune": |w, _, _| of(&w.ledger.here.note.id);
    doneNote "on what is public": |w, _, _| of(&w.ledger.public.note.id);
    proposeCommitments "of its own": |w, c, _| proposal(w, &c.now()?.party.id);
    proposeCommitments "of a predecessor": |w, c, _| proposal(w, &c.before()?.party.id);
    proposeCommitments "of another": |w, _, _| proposal(w, &w.other.party.id);
    raiseNeed "in its commune": |w, _, _| need(w, &w.commune.id);
    raiseNeed "in what its commune succeeded":
        |w, _, _| need(w, &w.ledger.succeeded.commitment.place_id);
    raiseNeed "elsewhere": |w, _, _| need(w, &w.ledger.public.commitment.place_id);
    recordDeliveries "own": |w, c, _| entry(w, &c.now()?.promise);
    recordDeliveries "predecessor's": |w, c, _| entry(w, &c.before()?.promise);
    recordDeliveries "joint": |w, c, _| entry(w, &c.own.as_ref()?.joint);
    recordDeliveries "carried": |w, c, _| entry(w, &c.own.as_ref()?.carried);
    recordDeliveries "to its commune": |w, _, _| entry(w, &w.ledger.here);
    recordDeliveries "to the province": |w, _, _| entry(w, &w.ledger.wide);
    recordDeliveries "another's, public": |w, _, _| entry(w, &w.ledger.public);
    recordDeliveries "another's": |w, _, _| entry(w, &w.other.promise);
    recordReceipt "own":
        |w, c, _| receipt(w, &c.now()?.promise, &w.ledger.public.commitment.place_id);
    recordReceipt "to its commune": |w, _, _| receipt(w, &w.ledger.here, &w.commune.id);
    recordReceipt "to the province": |w, _, _| receipt(w, &w.ledger.wide, &w.commune.id);
    recordReceipt "another's, public":
        |w, _, _| receipt(w, &w.ledger.public, &w.ledger.public.commitment.place_id);
    refuseReversals "in its commune": |w, _, _| rows_because(w, &w.ledger.here.entry.id);
    refuseReversals "in its commune, after 15 working days":
        |w, _, _| rows_because(w, &w.ledger.late.entry.id);
    reopenCommitment "own": |_, c, _| because(&c.now()?.promise.commitment.id);
    reopenCommitment "to its commune": |w, _, _| because(&w.ledger.here.commitment.id);
    reopenCommitment "the coordinator's": |w, _, _| because(&coordinators(w).commitment.id);
    reverseDeliveries "own": |w, c, _| rows_because(w, &c.now()?.promise.entry.id);
    reverseDeliveries "predecessor's": |w, c, _| rows_because(w, &c.before()?.promise.entry.id);
    reverseDeliveries "joint, by the lead giver":
        |w, c, _| rows_because(w, &c.own.as_ref()?.joint.entry.id);
    reverseDeliveries "in its commune": |w, _, _| rows_because(w, &w.ledger.here.entry.id);
    reverseDeliveries "a commune's receipt": |w, _, _| rows_because(w, &w.ledger.receipt.id);
    settleDelivery "own": |w, c, _| figure(w, &c.now()?.promise.entry.id);
    settleDelivery "in its commune": |w, _, _| figure(w, &w.ledger.here.entry.id);
    settleDelivery "in its commune, after 15 working days":
        |w, _, _| figure(w, &w.ledger.late.entry.id);
    settleDelivery "the coordinator's": |w, _, _| figure(w, &coordinators(w).entry.id);
    transferCommitments "own": |w, c, _| transferred(w, &c.now()?.promise);
    transferCommitments "another's": |w, _, _| transferred(w, &w.ledger.here);
    transferCommitments "the coordinator's": |w, _, _| transferred(w, coordinators(w));
    withdrawCommitment "own": |_, c, _| because(&c.now()?.promise.commitment.id);
    withdrawCommitment "predecessor's": |_, c, _| because(&c.before()?.promise.commitment.id);
    withdrawCommitment "joint": |_, c, _| because(&c.own.as_ref()?.joint.commitment.id);
    withdrawCommitment "carried": |_, c, _| because(&c.own.as_ref()?.carried.commitment.id);
    withdrawCommitment "to its commune": |w, _, _| because(&w.ledger.here.commitment.id);
    withdrawCommitment "another's, public": |w, _, _| because(&w.ledger.public.commitment.id);
    withdrawNeed "of its commune": |w, _, _| because(&w.ledger.need.id);
    withdrawNeed "elsewhere": |w, _, _| because(&w.ledger.other_need.id);
    withdrawNeed "withdrawn, of its commune": |w, _, _| because(&w.ledger.withdrawn.id);
    writeNote "on its own promise":
        |w, c, _| note(w, "commitmentId", &c.now()?.promise.commitment.id);
    writeNote "on a predecessor's promise":
        |w, c, _| note(w, "commitmentId", &c.before()?.promise.commitment.id);
    writeNote "on a joint promise":
        |w, c, _| note(w, "commitmentId", &c.own.as_ref()?.joint.commitment.id);
    writeNote "on goods in its hands":
        |w, c, _| note(w, "deliveryId", &c.own.as_ref()?.carried.entry.id);
    writeNote "on a promise to its commune":
        |w, _, _| note(w, "commitmentId", &w.ledger.here.commitment.id);
    writeNote "on a promise to the province":
        |w, _, _| note(w, "commitmentId", &w.ledger.wide.commitment.id);
    writeNote "on a need of its commune": |w, _, _| note(w, "needId", &w.ledger.need.id);
    writeNote "on another's promise, public":
        |w, _, _| note(w, "commitmentId", &w.ledger.public.commitment.id);
    writeNote "on another's promise":
        |w, _, _| note(w, "commitmentId", &w.other.promise.commitment.id);
}

/// What the coordinator itself has promised.
fn coordinators(w: &World) -> &Promise {
    &w.of("coordinator").now.promise
}

fn of(id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "expectedVersion": STALE }))
}

fn because(id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "expectedVersion": STALE, "reason": "a" }))
}

fn keyed(w: &World, id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "expectedVersion": STALE, "idempotencyKey": w.app.key() }))
}

fn figure(w: &World, id: &impl ToString) -> Option<Value> {
    Some(json!({ "id": id.to_string(), "expectedVersion": STALE, "figure": "1", "reason": "a",
        "idempotencyKey": w.app.key() }))
}

fn rows(w: &World, id: &impl ToString) -> Option<Value> {
    let row = json!({ "id": id.to_string(), "expectedVersion": STALE });
    Some(json!({ "deliveries": [row], "idempotencyKey": w.app.key() }))
}

fn rows_because(w: &World, id: &impl ToString) -> Option<Value> {
    let mut input = rows(w, id)?;
    input["reason"] = json!("a");
    Some(input)
}

fn amended(w: &World, promise: &Promise) -> Option<Value> {
    Some(json!({ "id": promise.commitment.id.to_string(), "expectedVersion": STALE,
        "documentId": w.directive.id.to_string(), "reason": "a", "idempotencyKey": w.app.key() }))
}

fn transferred(w: &World, promise: &Promise) -> Option<Value> {
    let row = json!({ "id": promise.commitment.id.to_string(), "expectedVersion": STALE });
    Some(json!({ "commitments": [row], "toPartyId": w.memberless.party.id.to_string(),
        "reason": "a", "idempotencyKey": w.app.key() }))
}

fn proposal(w: &World, giver: &impl ToString) -> Option<Value> {
    let row = json!({ "giverId": giver.to_string(), "placeId": w.commune.id.to_string(),
        "activityId": w.activity, "quantity": "0" });
    Some(json!({ "commitments": [row], "idempotencyKey": w.app.key() }))
}

fn need(w: &World, commune: &impl ToString) -> Option<Value> {
    Some(json!({ "communeId": commune.to_string(), "activityId": w.activity, "quantity": "0",
        "dueOn": "2026-12-31", "text": "", "idempotencyKey": w.app.key() }))
}

fn entry(w: &World, promise: &Promise) -> Option<Value> {
    let commitment = &promise.commitment;
    let row = json!({ "commitmentId": commitment.id.to_string(),
        "communeId": commitment.place_id.to_string(), "quantity": "0",
        "deliveredOn": "2026-01-05" });
    Some(json!({ "deliveries": [row], "idempotencyKey": w.app.key() }))
}

fn receipt(w: &World, promise: &Promise, commune: &impl ToString) -> Option<Value> {
    Some(json!({ "commitmentId": promise.commitment.id.to_string(),
        "communeId": commune.to_string(), "quantity": "0", "deliveredOn": "2026-01-05",
        "idempotencyKey": w.app.key() }))
}

fn note(w: &World, on: &str, id: &impl ToString) -> Option<Value> {
    Some(json!({ on: id.to_string(), "text": "", "idempotencyKey": w.app.key() }))
}
