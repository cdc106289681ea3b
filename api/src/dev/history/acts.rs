//! The mutations that the history knows: whether they take a key, and what is asked of them.

use serde_json::Value;

use crate::error::{Error, Result};

/// Asks for the versions of whatever a mutation may change.
pub const VERSIONS: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { id
    ... on Commitment { version } ... on Delivery { version } ... on Need { version }
    ... on Note { version } ... on Amendment { commitment { version } } } }";

pub struct Act {
    name: &'static str,
    pub is_keyed: bool,
    /// The field of the payload with what was made or changed, and what is selected of it.
    field: &'static str,
    selected: &'static str,
}

const ACTS: [Act; 22] = [
    keyed("defineDocument", "document"),
    keyed("raiseNeed", "need"),
    versioned("withdrawNeed", "need"),
    keyed("proposeCommitments", "commitments"),
    versioned("acceptCommitment", "commitment"),
    versioned("declineCommitment", "commitment"),
    versioned("withdrawCommitment", "commitment"),
    versioned("closeCommitment", "commitment"),
    versioned("reopenCommitment", "commitment"),
    Act { selected: "amendments { id }", ..keyed("amendCommitment", "commitment") },
    versioned("acceptAmendment", "commitment"),
    versioned("declineAmendment", "commitment"),
    keyed("recordDeliveries", "deliveries"),
    keyed("recordReceipt", "delivery"),
    keyed("confirmDeliveries", "deliveries"),
    keyed("disputeDelivery", "delivery"),
    keyed("agreeDelivery", "delivery"),
    keyed("settleDelivery", "delivery"),
    keyed("reverseDeliveries", "deliveries"),
    keyed("consentToReversals", "deliveries"),
    keyed("writeNote", "note"),
    versioned("doneNote", "note"),
];

const fn keyed(name: &'static str, field: &'static str) -> Act {
    Act { name, is_keyed: true, field, selected: "id" }
}

const fn versioned(name: &'static str, field: &'static str) -> Act {
    Act { name, is_keyed: false, field, selected: "id" }
}

pub fn find(name: &str) -> Result<&'static Act> {
    let act = ACTS.iter().find(|act| act.name == name);
    act.ok_or_else(|| Error::internal(format!("the history knows no {name}")))
}

impl Act {
    /// The document to send, with the one variable `$input`.
    pub fn document(&self) -> String {
        let Self { name, field, selected, .. } = self;
        let input = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        format!(
            "mutation ($input: {input}!) {{ {name}(input: $input) {{
                {field} {{ {selected} }} userErrors {{ code message path }} }} }}"
        )
    }

    /// The ids in an answer; of an amended commitment, that of the amendment.
    pub fn made(&self, answer: &Value) -> Result<Vec<String>> {
        let payload = &answer[self.name];
        if payload["userErrors"].as_array().is_none_or(|errors| !errors.is_empty()) {
            return Err(Error::internal(payload.to_string()));
        }
        let made = &payload[self.field];
        let made = match (made, &made["amendments"]) {
            (_, Value::Array(amendments)) => amendments.last().into_iter().collect(),
            (Value::Array(rows), _) => rows.iter().collect(),
            (one, _) => vec![one],
        };
        Ok(made.into_iter().filter_map(|row| Some(row["id"].as_str()?.to_owned())).collect())
    }
}
