//! WebSocket, Server-Sent Events and subscriptions.

use serde_json::{Value, json};
use tests::Actor;

mod events;
mod protocol;
mod subscriptions;

/// The protocol's name.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// What becomes of commitments.
pub const CHANGED: &str = "subscription ($after: String) { commitmentChanged(after: $after) {
    cursor event { type } commitment { id status } } }";

/// A cursor of somebody's at the end of the log.
pub async fn now(actor: &Actor) -> String {
    let mut after = Value::Null;
    loop {
        let page =
            "query ($after: String) { events(first: 1000, after: $after) { endCursor hasMore } }";
        let reply = actor.gql(page, json!({ "after": after })).await;
        reply.expect_ok();
        if reply.at("/events/hasMore") == false {
            return reply.text_at("/events/endCursor").to_owned();
        }
        after = reply.at("/events/endCursor").clone();
    }
}
