//! The work queue: what waits for a party, and that it is exactly what the party may decide.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::Actor;

mod can;
mod deciding;
mod listing;
mod world;

/// Every list of the queue.
const LISTS: [&str; 7] =
    ["toAccept", "toVerify", "disputed", "overdue", "nextToAccept", "nextToVerify", "notes"];

/// The ids in some lists of somebody's queue.
async fn waiting(by: &Actor, lists: &[&str]) -> BTreeSet<String> {
    let fields: Vec<String> =
        lists.iter().map(|list| format!("{list}(first: 100) {{ nodes {{ id }} }}")).collect();
    let reply = by.ask(&format!("{{ viewer {{ workQueue {{ {} }} }} }}", fields.join(" "))).await;
    reply.expect_ok();
    let queue = reply.at("/viewer/workQueue");
    let nodes = lists.iter().flat_map(|list| queue[list]["nodes"].as_array().unwrap());
    nodes.map(|node: &Value| node["id"].as_str().unwrap().to_owned()).collect()
}
