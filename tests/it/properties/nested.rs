//! Objects by their ids with what is nested in them, and whether mutations find them.

use serde_json::{Value, json};

use super::{
    answers::{Asked, Viewer, ids},
    dice::Dice,
};

const OBJECTS: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { id
    ... on Commitment { health progress { reported openEntries } replaces { id }
        amendments { id } deliveries(first: 100, orderBy: ENTERED) { totalCount nodes { id } } }
    ... on Delivery { ofCommitment: commitment { id } verifications { id } }
    ... on Amendment { of: commitment { id } }
    ... on Verification { on: delivery { id } }
    ... on Need { met notes { id } }
    ... on Note { onNeed: need { id } onCommitment: commitment { id } onDelivery: delivery { id } }
} }";

/// Every row of the ledger by its id: there if it may be seen, and in it only what may be seen.
pub async fn objects(viewer: &Viewer<'_>, asked: &mut Asked) {
    let all = viewer.sight.all;
    let mut wanted: Vec<(String, Option<Value>)> = Vec::new();
    for row in all.commitments.values() {
        let node = viewer.sight.commitment(row).then(|| commitment(viewer, row));
        wanted.push((row.id.to_string(), node));
    }
    for row in all.deliveries.values() {
        let node = viewer.sight.delivery(row).then(|| {
            let words = all.verifications.iter().filter(|word| word.delivery_id == row.id);
            let words = words.map(|word| json!({ "id": word.id.to_string() }));
            json!({ "ofCommitment": { "id": row.commitment_id.to_string() },
                "verifications": words.collect::<Vec<_>>() })
        });
        wanted.push((row.id.to_string(), node));
    }
    for row in &all.amendments {
        let node = json!({ "of": { "id": row.commitment_id.to_string() } });
        wanted.push((row.id.to_string(), viewer.sight.amendment(row).then_some(node)));
    }
    for row in &all.verifications {
        let node = json!({ "on": { "id": row.delivery_id.to_string() } });
        wanted.push((row.id.to_string(), viewer.sight.verification(row).then_some(node)));
    }
    for row in all.needs.values() {
        let node = viewer.sight.need(row).then(|| {
            let notes = all.notes.iter().filter(|note| note.need_id == Some(row.id));
            let notes = notes.filter(|note| viewer.sight.note(note));
            let notes = notes.map(|note| json!({ "id": note.id.to_string() }));
            json!({ "met": viewer.sight.is_met(row), "notes": notes.collect::<Vec<_>>() })
        });
        wanted.push((row.id.to_string(), node));
    }
    for row in &all.notes {
        wanted.push((row.id.to_string(), viewer.sight.note(row).then(|| note(viewer, row))));
    }
    for wanted in wanted.chunks(100) {
        let ids: Vec<&String> = wanted.iter().map(|(id, _)| id).collect();
        let reply = viewer.ask(OBJECTS, json!({ "ids": ids })).await;
        let found = reply.at("/nodes").as_array().unwrap();
        for ((id, wanted), found) in wanted.iter().zip(found) {
            check(viewer, id, wanted.as_ref(), found);
            asked.all += 1;
        }
    }
}

fn check(viewer: &Viewer<'_>, id: &str, wanted: Option<&Value>, found: &Value) {
    let mut found = found.clone();
    let Some(wanted) = wanted else {
        assert!(found.is_null(), "{}: {id} is shown: {found}", viewer.who);
        return;
    };
    assert_eq!(found["id"], *id, "{}: {id} is not shown", viewer.who);
    for list in ["notes", "verifications", "amendments"] {
        if found[list].is_array() {
            let mut sorted = ids(&found[list]);
            sorted.sort();
            found[list] = sorted.iter().map(|id| json!({ "id": id })).collect();
        }
    }
    let mut wanted = wanted.clone();
    for list in ["notes", "verifications", "amendments"] {
        if wanted[list].is_array() {
            let mut sorted = ids(&wanted[list]);
            sorted.sort();
            wanted[list] = sorted.iter().map(|id| json!({ "id": id })).collect();
        }
    }
    for (field, wanted) in wanted.as_object().unwrap() {
        assert_eq!(found[field], *wanted, "{}: {field} of {id}", viewer.who);
    }
}

