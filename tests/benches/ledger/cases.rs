//! What is asked: each request goes to the graph and to the reference alike.

use serde_json::{Value, json};
use uuid::Uuid;

use super::world::World;

const PAGE: &str = "query ($id: ID!) { party(by: {id: $id}) { code name owes(first: 20) { nodes {
    id quantity status place { id code } activity { code name } giver { code name }
    progress { reported confirmed } } } } }";

const FEED: &str = "query ($after: String) { events(first: 100, after: $after) {
    nodes { id type recordedAt subjectId version } hasMore } }";

const BATCH: &str = "mutation ($input: RecordDeliveriesInput!) { recordDeliveries(input: $input) {
    replayed userErrors { code } } }";

pub struct Case {
    pub name: &'static str,
    /// Where the reference answers it.
    pub path: &'static str,
    /// Statements of the graph and of the reference, who is asking included.
    pub statements: (u64, u64),
    query: &'static str,
    variables: Value,
    /// Whether each request needs a key of its own.
    is_keyed: bool,
}

impl Case {
    /// A request that was not sent before.
    pub fn request(&self, number: u64) -> String {
        let mut variables = self.variables.clone();
        if self.is_keyed {
            variables["input"]["idempotencyKey"] = json!(Uuid::from_u64_pair(0x4000, number));
        }
        json!({ "query": self.query, "variables": variables }).to_string()
    }
}

pub fn all(world: &World) -> [Case; 3] {
    let row = |at: usize| {
        let (commitment, commune) = &world.targets[at % world.targets.len()];
        json!({ "commitmentId": commitment.to_string(), "communeId": commune.to_string(),
            "quantity": 1, "deliveredOn": "2026-11-20" })
    };
    let rows: Vec<Value> = (0..100).map(row).collect();
    let case = |name, path, statements, query, variables| Case {
        name,
        path,
        statements,
        query,
        variables,
        is_keyed: false,
    };
    let page = json!({ "id": world.party.id.to_string() });
    let batch = json!({ "input": { "deliveries": rows } });
    [
        case("a party's page of 20 commitments", "/reference/page", (4, 3), PAGE, page),
        case(
            "a page of 100 events",
            "/reference/feed",
            (6, 5),
            FEED,
            json!({ "after": world.cursor }),
        ),
        Case {
            is_keyed: true,
            ..case("a batch of 100 deliveries", "/reference/batch", (11, 9), BATCH, batch)
        },
    ]
}
