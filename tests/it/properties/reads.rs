//! Questions made up at random about what somebody has seen: every list with filters, orders and
//! pages, objects by their ids, pages of places and parties, the board.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{dice::Dice, world::World};

/// What somebody has seen so far: ids in neutral words, cursors of lists, and what everybody knows.
#[derive(Default)]
pub struct Seen {
    ids: BTreeMap<String, Vec<String>>,
    pub feed: Value,
    places: Vec<String>,
    parties: Vec<(String, String)>,
    activities: Vec<String>,
}

impl Seen {
    pub fn of(world: &World) -> Self {
        let parties = world.people.iter().filter_map(|person| person.party.as_ref());
        Self {
            places: world.places.iter().map(|row| row.id.to_string()).collect(),
            parties: parties.map(|party| (party.id.to_string(), party.code.clone())).collect(),
            activities: world.activities.iter().map(|row| row.id.to_string()).collect(),
            ..Self::default()
        }
    }

    /// Remembers all ids in an answer.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(fields) => {
                if let Some(id) = fields.get("id").and_then(Value::as_str)
                    && let Some((prefix, _)) = id.split_once('#')
                {
                    let of_kind = self.ids.entry(prefix.to_owned()).or_default();
                    if !of_kind.iter().any(|known| known == id) {
                        of_kind.push(id.to_owned());
                    }
                }
                fields.values().for_each(|value| self.learn(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    fn some(&self, dice: &mut Dice, kind: &str) -> String {
        let known = self.ids.get(kind).map_or(&[][..], Vec::as_slice);
        let nothing = || format!("{kind}_01h455vb4pex5vsknk084sn02q");
        dice.pick_any(known).cloned().unwrap_or_else(nothing)
    }
}

const COMMITMENT: &str = "id version status disclosure quantity text health waitingSince openYear
    externalReference bundle giver { id name } jointGivers { id } carrier { id } place { id name }
    activity { id code } schedule { dueOn quantity } documents { id title } replaces { id }
    amendments { id state reason } progress { promised reported confirmed unverified disputed
    difference openEntries unmetOn fulfilment { numerator denominator value } }
    deliveries(first: 5, orderBy: WAITING) { totalCount nodes { id version } }";
const DELIVERY: &str = "id version state stage side quantity received agreed drawn remaining
    deliveredOn externalReference waitingSince commitment { id status } commune { id }
    giver { id } reportedBy { id } drawnFrom { id } reverses { id } reversedBy { id }
    reversalRequestedBy { id } verifications { id act figure reason verifiedBy { id } }";
const NEED: &str = "id version status quantity dueOn met text commune { id } raisedBy { id }
    notes { id text }";
const NOTE: &str = "id version status text answer need { id } commitment { id } delivery { id }
    writtenBy { id } addressee { id }";
const BOARD: &str = "query ($filter: BoardFilter) { board(filter: $filter) { place { id }
    ofPredecessor activity { code } need promised reported confirmed unverified disputed difference
    uncovered gap givers { giver { id } promised reported confirmed } } }";

/// A question with its variables.
pub fn draw(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    match dice.below(9) {
        0 | 1 => commitments(dice, seen),
        2 => deliveries(dice, seen),
        3 => needs(dice, seen),
        4 => notes(dice, seen),
        5 => objects(dice, seen),
        6 => pages(dice, seen),
        7 => board(dice, seen),
        _ => by_reference(dice, seen),
    }
}

/// A list with everything that it can be asked for.
fn list(
    dice: &mut Dice,
    (field, noun, fields): (&str, &str, &str),
    filter: &Value,
    orders: &[&str],
) -> (String, Value) {
    let query = format!(
        "query ($first: Int, $last: Int, $filter: {noun}Filter, $order: {noun}Order) {{
            {field}(first: $first, last: $last, filter: $filter, orderBy: $order) {{
                totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
                edges {{ cursor }} nodes {{ {fields} }} }} }}"
    );
    let (size, at) = (1 + dice.below(30), if dice.chance(70) { "first" } else { "last" });
    (query, json!({ at: size, "filter": filter, "order": dice.pick(orders) }))
}

fn commitment_filter(dice: &mut Dice, seen: &Seen) -> Value {
    let (party, place) = (dice.pick(&seen.parties).clone(), dice.pick(&seen.places).clone());
    let health = ["FULFILLED", "OVERDUE", "BEHIND", "NOT_STARTED", "ON_TRACK"];
    match dice.below(9) {
        0 => json!({ "giver": { "code": { "eq": party.1 } } }),
        1 => json!({ "participant": party.0 }),
        2 => json!({ "inPlace": place }),
        3 => json!({ "place": { "eq": place } }),
        4 => json!({ "status": { "not": dice.pick(&["ACTIVE", "PROPOSED"]) } }),
        5 => json!({ "disclosure": { "eq": dice.pick(&["PARTIES", "PUBLIC"]) } }),
        6 => json!({ "health": { "in": [dice.pick(&health), dice.pick(&health)] } }),
        7 => json!({ "need": seen.some(dice, "need") }),
        _ => json!({}),
    }
}