fn commitment(viewer: &Viewer<'_>, row: &entity::commitment::Model) -> Value {
    let all = viewer.sight.all;
    let entries: Vec<String> = all
        .deliveries
        .values()
        .filter(|entry| entry.commitment_id == row.id)
        .map(|entry| entry.id.to_string())
        .collect();
    let changes = all.amendments.iter().filter(|change| change.commitment_id == row.id);
    let changes: Vec<Value> =
        changes.map(|change| json!({ "id": change.id.to_string() })).collect();
    let replaces = row.replaces_id.filter(|id| viewer.sight.commitment_by(*id));
    let shown: Vec<Value> = entries.iter().take(100).map(|id| json!({ "id": id })).collect();
    json!({
        "health": viewer.sight.health(row),
        "replaces": replaces.map(|id| json!({ "id": id.to_string() })),
        "amendments": changes,
        "deliveries": { "totalCount": entries.len(), "nodes": shown },
    })
}

fn note(viewer: &Viewer<'_>, row: &entity::note::Model) -> Value {
    let sight = &viewer.sight;
    let need = row.need_id.filter(|id| sight.need(&sight.all.needs[id]));
    let commitment = row.commitment_id.filter(|id| sight.commitment_by(*id));
    let delivery = row.delivery_id.filter(|id| sight.delivery(&sight.all.deliveries[id]));
    let shown = |id: Option<String>| id.map(|id| json!({ "id": id }));
    json!({
        "onNeed": shown(need.map(|id| id.to_string())),
        "onCommitment": shown(commitment.map(|id| id.to_string())),
        "onDelivery": shown(delivery.map(|id| id.to_string())),
    })
}

/// How many mutations are sent in one document.
const AT_ONCE: usize = 20;
/// A version that nothing has, so that nothing is done.
const NEVER: i32 = 99_999;

/// A mutation answers `NOT_FOUND` about what may not be seen, and about nothing else.
pub async fn mutations(viewer: &Viewer<'_>, dice: &mut Dice, asked: &mut Asked) {
    let all = viewer.sight.all;
    let sight = &viewer.sight;
    let mut tries: Vec<(String, bool)> = Vec::new();
    for row in all.commitments.values() {
        let names = ["acceptCommitment", "withdrawCommitment", "closeCommitment"];
        let name = *dice.pick(&names);
        let more = if name == "withdrawCommitment" { ", reason: \"Thôi\"" } else { "" };
        tries.push((call(name, &row.id.to_string(), more), sight.commitment(row)));
    }
    for row in all.deliveries.values() {
        let key =
            format!(", idempotencyKey: \"{}\"", uuid::Uuid::from_u128(dice.below(1 << 40) as u128));
        let (name, more) = match dice.below(3) {
            0 => ("agreeDelivery", key),
            1 => ("disputeDelivery", format!("{key}, figure: \"1\", reason: \"Đếm lại\"")),
            _ => ("settleDelivery", format!("{key}, figure: \"1\", reason: \"Đếm lại\"")),
        };
        tries.push((call(name, &row.id.to_string(), &more), sight.delivery(row)));
    }
    for row in &all.amendments {
        let id = row.id.to_string();
        tries.push((call("acceptAmendment", &id, ""), sight.amendment(row)));
    }
    for row in all.needs.values() {
        let id = row.id.to_string();
        tries.push((call("withdrawNeed", &id, ", reason: \"Đủ\""), sight.need(row)));
    }
    for row in &all.notes {
        tries.push((call("doneNote", &row.id.to_string(), ""), sight.note(row)));
    }
    for tries in tries.chunks(AT_ONCE) {
        let calls = tries.iter().enumerate().map(|(at, (call, _))| format!("m{at}: {call}"));
        let document = format!("mutation {{ {} }}", calls.collect::<Vec<_>>().join("\n"));
        let reply = viewer.ask(&document, json!({})).await;
        for (at, (call, is_seen)) in tries.iter().enumerate() {
            let errors = &reply.at(&format!("/m{at}"))["userErrors"];
            let code = errors[0]["code"].as_str().unwrap_or("none");
            let is_found = code != "NOT_FOUND";
            assert!(code != "none", "{}: {call} was done", viewer.who);
            assert_eq!(is_found, *is_seen, "{}: {call} answers {code}", viewer.who);
            asked.all += 1;
        }
    }
}

fn call(name: &str, id: &str, more: &str) -> String {
    format!(
        "{name}(input: {{ id: \"{id}\", expectedVersion: {NEVER}{more} }}) {{ userErrors {{ code }} }}"
    )
}
