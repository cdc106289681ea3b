//! What somebody sees of the ledger: needs, commitments, amendments, deliveries, what is said about
//! them, and notes. By id, in lists, counted, and from one object to the next.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Actor;

use super::{Read, ids_of, items, reads};
use crate::authz::world::World;

reads! {
    "own commitment": |_, c, _| Some(c.now()?.promise.commitment.id.to_string());
    "predecessor's commitment": |_, c, _| Some(c.before()?.promise.commitment.id.to_string());
    "joint commitment": |_, c, _| Some(c.own.as_ref()?.joint.commitment.id.to_string());
    "carried commitment": |_, c, _| Some(c.own.as_ref()?.carried.commitment.id.to_string());
    "commitment to its commune": |w, _, _| Some(w.ledger.here.commitment.id.to_string());
    "commitment to what its commune succeeded":
        |w, _, _| Some(w.ledger.succeeded.commitment.id.to_string());
    "commitment to the province": |w, _, _| Some(w.ledger.wide.commitment.id.to_string());
    "commitment to a commune of its district":
        |w, _, _| Some(w.ledger.in_district.commitment.id.to_string());
    "another's commitment": |w, _, _| Some(w.other.promise.commitment.id.to_string());
    "another's commitment, public": |w, _, _| Some(w.ledger.public.commitment.id.to_string());
    "own amendment": |_, c, _| Some(c.now()?.promise.amendment.id.to_string());
    "joint amendment": |_, c, _| Some(c.own.as_ref()?.joint.amendment.id.to_string());
    "amendment of what is promised to its commune":
        |w, _, _| Some(w.ledger.here.amendment.id.to_string());
    "another's amendment": |w, _, _| Some(w.other.promise.amendment.id.to_string());
    "another's amendment, public": |w, _, _| Some(w.ledger.public.amendment.id.to_string());
    "own delivery": |_, c, _| Some(c.now()?.promise.entry.id.to_string());
    "predecessor's delivery": |_, c, _| Some(c.before()?.promise.entry.id.to_string());
    "joint delivery": |_, c, _| Some(c.own.as_ref()?.joint.entry.id.to_string());
    "delivery into its hands": |_, c, _| Some(c.own.as_ref()?.carried.entry.id.to_string());
    "delivery in its commune": |w, _, _| Some(w.ledger.here.entry.id.to_string());
    "receipt of its commune": |w, _, _| Some(w.ledger.receipt.id.to_string());
    "delivery in its commune, promised to the province":
        |w, _, _| Some(w.ledger.wide.entry.id.to_string());
    "another's delivery": |w, _, _| Some(w.other.promise.entry.id.to_string());
    "another's delivery, public": |w, _, _| Some(w.ledger.public.entry.id.to_string());
    "own verification": |_, c, _| Some(c.now()?.promise.verification.id.to_string());
    "verification in its commune": |w, _, _| Some(w.ledger.here.verification.id.to_string());
    "another's verification": |w, _, _| Some(w.other.promise.verification.id.to_string());
    "another's verification, public": |w, _, _| Some(w.ledger.public.verification.id.to_string());
    "own note": |_, c, _| Some(c.now()?.promise.note.id.to_string());
    "predecessor's note": |_, c, _| Some(c.before()?.promise.note.id.to_string());
    "note on a joint commitment": |_, c, _| Some(c.own.as_ref()?.joint.note.id.to_string());
    "note addressed to it": |_, c, _| Some(c.now()?.addressed.id.to_string());
    "note on a commitment to its commune": |w, _, _| Some(w.ledger.here.note.id.to_string());
    "note on a need of its commune": |w, _, _| Some(w.ledger.on_need.id.to_string());
    "another's note": |w, _, _| Some(w.other.promise.note.id.to_string());
    "another's note on a public commitment": |w, _, _| Some(w.ledger.public.note.id.to_string());
    "need, open": |w, _, _| Some(w.ledger.need.id.to_string());
    "need, withdrawn": |w, _, _| Some(w.ledger.withdrawn.id.to_string());
}