fn commitments(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let filter = commitment_filter(dice, seen);
    let orders = ["NEWEST", "OLDEST", "LAST_DUE_ON", "UNMET_ON"];
    list(dice, ("commitments", "Commitment", COMMITMENT), &filter, &orders)
}

fn deliveries(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let filter = match dice.below(6) {
        0 => json!({ "commitment": commitment_filter(dice, seen) }),
        1 => json!({ "state": { "in": ["REPORTED", "DISPUTED"] } }),
        2 => json!({ "inPlace": dice.pick(&seen.places) }),
        3 => json!({ "reportedBy": { "not": dice.pick(&seen.parties).0 } }),
        4 => json!({ "drawnFrom": { "eq": seen.some(dice, "delivery") } }),
        _ => json!({}),
    };
    let orders = ["NEWEST", "OLDEST", "ENTERED", "WAITING"];
    list(dice, ("deliveries", "Delivery", DELIVERY), &filter, &orders)
}

fn needs(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let filter = match dice.below(4) {
        0 => json!({ "met": dice.chance(50) }),
        1 => json!({ "status": { "eq": dice.pick(&["OPEN", "WITHDRAWN"]) } }),
        2 => json!({ "commune": { "eq": dice.pick(&seen.places) } }),
        _ => json!({}),
    };
    list(dice, ("needs", "Need", NEED), &filter, &["DUE", "NEWEST", "OLDEST"])
}

fn notes(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let filter = match dice.below(4) {
        0 => json!({ "commitment": { "not": seen.some(dice, "commitment") } }),
        1 => json!({ "writtenBy": { "not": dice.pick(&seen.parties).0 } }),
        2 => json!({ "need": { "eq": seen.some(dice, "need") } }),
        _ => json!({}),
    };
    list(dice, ("notes", "Note", NOTE), &filter, &["NEWEST", "OLDEST"])
}

fn objects(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let query = format!(
        "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ... on Commitment {{ {COMMITMENT} }}
            ... on Delivery {{ ofDelivery: id entered: recordedAt evidence {{ number }} }}
            ... on Need {{ met raisedAt }} ... on Amendment {{ amendedAt }} }} }}"
    );
    let kinds = ["commitment", "delivery", "need", "note", "amendment", "verification"];
    let mut some = || {
        let kind = *dice.pick(&kinds);
        seen.some(dice, kind)
    };
    let ids: Vec<String> = (0..12).map(|_| some()).collect();
    (query, json!({ "ids": ids }))
}

fn pages(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let page = |field: &str| format!("{field}(first: 20) {{ totalCount nodes {{ id version }} }}");
    let query = format!(
        "query ($place: ID!, $party: ID!) {{
            place: node(id: $place) {{ ... on Place {{ {} }} ... on Commune {{ {} }} }}
            party: node(id: $party) {{ ... on Party {{ {} {} }} }} }}",
        page("promised"),
        page("arrived"),
        page("owes"),
        page("owed")
    );
    (query, json!({ "place": dice.pick(&seen.places), "party": dice.pick(&seen.parties).0 }))
}

fn board(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let mut filter = json!({ "placeIds": seen.places });
    if dice.chance(30) {
        filter["giverIds"] = json!([dice.pick(&seen.parties).0, dice.pick(&seen.parties).0]);
    }
    if dice.chance(30) {
        filter["activityIds"] = json!([dice.pick(&seen.activities)]);
    }
    if dice.chance(30) {
        filter["from"] = json!(dice.pick(&["2025-07-01", "2025-08-15"]));
        filter["to"] = json!(dice.pick(&["2025-09-14", "2025-12-31"]));
    }
    (BOARD.to_owned(), json!({ "filter": filter }))
}

/// A reference that others may have used.
fn by_reference(dice: &mut Dice, seen: &Seen) -> (String, Value) {
    let query = "query ($code: String!, $of: String!, $on: String!) {
        commitment(by: { externalReference: { giverCode: $code, reference: $of } }) { id }
        delivery(by: { externalReference: { reportedByCode: $code, reference: $on } }) { id } }";
    let (of, on) = (format!("CK-{}", dice.below(6)), format!("KQ-{}", dice.below(12)));
    (query.to_owned(), json!({ "code": dice.pick(&seen.parties).1, "of": of, "on": on }))
}
