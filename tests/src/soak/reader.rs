//! Who follows the change feed from its beginning, page by page, while others write.

use std::{sync::atomic::Ordering::Relaxed, thread};

use serde_json::json;

use super::{Alarm, PAUSE, Run, client::Client, world::Reader};

const EVENTS: &str = "query ($after: String) { events(first: 100, after: $after) {
    nodes { id } endCursor hasMore } }";

/// What a reader was told.
pub struct Account {
    pub name: &'static str,
    /// Ids of events, in the order in which they came.
    pub told: Vec<String>,
    pub pages: u64,
}

pub fn read(run: &Run, who: &Reader) -> Account {
    let _alarm = Alarm(run);
    let mut client = Client::new(run, &who.token);
    let mut account = Account { name: who.name, told: Vec::new(), pages: 0 };
    let mut after = json!(null);
    loop {
        // Asked before the page is, so that the last page is read after the last write.
        let is_written = run.is_written.load(Relaxed);
        let page = &client.ask(EVENTS, &json!({ "after": after }))["events"];
        let nodes = page["nodes"].as_array().expect("a page has events");
        account.told.extend(nodes.iter().filter_map(|node| node["id"].as_str().map(str::to_owned)));
        account.pages += 1;
        after = page["endCursor"].clone();
        if page["hasMore"] == false {
            if is_written {
                return account;
            }
            thread::sleep(PAUSE);
        }
    }
}
