//! An answer of the server, and what a test may expect of it.

use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Null where the body was no JSON.
    pub body: Value,
    pub text: String,
}

impl Reply {
    /// The `data` of the answer, whatever else is in it.
    pub fn data(&self) -> &Value {
        &self.body["data"]
    }

    /// A value in `data` by JSON pointer, such as `/party/name`.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        match self.data().pointer(pointer) {
            Some(value) => value,
            None => panic!("no {pointer} in {}", self.pretty()),
        }
    }

    /// A text in `data` by JSON pointer.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> &str {
        match self.at(pointer).as_str() {
            Some(text) => text,
            None => panic!("{pointer} is not a text in {}", self.pretty()),
        }
    }

    /// The texts under a field of each node of a connection, such as `names("/places", "name")`.
    #[track_caller]
    pub fn column(&self, connection: &str, field: &str) -> Vec<&str> {
        let nodes = self.at(connection)["nodes"].as_array();
        let Some(nodes) = nodes else { panic!("no nodes in {connection} in {}", self.pretty()) };
        nodes.iter().map(|node| node[field].as_str().unwrap_or_default()).collect()
    }

    pub fn errors(&self) -> &[Value] {
        self.body["errors"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The `userErrors` of all payloads.
    pub fn refusals(&self) -> Vec<&Value> {
        let payloads = self.data().as_object().into_iter().flatten().map(|(_, payload)| payload);
        payloads.filter_map(|payload| payload["userErrors"].as_array()).flatten().collect()
    }

    /// No fault and no refusal; answers `data`.
    #[track_caller]
    pub fn expect_ok(&self) -> &Value {
        let fine = self.status == StatusCode::OK
            && self.body["errors"].is_null()
            && self.data().is_object()
            && self.refusals().is_empty();
        assert!(fine, "not ok: {}", self.pretty());
        self.data()
    }

    /// The one mutation was refused, once, with this code; answers the user error.
    #[track_caller]
    pub fn expect_refusal(&self, code: &str) -> &Value {
        let refusals = self.refusals();
        let payloads = self.data().as_object().map_or(0, serde_json::Map::len);
        let fine = self.status == StatusCode::OK
            && self.body["errors"].is_null()
            && payloads == 1
            && matches!(refusals[..], [refusal] if refusal["code"] == code);
        assert!(fine, "not refused with {code}: {}", self.pretty());
        refusals[0]
    }

    /// Every row of the one batch was refused with this code.
    #[track_caller]
    pub fn expect_refusal_all(&self, code: &str) {
        let refusals = self.refusals();
        let fine = !refusals.is_empty() && refusals.iter().all(|refusal| refusal["code"] == code);
        assert!(fine && self.body["errors"].is_null(), "not {code}: {}", self.pretty());
    }

    /// Refused with this code at this field of the input; answers the user error.
    #[track_caller]
    pub fn expect_refusal_at(&self, code: &str, field: &str) -> &Value {
        let refusal = self.expect_refusal(code);
        assert_eq!(refusal["path"], serde_json::json!(["input", field]), "{}", self.pretty());
        refusal
    }

    /// There is one error, with this code and a trace id; answers it.
    #[track_caller]
    pub fn expect_fault(&self, code: &str) -> &Value {
        let fine = matches!(self.errors(), [error] if error["extensions"]["code"] == code
            && error["extensions"]["traceId"].as_str().is_some_and(|id| id.len() == 32));
        assert!(fine, "no fault {code}: {}", self.pretty());
        &self.errors()[0]
    }

    fn pretty(&self) -> String {
        let body = serde_json::to_string_pretty(&self.body).unwrap_or_default();
        let body = if self.body.is_null() { &self.text } else { &body };
        format!("{} {body}", self.status)
    }
}
