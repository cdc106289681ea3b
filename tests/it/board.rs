//! The board: what is needed, promised, reported and confirmed by place and activity, over the
//! rows that somebody may see and over nothing else.

use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

mod filters;
mod places;
mod seeing;

const BOARD: &str = "query ($filter: BoardFilter) { board(filter: $filter) {
    place { code } ofPredecessor activity { code } need promised reported confirmed unverified
    disputed difference uncovered gap givers { giver { code } promised reported confirmed } } }";

/// The activity that the builders promise.
const PHONES: &str = "smartphones_handed_over";

/// The cells that somebody sees.
async fn board(by: &Actor, filter: Value) -> Vec<Value> {
    ask(by, filter).await.expect_ok()["board"].as_array().unwrap().clone()
}

async fn ask(by: &Actor, filter: Value) -> Reply {
    by.gql(BOARD, json!({ "filter": filter })).await
}

/// Need, promised, reported and confirmed in a place, of the one activity there.
async fn figures(by: &Actor, app: &TestApp, code: &str) -> [Value; 4] {
    let place = app.commune(code).await.id.to_string();
    match board(by, json!({ "placeIds": [place] })).await.as_slice() {
        [] => [Value::Null, Value::Null, Value::Null, Value::Null],
        [cell] => ["need", "promised", "reported", "confirmed"].map(|name| cell[name].clone()),
        more => panic!("one cell: {more:#?}"),
    }
}

/// The codes of the places with a row, an asterisk behind those of predecessors.
fn rows(cells: &[Value]) -> Vec<String> {
    let code = |cell: &Value| {
        let mark = if cell["ofPredecessor"] == true { "*" } else { "" };
        format!("{}{mark}", cell["place"]["code"].as_str().unwrap())
    };
    cells.iter().map(code).collect()
}