pub const QUERY: &str = "query ($ids: [ID!]!) {
    nodes(ids: $ids) { id }
    commitments(first: 100) { totalCount nodes { id
        amendments { id commitment { id } } notes { id } history { subjectId }
        deliveries(first: 5) { totalCount nodes { id commitment { id } } } } }
    deliveries(first: 100) { totalCount nodes { id commitment { id }
        verifications { id delivery { id } } notes { id } history { subjectId } } }
    notes(first: 100) { totalCount nodes { id commitment { id } need { id } } }
    needs(first: 100) { totalCount nodes { id notes { id } history { subjectId } } }
}";

const LISTS: [&str; 4] = ["commitments", "deliveries", "notes", "needs"];

pub fn variables(world: &World) -> Value {
    json!({ "ids": ids(world) })
}

/// What somebody sees of the ledger, after making sure that every way of asking agrees.
pub async fn seen(world: &World, actor: &Actor) -> BTreeSet<String> {
    let ids = ids(world);
    let reply = actor.gql(QUERY, variables(world)).await;
    let data = reply.expect_ok();
    let mut listed = BTreeSet::new();
    for list in LISTS {
        let nodes = ids_of(&data[list]["nodes"]);
        assert_eq!(data[list]["totalCount"], nodes.len(), "the count of {list} tells more");
        assert!(nodes.len() < 100, "a page holds all {list}");
        listed.extend(nodes);
    }
    let hang = |list: &str, field: &str| -> BTreeSet<String> {
        items(&data[list]["nodes"]).flat_map(|node| ids_of(&node[field])).collect()
    };
    listed.extend(hang("commitments", "amendments"));
    listed.extend(hang("deliveries", "verifications"));
    let by_id: BTreeSet<String> = ids_of(&data["nodes"]).into_iter().collect();
    for id in &ids {
        assert_eq!(listed.contains(id), by_id.contains(id), "list and node disagree about {id}");
    }
    through_fields(data, &listed);
    by_id
}

/// What hangs on an object is what the lists show, and leads back to it.
fn through_fields(data: &Value, all: &BTreeSet<String>) {
    let mut of_commitments = BTreeSet::new();
    for commitment in items(&data["commitments"]["nodes"]) {
        let entries = ids_of(&commitment["deliveries"]["nodes"]);
        assert_eq!(commitment["deliveries"]["totalCount"], entries.len(), "the count tells more");
        of_commitments.extend(entries);
        let leads = |row: &Value| row["commitment"]["id"] == commitment["id"];
        assert!(items(&commitment["amendments"]).all(leads), "an amendment leads elsewhere");
        assert!(items(&commitment["deliveries"]["nodes"]).all(leads), "a delivery leads elsewhere");
    }
    let listed: BTreeSet<String> = ids_of(&data["deliveries"]["nodes"]).into_iter().collect();
    assert_eq!(of_commitments, listed, "deliveries of commitments and their list disagree");
    for entry in items(&data["deliveries"]["nodes"]) {
        let leads = |row: &Value| row["delivery"]["id"] == entry["id"];
        assert!(items(&entry["verifications"]).all(leads), "a verification leads elsewhere");
    }
    for note in items(&data["notes"]["nodes"]) {
        for object in ["commitment", "need"] {
            let id = note[object]["id"].as_str();
            assert!(id.is_none_or(|id| all.contains(id)), "a note leads to a hidden {object}");
        }
    }
    let notes: BTreeSet<String> = ids_of(&data["notes"]["nodes"]).into_iter().collect();
    for list in ["commitments", "deliveries", "needs"] {
        for object in items(&data[list]["nodes"]) {
            let on_it = ids_of(&object["notes"]);
            assert!(on_it.iter().all(|id| notes.contains(id)), "{list} show more notes");
            let happened = items(&object["history"]);
            let itself = |event: &Value| event["subjectId"] == object["id"];
            assert!(happened.into_iter().all(itself), "a history of something else");
        }
    }
}

/// The ids of all of the ledger.
fn ids(world: &World) -> Vec<String> {
    let ledger = &world.ledger;
    let rest = [
        ledger.receipt.id.to_string(),
        ledger.need.id.to_string(),
        ledger.withdrawn.id.to_string(),
        ledger.other_need.id.to_string(),
        ledger.on_need.id.to_string(),
    ];
    let addressed = world.things().map(|things| things.addressed.id.to_string());
    let ids = world.promises().flat_map(super::super::world::Promise::ids);
    ids.chain(addressed).chain(rest).collect()
}
