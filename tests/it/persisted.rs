//! Persisted operations: registered by a party's managers or shared by all, called by name like REST
//! or by the hash of the text, described by OpenAPI, and counted.

use serde_json::{Value, json};
use tests::TestApp;

mod bound;
mod calling;
mod described;
mod problems;
mod registering;
mod used;

const REGISTER: &str = "mutation ($input: RegisterOperationInput!) { registerOperation(input: $input) {
    replayed userErrors { code message path params { name value } }
    operation { id name documentId kind callable retiredAt version variables { name type defaultValue } } } }";

const RETIRE: &str = "mutation ($input: RetireOperationInput!) { retireOperation(input: $input) {
    operation { retiredAt version } userErrors { code message path } } }";

const PLACE: &str = "query Place($code: String!, $asOf: Date) {
    place(by: { code: { code: $code, asOf: $asOf } }) { code name } }";

fn register(app: &TestApp, name: &str, document: &str) -> Value {
    json!({ "name": name, "document": document, "callable": true, "idempotencyKey": app.key() })
}
