//! Who writes: givers record what they delivered, communes verify it and say what they lack. Each
//! keeps account of what was acknowledged.

use std::sync::mpsc::{Receiver, Sender};

use api::clock::{Clock, SystemClock, civil_day};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Alarm, Run,
    client::Client,
    world::{Commune, Giver, World},
};

const RECORD: &str = "{ replayed deliveries { id } userErrors { code path message } }";
const CONFIRM: &str = "{ replayed deliveries { id } userErrors { code path message } }";
const DISPUTE: &str = "{ replayed delivery { id } userErrors { code path message } }";
const RAISE: &str = "{ replayed need { id } userErrors { code path message } }";

/// How many entries are confirmed in one batch, at most.
const BATCH: usize = 100;

/// Every so many entries the receiver counted one less.
const ONE_LESS: u64 = 10;

/// What was acknowledged, by what.
#[derive(Default)]
pub struct Written {
    /// Ids of entries with their quantity.
    pub deliveries: Vec<(String, u64)>,
    pub confirmed: Vec<String>,
    pub disputed: Vec<String>,
    pub needs: Vec<String>,
}

/// An entry that waits for its receiver.
pub struct Entry {
    id: String,
    quantity: u64,
}

/// Keys of one writer, which nobody else uses.
struct Keys {
    of: u64,
    count: u64,
}

impl Keys {
    fn next(&mut self) -> Uuid {
        self.count += 1;
        Uuid::from_u64_pair(
            0x50a4_0000_0000_4000 | self.of << 16,
            0x8000_0000_0000_0000 | self.count,
        )
    }
}

/// Records batches of one to five entries on the giver's commitments, in an order of its own.
pub fn record(
    run: &Run,
    number: u64,
    giver: &Giver,
    world: &World,
    to_confirm: &[Sender<Entry>],
) -> Written {
    let _alarm = Alarm(run);
    let mut client = Client::new(run, &giver.token);
    let mut keys = Keys { of: number, count: 0 };
    let mut written = Written::default();
    let today = civil_day(SystemClock.now());
    while run.progress() < 1.0 {
        let key = keys.next();
        let rows: Vec<_> = (0..=keys.count % 5)
            .map(|row| {
                let at = (keys.count + row * number) as usize % giver.commitments.len();
                let (commitment, commune) = &giver.commitments[at];
                (
                    *commune,
                    json!({ "commitmentId": commitment,
                    "communeId": world.communes[*commune].id, "quantity": 2 + row,
                    "deliveredOn": today }),
                )
            })
            .collect();
        let input = rows.iter().map(|(_, row)| row).collect::<Vec<_>>();
        let input = json!({ "deliveries": input, "idempotencyKey": key });
        let made = ids(&client.act(RECORD, "recordDeliveries", &input)["deliveries"]);
        assert_eq!(made.len(), rows.len(), "a row for every entry");
        for (row, (id, (commune, _))) in made.into_iter().zip(rows).enumerate() {
            let quantity = 2 + row as u64;
            written.deliveries.push((id.clone(), quantity));
            // The receiver is there as long as somebody may send to it.
            to_confirm[commune].send(Entry { id, quantity }).ok();
        }
    }
    written
}

/// Confirms what arrives, and disputes some of it, until nobody records any more.
pub fn verify(run: &Run, number: u64, commune: &Commune, arrived: &Receiver<Entry>) -> Written {
    let _alarm = Alarm(run);
    let mut client = Client::new(run, &commune.token);
    let mut keys = Keys { of: 100 + number, count: 0 };
    let (mut written, mut seen) = (Written::default(), 0);
    while let Ok(first) = arrived.recv() {
        let mut rows = Vec::new();
        for entry in [first].into_iter().chain(arrived.try_iter().take(BATCH - 1)) {
            seen += 1;
            if seen % ONE_LESS > 0 {
                rows.push(entry.id);
                continue;
            }
            let input = json!({ "id": entry.id, "expectedVersion": 1, "reason": "Thiếu một",
                "figure": entry.quantity - 1, "idempotencyKey": keys.next() });
            client.act(DISPUTE, "disputeDelivery", &input);
            written.disputed.push(entry.id);
        }
        if rows.is_empty() {
            continue;
        }
        let of = |id: &String| json!({ "id": id, "expectedVersion": 1 });
        let input = json!({ "deliveries": rows.iter().map(of).collect::<Vec<_>>(),
            "idempotencyKey": keys.next() });
        client.act(CONFIRM, "confirmDeliveries", &input);
        written.confirmed.extend(rows);
    }
    written
}

/// Says again and again what the commune lacks.
pub fn raise(run: &Run, number: u64, commune: &Commune, world: &World) -> Written {
    let _alarm = Alarm(run);
    let mut client = Client::new(run, &commune.token);
    let mut keys = Keys { of: 200 + number, count: 0 };
    let mut written = Written::default();
    let today = civil_day(SystemClock.now());
    while run.progress() < 1.0 {
        let input = json!({ "communeId": commune.id, "activityId": world.activity, "quantity": 1,
            "dueOn": today, "idempotencyKey": keys.next() });
        let need = &client.act(RAISE, "raiseNeed", &input)["need"];
        written.needs.extend(need["id"].as_str().map(str::to_owned));
    }
    written
}

fn ids(rows: &Value) -> Vec<String> {
    let ids = rows.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str());
    ids.map(str::to_owned).collect()
}
